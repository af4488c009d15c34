"""Keeps what a new document no longer has: nothing is dropped because it is not mentioned.

A column that went is nullable and has no default; one that is computed still is, for those who read
it. A table that went is as it was. Both say so in their comments. Their checks, keys and references
are rules of a schema that is no longer in force: they go, and are made and proven again if the
property comes back.
"""

from dataclasses import replace

from bss_compiler.model import Column, ForeignKey, Model, Partition, Table


def retain(before: Model, after: Model) -> Model:
    """Give the model `after` with what only `before` has, marked as deprecated."""
    kept = {table.name: table for table in before.tables}
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
    kept = {item.name: item for item in (*before.partitions, *after.partitions)}
    return tuple(item for _, item in sorted(kept.items()))


def _deprecated_column(column: Column) -> Column:
    return replace(column, nullable=True, default=None, deprecated=True, property=None)


def _deprecated_table(table: Table) -> Table:
    constraints = tuple(item for item in table.constraints if not isinstance(item, ForeignKey))
    return replace(table, constraints=constraints, deprecated=True, entity=None)
