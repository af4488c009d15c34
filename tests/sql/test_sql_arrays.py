"""An SQL array takes what the JSON array that it stands for may hold."""

import json
from typing import Any

import psycopg
import pytest
from psycopg import sql

PROPERTIES: dict[str, Any] = {
    "tags": {
        "items": {"type": "string", "minLength": 1, "maxLength": 5, "pattern": "^[a-z é]*$"},
        "uniqueItems": True,
        "x-bss": {"type": "text[]"},
    },
    "sizes": {
        "items": {"type": "integer", "minimum": 0},
        "contains": {"multipleOf": 10},
        "minContains": 2,
        "x-bss": {"type": "bigint[]"},
    },
    "prices": {"items": {"type": "number", "multipleOf": 0.01}, "x-bss": {"type": "numeric[]"}},
    "flags": {"items": {"type": "boolean", "const": True}, "x-bss": {"type": "boolean[]"}},
    "places": {"items": {"type": "string", "format": "uuid"}, "x-bss": {"type": "uuid[]"}},
}
UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
TAKEN: dict[str, tuple[str, ...]] = {
    "tags": ("{}", "{a,b}", '{"a é",ab}'),
    "sizes": ("{0,10,3}", "{20,20}"),
    "prices": ("{}", "{1,1.10,0.01}", "{1e2}"),
    "flags": ("{t}", "{}"),
    "places": (f"{{{UUID}}}",),
}
REFUSED: dict[str, tuple[str, ...]] = {
    "tags": ("{a,a}", '{""}', "{abcdef}", "{A}", "{NULL}", "{{a,b}}"),
    "sizes": ("{}", "{10}", "{10,20,-1}", "{10,20,NULL}"),
    "prices": ("{0.001}", "{NaN}", "{Infinity}", "{{1}}"),
    "flags": ("{f}", "{NULL}"),
    "places": (f"{{{{{UUID}}}}}", "{NULL}"),
}


@pytest.fixture
def tables(connection: psycopg.Connection) -> psycopg.Connection:
    properties = {name: {"type": "array", **schema} for name, schema in PROPERTIES.items()}
    document = {
        "title": "Box",
        "type": "object",
        "properties": {"box_id": {"type": "string", "format": "uuid"}, **properties},
    }
    connection.execute("select bss.provision_tenant('arrays', %s)", [json.dumps(document)])
    return connection


def goes_in(connection: psycopg.Connection, column: str, value: str) -> bool:
    insert = sql.SQL("insert into tenant_arrays.boxes ({}) values (%s)")
    try:
        connection.execute(insert.format(sql.Identifier(column)), [value])
    except psycopg.errors.CheckViolation:
        return False
    return True


@pytest.mark.parametrize("column", PROPERTIES)
def test_array_takes_what_its_elements_may_be(tables: psycopg.Connection, column: str) -> None:
    assert [value for value in TAKEN[column] if not goes_in(tables, column, value)] == []
    assert [value for value in REFUSED[column] if goes_in(tables, column, value)] == []
