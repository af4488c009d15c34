"""Changes that a large table goes through online: documents before and after, and the stages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

OWNER = {"type": "string", "format": "uuid"}
PARTITIONED: dict[str, Any] = {
    "primaryKey": ["item_id"],
    "partitionBy": {"column": "item_id", "strategy": "hash", "partitions": 3},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change of the entity `Item`, whose table is `items`; the kinds are those of its stages."""

    before: Json
    after: Json
    kinds: tuple[str, ...]


def shop(
    properties: Json | None = None,
    *,
    without: tuple[str, ...] = (),
    required: tuple[str, ...] = (),
    **options: Any,
) -> Json:
    """Give the document of a shop whose items have the properties, besides four that all have."""
    every: Json = {
        "item_id": {"type": "integer"},
        "name": {"type": "string"},
        "level": {"type": "integer"},
        "code": {"type": "string"},
        "owner_id": {**OWNER, "x-bss": {"references": False}},
    }
    every |= properties or {}
    item = {
        "type": "object",
        "properties": {name: each for name, each in every.items() if name not in without},
        "required": list(required),
        "x-bss": {"primaryKey": ["item_id"], **options},
    }
    owner = {"type": "object", "properties": {"owner_id": OWNER}}
    return {"title": "Shop", "$defs": {"Item": item, "Owner": owner}}


ROWS = """
    insert into tenant_{0}.items (item_id, name, level, code)
    select n, 'n' || n, n % 7, 'c' || n from generate_series(1, 300) as n
"""
"""What is in the table before each change."""

VALIDATED = ("add_not_valid", "validate")
REQUIRED = (*VALIDATED, "set_not_null")
OF_EACH = ("build_index",) * 3

CASES: Mapping[str, Case] = {
    "adds a check": Case(
        before=shop(),
        after=shop({"name": {"type": "string", "maxLength": 20}}),
        kinds=VALIDATED,
    ),
    "changes a check": Case(
        before=shop({"level": {"type": "integer", "minimum": -5}}),
        after=shop({"level": {"type": "integer", "minimum": 0}}),
        kinds=VALIDATED,
    ),
    "requires a value": Case(
        before=shop(),
        after=shop(required=("code",)),
        kinds=REQUIRED,
    ),
    "refers to a table": Case(
        before=shop(),
        after=shop({"owner_id": OWNER}),
        kinds=("build_index", *VALIDATED),
    ),
    "makes a key unique": Case(
        before=shop(),
        after=shop({"code": {"type": "string", "x-bss": {"unique": True}}}),
        kinds=("build_index", "adopt_index"),
    ),
    "makes a key of two columns unique, nulls not distinct": Case(
        before=shop(),
        after=shop(unique=[{"columns": ["code", "owner_id"], "nullsNotDistinct": True}]),
        kinds=("build_index", "adopt_index"),
    ),
    "makes a key of some rows unique": Case(
        before=shop(),
        after=shop(unique=[{"columns": ["code"], "where": {"required": ["level"]}}]),
        kinds=("build_index",),
    ),
    "changes a unique key": Case(
        before=shop(unique=[["code"]]),
        after=shop(unique=[["code", "level"]]),
        kinds=("build_index", "adopt_index"),
    ),
    "indexes a column": Case(
        before=shop(),
        after=shop({"level": {"type": "integer", "x-bss": {"index": True}}}),
        kinds=("build_index",),
    ),
    "takes a column back with a default": Case(
        before=shop({"colour": {"type": "string"}}),
        after=shop({"colour": {"type": "string", "default": "50% 'red'"}}, required=("colour",)),
        kinds=("restore_empty_column", "restore_empty_column", "fill_column", *REQUIRED),
    ),
    "adds a column with a default, a check and an index": Case(
        before=shop(),
        after=shop(
            {"size": {"type": "integer", "default": 1, "minimum": 0, "x-bss": {"index": True}}},
            required=("size",),
        ),
        kinds=(*VALIDATED, "build_index"),
    ),
    "indexes a partitioned table": Case(
        before=shop(**PARTITIONED),
        after=shop({"level": {"type": "integer", "x-bss": {"index": True}}}, **PARTITIONED),
        kinds=("create_index_of_none", *OF_EACH, *("attach_index",) * 3),
    ),
    "makes a key of a partitioned table unique": Case(
        before=shop(**PARTITIONED),
        after=shop(unique=[["code", "item_id"]], **PARTITIONED),
        kinds=(
            "add_unique_of_none", *OF_EACH, *("adopt_index",) * 3, *("attach_index",) * 3,
        ),
    ),
    "requires a value in a partitioned table, and checks it": Case(
        before=shop(**PARTITIONED),
        after=shop(
            {"name": {"type": "string", "maxLength": 20}}, required=("name",), **PARTITIONED
        ),
        kinds=(*REQUIRED, *VALIDATED),
    ),
}  # fmt: skip

BETWEEN: Mapping[str, Json] = {"takes a column back with a default": shop()}
"""What is in force between the two, where it takes three documents."""
