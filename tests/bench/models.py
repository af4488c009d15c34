"""The documents that the benchmarks hand in."""

import json
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# a property of each kind that real documents are made of, over and over
KINDS: tuple[dict[str, Any], ...] = (
    {"type": "string", "minLength": 1, "maxLength": 200},
    {"type": "number", "minimum": 0, "multipleOf": 0.01},
    {"type": "string", "enum": ["draft", "open", "paid", "canceled"]},
    {"type": "string", "format": "date-time"},
    {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4,8}$"},
    {"type": "string", "format": "email"},
    {"type": "boolean", "description": "Whether it counts."},
)
DEFAULTS: tuple[Any, ...] = ("new", 1.25, "open", "2026-01-01T00:00:00Z", "DE-1234", None, True)


def broad_model(title: str, *, entities: int, properties: int, defaults: bool) -> str:
    """Gives a model with so many entities and, over all of them, so many properties.

    Each has its key and, but for the first, a reference to the one before. With `defaults`, the
    properties have them: a default is validated against its own property.
    """
    definitions: dict[str, Any] = {}
    for number in range(entities):
        members: dict[str, Any] = {f"part{number}_id": {"type": "string", "format": "uuid"}}
        if number:
            members[f"part{number - 1}_id"] = {"type": "string", "format": "uuid"}
        share = properties // entities + (number < properties % entities)
        for position in range(share - len(members)):
            members[f"field_{position}"] = _property(number + position, defaults=defaults)
        definitions[f"Part{number}"] = _entity(members, required=["field_0"])
    return _model(title, definitions)


def typical_model(title: str, *, entities: int) -> str:
    """Gives a model whose tables have all that tables have.

    Each has a primary key, a foreign key with its index, one more index, and three checks.
    """
    definitions = {
        f"Record{number}": _entity(
            {
                f"record{number}_id": {"type": "string", "format": "uuid"},
                f"record{(number + 1) % entities}_id": {"type": "string", "format": "uuid"},
                "number": {"type": "string", "maxLength": 40, "x-bss": {"index": True}},
                "amount": {"type": "number", "minimum": 0},
                "status": {"type": "string", "enum": ["open", "paid", "canceled"]},
                "issued_on": {"type": "string", "format": "date"},
            },
            required=["number", "amount"],
        )
        for number in range(entities)
    }
    return _model(title, definitions)


def _property(number: int, *, defaults: bool) -> dict[str, Any]:
    kind, default = KINDS[number % len(KINDS)], DEFAULTS[number % len(KINDS)]
    return kind | {"default": default} if defaults and default is not None else kind


def _entity(members: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": members, "required": required}


def _model(title: str, definitions: dict[str, Any]) -> str:
    return json.dumps({"$schema": DIALECT, "title": title, "$defs": definitions})
