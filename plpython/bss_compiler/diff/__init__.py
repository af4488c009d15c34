"""Turns two models into the changes that lead from one to the other."""

from bss_compiler.diff.change import Alter, Change, Create, Drop, inverse, is_computed_anew
from bss_compiler.diff.conversion import (
    conversions,
    is_convertible,
    is_secrecy,
    is_widening,
)
from bss_compiler.diff.model import diff
from bss_compiler.diff.rebuild import columns_read, rebuilt
from bss_compiler.diff.rename import (
    Renames,
    composed,
    followed,
    followed_part,
    followed_table,
    renames,
    taken_back,
)
from bss_compiler.diff.retain import replace_tables, retain, without

__all__ = [
    "Alter", "Change", "Create", "Drop", "Renames", "columns_read", "composed", "conversions",
    "diff", "followed", "followed_part", "followed_table", "inverse", "is_computed_anew",
    "is_convertible", "is_secrecy", "is_widening", "rebuilt", "renames", "replace_tables", "retain",
    "taken_back", "without",
]  # fmt: skip
