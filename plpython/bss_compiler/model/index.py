"""The indexes of a table that no constraint brings along."""

from dataclasses import dataclass


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
    """An index. `options` are its storage parameters, sorted, each as `name=value`."""

    name: str
    method: str
    keys: tuple[IndexKey, ...]
    include: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    valid: bool = True
