"""Writes SQL/JSON path predicates the way jsonpath_out() prints them.

A predicate is text with the rank of its outermost operator, which decides where the server prints
parentheses (operationPriority() and printJsonPathItem() of src/backend/utils/adt/jsonpath.c).
Paths are strict as a rule: in lax mode a path looks into arrays on its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bss_compiler import quoting

_OR, _AND, _COMPARISON, _ATOM = 0, 1, 2, 6


@dataclass(frozen=True, slots=True)
class Predicate:
    """A predicate: its text without outer parentheses, and the rank of its operator."""

    text: str
    rank: int

    def inside(self, rank: int) -> str:
        """Give the text as an operand of an operator of the given rank."""
        return f"({self.text})" if self.rank <= rank else self.text


def strict(predicate: Predicate) -> str:
    """Give the whole path, as a jsonpath value prints."""
    return f"strict {predicate.inside(_COMPARISON)}"


def lax(predicate: Predicate) -> str:
    """Give the whole path in lax mode: what is absent is nothing, and no error."""
    return predicate.inside(_COMPARISON)


def member(path: str, key: str) -> str:
    """Give the path to a member of an object."""
    return f"{path}.{quoting.json_string(key)}"


def both(*predicates: Predicate) -> Predicate:
    """Join predicates that all have to hold; there is at least one."""
    return _joined(predicates, "&&", _AND)


def either(*predicates: Predicate) -> Predicate:
    """Join predicates of which one has to hold; there is at least one."""
    return _joined(predicates, "||", _OR)


def _joined(predicates: Sequence[Predicate], operator: str, rank: int) -> Predicate:
    """Join in halves: the server reads and evaluates a path by recursion, level by level."""
    if len(predicates) == 1:
        return predicates[0]
    middle = (len(predicates) + 1) // 2
    left = _joined(predicates[:middle], operator, rank)
    right = _joined(predicates[middle:], operator, rank)
    return Predicate(f"{left.inside(rank)} {operator} {right.inside(rank)}", rank)


def negated(predicate: Predicate) -> Predicate:
    """Negate a predicate."""
    return Predicate(f"!({predicate.text})", _ATOM)


def exists(path: str, where: Predicate) -> Predicate:
    """Say whether the path has an item of which the predicate, over @, is true."""
    return Predicate(f"exists ({path}?({where.text}))", _ATOM)


def none(path: str, where: Predicate) -> Predicate:
    """Say whether the path has no item of which the predicate, over @, is true."""
    return negated(exists(path, where))


def compare(left: str, operator: str, right: object) -> Predicate:
    """Compare a path with a scalar."""
    return Predicate(f"{left} {operator} {scalar(right)}", _COMPARISON)


def like(path: str, pattern: str, flags: str) -> Predicate:
    """Match a string with a regular expression of ours."""
    return Predicate(
        f'{path} like_regex {quoting.json_string(pattern)} flag "{flags}"', _COMPARISON
    )


def scalar(value: object) -> str:
    """Spell a JSON scalar."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return quoting.decimal(value)
        case str():
            return quoting.json_string(value)
    raise TypeError(f"not a JSON scalar: {type(value).__name__}")
