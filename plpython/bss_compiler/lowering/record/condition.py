"""Turns conditions about a row into SQL that is true or false of every row, never null.

A condition is an atom or a junction of conditions. An atom about a column may be null where the
column is; it stands beside a test of the column for null, in a conjunction that is false then or in
a disjunction that is true then, and negation, by De Morgan's laws, keeps the two together. So every
condition that is handed on has two values, although SQL has three.

The text is what pg_get_expr() prints: AND and OR have any number of operands, and one inside
another of the same kind is not told apart from it (makeAndExpr() in the server's gram.y).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Atom:
    """A condition as SQL, in the parentheses that the server prints around it, and its opposite."""

    sql: str
    opposite: str

    @property
    def size(self) -> int:
        """Give the number of characters."""
        return len(self.sql)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Junction:
    """A conjunction or a disjunction; without parts it is true, or false."""

    operator: str
    parts: "tuple[Condition, ...]"
    size: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Negation:
    """The opposite of a junction."""

    of: Junction

    @property
    def size(self) -> int:
        """Give the number of characters, roughly."""
        return self.of.size


Condition = Atom | Junction | Negation

_AND, _OR = "AND", "OR"
_OTHER = {_AND: _OR, _OR: _AND}

TRUE = Junction(operator=_AND, parts=(), size=0)
FALSE = Junction(operator=_OR, parts=(), size=0)


def atom(sql: str, opposite: str | None = None) -> Atom:
    """Give the condition that is written so."""
    return Atom(sql=sql, opposite=opposite or f"(NOT {sql})")


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Say that all conditions hold."""
    return _joined(_AND, conditions, neutral=TRUE, absorbing=FALSE)


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Say that one condition holds, or more."""
    return _joined(_OR, conditions, neutral=FALSE, absorbing=TRUE)


def one_of(conditions: Sequence[Condition]) -> Condition:
    """Say that exactly one condition holds."""
    certain = sum(each is TRUE for each in conditions)
    open_ = [each for each in conditions if each is not TRUE and each is not FALSE]
    if certain:
        return negated(any_of(open_)) if certain == 1 else FALSE
    match open_:
        case []:
            return FALSE
        case [only]:
            return only
        case [left, right]:
            return atom(f"({write(left)} <> {write(right)})", f"({write(left)} = {write(right)})")
    count = _sum([f"({write(each)})::integer" for each in open_])
    return atom(f"({count} = 1)", f"({count} <> 1)")


def negated(condition: Condition) -> Condition:
    """Say that a condition does not hold."""
    match condition:
        case Atom():
            return Atom(sql=condition.opposite, opposite=condition.sql)
        case Negation():
            return condition.of
    if condition is TRUE:
        return FALSE
    return TRUE if condition is FALSE else Negation(of=condition)


def write(condition: Condition) -> str:
    """Give the SQL of a condition, neither TRUE nor FALSE, as the server prints it."""
    if isinstance(condition, Atom):
        return condition.sql
    operator, parts = _resolved(condition)
    operands: dict[str, Condition] = {}
    _collect(operator, parts, operands)
    texts = list(operands)
    if len(texts) == 1 and not isinstance(operands[texts[0]], Atom):
        texts *= 2  # alone, it would merge with what stands around it
    return f"({f' {operator} '.join(texts)})" if len(texts) > 1 else texts[0]


def _joined(
    operator: str, conditions: Iterable[Condition], *, neutral: Junction, absorbing: Junction
) -> Condition:
    parts = []
    for each in conditions:
        if each is absorbing:
            return absorbing
        if each is not neutral:
            parts.append(each)
    if not parts:
        return neutral
    if len(parts) == 1:
        return parts[0]
    size = sum(part.size for part in parts) + 5 * len(parts)
    return Junction(operator=operator, parts=tuple(parts), size=size)


def _resolved(condition: Junction | Negation) -> tuple[str, tuple[Condition, ...]]:
    """Carry a negation one level down."""
    if isinstance(condition, Junction):
        return condition.operator, condition.parts
    of = condition.of
    return _OTHER[of.operator], tuple(negated(part) for part in of.parts)


def _collect(operator: str, parts: Iterable[Condition], operands: dict[str, Condition]) -> None:
    """Gather the operands, without repeating one, through parts of the same kind."""
    for part in parts:
        if isinstance(part, Atom):
            operands.setdefault(part.sql, part)
            continue
        inner, its_parts = _resolved(part)
        if inner == operator:
            _collect(operator, its_parts, operands)
        else:
            operands.setdefault(write(part), part)


def _sum(terms: Sequence[str]) -> str:
    """Add in halves: the server goes into an expression by recursion, level by level."""
    if len(terms) == 1:
        return terms[0]
    middle = (len(terms) + 1) // 2
    return f"({_sum(terms[:middle])} + {_sum(terms[middle:])})"
