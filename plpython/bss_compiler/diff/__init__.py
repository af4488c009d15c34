"""Turns two models into the changes that lead from one to the other."""

from bss_compiler.diff.change import Alter, Change, Create, Drop, inverse, is_computed_anew
from bss_compiler.diff.model import diff
from bss_compiler.diff.retain import retain

__all__ = ["Alter", "Change", "Create", "Drop", "diff", "inverse", "is_computed_anew", "retain"]
