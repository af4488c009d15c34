"""Each kind of constraint that the compiler makes is violated, and explained by what is reported.

The name of the constraint says table, column and keyword; the explanation gives the pointer.
"""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
import pytest

UUID = {"type": "string", "format": "uuid"}
SOMEBODY = "12f3e4a5-0000-4000-8000-00000000000a"
SHARED = {"$defs": {"Code": {"type": "string", "pattern": "^[A-Z]{3}$"}}}
MODEL = {
    "$defs": {
        "Person": {"type": "object", "properties": {"person_id": UUID}},
        "Thing": {
            "type": "object",
            "properties": {
                "id": {"type": "integer"},
                "least": {"type": "integer", "minimum": 3},
                "most": {"type": "number", "maximum": 3},
                "above": {"type": "number", "exclusiveMinimum": 3},
                "below": {"type": "number", "exclusiveMaximum": 3},
                "even": {"type": "integer", "multipleOf": 2},
                "long": {"type": "string", "minLength": 3},
                "short": {"type": "string", "maxLength": 3},
                "capital": {"type": "string", "pattern": "^[A-Z]"},
                "mail": {"type": "string", "format": "email"},
                "host": {"type": "string", "format": "ipv4"},
                "one": {"enum": ["a", "b"]},
                "only": {"const": "a"},
                "big": {"type": "integer", "maximum": 10**30},
                "Great Name/~": {"type": "string", "maxLength": 2},
                "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1,
                         "maxItems": 2, "x-bss": {"type": "text[]"}},
                "value": {"type": "object", "required": ["a"]},
                "size": {"$ref": "#/$defs/Size"},
                "code": {"$ref": "https://example.com/shared#/$defs/Code"},
                "serial": {"type": "string", "x-bss": {"unique": True}},
                "year": {"type": "integer"},
                "number": {"type": "integer"},
                "person_id": UUID,
                "needed": {"type": "boolean"},
            },
            "required": ["needed"],
            "x-bss": {"unique": [["year", "number"]]},
        },
        "Size": {"type": "integer", "minimum": 1, "maximum": 9},
    }
}  # fmt: skip
THING = "/$defs/Thing/properties/"
VIOLATED: Mapping[str, tuple[dict[str, Any], str, str | None, str]] = {
    "things_least_minimum_check": ({"least": 2}, "least", "minimum", f"{THING}least/minimum"),
    "things_most_maximum_check": ({"most": 4}, "most", "maximum", f"{THING}most/maximum"),
    "things_above_exclusive_minimum_check": (
        {"above": 3}, "above", "exclusiveMinimum", f"{THING}above/exclusiveMinimum"
    ),
    "things_below_exclusive_maximum_check": (
        {"below": 3}, "below", "exclusiveMaximum", f"{THING}below/exclusiveMaximum"
    ),
    "things_even_multiple_of_check": ({"even": 3}, "even", "multipleOf", f"{THING}even/multipleOf"),
    "things_long_min_length_check": ({"long": "ab"}, "long", "minLength", f"{THING}long/minLength"),
    "things_short_max_length_check": (
        {"short": "abcd"}, "short", "maxLength", f"{THING}short/maxLength"
    ),
    "things_capital_pattern_check": (
        {"capital": "a"}, "capital", "pattern", f"{THING}capital/pattern"
    ),
    "things_mail_format_check": ({"mail": "a"}, "mail", "format", f"{THING}mail/format"),
    "things_host_format_check": ({"host": "::1"}, "host", "format", f"{THING}host/format"),
    "things_one_enum_check": ({"one": "c"}, "one", "enum", f"{THING}one/enum"),
    "things_only_const_check": ({"only": "b"}, "only", "const", f"{THING}only/const"),
    "things_big_type_check": ({"big": 0.5}, "big", "type", f"{THING}big/type"),
    "things_big_maximum_check": ({"big": 10**31}, "big", "maximum", f"{THING}big/maximum"),
    "things_great_name_~_max_length_check": (
        {"great_name_~": "abc"}, "Great Name/~", "maxLength", f"{THING}Great Name~1~0/maxLength"
    ),
    "things_tags_items_check": ({"tags": ["a", None]}, "tags", "items", f"{THING}tags/items"),
    "things_tags_min_items_check": ({"tags": []}, "tags", "minItems", f"{THING}tags/minItems"),
    "things_tags_max_items_check": (
        {"tags": ["a", "b", "c"]}, "tags", "maxItems", f"{THING}tags/maxItems"
    ),
    "things_value_value_check": ({"value": {}}, "value", None, f"{THING}value"),
    "things_size_minimum_check": ({"size": 0}, "size", "minimum", "/$defs/Size/minimum"),
    "things_code_pattern_check": (
        {"code": "x"}, "code", "pattern", "https://example.com/shared#/$defs/Code/pattern"
    ),
    "things_pkey": ({"id": 1}, "id", "x-bss.primaryKey", "/$defs/Thing"),
    "things_serial_key": ({"serial": "s"}, "serial", "x-bss.unique", f"{THING}serial"),
    "things_year_number_key": (
        {"year": 1, "number": 1}, "year, number", "x-bss.unique", "/$defs/Thing/x-bss/unique/0"
    ),
    "things_person_id_fkey": (
        {"person_id": SOMEBODY}, "person_id", "x-bss.references", f"{THING}person_id"
    ),
}  # fmt: skip
ROW = {"id": 2, "needed": True}
INSERT = """
    insert into tenant_shop.things ({columns})
    select {columns} from jsonb_populate_record(null::tenant_shop.things, %s)
"""
EXPLAIN = """
    select entity, array_to_string(properties, ', '), keyword, pointer, message, hint
    from bss.explain_violation(%s, %s, %s, %s)
"""


@pytest.fixture
def shop(connection: psycopg.Connection) -> psycopg.Connection:
    connection.execute(
        "select bss.register_document('https://example.com/shared', %s)", [json.dumps(SHARED)]
    )
    connection.execute("select bss.provision_tenant('shop', %s)", [json.dumps(MODEL)])
    insert(connection, {**ROW, "id": 1, "serial": "s", "year": 1, "number": 1})
    return connection


def insert(connection: psycopg.Connection, row: dict[str, Any]) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    connection.execute(INSERT.format(columns=columns).encode(), [json.dumps(row)])


def explained(connection: psycopg.Connection, row: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Give what the server reports of a row that it refuses, and how that is explained."""
    with pytest.raises(psycopg.errors.IntegrityError) as caught:
        insert(connection, row)
    said = caught.value.diag
    reported = [said.constraint_name, said.table_name, said.column_name, said.schema_name]
    return said, connection.execute(EXPLAIN, reported).fetchall()


def test_each_constraint_is_explained(shop: psycopg.Connection) -> None:
    for name, (members, properties, keyword, pointer) in VIOLATED.items():
        said, found = explained(shop, ROW | members)
        assert said.constraint_name == name
        ((entity, *others, message, hint),) = found
        assert (entity, *others) == ("Thing", properties, keyword, pointer), name
        assert message[0].islower()
        assert hint.endswith(".")


def test_each_constraint_of_the_document_is_violated_here(shop: psycopg.Connection) -> None:
    names = shop.execute("""
        select conname from pg_constraint
        where conrelid = 'tenant_shop.things'::regclass and contype <> 'n'
    """).fetchall()
    untried = {name for (name,) in names} - VIOLATED.keys()
    assert untried == {"things_tenant_id_check", "things_size_maximum_check"}


def test_missing_value_is_explained_by_its_column(shop: psycopg.Connection) -> None:
    said, found = explained(shop, {"id": 2})
    assert said.column_name == "needed"
    assert found == [
        ("Thing", "needed", "required", "/$defs/Thing/required",
         'property "needed" is missing', "Give it a value."),
    ]  # fmt: skip
    said, found = explained(shop, {"needed": True})
    assert said.column_name == "id"
    assert found[0][2:4] == ("x-bss.primaryKey", f"{THING}id")


def test_reference_is_explained_from_the_other_side(shop: psycopg.Connection) -> None:
    shop.execute("insert into tenant_shop.people (person_id) values (%s)", [SOMEBODY])
    insert(shop, {**ROW, "person_id": SOMEBODY})
    with pytest.raises(psycopg.errors.ForeignKeyViolation) as caught:
        shop.execute("delete from tenant_shop.people")
    said = caught.value.diag
    reported = [said.constraint_name, said.table_name, said.column_name, said.schema_name]
    ((*_, message, _),) = shop.execute(EXPLAIN, reported).fetchall()
    assert message == 'property "person_id" should lead to a record of "Person"'


def test_what_bss_added_has_no_pointer(shop: psycopg.Connection) -> None:
    _, found = explained(shop, {**ROW, "tenant_id": SOMEBODY})
    assert found[0][:4] == ("Thing", "", None, None)


@pytest.mark.tampers
def test_model_of_an_earlier_release_is_explained(shop: psycopg.Connection) -> None:
    """It says where a check comes from, and not by which keyword."""
    shop.execute("alter table bss_metadata.tenant_schemas no force row level security")
    shop.execute(r"""
        update bss_metadata.tenant_schemas
        set model = regexp_replace(model::text, '"keyword": "[^"]*", ', '', 'g')::jsonb
    """)
    for name, (members, properties, keyword, pointer) in VIOLATED.items():
        _, found = explained(shop, ROW | members)
        assert found[0][:4] == ("Thing", properties, keyword, pointer), name
