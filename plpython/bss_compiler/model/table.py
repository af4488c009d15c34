"""A table with its parts, and the model: all tables of a document, and what their checks call."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bss_compiler.model.access import Grant, Policy
from bss_compiler.model.column import Column
from bss_compiler.model.constraint import Check, Constraint
from bss_compiler.model.function import Function, needed
from bss_compiler.model.index import Index
from bss_compiler.model.partition import Partition
from bss_compiler.model.placement import Placement
from bss_compiler.model.secret import Secret
from bss_compiler.model.trigger import Trigger

DEPRECATED = "[no longer in the schema] "
"""What the comment of a deprecated column or table begins with in the catalog; no other does."""

Part = Column | Constraint | Index | Policy | Grant | Trigger | Function | Partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. Columns are in the order of creation, everything else by name.

    A deprecated table is one whose entity the document no longer has. `row_security` says that
    policies are enabled and forced on the owner too. `partition_by` is what pg_get_partkeydef()
    prints, or None; a range has an `interval` too, by which partitions are made as time goes by:
    the catalog does not know it, nor `renamed_from`, the entity that the document says it was, nor
    what there is to say of `secrets`.
    """

    name: str
    placement: Placement = "tenant"
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    row_security: bool = True
    policies: tuple[Policy, ...] = ()
    grants: tuple[Grant, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    partition_by: str | None = None
    partitions: tuple[Partition, ...] = ()
    interval: str | None = field(default=None, compare=False)
    secrets: tuple[Secret, ...] = field(default=(), compare=False)
    comment: str | None = None
    deprecated: bool = False
    entity: str | None = field(default=None, compare=False)
    renamed_from: str | None = field(default=None, compare=False)
    pointer: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """All tables of a document, and what their checks and triggers call, both by name."""

    tables: tuple[Table, ...] = ()
    functions: tuple[Function, ...] = ()

    def placed(self, placement: Placement) -> "Model":
        """Give the part of it that is in one place: its tables, and what their checks call."""
        if all(table.placement == placement for table in self.tables):
            return self
        return self.of(table for table in self.tables if table.placement == placement)

    def joined(self, other: "Model") -> "Model":
        """Give a model of the tables of both; of two functions of a name, it has the other's."""
        functions = (*self.functions, *other.functions)
        return Model(functions=functions).of((*self.tables, *other.tables))

    def of(self, tables: Iterable[Table]) -> "Model":
        """Give a model of other tables, with those of its functions that are called for them."""
        tables = tuple(tables)
        calls = [call for table in tables for call in _calls(table)]
        return Model(tables=tables, functions=needed(calls, self.functions))


def _calls(table: Table) -> Iterable[str]:
    yield from (item.expression for item in table.constraints if isinstance(item, Check))
    yield from (f"{trigger.function}()" for trigger in table.triggers)
