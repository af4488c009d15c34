"""The changes that there can be, each with all that is needed to make it, and to undo it.

Three shapes, for a part of any kind; `match` on the class of the part tells the kinds apart.
"""

from dataclasses import dataclass

from bss_compiler.model import Column, Part, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A table or a function, or a part of the table `table`, that is to be there."""

    table: str
    part: Part | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A table, a part of one or a function that is not to be there any more."""

    table: str
    part: Part | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """A table, a column or a trigger that is to be different; a table, in its own attributes."""

    table: str
    before: Part | Table
    after: Part | Table


Change = Create | Drop | Alter


def is_computed_anew(before: Column, after: Column) -> bool:
    """Say whether a column goes, with all that is built on it, and comes again as another.

    That is how an expression changes before PostgreSQL 17; nothing is lost, since the column holds
    only what is computed.
    """
    said_before, said_after = (before.type, before.generated), (after.type, after.generated)
    computed = before.generated is not None and after.generated is not None
    return computed and said_before != said_after
