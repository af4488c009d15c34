"""Turns a change into what a person compares: what the catalog has, and what it should have."""

import hashlib
from typing import Any, assert_never

from bss_compiler.diff import Alter, Change, Create, Drop
from bss_compiler.model import Function, Part, Table
from bss_compiler.model.codec import to_json
from bss_compiler.model.function import SCHEMA

Json = dict[str, Any]


def difference(change: Change) -> Json:
    """Give what the catalog has, and what it should have; null for what is missing on that side."""
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
    relation = SCHEMA if isinstance(part, Function) else change.table
    return {"relation": relation, "object": part.name, "found": found, "meant": meant}


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
