"""Puts one entity's document into a model's document, as JSON text.

The entity becomes a member of $defs under its title. If it refers to parts of itself, it keeps
doing so: it is given an `$id`, which makes it a resource of its own (Core 2020-12, section 9.3).
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child
from bss_compiler.document.schema import DRAFT
from bss_compiler.document.text import parse


def merge(
    model: str | None, entity: str, limits: Limits, findings: Findings
) -> tuple[str, str] | None:
    """Give the document of the whole model and the pointer of the entity in it.

    `model` is None for the first entity. Gives None, with findings, if the entity has no outline.
    """
    value = parse(entity, limits, findings)
    if findings.errors:
        return None
    title = value.get("title") if isinstance(value, dict) else None
    if not isinstance(title, str) or not isinstance(value.get("properties"), dict):
        findings.report(
            Code.NO_ENTITY, "", "document describes no entity",
            detail="An entity document is an object schema with properties and a title.",
            hint='Add "title", "type": "object" and "properties", or hand the model to '
            "bss.apply_schema().",
        )  # fmt: skip
        return None
    whole: dict[str, Any] = (
        {"$schema": DRAFT, "$defs": {}} if model is None else _model(model, limits, findings)
    )
    member = _member(title, value)
    if _is_entity(whole) and whole.get("title") == title:
        definitions = {**whole["$defs"], **member.get("$defs", {})}
        return write({**member, "$defs": definitions}), ""
    whole["$defs"][title] = member
    return write(whole), child("/$defs", title)


def _model(text: str, limits: Limits, findings: Findings) -> dict[str, Any]:
    """Give the ledger's document as a model; one that is an entity alone becomes its member."""
    value: dict[str, Any] = parse(text, limits, findings)
    if "properties" in value and not _is_entity(value):
        return {"$schema": DRAFT, "$defs": {value["title"]: _member(value["title"], value)}}
    value.setdefault("$defs", {})
    return value


def _is_entity(root: Mapping[str, Any]) -> bool:
    """Say whether the root is marked as an entity, beside those of its definitions."""
    options = root.get("x-bss")
    return isinstance(options, dict) and options.get("entity") is True


def _member(title: str, value: Mapping[str, Any]) -> dict[str, Any]:
    member = {name: item for name, item in value.items() if name != "$schema"}
    options = member.get("x-bss", {})
    if isinstance(options, dict):
        member["x-bss"] = {"entity": True, **options}
    if "$id" not in member and _has_local_reference(member):
        member = {"$id": f"urn:bss:entity:{title.encode().hex()}", **member}
    return member


def _has_local_reference(value: object) -> bool:
    match value:
        case dict():
            reference = value.get("$ref")
            if isinstance(reference, str) and reference.startswith("#"):
                return True
            return any(_has_local_reference(item) for item in value.values())
        case list():
            return any(_has_local_reference(item) for item in value)
    return False


def write(value: Any) -> str:
    """Give JSON text, members in their order and numbers to the last digit."""
    match value:
        case dict():
            members = (f"{json.dumps(name)}: {write(item)}" for name, item in value.items())
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(write(item) for item in value) + "]"
        case Decimal():
            return str(value)
    return json.dumps(value)
