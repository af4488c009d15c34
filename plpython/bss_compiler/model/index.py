"""The indexes of a table that no constraint brings along."""

from dataclasses import dataclass, field


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

    `where` is the condition of the rows that are in it; None for all of them. A unique index is one
    that cannot be a constraint, because it has such a condition; `pointer` says who asks for it.
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
