"""Adds to changes what has to be made again with them, although it stays as it is.

A column that is computed anew, or gets a wider type, takes along all rules that are about it, and a
foreign key holds on to the key that it was made on.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bss_compiler.diff.change import Alter, Change, Create, Drop, is_computed_anew
from bss_compiler.diff.conversion import is_widening
from bss_compiler.diff.rename import Renames, followed_part, followed_table
from bss_compiler.model import Check, Column, ForeignKey, Index, Model, PrimaryKey, Table, Unique
from bss_compiler.model.expression import columns_in

_Rule = tuple[Drop, Create]
_Key = tuple[str, frozenset[str]]
"""What a foreign key can refer to: a table, and some of its columns."""


def rebuilt(
    changes: Sequence[Change], before: Model, after: Model, done: Renames | None = None
) -> tuple[Change, ...]:
    """Give the changes from one model to another, with those that they bring along."""
    done = done or Renames()
    anew = frozenset(_computed_anew(changes, done))
    keys = {key for change in changes if isinstance(change, Drop) for key in _keys(change, done)}
    if not anew and not keys:
        return tuple(changes)
    renamed = {_place(change): change for change in changes if isinstance(change, Alter)}
    staying = list(_staying(before, after, done, renamed))
    again = [rule for rule in staying if not anew.isdisjoint(columns_read(rule[1]))]
    keys |= {key for gone, _ in again for key in _keys(gone, done)}
    again += [rule for rule in staying if _refers_to(rule[1].part) in keys and rule not in again]
    replaced = {_place(gone) for gone, _ in again}
    kept = [change for change in changes if _place(change) not in replaced]
    return (*kept, *(change for rule in again for change in rule))


def _computed_anew(changes: Iterable[Change], done: Renames) -> Iterator[tuple[str, str]]:
    for change in changes:
        match change:
            case Alter(before=Column() as before, after=Column() as after):
                names = done.columns_of(change.origin or change.table)
                is_widened = is_widening(before.type, after.type)
                if is_widened or is_computed_anew(followed_part(before, names, done), after):
                    yield change.table, after.name


def _keys(change: Drop, done: Renames) -> Iterator[_Key]:
    part = followed_part(change.part, done.columns_of(change.table), done)
    if isinstance(part, PrimaryKey | Unique) or (isinstance(part, Index) and part.unique):
        yield done.table(change.table), frozenset(part.columns)


def _place(change: Change) -> tuple[str, str, str]:
    """Give what tells a part from all others that there were."""
    part = change.before if isinstance(change, Alter) else change.part
    table = (change.origin or change.table) if isinstance(change, Alter) else change.table
    return table, "index" if isinstance(part, Index) else "", part.name


def _staying(
    before: Model, after: Model, done: Renames, renamed: dict[tuple[str, str, str], Alter]
) -> Iterator[_Rule]:
    """Give the rules that stay, or have another name only, as if they were made again."""
    tables = {table.name: table for table in after.tables}
    for table in before.tables:
        by = followed_table(table, done)
        meant = set(_rules(tables[by.name])) if by.name in tables else set()
        for was, part in zip(_rules(table), _rules(by), strict=True):
            gone = Drop(table=table.name, part=was)
            change = renamed.get(_place(gone))
            if change is not None:
                yield gone, Create(table=by.name, part=change.after)
            elif part in meant:
                yield gone, Create(table=by.name, part=part)


def _rules(table: Table) -> tuple[Any, ...]:
    return (*table.constraints, *table.indexes)


def columns_read(change: Create) -> Iterator[tuple[str, str]]:
    """Give the columns that a rule is about, each with its table."""
    part = change.part
    names: Iterable[str] = ()
    match part:
        case PrimaryKey() | Unique():
            names = part.columns
        case ForeignKey():
            names = part.columns
            yield from ((part.table, name) for name in part.referenced)
        case Index():
            names = (*part.columns, *part.include, *columns_in(part.where or ""))
        case Check():
            names = columns_in(part.expression)
    yield from ((change.table, name) for name in names)


def _refers_to(part: Any) -> _Key | None:
    return (part.table, frozenset(part.referenced)) if isinstance(part, ForeignKey) else None
