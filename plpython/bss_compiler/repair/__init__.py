"""Turns what was changed by hand into the steps that undo it, and what only its maker can undo."""

from bss_compiler.repair.damage import Damage
from bss_compiler.repair.difference import differences
from bss_compiler.repair.left import Left
from bss_compiler.repair.repair import Repair, droppable, plan_repair

__all__ = ["Damage", "Left", "Repair", "differences", "droppable", "plan_repair"]
