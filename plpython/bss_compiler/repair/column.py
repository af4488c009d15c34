"""Turns a column that was changed by hand into what undoes it."""

from collections.abc import Iterator
from dataclasses import replace

from bss_compiler.diff import Alter, is_computed_anew
from bss_compiler.model import Column
from bss_compiler.plan import Step
from bss_compiler.repair.damage import Damage
from bss_compiler.repair.facts import MENDS
from bss_compiler.repair.left import Left, filled, retyped
from bss_compiler.repair.standard import planned
from bss_compiler.snapshot import split_name

_MENDED_FLAWS = {"identity": "drop_identity", "collated": "reset_collation"}


def alter_column(
    table: str, before: Column, after: Column, damage: Damage
) -> Iterator[Step | Left]:
    """Give the steps that make a column what it should be, or the reason why there are none."""
    type_, flaw = split_name(before.type)
    kind = _MENDED_FLAWS.get(flaw or "")
    if before.type == after.type and before.generated is None and after.generated is not None:
        yield from _computed(table, before, after, damage)
    elif is_computed_anew(before, after) or before.type == after.type:
        yield from planned(Alter(table=table, before=before, after=after))
    elif kind is not None and type_ == after.type:
        change = Alter(table=table, before=before, after=after)
        yield Step(kind=kind, table=table, change=change, facts=MENDS[kind])
        rest = replace(before, type=type_)
        if rest != after:
            yield from planned(Alter(table=table, before=rest, after=after))
    else:
        yield retyped(table, after.name, before.type, after.type)


def _computed(table: str, before: Column, after: Column, damage: Damage) -> Iterator[Step | Left]:
    """Compute a column anew only where its values may be dropped."""
    if damage.may_drop(f"{table}.{after.name}"):
        computed = replace(before, generated="NULL", default=None)
        yield from planned(Alter(table=table, before=computed, after=after))
    else:
        yield filled(table, after.name)
