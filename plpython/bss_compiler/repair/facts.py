"""The kinds of steps that only a repair has, each with what it costs."""

from collections.abc import Mapping

from bss_compiler.plan.step import ACCESS_EXCLUSIVE, NONE, Facts

VALUES_ARE_GONE = "values_are_gone"
"""The hazard of making again what was dropped: what it held does not come back."""

_DROPS_DATA = "drops_data"

MENDS: Mapping[str, Facts] = {
    "protect_table": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "revoke": Facts(phase=1, lock=NONE),
    "drop_policy": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "drop_rules": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reversible=False),
    "drop_primary_key": Facts(phase=1, lock=ACCESS_EXCLUSIVE),
    "set_logged": Facts(
        phase=1, lock=ACCESS_EXCLUSIVE, scans=True, rewrites=True, hazards=("rewrites_table",)
    ),
    "replace_function": Facts(phase=2, lock=NONE),
    "drop_table": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False, hazards=(_DROPS_DATA,)),
    "drop_view": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False),
    "drop_materialized_view": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False),
    "drop_foreign_table": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False),
    "drop_column": Facts(phase=2, lock=ACCESS_EXCLUSIVE, reversible=False, hazards=(_DROPS_DATA,)),
    "drop_identity": Facts(phase=3, lock=ACCESS_EXCLUSIVE),
    "reset_collation": Facts(phase=3, lock=ACCESS_EXCLUSIVE, scans=True),
    "restore_partition": Facts(phase=4, lock=ACCESS_EXCLUSIVE, scans=True),
    "add_primary_key": Facts(
        phase=6,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        hazards=("blocks_writes", "may_fail_on_data"),
    ),
}
"""Every kind of step that a plan from document to document does not have."""
