"""Turns two models into the changes that lead from one to the other."""

from bss_compiler.diff.change import Alter, Change, Create, Drop, is_computed_anew
from bss_compiler.diff.model import diff, is_built_on
from bss_compiler.diff.retain import replace_tables, retain

__all__ = [
    "Alter",
    "Change",
    "Create",
    "Drop",
    "diff",
    "is_built_on",
    "is_computed_anew",
    "replace_tables",
    "retain",
]
