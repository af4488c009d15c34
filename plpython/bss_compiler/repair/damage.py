"""What is there, what is meant, and what may be done about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bss_compiler.diff import Alter, Change, Create, Drop, diff
from bss_compiler.model import Column, Model, Partition, Table
from bss_compiler.snapshot import split_name, without_flaws

OWNERSHIP = "OWNERSHIP"
"""The privilege that a snapshot shows of an owner who should not be one."""

WITHOUT_KEYS = "with a disabled key"
UNLOGGED = "unlogged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """What is there and what is meant.

    Tables are under the names that are meant, `flaws` says what else is wrong with them. `others`
    are the objects that are no tables; `drop` is what may be dropped, by names as drift shows them.
    """

    found: Model
    meant: Model
    flaws: Mapping[str, str] = field(default_factory=dict)
    others: frozenset[str] = frozenset()
    drop: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, found: Model, meant: Model, others: Iterable[str] = (), drop: Iterable[str] = ()
    ) -> "Damage":
        """Compare a snapshot, as it was read, with a model."""
        plain, flaws = without_flaws(found, meant)
        return cls(
            found=plain, meant=meant, flaws=flaws, others=frozenset(others), drop=frozenset(drop)
        )

    def table_found(self, name: str) -> Table | None:
        """Give the table that is there by that name."""
        return next((table for table in self.found.tables if table.name == name), None)

    def table_meant(self, name: str) -> Table | None:
        """Give the table that should be there by that name."""
        return next((table for table in self.meant.tables if table.name == name), None)

    def owner(self, name: str) -> str | None:
        """Give the owner of a table if it is not bss_owner, who then cannot alter it."""
        table = self.table_found(name)
        grants = table.grants if table is not None else ()
        return next((grant.role for grant in grants if OWNERSHIP in grant.privileges), None)

    def may_drop(self, name: str) -> bool:
        """Say whether something may be dropped by that name."""
        return name in self.drop


def flawed_partitions(damage: Damage) -> dict[str, str]:
    """Give the partitions that are there with a flaw, by their real names."""
    return {
        bare: flaw
        for table in damage.found.tables
        for bare, flaw in (split_name(partition.name) for partition in table.partitions)
        if flaw is not None
    }


def damaged_functions(damage: Damage) -> frozenset[str]:
    """Give the names of functions that are there, and are not what they should be."""
    meant = set(damage.meant.functions)
    there = {split_name(item.name)[0] for item in damage.found.functions if item not in meant}
    return frozenset(there)


def compared(damage: Damage) -> tuple[Change, ...]:
    """Give the changes from what is there to what is meant, part by part of the same name.

    A part by another name was made by hand, however much it is like the one that is missing.
    """
    found = tuple(diff(damage.found, damage.meant))
    gone = {
        change.part.name
        for change in found
        if isinstance(change, Drop) and isinstance(change.part, Partition)
    }
    return tuple(
        each
        for change in found
        # the policies of a partition go with it
        if not (change.table in gone and isinstance(change, Drop))
        for each in _by_name(change)
    )


def _by_name(change: Change) -> Iterator[Change]:
    if isinstance(change, Alter) and not isinstance(change.after, Table | Column):
        yield Drop(table=change.table, part=change.before)
        yield Create(table=change.table, part=change.after)
    else:
        yield change
