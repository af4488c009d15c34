"""Says what the catalog has, and what it should have, as a person compares the two."""

import hashlib
from collections.abc import Mapping
from typing import Any, assert_never

from bss_compiler.diff import Alter, Change, Create, Drop
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Function,
    Grant,
    Index,
    Part,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.model.codec import to_json
from bss_compiler.model.function import SCHEMA
from bss_compiler.repair.damage import Damage, compared

Json = dict[str, Any]

_KINDS: Mapping[type, str] = {
    Table: "table",
    Column: "column",
    PrimaryKey: "primary key",
    Unique: "unique key",
    ForeignKey: "foreign key",
    Check: "check",
    Index: "index",
    Policy: "policy",
    Grant: "privileges",
    Trigger: "trigger",
    Partition: "partition",
    Function: "function",
}
"""What a person calls each class of part."""


def differences(damage: Damage) -> list[Json]:
    """Give what the catalog has, and what it should have; null for what is missing on that side.

    A part that is dropped and made again is one difference, in the members that differ.
    """
    found: dict[tuple[str, str, str], Json] = {}
    for change in compared(damage):
        item = _difference(change)
        place = (item["relation"], item["object"], item["kind"])
        before = found.get(place)
        if before is not None:
            item["found"], item["meant"] = _unlike(before["found"], item["meant"])
        found[place] = item
    return [*(_flaw(name, flaw) for name, flaw in damage.flaws.items()), *found.values()]


def _flaw(table: str, flaw: str) -> Json:
    found = {"flaw": flaw}
    return {"relation": table, "object": table, "kind": "flaw", "found": found, "meant": None}


def _difference(change: Change) -> Json:
    found: Json | None = None
    meant: Json | None = None
    match change:
        case Create():
            part, meant = change.part, _shown(change.part)
        case Drop():
            part, found = change.part, _shown(change.part)
        case Alter():
            part = change.after
            found, meant = _unlike(to_json(change.before), to_json(change.after))
        case _:
            assert_never(change)
    return {
        "relation": SCHEMA if isinstance(part, Function) else change.table,
        "object": part.name,
        "kind": _KINDS[type(part)],
        "found": found,
        "meant": meant,
    }


def _unlike(found: Json, meant: Json) -> tuple[Json, Json]:
    """Give the members in which two parts differ; one that is left out has its default."""
    names = [name for name in {**found, **meant} if found.get(name) != meant.get(name)]
    return (
        {name: found[name] for name in names if name in found},
        {name: meant[name] for name in names if name in meant},
    )


def _shown(part: Part | Table) -> Json:
    """Give a part as a person compares it with another; the body of a function by its hash."""
    shown: Json = to_json(part)
    if isinstance(part, Function):
        return shown | {"body": f"sha256 {hashlib.sha256(part.body.encode()).hexdigest()}"}
    return shown
