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
    select n, 'n' || n, n % 7, case when n % 10 = 0 then 'c' || n else n::text end
    from generate_series(1, 300) as n
"""
"""What is in the table before each change."""

VALIDATED = ("add_not_valid", "validate")
REQUIRED = (*VALIDATED, "set_not_null")
SHADOWED = ("add_shadow", "keep_in_step", "keep_in_step", "fill_shadow")
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
        kinds=(
            "restore_empty_column", "restore_empty_column", "fill_new_rows", "fill_column",
            *REQUIRED, "stop_filling",
        ),
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
    "converts a column that is indexed and unique": Case(
        before=shop({"code": {"type": "string", "maxLength": 9, "x-bss": {"unique": True}}}),
        after=shop(
            {"code": {"type": "integer", "minimum": 0, "x-bss": {"unique": True, "index": True}}}
        ),
        kinds=(*SHADOWED, "build_index", *VALIDATED, "swap_columns"),
    ),
    "converts a column that gets a default, and a comment": Case(
        before=shop(required=("code",)),
        after=shop(
            {"code": {"type": "integer", "default": -1, "description": "100% of it"}},
            required=("code",),
        ),
        kinds=("add_shadow", *SHADOWED, *VALIDATED, "swap_columns"),
    ),
    "widens a column with a check and an index": Case(
        before=shop({"level": {"type": "integer", "minimum": 0, "x-bss": {"index": True}}}),
        after=shop({"level": {"type": "number", "minimum": 0, "x-bss": {"index": True}}}),
        kinds=(*SHADOWED, *VALIDATED, "build_index", "swap_columns"),
    ),
    "widens a column that must have a value": Case(
        before=shop({"level": {"type": "integer", "default": 1}}, required=("level",)),
        after=shop({"level": {"type": "string", "default": "1"}}, required=("level",)),
        kinds=("add_shadow", *SHADOWED, *VALIDATED, "swap_columns"),
    ),
    "converts a reference": Case(
        before=shop({"owner_id": {"type": "string"}}),
        after=shop({"owner_id": OWNER}),
        kinds=(*SHADOWED, "build_index", *VALIDATED, "swap_columns"),
    ),
    "takes a column back as another type": Case(
        before=shop({"colour": {"type": "string"}}),
        after=shop({"colour": {"type": "boolean"}}),
        kinds=(*SHADOWED, "swap_columns"),
    ),
}  # fmt: skip

BETWEEN: Mapping[str, Json] = {
    "takes a column back with a default": shop(),
    "takes a column back as another type": shop(),
}
"""What is in force between the two, where it takes three documents."""
