"""The changes that there can be, each with all that is needed to make it, and to undo it.

Three shapes, for a part of any kind; `match` on the class of the part tells the kinds apart.
"""

from dataclasses import dataclass
from typing import assert_never

from bss_compiler.model import Column, Part, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A table or a function, or a part of the table `table`, that is to be there.

    A column whose values are converted has the column that has them as its `source`, and the
    primary key of the table as `key`.
    """

    table: str
    part: Part | Table
    source: Column | None = None
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A table, a part of one or a function that is not to be there any more."""

    table: str
    part: Part | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """A table or a part of one that is to be different. Of a table, its own attributes only.

    What has another name is the same thing, with its rows and values. `table` is the name of the
    table when all is done; `origin` is the one that it has before, where that is another.
    `is_parted` says of a policy that the partitions of the table have it too, each for itself.
    """

    table: str
    before: Part | Table
    after: Part | Table
    origin: str | None = None
    is_parted: bool = False


Change = Create | Drop | Alter


def inverse(change: Change) -> Change:
    """Give the change that takes back what a change does."""
    match change:
        case Create():
            return Drop(table=change.table, part=change.part)
        case Drop():
            return Create(table=change.table, part=change.part)
        case Alter():
            return Alter(
                table=change.origin or change.table,
                before=change.after,
                after=change.before,
                origin=change.table if change.origin is not None else None,
                is_parted=change.is_parted,
            )
        case _:
            assert_never(change)


def is_computed_anew(before: Column, after: Column) -> bool:
    """Say whether a column goes, with all that is built on it, and comes again as a computed one.

    That is how an expression changes before PostgreSQL 17. A column that had values of its own must
    have had those that are computed now, so that nothing is lost.
    """
    if after.generated is None:
        return False
    if before.generated is None:
        return before.type == after.type
    return (before.type, before.generated) != (after.type, after.generated)
