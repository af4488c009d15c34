"""Turns damage into steps, and into what is left, each with the reason.

What holds data is dropped only where it is named, and made again only where nothing else that is
there may be it under another name. All else that was made by hand goes, and what is missing comes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bss_compiler.diff import Alter, Change, Create, Drop
from bss_compiler.model import (
    Column,
    Function,
    Grant,
    Partition,
    Table,
    Trigger,
)
from bss_compiler.plan import Step
from bss_compiler.repair.change import changes, waiting
from bss_compiler.repair.column import alter_column
from bss_compiler.repair.damage import (
    OWNERSHIP,
    UNLOGGED,
    Damage,
    damaged_functions,
    flawed_partitions,
)
from bss_compiler.repair.facts import MENDS, VALUES_ARE_GONE
from bss_compiler.repair.left import (
    Left,
    by_hand,
    inherited,
    mistaken,
    owned,
    owned_function,
    waits,
)
from bss_compiler.repair.missing import alike
from bss_compiler.repair.standard import planned
from bss_compiler.snapshot import INSTEAD_OF_TABLES, split_name

_MENDED_FLAWS = {UNLOGGED: "set_logged", "with a rule": "drop_rules"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The steps in order, and what they leave as it is."""

    steps: tuple[Step, ...]
    left: tuple[Left, ...]


def plan_repair(damage: Damage) -> Repair:
    """Give what undoes the damage, as far as it can be undone."""
    found: list[Step | Left] = [*_flaws(damage), *_partitions(damage)]
    for change in changes(damage):
        if damage.owner(change.table) is None or _is_of_owner(change):
            found += _mended(change, damage)
    found += [waits(change.table, change.part.name) for change in waiting(damage)]
    steps = [item for item in found if isinstance(item, Step)]
    return Repair(
        steps=tuple(sorted(steps, key=_place)),
        left=tuple(item for item in found if isinstance(item, Left)),
    )


def _place(step: Step) -> tuple[int, bool]:
    """Give the place of a step: without its policies, a table has no rows for what comes later."""
    if step.kind == "create_policy":
        return MENDS["restore_partition"].phase, True
    return step.facts.phase, False


def droppable(damage: Damage) -> frozenset[str]:
    """Give what may be named: what no document has, and columns that are no longer computed."""
    names = set(damage.others)
    for change in changes(damage):
        match change:
            case Drop(part=Table() as part):
                names.add(part.name)
            case Drop(part=Column() | Partition() as part):
                names.add(f"{change.table}.{part.name}")
            case Alter(before=Column(generated=None), after=Column() as part):
                names |= {f"{change.table}.{part.name}"} if part.generated is not None else set()
    return frozenset(names)


def _is_of_owner(change: Change) -> bool:
    """Say whether a change is made by the owner of the schema, or is about who owns a table."""
    part = None if isinstance(change, Alter) else change.part
    return isinstance(part, Table) or (isinstance(part, Grant) and OWNERSHIP in part.privileges)


def _flaws(damage: Damage) -> Iterator[Step | Left]:
    for name, flaw in damage.flaws.items():
        table = damage.table_found(name)
        kind = _MENDED_FLAWS.get(flaw)
        if flaw == "inherits":
            yield inherited(name)
        elif kind is not None and table is not None and damage.owner(name) is None:
            yield _step(kind, Alter(table=name, before=table, after=table))


def _partitions(damage: Damage) -> Iterator[Step | Left]:
    """Mend partitions that are there, and make those again that are in no document."""
    for table in damage.found.tables:
        for partition in table.partitions:
            bare, flaw = split_name(partition.name)
            if flaw is not None:
                part = replace(partition, name=bare)
                step = _step("restore_partition", Create(table=table.name, part=part))
                yield _with_gone_values(step) if flaw == "missing" else step


def _mended(change: Change, damage: Damage) -> Iterable[Step | Left]:
    match change:
        case Create():
            return _created(change, damage)
        case Drop():
            return _dropped(change, damage)
        case Alter(before=Column() as before, after=Column() as after):
            return alter_column(change.table, before, after, damage)
        case Alter(before=Table() as before, after=Table() as after):
            return _altered_table(change.table, before, after)
    raise AssertionError("only tables and columns are altered")


def _has_owned_function(trigger: Trigger) -> bool:
    return split_name(trigger.function)[1] == "owned"


def _stays(table: str, name: str, damage: Damage) -> bool:
    """Say whether a trigger is there whose function is somebody else's."""
    found = damage.table_found(table)
    triggers = found.triggers if found is not None else ()
    return any(item.name == name and _has_owned_function(item) for item in triggers)


def _created(change: Create, damage: Damage) -> Iterator[Step | Left]:
    if change.table in flawed_partitions(damage):
        return  # its policies come with it
    match change.part:
        case Table() | Column() as part:
            yield from _made_again(change, part, damage)
        case Function() as part if part.name in damaged_functions(damage):
            yield _step("replace_function", change)
        case Partition() as part if part.name in flawed_partitions(damage):
            pass
        case Trigger() as part if _stays(change.table, part.name, damage):
            pass
        case _:
            yield from planned(change)


def _made_again(change: Create, part: Table | Column, damage: Damage) -> Iterator[Step | Left]:
    other = next(alike(change.table, part, damage), None)
    if other is not None:
        yield mistaken(change.table, part.name, other)
    else:
        yield from (_with_gone_values(item) for item in planned(change))


def _dropped(change: Drop, damage: Damage) -> Iterator[Step | Left]:
    match change.part:
        case Table() as table:
            yield from _extra_table(table, damage)
        case Column() as column:
            name = f"{change.table}.{column.name}"
            yield (
                _step("drop_column", change)
                if damage.may_drop(name)
                else by_hand(change.table, column.name, name)
            )
        case Partition() as partition:
            yield from _extra_partition(change, partition, damage)
        case Grant() as grant if OWNERSHIP in grant.privileges:
            yield owned(change.table, grant.role)
        case Trigger() as trigger if _has_owned_function(trigger):
            yield owned_function(change.table, trigger.name)
        case _:
            yield from planned(change)


def _extra_table(table: Table, damage: Damage) -> Iterator[Step | Left]:
    if table.name in damage.others:
        return  # the caller knows what it is
    name, flaw = split_name(table.name)
    is_relation = flaw in INSTEAD_OF_TABLES
    if damage.may_drop(table.name):
        kind = f"drop_{flaw.replace(' ', '_')}" if is_relation and flaw else "drop_table"
        part = replace(table, name=name) if flaw is not None else table
        yield _step(kind, Drop(table=part.name, part=part))
        return
    yield by_hand(table.name, table.name, table.name)
    if damage.owner(table.name) is None and flaw is None:
        if not table.row_security:
            yield _step("protect_table", Alter(table=table.name, before=table, after=table))
        for grant in table.grants:
            yield from planned(Drop(table=table.name, part=grant))


def _extra_partition(change: Drop, partition: Partition, damage: Damage) -> Iterator[Step | Left]:
    if split_name(partition.name)[1] is not None:
        return  # it is one of ours, and mended
    name = f"{change.table}.{partition.name}"
    if damage.may_drop(name):
        yield _step("drop_table", Drop(table=partition.name, part=Table(name=partition.name)))
    else:
        yield by_hand(change.table, partition.name, name)


def _altered_table(name: str, before: Table, after: Table) -> Iterator[Step | Left]:
    if before.row_security != after.row_security:
        yield _step("protect_table", Alter(table=name, before=before, after=after))
    rest = replace(before, row_security=after.row_security)
    yield from planned(Alter(table=name, before=rest, after=after))


def _step(kind: str, change: Change) -> Step:
    return Step(kind=kind, table=change.table, change=change, facts=MENDS[kind])


def _with_gone_values(item: Step | Left) -> Step | Left:
    if isinstance(item, Left) or item.kind not in {
        "create_table", "add_column", "create_partition", "restore_partition",
    }:  # fmt: skip
        return item
    risks = (*item.facts.risks, VALUES_ARE_GONE)
    return replace(item, facts=replace(item.facts, risks=risks))
