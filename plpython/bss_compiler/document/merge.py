"""Puts one entity's document into a model's document, as JSON text.

The entity becomes a member of $defs under its title. If it refers to parts of itself, it keeps
doing so: it is given an `$id`, which makes it a resource of its own (Core 2020-12, section 9.3).
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.draft import LATEST, Draft, draft_of
from bss_compiler.document.keyword import describes_members
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child
from bss_compiler.document.text import parse

_DEFINITIONS = ("$defs", "definitions")


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
    if not isinstance(title, str) or not _describes_record(value):
        findings.report(
            Code.NO_ENTITY, "", "document describes no entity",
            detail="An entity document is an object schema with properties and a title.",
            hint='Add "title", "type": "object" and "properties", or hand the model to '
            "bss.apply_schema().",
        )  # fmt: skip
        return None
    whole: dict[str, Any] = (
        {"$schema": LATEST.uri, "$defs": {}} if model is None else _model(model, limits, findings)
    )
    if _is_entity(whole) and whole.get("title") == title:
        return _at_root(whole, _member(title, value, LATEST), findings)
    place = next((name for name in _DEFINITIONS if title in whole.get(name, {})), "$defs")
    whole[place][title] = _member(title, value, _draft(whole))
    return write(whole), child(f"/{place}", title)


def _at_root(
    whole: Mapping[str, Any], root: Mapping[str, Any], findings: Findings
) -> tuple[str, str] | None:
    """Put an entity in place of the one at the root, which keeps the definitions beside it."""
    if _draft(root) is not _draft(whole):
        findings.report(
            Code.CONFLICTING_KEYWORDS, "/$schema", "entity is written for another draft",
            detail="It stands at the root of its model, which names the draft of all.",
            hint="Write it for the same draft, or hand the model to bss.apply_schema().",
        )  # fmt: skip
        return None
    definitions = {
        place: {**whole.get(place, {}), **root.get(place, {})}
        for place in _DEFINITIONS
        if place in whole or place in root
    }
    return write({**root, **definitions}), ""


def _model(text: str, limits: Limits, findings: Findings) -> dict[str, Any]:
    """Give the ledger's document as a model; one that is an entity alone becomes its member."""
    value: dict[str, Any] = parse(text, limits, findings)
    if _describes_record(value) and not _is_entity(value):
        member = _member(value["title"], value, LATEST)
        return {"$schema": LATEST.uri, "$defs": {value["title"]: member}}
    value.setdefault("$defs", {})
    return value


def _draft(value: Mapping[str, Any]) -> Draft:
    uri = value.get("$schema")
    return (draft_of(uri) if isinstance(uri, str) else None) or LATEST


def _describes_record(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("properties"), dict) or describes_members(value)


def _is_entity(root: Mapping[str, Any]) -> bool:
    """Say whether the root is marked as an entity, beside those of its definitions."""
    options = root.get("x-bss")
    return isinstance(options, dict) and options.get("entity") is True


def _member(title: str, value: Mapping[str, Any], around: Draft) -> dict[str, Any]:
    """Give an entity that says which draft it is written for, if what is around it says another."""
    draft = _draft(value)
    member = dict(value)
    if draft_of(str(value.get("$schema"))) is not None:
        del member["$schema"]
    options = member.get("x-bss", {})
    if isinstance(options, dict):
        member["x-bss"] = {"entity": True, **options}
    identifier = "id" if draft is Draft.DRAFT_04 else "$id"
    if identifier not in member and _has_local_reference(member):
        member = {identifier: f"urn:bss:entity:{title.encode().hex()}", **member}
    unnamed = draft is around or "$schema" in member
    return member if unnamed else {"$schema": draft.uri, **member}


def _has_local_reference(value: object) -> bool:
    match value:
        case dict():
            references = (value.get("$ref"), value.get("$recursiveRef"))
            if any(isinstance(each, str) and each.startswith("#") for each in references):
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
