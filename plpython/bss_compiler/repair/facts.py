"""The kinds of steps that only a repair has, each with what it costs."""

from collections.abc import Mapping
from dataclasses import replace

from bss_compiler.plan.step import ACCESS_EXCLUSIVE, FACTS, NONE, Facts

VALUES_ARE_GONE = "values_are_gone"
"""The hazard of making again what was dropped: what it held does not come back."""

_DROPPED = "no document has it, and the call names it"
_RESTORED = "somebody changed it by hand; it is what the document says again"

MENDS: Mapping[str, Facts] = {
    "protect_table": replace(FACTS["enable_row_security"], phase=1),
    "drop_rules": Facts(
        phase=1, lock=ACCESS_EXCLUSIVE, reversible=False, reason="no document has rules"
    ),
    "set_logged": Facts(
        phase=1,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        reason="a table that is not logged is empty after a crash",
    ),
    "replace_function": Facts(phase=2, lock=NONE, reason=_RESTORED),
    "drop_table": replace(FACTS["drop_table"], phase=2, reason=_DROPPED),
    "drop_view": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False, reason=_DROPPED),
    "drop_materialized_view": Facts(
        phase=2, lock=ACCESS_EXCLUSIVE, reversible=False, reason=_DROPPED
    ),
    "drop_foreign_table": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False, reason=_DROPPED),
    "drop_column": replace(FACTS["drop_column"], phase=2, reason=_DROPPED),
    "drop_identity": Facts(phase=3, lock=ACCESS_EXCLUSIVE, reason=_RESTORED),
    "reset_collation": Facts(phase=3, lock=ACCESS_EXCLUSIVE, scans=True, reason=_RESTORED),
    "restore_partition": Facts(phase=4, lock=ACCESS_EXCLUSIVE, scans=True, reason=_RESTORED),
}
"""Every kind of step whose facts are not those of a plan from document to document."""
