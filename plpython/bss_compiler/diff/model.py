"""Compares two models, table by table and part by part, by name."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bss_compiler.diff.change import Alter, Change, Create, Drop
from bss_compiler.model import Column, Model, Table

_PARTS = ("columns", "constraints", "indexes", "policies", "grants", "triggers")


def diff(before: Model, after: Model) -> tuple[Change, ...]:
    """Give the changes from one model to the other, in the order of the models."""
    return tuple(_tables(before, after))


def _tables(before: Model, after: Model) -> Iterable[Change]:
    old = {table.name: table for table in before.tables}
    new = {table.name: table for table in after.tables}
    for name, table in old.items():
        if name not in new:
            yield Drop(table=name, part=table)
    for name, table in new.items():
        if name not in old:
            yield Create(table=name, part=table)
        elif table != old[name]:
            yield from _table(old[name], table)


def _table(before: Table, after: Table) -> Iterable[Change]:
    if _own(before) != _own(after):
        yield Alter(table=after.name, before=before, after=after)
    for field in _PARTS:
        old = {part.name: part for part in getattr(before, field)}
        new = {part.name: part for part in getattr(after, field)}
        yield from _parts(after.name, old, new)


def _own(table: Table) -> Table:
    return replace(table, **dict.fromkeys(_PARTS, ()))  # type: ignore[arg-type]


def _parts(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Change]:
    for name, part in old.items():
        if name not in new:
            yield Drop(table=table, part=part)
    for name, part in new.items():
        if name not in old:
            yield Create(table=table, part=part)
        elif part != old[name]:
            yield from _changed(table, old[name], part)


def _changed(table: str, before: Any, after: Any) -> Iterable[Change]:
    if isinstance(after, Column):
        yield Alter(table=table, before=before, after=after)
    else:
        yield Drop(table=table, part=before)
        yield Create(table=table, part=after)
