"""The constraints of a table. Columns are names, in the constraint's own order."""

from dataclasses import dataclass, field

from bss_compiler.model.placement import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKey:
    """A primary key. `pointer` is that of the entity."""

    name: str
    columns: tuple[str, ...]
    pointer: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """A unique key."""

    name: str
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False
    pointer: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key to a table of the same document, and of the `placement` that this has.

    `on_delete` is spelled as in SQL.
    """

    name: str
    columns: tuple[str, ...]
    table: str
    placement: Placement = "tenant"
    referenced: tuple[str, ...]
    on_delete: str = "NO ACTION"
    pointer: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check. `pointer` is that of the keyword which it enforces.

    `keyword` is None where it is a whole schema that is enforced, to which `pointer` leads then.
    """

    name: str
    expression: str
    pointer: str | None = field(default=None, compare=False)
    keyword: str | None = field(default=None, compare=False)


Constraint = PrimaryKey | Unique | ForeignKey | Check
