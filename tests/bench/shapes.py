"""The shapes of documents that the benchmark of validation checks: a schema and a value of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A schema, and a value that is valid for it."""

    subject: str
    schema: Json
    value: Any


def _text(least: int, most: int) -> Json:
    return {"type": "string", "minLength": least, "maxLength": most}


def _closed(properties: Json, required: list[str]) -> Json:
    return {**_open(properties, required), "additionalProperties": False}


def _open(properties: Json, required: list[str]) -> Json:
    return {"type": "object", "required": required, "properties": properties}


_ADDRESS = _open(
    {
        "street": _text(1, 200),
        "city": {"type": "string", "minLength": 1},
        "zip": {"type": "string", "pattern": "^[0-9]{5}$"},
        "country": {"enum": ["DE", "FR", "US", "GB"]},
    },
    required=["street", "city", "zip"],
)
_CUSTOMER = _closed(
    {
        "name": _text(1, 200),
        "email": {"type": "string", "pattern": "^[^@]+@[^@]+$"},
        "address": _ADDRESS,
    },
    required=["name", "address"],
)
_ITEM = _closed(
    {
        "sku": _text(1, 40),
        "quantity": {"type": "integer", "minimum": 1, "maximum": 1000},
        "price": {"type": "number", "minimum": 0},
        "note": {"type": "string"},
    },
    required=["sku", "quantity", "price"],
)
ORDER = Shape(
    subject="an order with a customer, an address and five items",
    schema=_closed(
        {
            "order_id": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{6}$"},
            "placed_at": {"type": "string", "maxLength": 40},
            "status": {"enum": ["new", "paid", "shipped", "cancelled"]},
            "customer": _CUSTOMER,
            "items": {"type": "array", "minItems": 1, "maxItems": 1000, "items": _ITEM},
        },
        required=["order_id", "customer", "items"],
    ),
    value={
        "order_id": "AB-123456",
        "placed_at": "2026-01-01T00:00:00Z",
        "status": "paid",
        "customer": {
            "name": "Ada Lovelace",
            "email": "ada@example.com",
            "address": {
                "street": "1 Main Street", "city": "London", "zip": "12345", "country": "GB",
            },
        },
        "items": [
            {"sku": f"SKU-{number}", "quantity": number + 1, "price": 9.99 + number}
            for number in range(5)
        ],
    },
)  # fmt: skip

_KINDS: tuple[tuple[Json, Any], ...] = (
    (_text(1, 100), "a value of some length"),
    ({"type": "integer", "minimum": 0}, 12),
    ({"type": "number", "exclusiveMaximum": 1_000_000}, 12.5),
    ({"type": "boolean"}, True),
    ({"enum": ["a", "b", "c"]}, "b"),
)
_FIELDS: Mapping[str, tuple[Json, Any]] = {
    f"f{number}": _KINDS[number % len(_KINDS)] for number in range(20)
}
RECORD = Shape(
    subject="a flat record of 20 scalars",
    schema=_closed({name: schema for name, (schema, _) in _FIELDS.items()}, required=list(_FIELDS)),
    value={name: value for name, (_, value) in _FIELDS.items()},
)

_ELEMENT = _closed(
    {
        "id": {"type": "integer", "minimum": 0},
        "name": _text(1, 80),
        "active": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 100},
    },
    required=["id", "name"],
)
ARRAY = Shape(
    subject="an array of 1,000 small objects",
    schema={"type": "array", "maxItems": 5_000, "items": _ELEMENT},
    value=[
        {
            "id": number,
            "name": f"name {number}",
            "active": number % 2 == 0,
            "score": number % 100 + 0.5,
        }
        for number in range(1_000)
    ],
)
SHAPES = (ORDER, RECORD, ARRAY)

ACCOUNT = {
    "title": "Account",
    **_open(
        {
            "account_id": {"type": "string", "format": "uuid"},
            "number": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4,8}$"},
            "name": _text(1, 200),
            "status": {"type": "string", "enum": ["open", "paid", "closed"]},
            "country": _text(2, 2),
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "balance": {"type": "number", "minimum": 0, "multipleOf": 0.01},
            "credit": {"type": "number", "exclusiveMaximum": 1_000_000},
            "active": {"type": "boolean"},
            "opened_on": {"type": "string", "format": "date"},
            "seen_at": {"type": "string", "format": "date-time"},
        },
        required=["number", "name"],
    ),
}
"""An entity of typed columns."""

HANDWRITTEN = """
    check (number ~ '^[A-Z]{2}-[0-9]{4,8}$'),
    check (char_length(name) between 1 and 200),
    check (status in ('open', 'paid', 'closed')),
    check (char_length(country) = 2),
    check (age between 0 and 150),
    check (balance >= 0 and balance % 0.01 = 0),
    check (credit < 1000000)
"""
"""The same as a person writes it."""
