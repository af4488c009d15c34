"""Keeps what a new document no longer has: nothing is dropped because it is not mentioned.

What was kept goes only when that is asked for by name.

A column that went is nullable and has no default; one that is computed still is, for those who read
it. A table that went is as it was. Both say so in their comments. Their checks, keys and references
are rules of a schema that is no longer in force: they go, and are made and proven again if the
property comes back.
"""

from collections.abc import Collection
from dataclasses import replace

from bss_compiler.diff.rename import Renames, followed
from bss_compiler.model import Column, ForeignKey, Model, Partition, Table


def retain(before: Model, after: Model, done: Renames | None = None) -> Model:
    """Give the model `after` with what only `before` has, marked as deprecated."""
    kept = {table.name: table for table in followed(before, done or Renames()).tables}
    tables = [_with_columns(kept.pop(table.name, None), table) for table in after.tables]
    tables += [_deprecated_table(table) for table in kept.values()]
    return _either(before, after).of(tables)


def replace_tables(before: Model, after: Model) -> Model:
    """Give the model `before` with the tables of `after`, which keep the columns that they had."""
    old = {table.name: table for table in before.tables}
    new = {table.name: _with_columns(old.get(table.name), table) for table in after.tables}
    return _either(before, after).of((old | new).values())


def _either(before: Model, after: Model) -> Model:
    """Give the functions of both; of two that share a name, the new model's are called."""
    return Model(functions=(*before.functions, *after.functions))


def _with_columns(before: Table | None, after: Table) -> Table:
    if before is None:
        return after
    after = replace(after, partitions=_partitions(before, after))
    names = {column.name for column in after.columns}
    gone = tuple(
        _deprecated_column(column) for column in before.columns if column.name not in names
    )
    return replace(after, columns=after.columns + gone) if gone else after


def _partitions(before: Table, after: Table) -> tuple[Partition, ...]:
    """Keep the partition of a value that is no longer listed, with what is in it."""
    if before.partition_by != after.partition_by:
        return after.partitions
    kept = {item.bound: replace(item, deprecated=True) for item in before.partitions}
    kept |= {item.bound: item for item in after.partitions}
    return tuple(sorted(kept.values(), key=lambda item: item.name))


def _deprecated_column(column: Column) -> Column:
    return replace(column, nullable=True, default=None, deprecated=True, property=None)


def _deprecated_table(table: Table) -> Table:
    constraints = tuple(item for item in table.constraints if not isinstance(item, ForeignKey))
    return replace(table, constraints=constraints, deprecated=True, entity=None)


def without(model: Model, gone: Collection[tuple[str, str | None]]) -> Model:
    """Give a model without some of its deprecated parts: tables or partitions, and their columns.

    Each is given by the name of its relation, and that of the column or None.
    """
    gone = frozenset(gone)
    tables = [
        replace(
            table,
            columns=tuple(item for item in table.columns if (table.name, item.name) not in gone),
            partitions=tuple(item for item in table.partitions if (item.name, None) not in gone),
        )
        for table in model.tables
        if (table.name, None) not in gone
    ]
    return model.of(tables)
