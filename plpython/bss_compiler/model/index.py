"""The indexes of a table that no constraint brings along."""

from dataclasses import dataclass, field

from bss_compiler.model.constraint import Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexKey:
    """A column of an index.

    `opclass` is None for the type's default in the index's method. `order` is spelled as in CREATE
    INDEX, and None for ascending with nulls last.
    """

    column: str
    opclass: str | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index. `options` are its storage parameters, sorted, each as `name=value`.

    `where` is the condition of the rows that it has, as an expression; None for all of them. One
    that is unique is what a unique key becomes where it is not about all rows.
    """

    name: str
    method: str
    keys: tuple[IndexKey, ...]
    include: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    unique: bool = False
    nulls_not_distinct: bool = False
    where: str | None = None
    valid: bool = True
    pointer: str | None = field(default=None, compare=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the columns of its keys."""
        return tuple(key.column for key in self.keys)


def unique_index(key: Unique, where: str | None) -> Index:
    """Give the index that is a unique key, of some rows or, where that is None, of all."""
    return Index(
        name=key.name,
        method="btree",
        keys=tuple(IndexKey(column=column) for column in key.columns),
        unique=True,
        nulls_not_distinct=key.nulls_not_distinct,
        where=where,
        pointer=key.pointer,
    )
