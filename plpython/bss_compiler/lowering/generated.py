"""Turns `x-bss.generated` into the expression that a column is computed from.

A string is a path: arithmetic, a property, or for a boolean a predicate. An object names a function
of text, of which each argument is a path if it begins with `$.`, an object, or text that stands for
itself. Every expression is immutable: what is written differently from session to session, such as
a date, does not become text.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Field
from bss_compiler.lowering.path import PathError, PathLowering, parse, properties_read
from bss_compiler.lowering.path.syntax import Accessor, Element, Literal, Member, Node
from bss_compiler.lowering.path.value import INTEGERS, NUMBERS
from bss_compiler.lowering.rule import Rules
from bss_compiler.lowering.type import ColumnType

MAX_DEPTH = 8
"""The functions within each other."""
MAX_ARGUMENTS = 100
"""The arguments of one function: the server reads each join within the one before."""

_WRITTEN_ALIKE = INTEGERS | {"numeric", "uuid", "boolean"}
"""The types of which no setting changes how a value is written."""

_FUNCTIONS: Mapping[str, Callable[[list[str]], str]] = {
    "concat": lambda parts: reduce(lambda left, right: f"({left} || {right})", parts),
    "coalesce": lambda parts: f"COALESCE({', '.join(parts)})",
    "lower": lambda parts: f"lower({parts[0]})",
    "upper": lambda parts: f"upper({parts[0]})",
    "trim": lambda parts: f"btrim({parts[0]})",
}
_OF_SEVERAL = frozenset({"concat", "coalesce"})


def generated_expression(
    field: Field, type_: ColumnType, rules: Rules, findings: Findings
) -> str | None:
    """Give the expression of a column; None where it has none, or with a finding."""
    stated = field.options.get("generated")
    if stated is None:
        return None
    place = child(child(field.pointer, "x-bss"), "generated")
    before = findings.errors
    _check_alone(field, place, findings)
    lowering = _Generated(field, type_, rules, findings)
    if isinstance(stated, str):
        expression = lowering.path(stated, place)
    else:
        expression = lowering.text(stated, place, 0)
        if not type_.is_text:
            findings.report(
                Code.WRONG_TYPE, place, f'function of text cannot give a value of "{type_.sql}"',
                hint="Make the property a string without a format, or write a path.",
            )  # fmt: skip
    return expression if findings.errors == before else None


def computed_from(stated: object) -> Iterator[str]:
    """Give the properties that `x-bss.generated` reads; none for a path that cannot be read."""
    match stated:
        case str():
            try:
                yield from properties_read(parse(stated))
            except PathError:
                return
        case dict():
            for name, argument in stated.items():
                if name != "text":
                    yield from computed_from(argument)
        case list():
            for argument in stated:
                yield from computed_from(argument)


def _check_alone(field: Field, pointer: str, findings: Findings) -> None:
    """Report what a column that nobody writes cannot be."""
    facets = field.facets
    if facets is not None and "default" in facets.keywords:
        what = "has a default"
    elif field.required:
        what = "is required to be given"
    elif facets is not None and facets.entity is not None:
        what = "refers to an entity"
    elif field.column in ("tenant_id", "created_at", "updated_at"):
        what = "is kept by BSS"
    else:
        return
    findings.report(
        Code.CONFLICTING_KEYWORDS, pointer, f'property "{field.property}" is computed, and {what}',
        hint="Say one of the two.",
    )  # fmt: skip


class _Generated:
    """Lowers what one property states."""

    def __init__(self, field: Field, type_: ColumnType, rules: Rules, findings: Findings) -> None:
        self.field = field
        self.type = type_
        self.rules = rules
        self.findings = findings

    def path(self, path: str, pointer: str) -> str | None:
        """Give the expression of a path, in the type of the column."""
        return self.rules.lowered(path, pointer, self._of_type, reads_computed=False)

    def text(self, term: object, pointer: str, depth: int) -> str:
        """Give the expression of a function or of one of its arguments, as text."""
        match term:
            case str() if term.startswith("$."):
                found = self.rules.lowered(term, pointer, self._as_text, reads_computed=False)
                return found or ""
            case str() if depth > 0:
                return f"{quoting.text(term)}::text"
            case dict() if len(term) == 1 and depth <= MAX_DEPTH:
                ((name, argument),) = term.items()
                place = child(pointer, name)
                if name == "text" and isinstance(argument, str):
                    return f"{quoting.text(argument)}::text"
                if name in _FUNCTIONS:
                    return self._function(name, argument, place, depth)
        self._refuse(pointer)
        return ""

    def _function(self, name: str, argument: object, pointer: str, depth: int) -> str:
        if name not in _OF_SEVERAL:
            return _FUNCTIONS[name]([self.text(argument, pointer, depth + 1)])
        if not isinstance(argument, list) or not 2 <= len(argument) <= MAX_ARGUMENTS:
            self._refuse(pointer)
            return ""
        return _FUNCTIONS[name](
            [
                self.text(item, child(pointer, position), depth + 1)
                for position, item in enumerate(argument)
            ]
        )

    def _refuse(self, pointer: str) -> None:
        self.findings.report(
            Code.WRONG_SHAPE, pointer, "value should be a path or a function of text",
            detail=f"A function that joins has 2 to {MAX_ARGUMENTS} arguments, and functions are "
            f"within each other {MAX_DEPTH} times at most.",
            hint='Write a path such as "$.quantity * $.unit_price", or one of '
            '{"concat": […, …]}, {"coalesce": […, …]}, {"lower": …}, {"upper": …}, {"trim": …}, '
            '{"text": …}.',
        )  # fmt: skip

    def _of_type(self, lowering: PathLowering, node: Node) -> str:
        if self.type.sql == "boolean" and not isinstance(node, Accessor | Literal):
            return lowering.predicate(node)
        if self.type.is_text and isinstance(node, Accessor) and node.steps:
            return self._inside(lowering, node)
        operand = lowering.value(node)
        if not _holds(self.type.base, operand.base):
            raise PathError(
                node.position,
                f'the path gives "{operand.type.sql}", and the property is "{self.type.sql}"',
                "Give the property the type of what it is computed from.",
                Code.WRONG_TYPE,
            )
        return operand.sql

    def _as_text(self, lowering: PathLowering, node: Node) -> str:
        if isinstance(node, Accessor) and node.steps:
            return self._inside(lowering, node)
        operand = lowering.value(node)
        if operand.base not in _WRITTEN_ALIKE | {"text"}:
            raise PathError(
                node.position,
                f'how a value of type "{operand.type.sql}" is written depends on the session',
                "Leave it out, or keep it in a property of its own.",
                Code.WRONG_TYPE,
            )
        return operand.cast("text").sql

    def _inside(self, lowering: PathLowering, node: Accessor) -> str:
        """Give the text of what is inside jsonb."""
        source = lowering.values.source(node)
        keys: list[str] = []
        for step in node.steps:
            match step:
                case Member():
                    keys.append(step.name)
                case Element(index=int() as index):
                    keys.append(str(index))
                case _:
                    raise PathError(
                        node.position,
                        "a column holds one value",
                        "Name one member, or one element.",
                    )
        path = quoting.text(quoting.text_array(keys))
        return f"({quoting.ident(source.column)} #>> {path}::text[])"


def _holds(target: str, given: str) -> bool:
    """Say whether the server assigns a value of one type to another, and nothing is lost."""
    if target in INTEGERS:
        return given in INTEGERS
    if target in NUMBERS:
        return given in NUMBERS
    return target == given
