"""Turns changes into steps: splits those that are several, and says what each costs."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.diff import (
    Alter,
    Change,
    Create,
    Drop,
    Renames,
    followed_part,
    followed_table,
    is_computed_anew,
    is_secrecy,
    is_widening,
    renames,
)
from bss_compiler.model import (
    ENCRYPTED,
    Column,
    ForeignKey,
    Function,
    Part,
    Partition,
    Policy,
    Table,
    Trigger,
)
from bss_compiler.plan.order import ordered
from bss_compiler.plan.part import creation, creation_facts, removal, renaming
from bss_compiler.plan.step import FACTS, MAY_FAIL, NONE, Facts, Step


def plan(
    changes: Iterable[Change], findings: Findings, *, destroys: bool = False
) -> tuple[Step, ...]:
    """Give the steps of the changes, in order; reports a change that cannot be made.

    What has rows or values is dropped only if the plan is one that `destroys`.
    """
    changes = tuple(changes)
    planning = _Planning(changes, findings, destroys=destroys)
    return ordered(step for change in changes for step in planning.steps(change))


class _Planning:
    """Plans one change after the other, knowing what all of them rename and drop."""

    def __init__(self, changes: Iterable[Change], findings: Findings, *, destroys: bool) -> None:
        self.findings = findings
        self.destroys = destroys
        self.done = _renamed(changes)
        self.dropped = {
            change.part.name
            for change in changes
            if isinstance(change, Drop) and isinstance(change.part, Partition)
        }
        self.empty = {
            (change.table, change.part.name)
            for change in changes
            if isinstance(change, Create) and isinstance(change.part, Column)
        }

    def steps(self, change: Change) -> Iterable[Step]:
        match change:
            case Create(part=Table() as table):
                yield from _new_table(change, table)
            case Create(source=Column()):
                yield _step("convert_column", change)
            case Create(part=Trigger(column=str() as column)):
                yield _step("create_trigger", change, _OF_SECRETS)
                if (change.table, column) not in self.empty:
                    yield _step("seal_secrets", change)
            case Create():
                kind = creation(change.part)
                yield _step(kind, change, creation_facts(kind, change.part))
            case Drop():
                yield from self._dropped(change)
            case Alter(before=Table() as before, after=Table() as after):
                yield from self._altered_table(change, before, after)
            case Alter(before=Column() as before, after=Column() as after):
                yield from self._altered_column(change, before, after)
            case Alter(after=Trigger()):
                yield _step("replace_trigger", change)
            case Alter(after=Policy()):
                yield _step("alter_policy", change)
                if change.is_parted:
                    yield _step("copy_policies", change)
            case Alter():
                yield _step(renaming(change.after), change)
            case _:
                assert_never(change)

    def _dropped(self, change: Drop) -> Iterable[Step]:
        match change.part:
            case Function():
                return  # other tenants may use it: bss.drop_unused_checks() knows
            case Policy() if change.table in self.dropped:
                return  # it goes with its partition
            case Partition() if not self.destroys:
                self._refuse(change, "parts its rows in another way", _MOVED)
            case Table() | Column() if not self.destroys:
                raise AssertionError("what a document does not mention is kept")
            case _:
                yield _step(removal(change.part), change)

    def _altered_table(self, change: Alter, before: Table, after: Table) -> Iterable[Step]:
        if before.name != after.name:
            yield _step("rename_table", change, table=before.name)
        before = followed_table(before, self.done)
        if before.row_security != after.row_security:
            yield _step(
                "enable_row_security" if after.row_security else "disable_row_security", change
            )
        if before.partition_by != after.partition_by:
            self._refuse(change, "parts its rows in another way", _MOVED)
        if before.deprecated != after.deprecated:
            yield _step("deprecate_table" if after.deprecated else "restore_table", change)
        elif before.comment != after.comment:
            yield _step("set_comment", change)

    def _altered_column(self, change: Alter, before: Column, after: Column) -> Iterable[Step]:
        if before.name != after.name:
            yield _step("rename_column", change)
        names = self.done.columns_of(change.origin or change.table)
        before = followed_part(before, names, self.done)
        change = replace(change, before=before)
        if is_computed_anew(before, after):
            yield _step("compute_anew" if before.generated is not None else "compute", change)
        elif (
            before.generated is None
            and after.generated is None
            and is_widening(before.type, after.type)
        ):
            yield _step("change_type", change, _widening(before, after))
            before = replace(before, type=after.type, default=after.default)
            yield from _altered_otherwise(replace(change, before=before), before, after)
        elif (
            before.generated is None
            and after.generated is None
            and is_secrecy(before.type, after.type)
        ):
            yield _step("encrypt_column" if after.type == ENCRYPTED else "decrypt_column", change)
            before = replace(before, type=after.type, default=after.default)
            yield from _altered_otherwise(replace(change, before=before), before, after)
        elif before.type != after.type or (after.generated and not before.generated):
            self._refuse_type(change, before, after)
        else:
            yield from _altered_otherwise(change, before, after)

    def _refuse_type(self, change: Alter, before: Column, after: Column) -> None:
        self.findings.report(
            Code.CHANGE_NOT_SUPPORTED_YET, after.pointer or "",
            f'changing "{change.table}.{after.name}" is not supported yet',
            detail=f'The document changes its type, from "{before.type}" to "{after.type}".',
            hint="Keep what it was, or add the new one under another name.",
        )  # fmt: skip

    def _refuse(self, change: Change, what: str, why: str) -> None:
        part = change.after if isinstance(change, Alter) else change.part
        self.findings.report(
            Code.CHANGE_REFUSED, getattr(part, "pointer", None) or "",
            f'table "{change.table}" cannot be changed like that',
            detail=f"The document {what}. {why}",
            hint="Keep what it was, or add the entity under another name and move its rows.",
        )  # fmt: skip


_OF_SECRETS = replace(FACTS["create_trigger"], phase=FACTS["seal_secrets"].phase)
"""Secrets are written as soon as there are columns, and checked when they are."""

_MOVED = "Every row of the table would have to move, while nobody may use it."


def _renamed(changes: Iterable[Change]) -> Renames:
    tables: dict[str, str] = {}
    columns: dict[tuple[str, str], str] = {}
    for change in changes:
        match change:
            case Alter(before=Table() as before, after=Table() as after):
                tables[before.name] = after.name
            case Alter(before=Column() as before, after=Column() as after):
                columns[change.origin or change.table, before.name] = after.name
    return renames(tables, columns)


def _step(
    kind: str, change: Change, facts: Facts | None = None, *, table: str | None = None
) -> Step:
    return Step(kind=kind, table=table or change.table, change=change, facts=facts or FACTS[kind])


def _new_table(change: Create, table: Table) -> Iterable[Step]:
    """Plan a table whose parts lock and scan nothing, since it is empty and new."""
    yield _step("create_table", change)
    reason = FACTS["create_table"].reason
    parts: list[Part] = [item for item in table.constraints if isinstance(item, ForeignKey)]
    parts += [*table.indexes, *table.policies, *table.grants, *table.triggers]
    for part in parts:
        kind = creation(part)
        facts = FACTS[kind]
        if not isinstance(part, ForeignKey):
            facts = replace(facts, lock=NONE)
        facts = replace(facts, scans=False, risks=(), reason=reason)
        yield _step(kind, Create(table=table.name, part=part), facts)
    for partition in table.partitions:
        yield from _new_partition(table, partition)


def _new_partition(table: Table, partition: Partition) -> Iterable[Step]:
    reason = FACTS["create_table"].reason
    facts = replace(FACTS["create_partition"], lock=NONE, scans=False, reason=reason)
    yield _step("create_partition", Create(table=table.name, part=partition), facts)
    facts = replace(FACTS["create_policy"], lock=NONE, reason=reason)
    for policy in table.policies:
        yield _step("create_policy", Create(table=partition.name, part=policy), facts)


def _altered_otherwise(change: Alter, before: Column, after: Column) -> Iterable[Step]:
    """Plan what changes of a column besides its name and its type."""
    if before.deprecated != after.deprecated:
        yield _deprecation(change, before) if after.deprecated else _restoration(change, after)
        return
    if before.generated != after.generated:
        yield _step("drop_expression", change)
    if before.default != after.default:
        yield _step("drop_default" if after.default is None else "set_default", change)
    if before.nullable != after.nullable:
        yield _step("drop_not_null" if after.nullable else "set_not_null", change)
    if before.comment != after.comment:
        yield _step("set_comment", change)


def _widening(before: Column, after: Column) -> Facts:
    facts = FACTS["change_type"]
    if before.type.startswith("numeric(") and after.type.startswith("numeric"):
        reason = "the new type has room for every value as it is stored"
        return replace(facts, scans=False, rewrites=False, reason=reason)
    return facts


def _deprecation(change: Alter, before: Column) -> Step:
    facts = FACTS["deprecate_column"]
    if before.nullable and before.default is None:
        facts = replace(facts, lock=FACTS["set_comment"].lock)  # only the comment changes
    return _step("deprecate_column", change, facts)


def _restoration(change: Alter, after: Column) -> Step:
    facts = FACTS["restore_column"]
    if not after.nullable:
        # rows that were made without it get its default, if it has one
        risks = (MAY_FAIL,) if after.default is None else ()
        facts = replace(facts, scans=True, risks=risks)
    return _step("restore_column", change, facts)
