"""What validate() finds nothing wrong with can be inserted, and what it refuses cannot.

The one exception is spelling: the server's types read more than JSON Schema allows, such as
"tomorrow" as a date, and round numbers to the scale of their column.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from tests.sql.documents import formatted, numbers, strings, values

UUID = {"type": "string", "format": "uuid"}
GOLDEN = Path(__file__).parents[1] / "golden"
SPELLING = {"type", "format", "x-bss.type", "contentEncoding"}

ADDRESS = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "minLength": 1, "pattern": "^[^0-9]*$"},
        "codes": {
            "type": "array",
            "items": {"type": "integer"},
            "maxItems": 2,
            "uniqueItems": True,
        },
    },
    "required": ["city"],
    "additionalProperties": False,
}
ORDER = {
    "$defs": {
        "Customer": {"type": "object", "properties": {"customer_id": UUID}},
        "Order": {
            "type": "object",
            "properties": {
                "orderNo": {"type": "integer", "format": "int32", "minimum": 1},
                "buyer": {"$ref": "#/$defs/Customer"},
                "total": {"type": "number", "x-bss": {"type": "numeric(6,2)"}},
                "net": {"type": "number"},
                "gross": {"type": "number", "minimum": 0,
                          "x-bss": {"type": "numeric(6,2)", "generated": "$.net + $.total"}},
                "weight": {"type": "number", "multipleOf": 0.5},
                "status": {"enum": ["open", "paid"], "default": "open"},
                "note": {"type": ["string", "null"], "maxLength": 3},
                "email": {"type": "string", "format": "email"},
                "ship to": {"$ref": "#/$defs/Address"},
                "any": {},
                "flag": {"type": "boolean", "const": True},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2,
                         "x-bss": {"type": "text[]"}},
            },
            "required": ["total", "note", "orderNo"],
            "x-bss": {
                "entity": True, "primaryKey": "orderNo",
                "checks": [{"name": "paid_in_full", "path": '$.status != "paid" || $.total > 0'}],
            },
        },
        "Address": {**ADDRESS, "x-bss": {"entity": False}},
    }
}  # fmt: skip
RECORD: Mapping[str, Any] = {
    "orderNo": 1, "buyer": "12f3e4a5-0000-4000-8000-00000000000a", "total": 1.5,
    "net": 2, "weight": 2.5, "status": "paid", "note": "abc", "email": "a@b.example",
    "ship to": {"city": "Rome", "codes": [1, 2.0]},
    "any": [None], "flag": True, "tags": ["a"],
}  # fmt: skip


@pytest.fixture
def tables(connection: psycopg.Connection) -> psycopg.Connection:
    for tenant, document in (
        ("types", (GOLDEN / "maps_every_type" / "document.json").read_text("utf-8")),
        ("extended", (GOLDEN / "maps_x_bss_types" / "document.json").read_text("utf-8")),
        ("shop", json.dumps(ORDER)),
    ):
        connection.execute("select bss.provision_tenant(%s, %s)", [tenant, document])
    key = RECORD["buyer"]
    connection.execute("insert into tenant_shop.customers (customer_id) values (%s)", [key])
    return connection


def entities(connection: psycopg.Connection) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Give tenant, entity, table, and the columns by property with their types."""
    models = connection.execute("""
        select t.external_id, s.model
        from bss_metadata.tenant_schemas as s join bss_metadata.tenants as t on t.id = s.tenant_id
    """).fetchall()
    for tenant, model in models:
        for table in model["tables"]:
            columns = {
                column["property"]: column for column in table["columns"] if "property" in column
            }
            yield tenant, table["entity"], table["name"], columns


def violations(
    connection: psycopg.Connection, tenant: str, entity: str, record: Any
) -> list[tuple[str, str]]:
    query = "select pointer, keyword from bss.validate(%s, %s, %s)"
    return connection.execute(query, [tenant, entity, json.dumps(record)]).fetchall()


def refusal(
    connection: psycopg.Connection, tenant: str, table: str, columns: Any, record: Any
) -> str | None:
    """Insert a record, and undo it; gives the SQLSTATE if it is refused."""
    row = {columns[name]["name"]: stored(value, columns[name]) for name, value in record.items()}
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    relation = sql.Identifier(f"tenant_{tenant}", table)
    statement = sql.SQL(
        "insert into {0} ({1}) select {1} from jsonb_populate_record(null::{0}, %s)"
        if row
        else "insert into {0} default values"
    ).format(relation, names)
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement, [json.dumps(row)] if row else [])
    except psycopg.Error as error:
        return error.sqlstate
    return None


def stored(value: Any, column: Mapping[str, Any]) -> Any:
    """Give a value as a client would send it: whole numbers without a fraction, bytes as such."""
    if isinstance(value, float) and value == int(value) and "int" in column["type"]:
        return int(value)
    if column["type"] == "bytea" and isinstance(value, str):
        return "\\x" + decoded(value).hex()
    return value


def decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:
        return b"?"


def agree(found: list[tuple[str, str]], refused: str | None, record: Any) -> None:
    if found:
        assert refused is not None or {keyword for _, keyword in found} & SPELLING, record
    else:
        assert refused is None, (record, refused)


def storable(value: Any) -> bool:
    return "\\u0000" not in json.dumps(value)


def test_each_type_agrees(tables: psycopg.Connection) -> None:
    every = [each for each in entities(tables) if each[0] in ("types", "extended")]
    assert sum(len(columns) for *_, columns in every) > 40

    @settings(
        max_examples=300, derandomize=True, database=None, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(st.sampled_from(every), st.data())
    def attempt(place: Any, data: Any) -> None:
        tenant, entity, table, columns = place
        name = data.draw(st.sampled_from(sorted(columns)))
        value = data.draw((formatted | numbers | strings | values).filter(storable))
        record = {name: value}
        found = violations(tables, tenant, entity, record)
        missing = [each for each in found if each[1] in ("required", "x-bss.primaryKey")]
        refused = refusal(tables, tenant, table, columns, record)
        agree(found, refused, (place[:2], record, found, refused))
        assert all(pointer != "" for pointer, _ in found) or missing

    attempt()


def test_records_agree(tables: psycopg.Connection) -> None:
    _, entity, table, columns = next(each for each in entities(tables) if each[1] == "Order")
    assert violations(tables, "shop", entity, RECORD) == []
    assert refusal(tables, "shop", table, columns, RECORD) is None
    known = st.sampled_from(sorted(RECORD))

    @settings(
        max_examples=300, derandomize=True, database=None, deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(
        st.dictionaries(known, (formatted | numbers | strings | values).filter(storable),
                        max_size=2),
        st.sets(known, max_size=2),
    )  # fmt: skip
    def attempt(changed: dict[str, Any], left_out: set[str]) -> None:
        kept = {name: value for name, value in RECORD.items() if name not in left_out}
        record = kept | changed
        found = violations(tables, "shop", entity, record)
        refused = refusal(tables, "shop", table, columns, record)
        if refused != "23503":  # what is referred to is not validated
            agree(found, refused, (record, found, refused))

    attempt()


SINGLE: tuple[tuple[dict[str, Any], tuple[str, str | None] | None], ...] = (
    ({"nothing": 1}, ("/nothing", "additionalProperties")),
    ({"orderNo": 2**31}, ("/orderNo", "format")),
    ({"orderNo": 1.5}, ("/orderNo", "type")),
    ({"orderNo": 0}, ("/orderNo", "minimum")),
    ({"orderNo": None}, ("/orderNo", "required")),
    ({"weight": 1.2}, ("/weight", "multipleOf")),
    ({"total": 10000}, ("/total", "x-bss.type")),
    ({"total": "1"}, ("/total", "type")),
    ({"buyer": "somebody"}, ("/buyer", "format")),
    ({"status": "lost"}, ("/status", "enum")),
    ({"status": None}, None),
    ({"note": None}, None),
    ({"note": "é𝄞é"}, None),
    ({"note": "abcd"}, ("/note", "maxLength")),
    ({"email": "nobody"}, ("/email", "format")),
    ({"ship to": {}}, ("/ship to/city", "required")),
    ({"ship to": {"city": "R2"}}, ("/ship to/city", "pattern")),
    ({"ship to": {"city": "R", "codes": [1, 2.5]}}, ("/ship to/codes/1", "type")),
    ({"ship to": {"city": "R", "codes": [1, 1.0]}}, ("/ship to/codes/1", "uniqueItems")),
    ({"gross": 3.5}, ("/gross", "x-bss.generated")),
    ({"gross": None}, ("/gross", "x-bss.generated")),
    ({"net": None}, None),
    ({"net": -9}, ("/gross", "minimum")),
    ({"net": 9999}, ("", None)),
    ({"net": 9, "total": -1}, ("", "x-bss.checks")),
    ({"flag": False}, ("/flag", "const")),
    ({"tags": ["a", None]}, ("/tags/1", "type")),
    ({"tags": ["a", "b", "c"]}, ("/tags", "maxItems")),
    ({"tenant_id": RECORD["buyer"]}, ("", None)),
    ({"created_at": "2024-01-01T00:00:00Z"}, None),
    ({"created_at": "soon"}, ("/created_at", "type")),
)


def test_violation_says_where_and_what(tables: psycopg.Connection) -> None:
    for member, expected in SINGLE:
        found = violations(tables, "shop", "Order", {**RECORD, **member})
        assert found == ([] if expected is None else [expected]), member


def test_precision_is_not_lost_silently(tables: psycopg.Connection) -> None:
    """The server would round it; the document says numeric(6,2)."""
    document = {
        "title": "Price", "type": "object",
        "properties": {"value": {"type": "number", "x-bss": {"type": "numeric(6,2)"}}},
    }  # fmt: skip
    tables.execute("select bss.provision_tenant('prices', %s)", [json.dumps(document)])
    assert violations(tables, "prices", "Price", {"value": 1.25}) == []
    assert violations(tables, "prices", "Price", {"value": 1.255}) == [("/value", "x-bss.type")]


def test_key_that_is_computed_needs_what_it_is_computed_from(tables: psycopg.Connection) -> None:
    document = {
        "title": "Page", "type": "object",
        "properties": {
            "title": {"type": "string"},
            "slug": {"type": "string", "x-bss": {"generated": {"lower": "$.title"}}},
        },
        "x-bss": {"primaryKey": "slug"},
    }  # fmt: skip
    tables.execute("select bss.provision_tenant('web', %s)", [json.dumps(document)])
    assert violations(tables, "web", "Page", {"title": "A"}) == []
    assert violations(tables, "web", "Page", {}) == [("/slug", "x-bss.primaryKey")]
