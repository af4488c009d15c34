"""The changes that there can be, each with all that is needed to make it, and to undo it.

Three shapes, for a part of any kind; `match` on the class of the part tells the kinds apart.
"""

from dataclasses import dataclass

from bss_compiler.model import Part, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """A table, or a part of the table `table`, that is to be there."""

    table: str
    part: Part | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A table, or a part of one, that is not to be there any more."""

    table: str
    part: Part | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Alter:
    """A table or a column that is to be different. Of a table, its own attributes only."""

    table: str
    before: Part | Table
    after: Part | Table


Change = Create | Drop | Alter
