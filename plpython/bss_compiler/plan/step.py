"""A step of a plan: one change of one kind, with what it locks and what it may break.

The facts are those of the manual: ALTER TABLE, CREATE INDEX, and Explicit Locking (table 13.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bss_compiler.diff import Change

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a kind of step does to the table that it is made to.

    `lock` is the table lock that it takes; `scans` and `rewrites` say whether its time grows with
    the table; `reversible` whether its inverse restores what was there. `phase` is its place in a
    plan: what is taken away goes first, and what refers to other tables comes last.
    """

    phase: int
    lock: str
    scans: bool = False
    rewrites: bool = False
    reversible: bool = True
    hazards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the kind, the table, the change to render, and the facts."""

    kind: str
    table: str
    change: Change
    facts: Facts


_MAY_FAIL = "may_fail_on_data"
_BLOCKS_WRITES = "blocks_writes"

FACTS: Mapping[str, Facts] = {
    "drop_foreign_key": Facts(phase=0, lock=ACCESS_EXCLUSIVE),
    "drop_check": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "drop_unique": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "drop_index": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "drop_trigger": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "create_function": Facts(phase=2, lock=NONE),
    "deprecate_table": Facts(phase=2, lock=SHARE_UPDATE_EXCLUSIVE),
    "restore_table": Facts(phase=2, lock=SHARE_UPDATE_EXCLUSIVE),
    "create_table": Facts(phase=3, lock=NONE),
    # the lock is that on the table; its default partition is scanned for rows of the new one
    "create_partition": Facts(phase=4, lock=ACCESS_EXCLUSIVE, scans=True),
    "add_column": Facts(phase=4, lock=ACCESS_EXCLUSIVE),
    "deprecate_column": Facts(phase=4, lock=ACCESS_EXCLUSIVE),
    "restore_column": Facts(phase=4, lock=ACCESS_EXCLUSIVE),
    "drop_not_null": Facts(phase=4, lock=ACCESS_EXCLUSIVE),
    "compute_anew": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        hazards=("rewrites_table", _MAY_FAIL),
    ),
    "drop_expression": Facts(phase=5, lock=ACCESS_EXCLUSIVE, reversible=False),
    "set_not_null": Facts(phase=5, lock=ACCESS_EXCLUSIVE, scans=True, hazards=(_MAY_FAIL,)),
    "set_default": Facts(phase=5, lock=ACCESS_EXCLUSIVE),
    "drop_default": Facts(phase=5, lock=ACCESS_EXCLUSIVE),
    "add_check": Facts(phase=6, lock=ACCESS_EXCLUSIVE, scans=True, hazards=(_MAY_FAIL,)),
    "add_unique": Facts(
        phase=6, lock=ACCESS_EXCLUSIVE, scans=True, hazards=(_BLOCKS_WRITES, _MAY_FAIL)
    ),
    "create_index": Facts(phase=7, lock=SHARE, scans=True, hazards=(_BLOCKS_WRITES,)),
    "add_foreign_key": Facts(
        phase=8, lock=SHARE_ROW_EXCLUSIVE, scans=True, hazards=(_BLOCKS_WRITES, _MAY_FAIL)
    ),
    "create_policy": Facts(phase=9, lock=ACCESS_EXCLUSIVE),
    "create_trigger": Facts(phase=9, lock=SHARE_ROW_EXCLUSIVE),
    "replace_trigger": Facts(phase=9, lock=SHARE_ROW_EXCLUSIVE),
    "grant": Facts(phase=9, lock=NONE),
    "set_comment": Facts(phase=10, lock=SHARE_UPDATE_EXCLUSIVE),
}
"""Every kind of step that there is."""
