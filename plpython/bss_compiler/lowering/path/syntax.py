"""The syntax of a path over a record, and what may be wrong with it.

Source: ISO/IEC 9075-2:2023, 9.46 (SQL/JSON path language), as src/backend/utils/adt/jsonpath_gram.y
has it. Every node knows the character that it begins at, counted from 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal

from bss_compiler.diagnostic import Code


class PathError(ValueError):
    """A path that cannot be read or lowered: at which character, why, and what to write instead."""

    def __init__(
        self, position: int, reason: str, hint: str, code: Code = Code.PATH_NOT_LOWERED
    ) -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason
        self.hint = hint
        self.code = code


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: str | int | Decimal | bool | None
    position: int

    @property
    def is_number(self) -> bool:
        """Say whether the constant is a number."""
        return isinstance(self.value, int | Decimal) and not isinstance(self.value, bool)


@dataclass(frozen=True, slots=True)
class Member:
    """A step to a member of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """A step to an element of an array; to each of them where there is no index."""

    index: int | None


@dataclass(frozen=True, slots=True)
class Method:
    """A step to what a method says of a value."""

    name: str


Step = Member | Element | Method


@dataclass(frozen=True, slots=True)
class Accessor:
    """A property of the record, and the way into its value."""

    name: str
    steps: tuple[Step, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers and what is made of them."""

    operator: str
    left: "Value"
    right: "Value"
    position: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A number with a sign in front."""

    operator: str
    operand: "Value"
    position: int


Value = Literal | Accessor | Arithmetic | Sign


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values and how they compare."""

    operator: str
    left: Value
    right: Value
    position: int


@dataclass(frozen=True, slots=True)
class StartsWith:
    """A string and what it should begin with."""

    operand: Value
    prefix: str
    position: int


@dataclass(frozen=True, slots=True)
class Like:
    """A string and the regular expression that it should match."""

    operand: Value
    pattern: str
    position: int


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether there is a value."""

    accessor: Accessor
    position: int


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    operand: "Predicate"
    position: int


@dataclass(frozen=True, slots=True)
class IsUnknown:
    """Whether a predicate is neither true nor false."""

    operand: "Predicate"
    position: int


@dataclass(frozen=True, slots=True)
class Junction:
    """Predicates that all have to hold (&&), or of which one has to (||)."""

    operator: str
    operands: tuple["Predicate", ...]
    position: int


Predicate = Comparison | StartsWith | Like | Exists | Not | IsUnknown | Junction
Node = Value | Predicate


def properties_read(node: Node) -> Iterator[str]:
    """Give the name of each property that a path reads, wherever it is in it."""
    if isinstance(node, Accessor):
        yield node.name
    for field in fields(node):
        inside = getattr(node, field.name)
        for part in inside if isinstance(inside, tuple) else (inside,):
            if is_dataclass(part):
                yield from properties_read(part)  # type: ignore[arg-type]
