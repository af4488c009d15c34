"""Turns a step into stages that neither read nor write the whole table while others wait for it.

What is sure to be quick is done at once. What takes as long as the table is large waits until the
transaction is over, and then works beside those who use the table: the validation of a constraint
that new rows are held to already, the building of an index, the filling of a column.

Sources: the manual on ALTER TABLE (Notes), CREATE INDEX (Building Indexes Concurrently) and Table
Partitioning (5.11.2.2).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from bss_compiler.diff import Alter, Create
from bss_compiler.model import Check, Column, Constraint, ForeignKey, Index, Table, Unique
from bss_compiler.naming import object_name
from bss_compiler.plan.step import (
    ACCESS_EXCLUSIVE,
    FACTS,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    Step,
)
from bss_compiler.quoting import ident

Mode = Literal["now", "transaction", "batch", "concurrently"]
"""Where a stage is executed: with the others in the transaction of the migration; afterwards, in
one of its own, in one for each batch of rows, or in none."""

ROW_EXCLUSIVE = "ROW EXCLUSIVE"
_MAY_FAIL = "may_fail_on_data"
_OUTSIDE = "outside_transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a step: what is done to which part of the table, how, under which lock.

    One that is for `each_partition` is made into as many as the table has partitions.
    """

    kind: str
    mode: Mode
    table: str
    part: Constraint | Column | Index
    lock: str
    scans: bool = False
    hazards: tuple[str, ...] = ()
    each_partition: bool = False


def online(step: Step, table: Table | None) -> tuple[Stage, ...] | None:
    """Give the stages of a step to a table as it will be; None if its one form will do.

    That is so where the step is quick, and where the server has no other form: a computed column
    rewrites the table, a reference from a partitioned table is validated at once.
    """
    if table is None or not (step.facts.scans or step.facts.rewrites):
        return None
    change = step.change
    match change:
        case Create(part=Check() as check):
            return tuple(_constraint(table, check))
        case Create(part=ForeignKey() as key) if table.partition_by is None:
            return tuple(_constraint(table, key))
        case Create(part=Unique() as key):
            return tuple(_unique(table, key))
        case Create(part=Index() as index):
            return tuple(_index(table, index))
        case Create(part=Column(generated=None, default=str()) as column):
            return tuple(_filled(table, column, "add_empty_column"))
        case Alter(after=Column() as column) if step.kind == "set_not_null":
            return tuple(_required(table, column))
        case Alter(
            before=Column(generated=None), after=Column(generated=None, default=str()) as column
        ) if step.kind == "restore_column":
            return tuple(_filled(table, column, "restore_empty_column"))
    return None


def _constraint(table: Table, part: Check | ForeignKey) -> Iterable[Stage]:
    lock = SHARE_ROW_EXCLUSIVE if isinstance(part, ForeignKey) else ACCESS_EXCLUSIVE
    yield Stage(kind="add_not_valid", mode="now", table=table.name, part=part, lock=lock)
    yield Stage(
        kind="validate", mode="transaction", table=table.name, part=part,
        lock=SHARE_UPDATE_EXCLUSIVE, scans=True, hazards=(_MAY_FAIL,),
    )  # fmt: skip


def _required(table: Table, column: Column) -> Iterable[Stage]:
    yield from _constraint(table, not_null_check(table.name, column.name))
    # the server does not look at the rows again: the check says what it wants to know
    yield Stage(
        kind="set_not_null", mode="transaction", table=table.name, part=column,
        lock=ACCESS_EXCLUSIVE,
    )  # fmt: skip


def not_null_check(table: str, column: str) -> Check:
    """Give the check that stands for NOT NULL until it is validated."""
    return Check(
        name=object_name(table, column, "not_null", suffix="check"),
        expression=f"({ident(column)} IS NOT NULL)",
    )


def _filled(table: Table, column: Column, kind: str) -> Iterable[Stage]:
    """Give new rows the default at once, and the others in batches."""
    yield Stage(kind=kind, mode="now", table=table.name, part=column, lock=ACCESS_EXCLUSIVE)
    required = [] if column.nullable else list(_required(table, column))
    yield Stage(
        kind="fill_column", mode="batch", table=table.name, part=column, lock=ROW_EXCLUSIVE,
        scans=True,
    )  # fmt: skip
    # not before the rows have values: a writer of another column would be held to the check
    yield from (replace(stage, mode="transaction") for stage in required)


def _index(table: Table, index: Index) -> Iterable[Stage]:
    hazards = (_OUTSIDE, _MAY_FAIL) if index.unique else (_OUTSIDE,)
    if table.partition_by is not None:
        yield Stage(
            kind="create_index_of_none", mode="now", table=table.name, part=index, lock=SHARE
        )
    yield Stage(
        kind="build_index", mode="concurrently", table=table.name, part=index,
        lock=SHARE_UPDATE_EXCLUSIVE, scans=True, hazards=hazards,
        each_partition=table.partition_by is not None,
    )  # fmt: skip
    if table.partition_by is not None:
        yield _attachment(table, index)


def _unique(table: Table, key: Unique) -> Iterable[Stage]:
    is_partitioned = table.partition_by is not None
    if is_partitioned:
        yield Stage(
            kind="add_unique_of_none", mode="now", table=table.name, part=key,
            lock=FACTS["add_unique"].lock,
        )  # fmt: skip
    yield Stage(
        kind="build_index", mode="concurrently", table=table.name, part=key,
        lock=SHARE_UPDATE_EXCLUSIVE, scans=True, hazards=(_OUTSIDE, _MAY_FAIL),
        each_partition=is_partitioned,
    )  # fmt: skip
    yield Stage(
        kind="adopt_index", mode="transaction", table=table.name, part=key, lock=ACCESS_EXCLUSIVE,
        each_partition=is_partitioned,
    )  # fmt: skip
    if is_partitioned:
        yield _attachment(table, key)


def _attachment(table: Table, part: Index | Unique) -> Stage:
    return Stage(
        kind="attach_index", mode="transaction", table=table.name, part=part,
        lock=ACCESS_EXCLUSIVE, each_partition=True,
    )  # fmt: skip
