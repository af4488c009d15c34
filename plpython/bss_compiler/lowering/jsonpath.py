"""Writes SQL/JSON path predicates the way jsonpath_out() prints them.

A predicate is text with the rank of its outermost operator, which decides where the server prints
parentheses (operationPriority() and printJsonPathItem() of src/backend/utils/adt/jsonpath.c).
Paths are strict: in lax mode a path would look into arrays on its own.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

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


def member(path: str, key: str) -> str:
    """Give the path to a member of an object."""
    return f"{path}.{quoting.json_string(key)}"


def both(*predicates: Predicate) -> Predicate:
    """Join predicates that all have to hold; there is at least one."""
    return reduce(lambda a, b: Predicate(f"{a.inside(_AND)} && {b.inside(_AND)}", _AND), predicates)


def either(*predicates: Predicate) -> Predicate:
    """Join predicates of which one has to hold; there is at least one."""
    return reduce(lambda a, b: Predicate(f"{a.inside(_OR)} || {b.inside(_OR)}", _OR), predicates)


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
