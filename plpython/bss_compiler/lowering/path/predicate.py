"""Turns the predicates of a path into SQL conditions over typed columns.

A comparison with an absent value is unknown, as in SQL: null columns make it so by themselves, and
a path into a jsonb column is strict. Strings are ordered by code point.
"""

from collections.abc import Iterable
from typing import assert_never

from bss_compiler import quoting
from bss_compiler.diagnostic import Code
from bss_compiler.document.budget import Budget, Work
from bss_compiler.document.limits import Limits
from bss_compiler.lowering.path import spell
from bss_compiler.lowering.path.parse import as_predicate, as_value
from bss_compiler.lowering.path.syntax import (
    Accessor,
    Arithmetic,
    Comparison,
    Exists,
    IsUnknown,
    Junction,
    Like,
    Literal,
    Node,
    Not,
    PathError,
    Predicate,
    Sign,
    StartsWith,
    Value,
)
from bss_compiler.lowering.path.value import (
    EQUAL_ONLY,
    FLOATS,
    INTEGERS,
    NUMBERS,
    ORDERED,
    Operand,
    Values,
    incomparable,
)
from bss_compiler.lowering.pattern import Untranslatable, translate, work
from bss_compiler.lowering.probe import Probe

_OPERATORS = {"==": "=", "!=": "<>"}


class PathLowering:
    """Lowers paths over the columns of one table, and collects the probes that go with them."""

    def __init__(self, values: Values, *, pointer: str, limits: Limits, budget: Budget) -> None:
        self.values = values
        self.pointer = pointer
        self.limits = limits
        self.budget = budget
        self.probes: list[Probe] = []

    def predicate(self, node: Node) -> str:
        """Give the condition of a predicate. Raises PathError."""
        return self._predicate(as_predicate(node))

    def value(self, node: Node) -> Operand:
        """Give the expression of a value. Raises PathError."""
        return self.values.operand(as_value(node))

    def _predicate(self, node: Predicate) -> str:
        match node:
            case Comparison():
                return self._comparison(node)
            case StartsWith():
                return self._starts_with(node)
            case Like():
                return self._like(node)
            case Exists():
                return self._exists(node)
            case Not():
                return f"(NOT {self._predicate(node.operand)})"
            case IsUnknown():
                return f"({self._predicate(node.operand)} IS UNKNOWN)"
            case Junction():
                word = " AND " if node.operator == "&&" else " OR "
                return f"({word.join(self._predicate(each) for each in node.operands)})"
            case _:
                assert_never(node)

    def _comparison(self, node: Comparison) -> str:
        column = self._inside(node, node.left, node.right)
        if column is not None:
            return f"({quoting.ident(column)} @@ {quoting.text(spell.predicate(node))}::jsonpath)"
        match node.left, node.right:
            case Literal(), Literal():
                raise PathError(
                    node.position,
                    "two constants are compared",
                    "Name a property on one side.",
                )
            case (Literal(value=None), other) | (other, Literal(value=None)):
                return self._null(node, other)
            case Literal() as literal, other:
                right = self.values.operand(other)
                left, right = self.values.typed(literal, right)
            case other, Literal() as literal:
                left = self.values.operand(other)
                right, left = self.values.typed(literal, left)
            case _:
                left, right = self.values.operand(node.left), self.values.operand(node.right)
        left, right = self._alike(node, left, right)
        if left.base == "text" and node.operator not in _OPERATORS:
            right = Operand(f'({right.sql} COLLATE "C")', right.type, right.position)
        return f"({left.sql} {_OPERATORS.get(node.operator, node.operator)} {right.sql})"

    def _null(self, node: Comparison, other: Value) -> str:
        if node.operator not in _OPERATORS or not isinstance(other, Accessor):
            raise PathError(
                node.position,
                "null is compared in a way that says nothing",
                "Write $.name == null or $.name != null.",
            )
        column = quoting.ident(self.values.source(other).column)
        return f"({column} IS {'NOT NULL' if node.operator == '!=' else 'NULL'})"

    def _inside(self, node: Comparison | StartsWith, *sides: Value) -> str | None:
        """Give the jsonb column that the sides look into; None where they do not look into any."""
        accessors = [accessor for side in sides for accessor in _accessors(side)]
        sources = [self.values.source(accessor) for accessor in accessors]
        if not any(source.type.sql == "jsonb" for source in sources):
            return None
        asks_null = any(isinstance(side, Literal) and side.value is None for side in sides)
        if asks_null and any(not accessor.steps for accessor in accessors):
            return None
        columns = {source.column for source in sources}
        if len(columns) > 1:
            raise PathError(
                node.position,
                "a value inside jsonb is compared with another property",
                "Make what is inside a property of its own, or compare it with a constant.",
            )
        return columns.pop()

    def _starts_with(self, node: StartsWith) -> str:
        column = self._inside(node, node.operand)
        if column is not None:
            return f"({quoting.ident(column)} @@ {quoting.text(spell.predicate(node))}::jsonpath)"
        operand = self._text(node.operand, "starts with")
        return f"({operand.sql} ^@ {quoting.text(node.prefix)}::text)"

    def _like(self, node: Like) -> str:
        operand = self._text(node.operand, "like_regex")
        if not self.budget.grants(Work.PATTERNS, work(node.pattern), self.pointer):
            return "false"
        translated = translate(node.pattern, max_length=self.limits.pattern_length)
        if isinstance(translated, Untranslatable):
            raise PathError(
                node.position,
                f"at character {translated.position} of the pattern, {translated.reason}",
                translated.hint,
                Code.PATTERN_NOT_TRANSLATABLE,
            )
        self.probes.append(Probe(pointer=self.pointer, pattern=translated))
        return f"({operand.sql} ~ {quoting.text(translated)}::text)"

    def _text(self, node: Value, what: str) -> Operand:
        operand = self.values.operand(node) if not isinstance(node, Literal) else None
        if operand is None or not operand.type.is_text:
            raise PathError(
                node.position,
                f"{what} takes a property that is text",
                "Compare it in another way; what is inside jsonb is matched by its own schema.",
                Code.WRONG_TYPE,
            )
        return operand

    def _exists(self, node: Exists) -> str:
        accessor = node.accessor
        source = self.values.source(accessor)
        column = quoting.ident(source.column)
        if not accessor.steps:
            return f"({column} IS NOT NULL)"
        path = quoting.text(spell.steps(accessor.steps))
        return f"(({column} @? {path}::jsonpath) IS TRUE)"

    def _alike(self, node: Comparison, left: Operand, right: Operand) -> tuple[Operand, Operand]:
        """Give the sides of a comparison in types that the server compares directly."""
        bases = {left.base, right.base}
        if bases <= NUMBERS:
            if len(bases) == 1 or bases <= INTEGERS or bases <= FLOATS:
                return left, right
            common = "double precision" if bases & FLOATS else "numeric"
            return left.cast(common), right.cast(common)
        if len(bases) > 1 or left.base not in EQUAL_ONLY | ORDERED:
            raise incomparable(node.position, left.type.sql, f'"{right.type.sql}"')
        if left.base in EQUAL_ONLY and node.operator not in _OPERATORS:
            raise PathError(
                node.position,
                f'values of type "{left.base}" are equal or not, and have no order here',
                "Compare them with == or !=.",
                Code.WRONG_TYPE,
            )
        return left, right


def _accessors(node: Value) -> Iterable[Accessor]:
    match node:
        case Accessor():
            yield node
        case Sign():
            yield from _accessors(node.operand)
        case Arithmetic():
            yield from _accessors(node.left)
            yield from _accessors(node.right)
