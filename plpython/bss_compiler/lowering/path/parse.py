"""Turns the text of a path into its syntax.

Precedence, from the loosest: ||, &&, comparison, + and -, * / and %, signs. As in SQL/JSON, what
`!` negates stands in parentheses.
"""

from collections.abc import Callable
from decimal import Decimal

from bss_compiler.lowering.path.syntax import (
    Accessor,
    Arithmetic,
    Comparison,
    Element,
    Exists,
    IsUnknown,
    Junction,
    Like,
    Literal,
    Member,
    Method,
    Node,
    Not,
    PathError,
    Predicate,
    Sign,
    StartsWith,
    Step,
    Value,
)
from bss_compiler.lowering.path.token import Token, tokens

MAX_DEPTH = 32
"""The parentheses and signs within each other."""
MAX_ARITHMETIC = 32
"""The operators of arithmetic: a chain of them is as deep as it is long."""

_COMPARISONS = {"==": "==", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LITERALS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
METHODS = ("size", "type")
_PREDICATES = (Comparison, StartsWith, Like, Exists, Not, IsUnknown, Junction)


def parse(text: str) -> Node:
    """Give the syntax of a path: a predicate, or a value. Raises PathError."""
    parser = _Parser(text)
    node = parser.disjunction()
    parser.expect_end()
    return node


class _Parser:
    """A recursive descent over the tokens."""

    def __init__(self, text: str) -> None:
        self.tokens = list(tokens(text))
        self.place = 0
        self.depth = 0
        self.arithmetic = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def is_next(self, *texts: str) -> bool:
        return self.token.kind in ("operator", "name") and self.token.text in texts

    def take(self) -> Token:
        token = self.token
        self.place += 1
        return token

    def expect(self, text: str) -> Token:
        if not self.is_next(text):
            raise self.unexpected(f'"{text}" is missing')
        return self.take()

    def expect_string(self, after: str) -> str:
        if self.token.kind != "string":
            raise self.unexpected(f"{after} takes a string")
        return str(self.take().value)

    def expect_end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected("the path goes on where it could have ended")

    def unexpected(self, reason: str) -> PathError:
        token = self.token
        found = f'before "{token.text[:40]}"' if token.text else "at the end"
        return PathError(token.position, f"{reason} {found}", "Write a path such as $.amount > 0.")

    def disjunction(self) -> Node:
        return self.junction("||", lambda: self.junction("&&", self.comparison))

    def junction(self, operator: str, operand: Callable[[], Node]) -> Node:
        first = operand()
        operands = [first]
        while self.is_next(operator):
            self.take()
            operands.append(operand())
        if len(operands) == 1:
            return first
        parts: list[Predicate] = []
        for each in operands:
            predicate = as_predicate(each)
            if isinstance(predicate, Junction) and predicate.operator == operator:
                parts += predicate.operands
            else:
                parts.append(predicate)
        return Junction(operator, tuple(parts), first.position)

    def comparison(self) -> Node:
        left = self.sum()
        if self.is_next(*_COMPARISONS):
            operator = _COMPARISONS[self.take().text]
            right = as_value(self.sum())
            if self.is_next(*_COMPARISONS):
                raise self.unexpected("comparisons cannot be chained")
            return Comparison(operator, as_value(left), right, left.position)
        if self.is_next("starts"):
            self.take()
            self.expect("with")
            return StartsWith(as_value(left), self.expect_string("starts with"), left.position)
        if self.is_next("like_regex"):
            self.take()
            pattern = self.expect_string("like_regex")
            if self.is_next("flag"):
                raise PathError(
                    self.token.position,
                    "flags of like_regex are not lowered",
                    "Write the pattern so that it needs none.",
                )
            return Like(as_value(left), pattern, left.position)
        return left

    def sum(self) -> Node:
        return self.chain(("+", "-"), lambda: self.chain(("*", "/", "%"), self.signed))

    def chain(self, operators: tuple[str, ...], operand: Callable[[], Node]) -> Node:
        left = operand()
        while self.is_next(*operators):
            token = self.take()
            self.count_arithmetic(token)
            right = as_value(operand())
            left = Arithmetic(token.text, as_value(left), right, left.position)
        return left

    def count_arithmetic(self, token: Token) -> None:
        self.arithmetic += 1
        if self.arithmetic > MAX_ARITHMETIC:
            raise PathError(
                token.position,
                f"it has more than {MAX_ARITHMETIC} operators of arithmetic",
                "Say it in several properties or rules.",
            )

    def signed(self) -> Node:
        if not self.is_next("+", "-"):
            return self.primary()
        token = self.take()
        self.enter(token)
        operand = as_value(self.signed())
        self.depth -= 1
        if isinstance(operand, Literal) and operand.is_number:
            return Literal(_signed(token.text, operand.value), token.position)
        return Sign(token.text, operand, token.position)

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise PathError(
                token.position,
                f"it is nested more than {MAX_DEPTH} levels deep",
                "Say it in several properties or rules.",
            )

    def primary(self) -> Node:
        token = self.token
        if token.kind in ("number", "string"):
            self.take()
            return Literal(token.value, token.position)
        if token.kind == "name" and token.text in _LITERALS:
            self.take()
            return Literal(_LITERALS[token.text], token.position)
        if self.is_next("$"):
            return self.accessor()
        if self.is_next("("):
            return self.parenthesised()
        if self.is_next("!"):
            return self.negation()
        if self.is_next("exists"):
            return self.existence()
        if self.is_next("strict", "lax"):
            raise PathError(
                token.position,
                f'the mode "{token.text}" means nothing for columns',
                "Leave it out.",
            )
        raise self.unexpected("a value is missing")

    def parenthesised(self) -> Node:
        token = self.take()
        self.enter(token)
        node = self.disjunction()
        self.expect(")")
        self.depth -= 1
        if self.is_next("is"):
            self.take()
            self.expect("unknown")
            return IsUnknown(as_predicate(node), token.position)
        if self.is_next(".", "["):
            raise PathError(
                self.token.position,
                "steps cannot follow parentheses",
                "Write the steps behind the property.",
            )
        return node

    def negation(self) -> Node:
        token = self.take()
        if not self.is_next("(", "exists"):
            raise self.unexpected("what ! negates should stand in parentheses")
        return Not(as_predicate(self.primary()), token.position)

    def existence(self) -> Node:
        token = self.take()
        self.expect("(")
        if not self.is_next("$"):
            raise self.unexpected("exists takes a property")
        accessor = self.accessor()
        self.expect(")")
        return Exists(accessor, token.position)

    def accessor(self) -> Accessor:
        root = self.take()
        if not self.is_next("."):
            raise PathError(
                root.position, "$ is the whole record", "Name a property of it, such as $.amount."
            )
        first = self.step()
        if not isinstance(first, Member):
            raise PathError(
                root.position, "a record has no methods", "Name a property, such as $.amount."
            )
        steps: list[Step] = []
        while self.is_next(".", "["):
            if steps and isinstance(steps[-1], Method):
                raise self.unexpected("nothing follows a method")
            steps.append(self.step())
        return Accessor(first.name, tuple(steps), root.position)

    def step(self) -> Step:
        if self.take().text == "[":
            return self.element()
        if self.token.kind == "string":
            return Member(str(self.take().value))
        if self.token.kind != "name":
            raise self.unexpected("the name of a member is missing")
        name = self.take()
        if not self.is_next("("):
            return Member(name.text)
        if name.text not in METHODS:
            raise PathError(
                name.position,
                f'the method "{name.text[:40]}" is not lowered',
                f"The methods are {', '.join(f'.{method}()' for method in METHODS)}.",
            )
        self.take()
        self.expect(")")
        return Method(name.text)

    def element(self) -> Element:
        index: int | None = None
        if self.is_next("*"):
            self.take()
        elif isinstance(self.token.value, int) and self.token.value < 2**31:
            index = int(str(self.take().value))
        else:
            raise self.unexpected("an index, or *, is missing")
        self.expect("]")
        return Element(index)


def _signed(operator: str, value: object) -> int | Decimal:
    if not isinstance(value, int | Decimal):
        raise TypeError(f"not a number: {type(value).__name__}")
    return (
        value.copy_negate()
        if operator == "-" and isinstance(value, Decimal)
        else (-value if operator == "-" else value)
    )


def as_predicate(node: Node) -> Predicate:
    """Give a node that is a predicate. Raises PathError where it is a value."""
    if isinstance(node, _PREDICATES):
        return node
    raise PathError(
        node.position,
        "a value stands where something true or false should",
        "Compare it, as in $.paid == true, or ask whether it exists($.paid).",
    )


def as_value(node: Node) -> Value:
    """Give a node that is a value. Raises PathError where it is a predicate."""
    if not isinstance(node, _PREDICATES):
        return node
    raise PathError(
        node.position,
        "something true or false stands where a value should",
        "Join predicates with &&, || and !, instead of comparing them.",
    )
