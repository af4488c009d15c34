"""Turns changes into steps: in an order that works, each with what it costs."""

from bss_compiler.plan.feasible import check_feasible
from bss_compiler.plan.online import Stage, filling, not_null_check, online
from bss_compiler.plan.plan import plan
from bss_compiler.plan.rename import renames_back, renames_between, stated_renames
from bss_compiler.plan.shadow import Shadow, shadow_stages
from bss_compiler.plan.step import Facts, Step

__all__ = [
    "Facts",
    "Shadow",
    "Stage",
    "Step",
    "check_feasible",
    "filling",
    "not_null_check",
    "online",
    "plan",
    "renames_back",
    "renames_between",
    "shadow_stages",
    "stated_renames",
]
