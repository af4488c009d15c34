"""Turns a step into stages that neither read nor write the whole table while others wait for it.

What is sure to be quick is done at once. What takes as long as the table is large waits until the
transaction is over, and then works beside those who use the table: the validation of a constraint
that new rows are held to already, the building of an index, the filling of a column.

Sources: the manual on ALTER TABLE (Notes), CREATE INDEX (Building Indexes Concurrently) and Table
Partitioning (5.11.2.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bss_compiler.diff import Alter, Create
from bss_compiler.model import Check, Column, Constraint, ForeignKey, Index, Table, Unique
from bss_compiler.naming import object_name
from bss_compiler.plan.step import (
    ACCESS_EXCLUSIVE,
    MAY_FAIL,
    OUTSIDE_TRANSACTION,
    ROW_EXCLUSIVE,
    SHARE,
    SHARE_ROW_EXCLUSIVE,
    SHARE_UPDATE_EXCLUSIVE,
    Facts,
    Step,
)
from bss_compiler.quoting import ident

Mode = Literal["now", "transaction", "batch", "concurrently"]
"""Where a stage is executed: with the others in the transaction of the migration; afterwards, in
one of its own, in one for each batch of rows, or in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a step: what is done to which part of the table, where, at what cost.

    One that is for `each_partition` is made into as many as the table has partitions. One that is
    about a `shadow` has it.
    """

    kind: str
    mode: Mode
    table: str
    part: Constraint | Column | Index
    facts: Facts
    each_partition: bool = False
    shadow: Any = None


_LATER = "what it says holds for new rows at once, and for those that are there later"
_OF_EACH = "each partition gets its own, and the table has it when all of them have"
_IS_THERE = "the index is there, so no row is read"

_MODES: Mapping[str, Mode] = {
    "add_not_valid": "now",
    "add_empty_column": "now",
    "restore_empty_column": "now",
    "fill_new_rows": "now",
    "add_shadow": "now",
    "keep_in_step": "now",
    "create_index_of_none": "now",
    "add_unique_of_none": "now",
    "validate": "transaction",
    "set_not_null": "transaction",
    "adopt_index": "transaction",
    "attach_index": "transaction",
    "stop_filling": "transaction",
    "swap_columns": "transaction",
    "fill_column": "batch",
    "fill_shadow": "batch",
    "build_index": "concurrently",
}
_FACTS: Mapping[str, Facts] = {
    "add_not_valid": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_LATER),
    "add_empty_column": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_LATER),
    "restore_empty_column": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_LATER),
    "create_index_of_none": Facts(phase=0, lock=SHARE, reason=_OF_EACH),
    "add_unique_of_none": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_OF_EACH),
    "validate": Facts(
        phase=0,
        lock=SHARE_UPDATE_EXCLUSIVE,
        scans=True,
        risks=(MAY_FAIL,),
        reason="every row is read once, while others read and write",
    ),
    "set_not_null": Facts(
        phase=0,
        lock=ACCESS_EXCLUSIVE,
        reason="the check that was validated stands for it, so no row is read",
    ),
    "adopt_index": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_IS_THERE),
    "attach_index": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_IS_THERE),
    "fill_column": Facts(
        phase=0,
        lock=ROW_EXCLUSIVE,
        scans=True,
        reason="the rows are written in batches, each in a transaction of its own",
    ),
    "fill_new_rows": Facts(
        phase=0,
        lock=SHARE_ROW_EXCLUSIVE,
        reason="whatever row is written gets the default, if it has no value",
    ),
    "stop_filling": Facts(
        phase=0, lock=ACCESS_EXCLUSIVE, reason="no row is without a value any more"
    ),
    "add_shadow": Facts(
        phase=0,
        lock=ACCESS_EXCLUSIVE,
        reason="a second column takes the new values, and nobody knows it yet",
    ),
    "keep_in_step": Facts(
        phase=0,
        lock=SHARE_ROW_EXCLUSIVE,
        reason="whatever is written to one column is written to the other, converted",
    ),
    "fill_shadow": Facts(
        phase=0,
        lock=ROW_EXCLUSIVE,
        scans=True,
        reason="values are converted in batches, each in a transaction of its own; those that do "
        "not convert are listed",
    ),
    "swap_columns": Facts(
        phase=0,
        lock=ACCESS_EXCLUSIVE,
        reason="the columns change names, with all that is built on them; only the catalog changes",
    ),
    "build_index": Facts(
        phase=0,
        lock=SHARE_UPDATE_EXCLUSIVE,
        scans=True,
        risks=(OUTSIDE_TRANSACTION,),
        reason="it is built from every row, while others read and write",
    ),
}


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
            return tuple(constraint_stages(table, check))
        case Create(part=ForeignKey() as key) if table.partition_by is None:
            return tuple(constraint_stages(table, key))
        case Create(part=Unique() as key):
            return tuple(index_stages(table, key))
        case Create(part=Index() as index):
            return tuple(index_stages(table, index))
        case Create(part=Column(generated=None, default=str()) as column):
            return tuple(_filled(table, column, "add_empty_column"))
        case Alter(after=Column() as column) if step.kind == "set_not_null":
            return tuple(required_stages(table, column))
        case Alter(
            before=Column(generated=None), after=Column(generated=None, default=str()) as column
        ) if step.kind == "restore_column":
            return tuple(_filled(table, column, "restore_empty_column"))
    return None


def stage_of(kind: str, table: Table, part: Constraint | Column | Index) -> Stage:
    """Give a stage of a kind, as it usually is."""
    return Stage(kind=kind, mode=_MODES[kind], table=table.name, part=part, facts=_FACTS[kind])


def constraint_stages(table: Table, part: Check | ForeignKey) -> Iterable[Stage]:
    """Give the stages in which a check or a reference is added."""
    added = stage_of("add_not_valid", table, part)
    if isinstance(part, ForeignKey):
        added = replace(added, facts=replace(added.facts, lock=SHARE_ROW_EXCLUSIVE))
    yield added
    yield stage_of("validate", table, part)


def required_stages(table: Table, column: Column) -> Iterable[Stage]:
    """Give the stages in which a column becomes NOT NULL."""
    yield from constraint_stages(table, not_null_check(table.name, column.name))
    yield stage_of("set_not_null", table, column)


def not_null_check(table: str, column: str) -> Check:
    """Give the check that stands for NOT NULL until it is validated."""
    return Check(
        name=object_name(table, column, "not_null", suffix="check"),
        expression=f"({ident(column)} IS NOT NULL)",
    )


def filling(table: str, column: str) -> str:
    """Give the name of the trigger that gives rows the default of a column."""
    return object_name(table, column, suffix="filling")


def _filled(table: Table, column: Column, kind: str) -> Iterable[Stage]:
    """Give new rows the default at once, and the others in batches."""
    yield stage_of(kind, table, column)
    # a row that is written leaves its place, and no batch may come by the new one
    yield stage_of("fill_new_rows", table, column)
    yield stage_of("fill_column", table, column)
    if not column.nullable:
        # not before the rows have values: a writer of another column would be held to the check
        for stage in required_stages(table, column):
            yield replace(stage, mode="transaction")
    yield stage_of("stop_filling", table, column)


def index_stages(table: Table, part: Index | Unique) -> Iterable[Stage]:
    """Give the stages in which an index is built, and a unique key is made of it."""
    return _index(table, part) if isinstance(part, Index) else _unique(table, part)


def _index(table: Table, index: Index) -> Iterable[Stage]:
    built = stage_of("build_index", table, index)
    if index.unique:
        built = replace(built, facts=_unlike(built.facts))
    if table.partition_by is None:
        yield built
    else:
        yield stage_of("create_index_of_none", table, index)
        yield replace(built, each_partition=True)
        yield replace(stage_of("attach_index", table, index), each_partition=True)


def _unique(table: Table, key: Unique) -> Iterable[Stage]:
    built = stage_of("build_index", table, key)
    built = replace(built, facts=_unlike(built.facts))
    adopted = stage_of("adopt_index", table, key)
    if table.partition_by is None:
        yield from (built, adopted)
    else:
        yield stage_of("add_unique_of_none", table, key)
        for stage in (built, adopted, stage_of("attach_index", table, key)):
            yield replace(stage, each_partition=True)


def _unlike(facts: Facts) -> Facts:
    """Give the facts of building an index in which no two rows may be alike."""
    return replace(facts, risks=(*facts.risks, MAY_FAIL))
