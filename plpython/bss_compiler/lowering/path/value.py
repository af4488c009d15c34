"""Turns the values of a path into SQL expressions over typed columns.

Integers are added as bigint; quotients, and whatever has a fraction, are numeric, and with a float
double precision. A quotient by zero is absent, where SQL has an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from bss_compiler import quoting
from bss_compiler.diagnostic import Code
from bss_compiler.lowering.constant import NotOfTypeError, constant
from bss_compiler.lowering.path.syntax import (
    Accessor,
    Arithmetic,
    Literal,
    PathError,
    Sign,
    Value,
)
from bss_compiler.lowering.type import ColumnType

INTEGERS = frozenset({"smallint", "integer", "bigint"})
FLOATS = frozenset({"real", "double precision"})
NUMBERS = INTEGERS | FLOATS | {"numeric"}
EQUAL_ONLY = frozenset({"boolean", "uuid", "inet", "bytea"})
ORDERED = frozenset({
    "text", "date", "timestamp with time zone", "time without time zone", "interval",
})  # fmt: skip

TEXT = ColumnType(sql="text", json="string")
BOOLEAN = ColumnType(sql="boolean", json="boolean")


def number_type(base: str) -> ColumnType:
    """Give a type of number by its name."""
    return ColumnType(sql=base, json="integer" if base in INTEGERS else "number")


@dataclass(frozen=True, slots=True)
class Source:
    """A column that a path may read, by the name of its property."""

    column: str
    type: ColumnType
    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class Operand:
    """An SQL expression and its type."""

    sql: str
    type: ColumnType
    position: int

    @property
    def base(self) -> str:
        """Give the type without its modifier."""
        return self.type.base

    def cast(self, base: str) -> "Operand":
        """Give the expression as one of another type."""
        if self.base == base:
            return self
        return Operand(f"({self.sql})::{base}", number_type(base), self.position)


class Values:
    """Lowers values over the columns of one table, by the names of their properties.

    Columns that are computed themselves can be read by a check, and not by another of their kind.
    """

    def __init__(self, sources: Mapping[str, Source], *, reads_computed: bool = True) -> None:
        self.sources = sources
        self.reads_computed = reads_computed

    def source(self, node: Accessor) -> Source:
        """Give the column of a property. Raises PathError."""
        source = self.sources.get(node.name)
        if source is None:
            raise PathError(
                node.position,
                f'property "{node.name[:80]}" does not exist',
                f"The properties are {', '.join(list(self.sources)[:20]) or 'none'}.",
                Code.UNKNOWN_PROPERTY,
            )
        if source.is_computed and not self.reads_computed:
            raise PathError(
                node.position,
                f'property "{node.name[:80]}" is computed itself',
                "Write out what it is computed from.",
            )
        if node.steps and source.type.sql != "jsonb":
            raise PathError(
                node.position,
                f'property "{node.name[:80]}" is of type {source.type.sql}, with nothing inside',
                "Leave out what follows the name of the property.",
                Code.WRONG_TYPE,
            )
        return source

    def operand(self, node: Value) -> Operand:
        """Give the expression of a value. Raises PathError."""
        match node:
            case Literal():
                return self._constant_alone(node)
            case Accessor():
                source = self.source(node)
                if source.type.sql == "jsonb":
                    raise PathError(
                        node.position,
                        f'property "{node.name[:80]}" is jsonb, and not one value of a type',
                        "Make what is meant a property of its own.",
                        Code.WRONG_TYPE,
                    )
                return Operand(quoting.ident(source.column), source.type, node.position)
            case Sign():
                operand = self._number(node.operand)
                if node.operator == "+":
                    return operand
                if operand.base in ("smallint", "integer"):
                    operand = operand.cast("bigint")
                return Operand(f"(- {operand.sql})", number_type(operand.base), node.position)
            case Arithmetic():
                return self._arithmetic(node)
            case _:
                assert_never(node)

    def _constant_alone(self, node: Literal) -> Operand:
        if isinstance(node.value, str):
            return Operand(f"{quoting.text(node.value)}::text", TEXT, node.position)
        if isinstance(node.value, bool):
            return Operand("true" if node.value else "false", BOOLEAN, node.position)
        if node.value is None:
            raise PathError(
                node.position, "null is no value to reckon with", "Ask $.name == null instead."
            )
        is_whole = isinstance(node.value, int) and -(2**63) <= node.value < 2**63
        return self._constant(node, number_type("bigint" if is_whole else "numeric"))

    def _constant(self, node: Literal, type_: ColumnType) -> Operand:
        try:
            return Operand(constant(node.value, type_), type_, node.position)
        except NotOfTypeError as reason:
            raise PathError(
                node.position,
                f'as a value of type "{type_.sql}", {reason}',
                "Correct the constant.",
                Code.VALUE_OUT_OF_TYPE,
            ) from reason

    def typed(self, literal: Literal, other: Operand) -> tuple[Operand, Operand]:
        """Give the constant in the type of what it meets, and that; numbers may meet as numeric."""
        if not literal.is_number or other.base not in NUMBERS:
            if other.base not in NUMBERS | EQUAL_ONLY | ORDERED:
                raise incomparable(literal.position, other.type.sql, "a constant")
            return self._constant(literal, ColumnType(sql=other.base, json=other.type.json)), other
        try:
            type_ = number_type(other.base)
            return Operand(constant(literal.value, type_), type_, literal.position), other
        except NotOfTypeError:
            return self._constant(literal, number_type("numeric")), other.cast("numeric")

    def _number(self, node: Value) -> Operand:
        operand = self.operand(node)
        if operand.base not in NUMBERS:
            raise PathError(
                operand.position,
                f'a value of type "{operand.type.sql}" is no number',
                "Reckon with properties of type integer or number.",
                Code.WRONG_TYPE,
            )
        return operand

    def _arithmetic(self, node: Arithmetic) -> Operand:
        sides = [self._number(node.left), self._number(node.right)]
        bases = {side.base for side in sides}
        if node.operator != "%" and bases & FLOATS:
            common = "double precision"
        elif node.operator == "/" or bases - INTEGERS:
            common = "numeric"
        else:
            common = "bigint"
        type_ = number_type(common)
        left, right = (
            self._constant(literal, type_) if isinstance(literal, Literal) else side.cast(common)
            for literal, side in zip((node.left, node.right), sides, strict=True)
        )
        divisor = right.sql
        if node.operator in "/%":
            divisor = self._divisor(node, right, type_)
        return Operand(f"({left.sql} {node.operator} {divisor})", type_, node.position)

    def _divisor(self, node: Arithmetic, right: Operand, type_: ColumnType) -> str:
        """Give a divisor that is absent where it is zero: a path knows no error, only unknown."""
        if not isinstance(node.right, Literal):
            return f"NULLIF({right.sql}, {constant(0, type_)})"
        if node.right.value == 0:
            raise PathError(
                node.right.position, "something is divided by zero", "Correct the divisor."
            )
        return right.sql


def incomparable(position: int, type_: str, other: str) -> PathError:
    """Give the fault of values that have no comparison."""
    return PathError(
        position,
        f'a value of type "{type_}" cannot be compared with {other}',
        "Compare properties of the same type and format.",
        Code.WRONG_TYPE,
    )
