"""Compares a schema with its model, and adds what has to be made again with what was changed.

A key cannot be made anew under the references to it. A reference whose triggers were disabled, and
a check whose function was another for a while, may not hold any more, so they are proven again.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from bss_compiler.diff import Alter, Change, Create, Drop, is_computed_anew, rebuilt
from bss_compiler.model import Check, Column, Constraint, ForeignKey, Index, PrimaryKey, Unique
from bss_compiler.model.function import needed
from bss_compiler.repair.damage import UNLOGGED, WITHOUT_KEYS, Damage, compared, damaged_functions
from bss_compiler.repair.missing import mistakable, waits
from bss_compiler.snapshot import split_name

_FLAWS_OF_PARTS = frozenset(
    {
        "not valid",
        "deferrable",
        "not inherited",
        "on update",
        "match full",
        "on delete of some columns",
        "in another schema",
        "including columns",
        "deferred",
    }
)
"""What a snapshot has behind the names of constraints and indexes."""


def changes(damage: Damage) -> tuple[Change, ...]:
    """Give the changes that lead from what is there to what is meant, by real names."""
    plain = _plain(damage)
    waiting = {(change.table, change.part.name) for change in _waiting(plain, damage)}
    made = tuple(
        change
        for change in plain
        if isinstance(change, Alter) or (change.table, change.part.name) not in waiting
    )
    return (*made, *_made_again(made, damage))


def waiting(damage: Damage) -> tuple[Create, ...]:
    """Give what is not among the changes, because it needs what may be there by another name."""
    return tuple(_waiting(_plain(damage), damage))


def _plain(damage: Damage) -> tuple[Change, ...]:
    found = compared(damage)
    replacing = [change for change in found if not _stays(change, damage)]
    staying = [change for change in found if _stays(change, damage)]
    return (*staying, *_by_real_names(rebuilt(replacing, damage.found, damage.meant)))


def _stays(change: Change, damage: Damage) -> bool:
    """Say whether a column stays in its place with its values, and so all that is built on it."""
    match change:
        case Alter(before=Column(generated=None), after=Column(generated=str()) as after):
            return not damage.may_drop(f"{change.table}.{after.name}")
        case Alter(before=Column() as before, after=Column() as after):
            return not is_computed_anew(before, after)
    return False


def _waiting(plain: Collection[Change], damage: Damage) -> Iterator[Create]:
    missing = set(mistakable(plain, damage))
    for change in plain:
        if isinstance(change, Create) and waits(change, missing):
            yield change


def _by_real_names(found: Iterable[Change]) -> Iterator[Change]:
    for change in found:
        part = change.part if isinstance(change, Drop) else None
        if isinstance(part, PrimaryKey | Unique | ForeignKey | Check | Index):
            bare, flaw = split_name(part.name)
            if flaw in _FLAWS_OF_PARTS:
                part = replace(part, name=bare)
            yield Drop(table=change.table, part=part)
        else:
            yield change


def _made_again(found: Collection[Change], damage: Damage) -> Iterator[Change]:
    dropped = {(change.table, change.part.name) for change in found if isinstance(change, Drop)}
    functions = damaged_functions(damage)
    for table in damage.found.tables:
        meant = damage.table_meant(table.name)
        for item in meant.constraints if meant is not None else ():
            there = item in table.constraints and (table.name, item.name) not in dropped
            if there and _is_in_doubt(item, table.name, damage, functions):
                yield Drop(table=table.name, part=item)
                yield Create(table=table.name, part=item)


def _is_in_doubt(item: Constraint, table: str, damage: Damage, functions: Collection[str]) -> bool:
    match item:
        case ForeignKey():
            # shared tables are not among those that are repaired
            other = item.table if item.placement == "tenant" else None
            flaws = {damage.flaws.get(name) for name in (table, other) if name is not None}
            return (
                WITHOUT_KEYS in flaws
                # a table that is logged must not refer to one that is not
                or UNLOGGED in flaws
            )
        case Check():
            called = needed((item.expression,), damage.meant.functions)
            return any(function.name in functions for function in called)
    return False
