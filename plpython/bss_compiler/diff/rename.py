"""What has another name than before, and a model as it is spelled by then.

The server follows a rename wherever a column or a table occurs, so what is left to compare is a
model in which the names are new and everything else is as it was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.model import Check, Column, ForeignKey, Index, Model, PrimaryKey, Table, Unique
from bss_compiler.model.expression import with_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """New names: of tables by their old ones, and of columns by their table's old one and theirs.

    Each table and each column has one old name, and a new one that nothing had before.
    """

    tables: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self.tables or self.columns)

    def table(self, name: str) -> str:
        """Give the new name of a table."""
        return dict(self.tables).get(name, name)

    def columns_of(self, table: str) -> Mapping[str, str]:
        """Give the new names of the columns of a table, which goes by its old one, by their own."""
        return {old: new for of, old, new in self.columns if of == table}


def renames(tables: Mapping[str, str], columns: Mapping[tuple[str, str], str]) -> Renames:
    """Give renames in order, without those to the same name."""
    return Renames(
        tables=tuple(sorted((old, new) for old, new in tables.items() if old != new)),
        columns=tuple(sorted((of, old, new) for (of, old), new in columns.items() if old != new)),
    )


def taken_back(done: Renames) -> Renames:
    """Give the renames that take others back."""
    tables = dict(done.tables)
    return renames(
        {new: old for old, new in done.tables},
        {(tables.get(of, of), new): old for of, old, new in done.columns},
    )


def composed(steps: Iterable[Renames]) -> Renames:
    """Give what renames come to that were made one after the other.

    What was made in between, under a name that something had before, is not what had it.
    """
    tables: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for step in steps:
        first_table = {now: first for first, now in tables.items()}
        first_column = {(of, now): first for (of, first), now in columns.items()}
        for of, old, new in step.columns:
            table = first_table.get(of, of)
            if (table, old) in first_column:
                columns[table, first_column[table, old]] = new
            else:
                columns.setdefault((table, old), new)
        for old, new in step.tables:
            if old in first_table:
                tables[first_table[old]] = new
            else:
                tables.setdefault(old, new)
    return renames(tables, columns)


def followed(model: Model, done: Renames) -> Model:
    """Give a model as it is once its tables and columns have their new names."""
    if not done:
        return model
    return replace(model, tables=tuple(followed_table(table, done) for table in model.tables))


def followed_table(table: Table, done: Renames) -> Table:
    """Give a table of the old names as it is by then, with all its parts but by the new names."""
    names = done.columns_of(table.name)
    return replace(
        table,
        name=done.table(table.name),
        columns=tuple(followed_part(part, names, done) for part in table.columns),
        constraints=tuple(followed_part(part, names, done) for part in table.constraints),
        indexes=tuple(followed_part(part, names, done) for part in table.indexes),
        partition_by=table.partition_by and with_columns(table.partition_by, names),
    )


def followed_part(part: Any, names: Mapping[str, str], done: Renames) -> Any:
    """Give a part of a table with the new names of its columns; the name of a rule stays."""
    match part:
        case Column():
            generated = part.generated and with_columns(part.generated, names)
            return replace(part, name=names.get(part.name, part.name), generated=generated)
        case PrimaryKey() | Unique():
            return replace(part, columns=_each(part.columns, names))
        case ForeignKey():
            return replace(
                part,
                columns=_each(part.columns, names),
                table=done.table(part.table),
                referenced=_each(part.referenced, done.columns_of(part.table)),
            )
        case Check():
            return replace(part, expression=with_columns(part.expression, names))
        case Index():
            return replace(
                part,
                keys=tuple(
                    replace(key, column=names.get(key.column, key.column)) for key in part.keys
                ),
                include=_each(part.include, names),
                where=part.where and with_columns(part.where, names),
            )
    return part


def _each(columns: tuple[str, ...], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(name, name) for name in columns)
