"""Compares two models, function by function, table by table and part by part, by name."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import Any

from bss_compiler.diff.change import Alter, Change, Create, Drop, is_computed_anew
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    Model,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.model.function import SCHEMA

_PARTS = ("columns", "constraints", "indexes", "policies", "grants", "triggers", "partitions")


def diff(before: Model, after: Model) -> tuple[Change, ...]:
    """Give the changes from one model to the other, in the order of the models."""
    return (*_functions(before, after), *_tables(before, after))


def _functions(before: Model, after: Model) -> Iterable[Change]:
    old, new = dict.fromkeys(before.functions), dict.fromkeys(after.functions)
    for function in old:
        if function not in new:
            yield Drop(table=f"{SCHEMA}.{function.name}", part=function)
    for function in new:
        if function not in old:
            yield Create(table=f"{SCHEMA}.{function.name}", part=function)


def _tables(before: Model, after: Model) -> Iterable[Change]:
    old = {table.name: table for table in before.tables}
    new = {table.name: table for table in after.tables}
    anew = {
        (name, column)
        for name in old.keys() & new
        for column in _computed_anew(old[name], new[name])
    }
    for name, table in old.items():
        if name not in new:
            yield Drop(table=name, part=table)
    for name, table in new.items():
        if name not in old:
            yield Create(table=name, part=table)
        elif table != old[name] or anew:
            yield from _table(old[name], table, anew)


def _computed_anew(before: Table, after: Table) -> Iterable[str]:
    old = {column.name: column for column in before.columns}
    for column in after.columns:
        if column.name in old and is_computed_anew(old[column.name], column):
            yield column.name


def _table(before: Table, after: Table, anew: Set[tuple[str, str]]) -> Iterable[Change]:
    if _own(before) != _own(after):
        yield Alter(table=after.name, before=before, after=after)
    for field in _PARTS:
        old = {part.name: part for part in getattr(before, field)}
        new = {part.name: part for part in getattr(after, field)}
        built_on = {
            name for name, part in old.items() if anew and _is_built_on(part, after.name, anew)
        }
        yield from _parts(after.name, old, new, built_on)
    known = {partition.name for partition in before.partitions}
    for partition in after.partitions:
        if partition.name not in known:
            yield from (Create(table=partition.name, part=policy) for policy in after.policies)


def _is_built_on(part: Any, table: str, columns: Set[tuple[str, str]]) -> bool:
    """Say whether a part has to be made again with any of the columns, given with their tables."""
    match part:
        case PrimaryKey() | Unique():
            return any((table, name) in columns for name in part.columns)
        case ForeignKey():
            return any((table, name) in columns for name in part.columns) or any(
                (part.table, name) in columns for name in part.referenced
            )
        case Index():
            names = (*(key.column for key in part.keys), *part.include)
            return any((table, name) in columns for name in names)
        case Check():
            # a name that only looks as if it were in there costs a check made again, no more
            return any(
                own == table and name.replace('"', '""') in part.expression for own, name in columns
            )
    return False


def _own(table: Table) -> Table:
    return replace(table, **dict.fromkeys(_PARTS, ()))  # type: ignore[arg-type]


def _parts(
    table: str, old: Mapping[str, Any], new: Mapping[str, Any], built_on: Set[str]
) -> Iterable[Change]:
    for name, part in old.items():
        if name not in new:
            yield Drop(table=table, part=part)
    for name, part in new.items():
        if name not in old:
            yield Create(table=table, part=part)
        elif part != old[name] or name in built_on:
            yield from _changed(table, old[name], part)


def _changed(table: str, before: Any, after: Any) -> Iterable[Change]:
    if isinstance(after, Column | Trigger):
        yield Alter(table=table, before=before, after=after)
    else:
        yield Drop(table=table, part=before)
        yield Create(table=table, part=after)
