"""Orders changes, splits those that are several, and says what each costs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.diff import Alter, Change, Create, Drop, is_computed_anew
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Function,
    Grant,
    Index,
    Part,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)  # fmt: skip
from bss_compiler.plan.step import FACTS, NONE, Facts, Step

_VOLATILE_DEFAULTS = frozenset({"gen_random_uuid()"})
"""Defaults that give each row a value of its own, so that adding the column rewrites the table."""


def plan(changes: Iterable[Change], findings: Findings) -> tuple[Step, ...]:
    """Give the steps of the changes, in order; reports a change that cannot be made."""
    steps = [step for change in changes for step in _steps(change, findings)]
    return tuple(sorted(steps, key=lambda step: step.facts.phase))


def _steps(change: Change, findings: Findings) -> Iterable[Step]:
    match change:
        case Create(part=Table() as table):
            yield from _new_table(change, table)
        case Create():
            kind = _creation(change.part)
            if kind is None:
                _refuse(change, "changes the primary key", findings)
            else:
                yield _step(kind, change, _creation_facts(kind, change.part))
        case Drop(part=PrimaryKey()):
            pass  # every table has one: the other one is refused
        case Drop(part=Function()):
            pass  # other tenants may use it: bss.drop_unused_checks() knows
        case Drop():
            kind = _removal(change.part)
            if isinstance(change.part, Partition):
                _refuse(change, "parts its rows in another way", findings)
            elif kind is None:
                _refuse(change, "drops it", findings)
            else:
                yield _step(kind, change)
        case Alter(before=Table() as before, after=Table() as after):
            yield from _altered_table(change, before, after, findings)
        case Alter(before=Column() as before, after=Column() as after):
            yield from _altered_column(change, before, after, findings)
        case Alter(after=Trigger()):
            yield _step("replace_trigger", change)
        case Alter():
            raise AssertionError("only tables, columns and triggers are altered")
        case _:
            assert_never(change)


def _step(kind: str, change: Change, facts: Facts | None = None) -> Step:
    return Step(kind=kind, table=change.table, change=change, facts=facts or FACTS[kind])


def _new_table(change: Create, table: Table) -> Iterable[Step]:
    """Plan a table whose parts lock and scan nothing, since it is empty and new."""
    yield _step("create_table", change)
    parts: list[Part] = [item for item in table.constraints if isinstance(item, ForeignKey)]
    parts += [*table.indexes, *table.policies, *table.grants, *table.triggers]
    for part in parts:
        kind = _creation(part)
        if kind is None:
            raise AssertionError("a primary key is made with its table")
        facts = FACTS[kind]
        if not isinstance(part, ForeignKey):
            facts = replace(facts, lock=NONE)
        facts = replace(facts, scans=False, hazards=())
        yield _step(kind, Create(table=table.name, part=part), facts)
    for partition in table.partitions:
        yield from _new_partition(table, partition)


def _new_partition(table: Table, partition: Partition) -> Iterable[Step]:
    kind = "create_partition"
    facts = replace(FACTS[kind], lock=NONE, scans=False)
    yield _step(kind, Create(table=table.name, part=partition), facts)
    facts = replace(FACTS["create_policy"], lock=NONE)
    for policy in table.policies:
        yield _step("create_policy", Create(table=partition.name, part=policy), facts)


def _creation(part: Part | Table) -> str | None:
    match part:
        case Column():
            return "add_column"
        case Check():
            return "add_check"
        case Unique():
            return "add_unique"
        case ForeignKey():
            return "add_foreign_key"
        case Index():
            return "create_index"
        case Policy():
            return "create_policy"
        case Grant():
            return "grant"
        case Trigger():
            return "create_trigger"
        case Function():
            return "create_function"
        case Partition():
            return "create_partition"
        case Table() | PrimaryKey():
            return None
        case _:
            assert_never(part)


def _removal(part: Part | Table) -> str | None:
    match part:
        case Check():
            return "drop_check"
        case Unique():
            return "drop_unique"
        case ForeignKey():
            return "drop_foreign_key"
        case Index():
            return "drop_index"
        case Trigger():
            return "drop_trigger"
    return None


def _creation_facts(kind: str, part: Part | Table) -> Facts:
    facts = FACTS[kind]
    if isinstance(part, Index) and part.unique:
        return replace(facts, hazards=FACTS["add_unique"].hazards)
    if isinstance(part, Column):
        if part.generated is not None:
            hazards = ("rewrites_table", "may_fail_on_data")
            return replace(facts, scans=True, rewrites=True, hazards=hazards)
        if part.default in _VOLATILE_DEFAULTS:
            return replace(facts, scans=True, rewrites=True, hazards=("rewrites_table",))
        if part.default is None and not part.nullable:
            return replace(facts, hazards=("may_fail_on_data",))
    if isinstance(part, Index) and part.unique:
        return replace(facts, hazards=(*facts.hazards, "may_fail_on_data"))
    return facts


def _altered_table(
    change: Alter, before: Table, after: Table, findings: Findings
) -> Iterable[Step]:
    if before.row_security != after.row_security:
        _refuse(change, "changes its row-level security", findings)
    if before.partition_by != after.partition_by:
        _refuse(change, "parts its rows in another way", findings)
    if before.deprecated != after.deprecated:
        yield _step("deprecate_table" if after.deprecated else "restore_table", change)
    elif before.comment != after.comment:
        yield _step("set_comment", change)


def _altered_column(
    change: Alter, before: Column, after: Column, findings: Findings
) -> Iterable[Step]:
    if is_computed_anew(before, after):
        yield _step("compute_anew", change)
    elif after.generated is not None and before.generated is None:
        _refuse(change, "computes it, and its rows have values of their own", findings)
    elif before.type != after.type:
        _refuse(change, f'changes its type, from "{before.type}" to "{after.type}"', findings)
    elif before.deprecated != after.deprecated:
        yield (_deprecation(change, before) if after.deprecated else _restoration(change, after))
    else:
        if before.generated != after.generated:
            yield _step("drop_expression", change)
        if before.default != after.default:
            yield _step("drop_default" if after.default is None else "set_default", change)
        if before.nullable != after.nullable:
            yield _step("drop_not_null" if after.nullable else "set_not_null", change)
        if before.comment != after.comment:
            yield _step("set_comment", change)


def _deprecation(change: Alter, before: Column) -> Step:
    facts = FACTS["deprecate_column"]
    if before.nullable and before.default is None:
        facts = replace(facts, lock=FACTS["set_comment"].lock)  # only the comment changes
    return _step("deprecate_column", change, facts)


def _restoration(change: Alter, after: Column) -> Step:
    facts = FACTS["restore_column"]
    if not after.nullable:
        # rows that were made without it get its default, if it has one
        hazards = ("may_fail_on_data",) if after.default is None else ()
        facts = replace(facts, scans=True, hazards=hazards)
    return _step("restore_column", change, facts)


def _refuse(change: Change, what: str, findings: Findings) -> None:
    part = change.after if isinstance(change, Alter) else change.part
    name = f"{change.table}.{part.name}" if isinstance(part, Column) else change.table
    if isinstance(part, Policy | Grant | Trigger | Partition):
        name = f"{change.table} ({part.name})"
    findings.report(
        Code.CHANGE_NOT_SUPPORTED_YET, getattr(part, "pointer", None) or "",
        f'changing "{name}" is not supported yet',
        detail=f"The document {what}.",
        hint="Keep what it was, or add the new one under another name.",
    )  # fmt: skip
