"""Turns the tables of one tenant into those of a pool, whose rows are many tenants', and back.

What tells rows apart begins with whose they are: keys, references between the tables, and the
indexes that have an order. So a tenant meets no other by a value, and its rows lie together.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.lowering.access import POOL_ISOLATION, TENANT_ISOLATION
from bss_compiler.lowering.placement import OWNER, tie
from bss_compiler.model import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Index,
    IndexKey,
    Model,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.naming import hashed_name

_OWNER = "tenant_id"
_MAX_COLUMNS = 32
_NEAREST = frozenset({"hnsw", "ivfflat"})
_CONTEXT = "bss.current_tenant_id()"
_HOLD = Trigger(
    name="hold_place",
    timing="BEFORE",
    events=("INSERT", "DELETE", "UPDATE"),
    level="STATEMENT",
    condition="(CURRENT_USER <> 'bss_owner'::name)",
    function="bss_internal.hold_place",
)


def pooled(model: Model, findings: Findings) -> Model:
    """Give the tables of a model for the rows of many tenants; report what there cannot be."""
    for table in model.tables:
        _check(table, findings)
    return model.of(map(_POOL.turn, model.tables))


def alone(model: Model) -> Model:
    """Give the tables of a pool for the rows of one tenant: what `pooled` was given."""
    return model.of(map(_SILO.turn, model.tables))


def _check(table: Table, findings: Findings) -> None:
    for item in (*table.constraints, *table.indexes):
        if not isinstance(item, Check) and _names_owner(item):
            findings.report(
                Code.NOT_FOR_POOLS, item.pointer or table.pointer or "",
                f'table "{table.name}" cannot be in a pool',
                detail=f'Its "{item.name}" names column "{_OWNER}", which says there whose a row '
                "is.",
                hint=f'Take "{_OWNER}" out of keys, references and indexes: it is in all of them.',
            )  # fmt: skip
        elif _width(item) >= _MAX_COLUMNS:
            findings.report(
                Code.NOT_FOR_POOLS, item.pointer or table.pointer or "",
                f'table "{table.name}" cannot be in a pool',
                detail=f'Its "{item.name}" has {_width(item)} columns; with "{_OWNER}", the server '
                f"takes {_MAX_COLUMNS - 1}.",
                hint="Name fewer properties.",
            )  # fmt: skip
        elif isinstance(item, Index) and item.method in _NEAREST:
            findings.report(
                Code.NOT_FOR_POOLS, item.pointer or table.pointer or "",
                f'table "{table.name}" cannot be in a pool',
                detail=f'Its "{item.name}" gives the nearest vectors of all tenants, among which '
                "may be none of the tenant that asks.",
                hint='Set "index": "none": those of one tenant are found by its rows.',
            )  # fmt: skip


def _names_owner(item: PrimaryKey | Unique | ForeignKey | Index) -> bool:
    referenced = item.referenced if isinstance(item, ForeignKey) else ()
    return _OWNER in (*item.columns, *referenced)


def _width(item: Constraint | Index) -> int:
    if isinstance(item, Check):
        return 0
    return len(item.columns) + (len(item.include) if isinstance(item, Index) else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """How each part of a table becomes what it is in the other isolation."""

    columns: Callable[[tuple[str, ...]], tuple[str, ...]]
    keys: Callable[[tuple[IndexKey, ...]], tuple[IndexKey, ...]]
    owner: Callable[[Column], Column]
    ties: Callable[[Table], Iterable[Constraint]]
    isolation: Policy
    triggers: Callable[[tuple[Trigger, ...]], Iterable[Trigger]]

    def turn(self, table: Table) -> Table:
        """Give the table."""
        constraints = [self._constraint(item) for item in self.ties(table)]
        return replace(
            table,
            columns=tuple(
                self.owner(column) if column.name == _OWNER else column for column in table.columns
            ),
            constraints=tuple(sorted(constraints, key=lambda item: item.name)),
            indexes=tuple(map(self._index, table.indexes)),
            policies=tuple(
                self.isolation if policy.name == self.isolation.name else policy
                for policy in table.policies
            ),
            triggers=tuple(sorted(self.triggers(table.triggers), key=lambda item: item.name)),
        )

    def _constraint(self, item: Constraint) -> Constraint:
        match item:
            case PrimaryKey() | Unique():
                return replace(item, columns=self.columns(item.columns))
            case ForeignKey(placement="tenant"):
                return replace(
                    item,
                    columns=self.columns(item.columns),
                    referenced=self.columns(item.referenced),
                )
            case ForeignKey() | Check():
                return item
            case _:
                assert_never(item)

    def _index(self, index: Index) -> Index:
        return replace(index, keys=self.keys(index.keys)) if index.method == "btree" else index


def _untied(table: Table) -> Iterable[Constraint]:
    condition = tie(table.name).expression
    return (
        item
        for item in table.constraints
        if not (isinstance(item, Check) and item.expression == condition)
    )


def _tied(table: Table) -> Iterable[Constraint]:
    check = tie(table.name)
    if check.name in {item.name for item in table.constraints}:
        check = replace(check, name=hashed_name(check.name, of=check.expression))
    return (*table.constraints, check)


def _of_context(column: Column) -> Column:
    return replace(column, default=_CONTEXT)


def _of_tenant(column: Column) -> Column:
    [owner] = OWNER["tenant"]
    return replace(column, default=owner.default)


_POOL = _Turn(
    columns=lambda columns: (_OWNER, *columns),
    keys=lambda keys: (IndexKey(column=_OWNER), *keys),
    owner=_of_context,
    ties=_untied,
    isolation=POOL_ISOLATION,
    triggers=lambda triggers: (*triggers, _HOLD),
)
_SILO = _Turn(
    columns=lambda columns: columns[1:],
    keys=lambda keys: keys[1:],
    owner=_of_tenant,
    ties=_tied,
    isolation=TENANT_ISOLATION,
    triggers=lambda triggers: (item for item in triggers if item != _HOLD),
)
