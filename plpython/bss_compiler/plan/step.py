"""A step of a plan: one change of one kind, with what it locks, what it may break, and why so.

The facts are those of the manual: ALTER TABLE, CREATE INDEX, and Explicit Locking (table 13.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bss_compiler.diff import Change

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
ROW_EXCLUSIVE = "ROW EXCLUSIVE"
NONE = "none"

_BLOCKED: Mapping[str, tuple[str, ...]] = {
    ACCESS_EXCLUSIVE: ("reads", "writes"),
    SHARE_ROW_EXCLUSIVE: ("writes",),
    SHARE: ("writes",),
    SHARE_UPDATE_EXCLUSIVE: (),
    ROW_EXCLUSIVE: (),
    NONE: (),
}

DROPS_DATA = "drops_data"
MAY_FAIL = "may_fail_on_data"
OUTSIDE_TRANSACTION = "outside_transaction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a kind of step does to the table that it is made to.

    `lock` is the table lock that it takes; `scans` and `rewrites` say whether its time grows with
    the table; `reversible` whether its inverse restores what was there. `phase` is its place among
    the steps that do not need each other. `risks` are the hazards that do not follow from the
    rest, and `reason` says why the step has this form.
    """

    phase: int
    lock: str
    reason: str
    scans: bool = False
    rewrites: bool = False
    reversible: bool = True
    risks: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[str, ...]:
        """Give what waits until the end of the transaction: `reads`, `writes`."""
        return _BLOCKED[self.lock]

    @property
    def hazards(self) -> tuple[str, ...]:
        """Give what there is to think about; nobody minds a lock that is held for a moment."""
        lasts = self.scans or self.rewrites
        return (
            *(("rewrites_table",) if self.rewrites else ()),
            *(f"blocks_{what}" for what in (self.blocks if lasts else ())),
            *self.risks,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: the kind, the table by its name at that time, the change to render, the facts."""

    kind: str
    table: str
    change: Change
    facts: Facts

    def facts_of(self, statement: str) -> Facts:
        """Give the facts of one of its statements: a comment costs nothing, whatever it is on."""
        if not statement.startswith("COMMENT ON ") or self.facts.lock == NONE:
            return self.facts
        return replace(FACTS["set_comment"], phase=self.facts.phase)


_CATALOG_ONLY = "only the catalog changes, whatever the size of the table"
_EMPTY = "the table is new and nobody knows it yet"
_RENAMED = "only the catalog changes"
_PROVES = "every row is read once, to prove that it satisfies the rule"

FACTS: Mapping[str, Facts] = {
    "drop_foreign_key": Facts(phase=0, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "drop_check": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "drop_unique": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "drop_index": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "drop_trigger": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "drop_primary_key": Facts(
        phase=1,
        lock=ACCESS_EXCLUSIVE,
        reason="the next one is made in the same transaction; what refers to it is made again",
    ),
    "drop_policy": Facts(phase=1, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "revoke": Facts(phase=1, lock=NONE, reason=_CATALOG_ONLY),
    "drop_partition": Facts(
        phase=1,
        lock=ACCESS_EXCLUSIVE,
        reversible=False,
        risks=(DROPS_DATA,),
        reason="no document has its value any more",
    ),
    "drop_column": Facts(
        phase=1,
        lock=ACCESS_EXCLUSIVE,
        reversible=False,
        risks=(DROPS_DATA,),
        reason="it has been out of the schema for long enough; its values are gone for good",
    ),
    "drop_table": Facts(
        phase=1,
        lock=ACCESS_EXCLUSIVE,
        reversible=False,
        risks=(DROPS_DATA,),
        reason="it has been out of the schema for long enough; its rows are gone for good",
    ),
    "rename_table": Facts(
        phase=2, lock=ACCESS_EXCLUSIVE, reason=f"the document says that it is the same; {_RENAMED}"
    ),
    "rename_column": Facts(
        phase=2, lock=ACCESS_EXCLUSIVE, reason=f"the document says that it is the same; {_RENAMED}"
    ),
    "rename_constraint": Facts(
        phase=2, lock=ACCESS_EXCLUSIVE, reason=f"it is named after what was renamed; {_RENAMED}"
    ),
    "rename_index": Facts(
        phase=2,
        lock=SHARE_UPDATE_EXCLUSIVE,
        reason=f"it is named after what was renamed; {_RENAMED}",
    ),
    "rename_partition": Facts(
        phase=2, lock=ACCESS_EXCLUSIVE, reason=f"it is named after what was renamed; {_RENAMED}"
    ),
    "create_function": Facts(
        phase=2, lock=NONE, reason="a check calls it; tenants with the same schema share it"
    ),
    "deprecate_table": Facts(
        phase=2,
        lock=SHARE_UPDATE_EXCLUSIVE,
        reason="the entity is gone; its table is kept with its rows, and says so in its comment",
    ),
    "restore_table": Facts(
        phase=2, lock=SHARE_UPDATE_EXCLUSIVE, reason="the entity is back; its table was kept"
    ),
    "create_table": Facts(phase=3, lock=NONE, reason=_EMPTY),
    "create_partition": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        reason="the lock is that on the table; its default partition is read for rows of this one",
    ),
    "add_column": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        reason="a default that is the same for all rows is kept in the catalog, not in the rows",
    ),
    "convert_column": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        reversible=False,
        risks=(MAY_FAIL,),
        reason="each value is converted; those that do not convert are listed, and all are kept in "
        "the old column",
    ),
    "encrypt_column": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        reason="the table is written anew, so that no value stays in it that is not encrypted; "
        "there is no other form for a large one",
    ),
    "decrypt_column": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        risks=(MAY_FAIL,),
        reason="the document says that the property is no secret any more",
    ),
    "change_type": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        reason="the new type has room for every value, which is written again",
    ),
    "deprecate_column": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        reason="the property is gone; its column is kept with its values, and rows may lack one",
    ),
    "restore_column": Facts(
        phase=4, lock=ACCESS_EXCLUSIVE, reason="the property is back; its column was kept"
    ),
    "drop_not_null": Facts(phase=4, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "compute_anew": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        risks=(MAY_FAIL,),
        reason="the column holds nothing but what is computed, and each row is computed again",
    ),
    "compute": Facts(
        phase=4,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        rewrites=True,
        reversible=False,
        risks=(MAY_FAIL,),
        reason="each value must be the one that is computed now, or null: none is lost",
    ),
    "drop_expression": Facts(
        phase=5,
        lock=ACCESS_EXCLUSIVE,
        reason="the values that were computed stay, as those of a plain column",
    ),
    "seal_secrets": Facts(
        phase=5,
        lock=ROW_EXCLUSIVE,
        scans=True,
        reversible=False,
        risks=(MAY_FAIL,),
        reason="each value is checked by the rules that there are now, and encrypted again",
    ),
    "set_not_null": Facts(
        phase=5, lock=ACCESS_EXCLUSIVE, scans=True, risks=(MAY_FAIL,), reason=_PROVES
    ),
    "set_default": Facts(
        phase=5, lock=ACCESS_EXCLUSIVE, reason="it is for rows to come; those there stay"
    ),
    "drop_default": Facts(phase=5, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "add_check": Facts(
        phase=6, lock=ACCESS_EXCLUSIVE, scans=True, risks=(MAY_FAIL,), reason=_PROVES
    ),
    "add_primary_key": Facts(
        phase=6,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        risks=(MAY_FAIL,),
        reason="its index is built from every row, which proves that each has a key of its own",
    ),
    "add_unique": Facts(
        phase=6,
        lock=ACCESS_EXCLUSIVE,
        scans=True,
        risks=(MAY_FAIL,),
        reason="its index is built from every row, which proves that no two are alike",
    ),
    "create_index": Facts(
        phase=7, lock=SHARE, scans=True, reason="it is built from every row in one go"
    ),
    "add_foreign_key": Facts(
        phase=8,
        lock=SHARE_ROW_EXCLUSIVE,
        scans=True,
        risks=(MAY_FAIL,),
        reason="every row is read once, to prove that what it refers to is there",
    ),
    "enable_row_security": Facts(phase=9, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "disable_row_security": Facts(phase=9, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "create_policy": Facts(phase=9, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "alter_policy": Facts(phase=9, lock=ACCESS_EXCLUSIVE, reason=_CATALOG_ONLY),
    "copy_policies": Facts(
        phase=9,
        lock=ACCESS_EXCLUSIVE,
        reason="the partitions have policies of their own; only the catalog changes",
    ),
    "create_trigger": Facts(phase=9, lock=SHARE_ROW_EXCLUSIVE, reason=_CATALOG_ONLY),
    "replace_trigger": Facts(phase=9, lock=SHARE_ROW_EXCLUSIVE, reason=_CATALOG_ONLY),
    "grant": Facts(phase=9, lock=NONE, reason=_CATALOG_ONLY),
    "set_comment": Facts(
        phase=10, lock=SHARE_UPDATE_EXCLUSIVE, reason="it is what people and tools are told of it"
    ),
}
"""Every kind of step that there is."""
