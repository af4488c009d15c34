"""Tells what is missing from what is there by another name: a rename is never guessed."""

from collections.abc import Collection, Iterable, Iterator

from bss_compiler.diff import Change, Create, columns_read
from bss_compiler.model import Column, ForeignKey, Table
from bss_compiler.repair.damage import Damage
from bss_compiler.snapshot import INSTEAD_OF_TABLES, split_name

Place = tuple[str, str | None]
"""A column with its table, or a table with None."""


def alike(table: str, part: Table | Column, damage: Damage) -> Iterator[str]:
    """Give what no document has and nobody lets drop, and may be what is missing."""
    for name in _alike(table, part, damage):
        if not damage.may_drop(name):
            yield name


def _alike(table: str, part: Table | Column, damage: Damage) -> Iterator[str]:
    if isinstance(part, Column):
        found, meant = damage.table_found(table), damage.table_meant(table)
        known = {column.name for column in meant.columns} if meant is not None else set()
        for column in found.columns if found is not None else ():
            if column.name not in known and split_name(column.type)[0] == part.type:
                yield f"{table}.{column.name}"
        return
    wanted = {column.name for column in part.columns}
    for other in damage.found.tables:
        bare, flaw = split_name(other.name)
        is_in_its_place = flaw in INSTEAD_OF_TABLES and bare == part.name
        is_unknown = damage.table_meant(other.name) is None and flaw not in INSTEAD_OF_TABLES
        if is_in_its_place or (is_unknown and wanted <= {item.name for item in other.columns}):
            yield other.name


def mistakable(found: Iterable[Change], damage: Damage) -> Iterator[Place]:
    """Give what is missing and is not made again: columns with their tables, and tables."""
    for change in found:
        part = change.part if isinstance(change, Create) else None
        if isinstance(part, Table | Column) and any(alike(change.table, part, damage)):
            yield change.table, part.name if isinstance(part, Column) else None


def waits(change: Create, missing: Collection[Place]) -> bool:
    """Say whether a part cannot be made before what is missing is found."""
    match change.part:
        case ForeignKey(placement="tenant", table=table) if (table, None) in missing:
            return True
    return any(column in missing for column in columns_read(change))
