"""Keeps what a new document no longer has: nothing is dropped because it is not mentioned.

What was kept goes only when that is asked for by name.

A column that went is nullable and has no default; one that is computed still is, for those who read
it, and one that is encrypted still encrypts what is written to it. A table that went is as it was.
Both say so in their comments. Their checks, keys and references are rules of a schema that is no
longer in force: they go, and are made and proven again if the property comes back.
"""

from collections.abc import Collection
from dataclasses import replace

from bss_compiler.diff.rename import Renames, followed
from bss_compiler.model import (
    ENCRYPTED,
    OF_ENCRYPTED,
    Check,
    Column,
    Constraint,
    ForeignKey,
    Model,
    Partition,
    PrimaryKey,
    Table,
)
from bss_compiler.model.expression import columns_in


def retain(before: Model, after: Model, done: Renames | None = None) -> Model:
    """Give the model `after` with what only `before` has, marked as deprecated."""
    done = done or Renames()
    kept = {table.name: table for table in followed(before, done).tables}
    tables = [_with_columns(kept.pop(table.name, None), table, done) for table in after.tables]
    tables += [_deprecated_table(table) for table in kept.values()]
    return _either(before, after).of(tables)


def replace_tables(before: Model, after: Model) -> Model:
    """Give the model `before` with the tables of `after`, which keep the columns that they had."""
    old = {table.name: table for table in before.tables}
    none = Renames()
    new = {table.name: _with_columns(old.get(table.name), table, none) for table in after.tables}
    return _either(before, after).of((old | new).values())


def _either(before: Model, after: Model) -> Model:
    """Give the functions of both; of two that share a name, the new model's are called."""
    return Model(functions=(*before.functions, *after.functions))


def _with_columns(before: Table | None, after: Table, done: Renames) -> Table:
    if before is None:
        return after
    after = replace(after, partitions=_partitions(before, after))
    names = {column.name for column in after.columns}
    gone = tuple(
        _deprecated_column(column) for column in before.columns if column.name not in names
    )
    after = _with_secrets(
        before, after, {item.name for item in gone if item.type == ENCRYPTED}, done
    )
    return replace(after, columns=after.columns + gone) if gone else after


def _with_secrets(before: Table, after: Table, gone: Collection[str], done: Renames) -> Table:
    """Keep what encrypts the columns that went: what is written to them is still a secret.

    Where the key has other names by now, nothing can be written to them.
    """
    if not gone:
        return after
    kept = [item for item in before.constraints if _is_of_secret(item, gone)]
    keys = (item.columns for item in before.constraints if isinstance(item, PrimaryKey))
    follows = frozenset(new for _, _, new in done.columns).isdisjoint(*keys)
    triggers = [item for item in before.triggers if item.column in gone and follows]
    return replace(
        after,
        constraints=tuple(sorted((*after.constraints, *kept), key=lambda item: item.name)),
        triggers=tuple(sorted((*after.triggers, *triggers), key=lambda item: item.name)),
        secrets=(*after.secrets, *(item for item in before.secrets if item.column in gone)),
    )


def _is_of_secret(item: Constraint, columns: Collection[str]) -> bool:
    return (
        isinstance(item, Check)
        and item.expression.startswith(OF_ENCRYPTED)
        and not columns_in(item.expression).isdisjoint(columns)
    )


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
    names: dict[str, set[str]] = {table.name: set() for table in model.tables}
    for relation, column in gone:
        if column is not None and relation in names:
            names[relation].add(column)
    tables = [
        replace(
            table,
            columns=tuple(item for item in table.columns if (table.name, item.name) not in gone),
            constraints=tuple(
                item for item in table.constraints if not _is_of_secret(item, names[table.name])
            ),
            triggers=tuple(item for item in table.triggers if item.column not in names[table.name]),
            secrets=tuple(item for item in table.secrets if item.column not in names[table.name]),
            partitions=tuple(item for item in table.partitions if (item.name, None) not in gone),
        )
        for table in model.tables
        if (table.name, None) not in gone
    ]
    return model.of(tables)
