from typing import Any

import pytest

from bss_compiler.lowering.type import (
    STRING_FORMATS,
    TEXT_FORMATS,
    ColumnType,
    json_type_of,
)
from tests.unit.compiling import column, diagnosed, entity, faults, property_faults


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "contentEncoding": "base64"}, "bytea"),
        ({"type": "string", "contentEncoding": "BASE64"}, "bytea"),
        ({"type": "integer"}, "bigint"),
        ({"type": "integer", "format": "int32"}, "integer"),
        ({"type": "integer", "format": "int64"}, "bigint"),
        ({"type": "integer", "maximum": 2**63 - 1, "minimum": -(2**63)}, "bigint"),
        ({"type": "integer", "maximum": 2**63}, "numeric"),
        ({"type": "integer", "exclusiveMinimum": -(2**63) - 1}, "numeric"),
        ({"type": "number"}, "numeric"),
        ({"type": "number", "format": "float"}, "real"),
        ({"type": "number", "format": "double"}, "double precision"),
        ({"type": ["integer", "number"]}, "numeric"),
        ({"type": "boolean"}, "boolean"),
        ({"type": ["boolean", "null"]}, "boolean"),
        ({"type": "object"}, "jsonb"),
        ({"type": "array"}, "jsonb"),
        ({"type": ["string", "integer"]}, "jsonb"),
        ({"type": "null"}, "jsonb"),
        ({}, "jsonb"),
        (True, "jsonb"),
        ({"const": "a"}, "text"),
        ({"const": True}, "boolean"),
        ({"const": None}, "jsonb"),
        ({"enum": [1, 2.0, None]}, "bigint"),
        ({"enum": [1, 2.5]}, "numeric"),
        ({"enum": ["a", 1]}, "jsonb"),
        ({"enum": []}, "jsonb"),
    ],
)
def test_type_of_a_column_follows_from_type_and_format(schema: Any, type_: str) -> None:
    assert column(schema).type == type_


@pytest.mark.parametrize("format_", STRING_FORMATS)
def test_type_of_a_string_with_a_format_of_its_own(format_: str) -> None:
    assert column({"type": "string", "format": format_}).type == STRING_FORMATS[format_]


@pytest.mark.parametrize("format_", sorted(TEXT_FORMATS))
def test_type_of_a_string_with_a_checked_format_is_text(format_: str) -> None:
    assert column({"type": "string", "format": format_}).type == "text"


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "int32"},
        {"type": "integer", "format": "float"},
        {"type": "number", "format": "int32"},
        {"type": "boolean", "format": "uuid"},
    ],
)
def test_type_does_not_go_with_the_format_of_another(schema: Any) -> None:
    assert property_faults(schema) == [("UNKNOWN_FORMAT", "/format")]


def test_type_of_another_encoding_is_text() -> None:
    assert column({"type": "string", "contentEncoding": "Base32"}).type == "text"
    assert property_faults({"type": "string", "contentEncoding": "base46"}) == [
        ("UNKNOWN_FORMAT", "/contentEncoding")
    ]


@pytest.mark.parametrize(
    ("schema", "stated", "type_"),
    [
        ({"type": "string"}, "text", "text"),
        ({"type": "string"}, "uuid", "uuid"),
        ({"type": "string"}, "bytea", "bytea"),
        ({"type": "string"}, "inet", "inet"),
        ({"type": "string"}, "interval", "interval"),
        ({"type": "string"}, "date", "date"),
        ({"type": "string", "format": "date-time"}, "timestamptz", "timestamp with time zone"),
        ({"type": "string"}, "time without time zone", "time without time zone"),
        ({"type": "string", "format": "email"}, "text", "text"),
        ({"type": "integer"}, "smallint", "smallint"),
        ({"type": "integer"}, " INT ", "integer"),
        ({"type": "integer"}, "bigint", "bigint"),
        ({"type": "integer"}, "numeric(20)", "numeric(20,0)"),
        ({"type": "number"}, "numeric", "numeric"),
        ({"type": "number"}, "decimal(12, 2)", "numeric(12,2)"),
        ({"type": "number"}, "numeric(1000,1000)", "numeric(1000,1000)"),
        ({"type": "number"}, "real", "real"),
        ({"type": "number"}, "double precision", "double precision"),
        ({"type": "boolean"}, "boolean", "boolean"),
        ({"type": "object"}, "jsonb", "jsonb"),
        ({}, "jsonb", "jsonb"),
        ({"type": "array", "items": {"type": "string"}}, "text[]", "text[]"),
        ({"type": "array", "items": {"type": "string"}}, "uuid[]", "uuid[]"),
        ({"type": "array", "items": {"type": "integer"}}, "integer[]", "integer[]"),
        ({"type": "array", "items": {"type": "integer"}}, "bigint[]", "bigint[]"),
        ({"type": "array", "items": {"type": "number"}}, "numeric[]", "numeric[]"),
        ({"type": "array", "items": {"type": "boolean"}}, "boolean[]", "boolean[]"),
        ({"type": "array", "items": {"type": "number"}}, "vector(016)", "vector(16)"),
        ({"type": "array", "items": {"type": "number"}}, "vector(16000)", "vector(16000)"),
    ],
)
def test_type_that_x_bss_states_is_the_type_of_the_column(
    schema: Any, stated: str, type_: str
) -> None:
    assert column({**schema, "x-bss": {"type": stated}}).type == type_


@pytest.mark.parametrize(
    ("schema", "stated"),
    [
        ({"type": "string"}, "varchar(10)"),
        ({"type": "string"}, "jsonb"),
        ({"type": "string"}, "text; drop table x"),
        ({"type": "string"}, "integer"),
        ({"type": "integer"}, "numeric(20,2)"),
        ({"type": "number"}, "numeric(0)"),
        ({"type": "number"}, "numeric(1001)"),
        ({"type": "number"}, "numeric(2,3)"),
        ({"type": "number"}, "numeric(5,-2)"),
        ({"type": "array"}, "text[]"),
        ({"type": "array", "items": {"type": "integer"}}, "text[]"),
        ({"type": "array", "items": {"type": ["string", "null"]}}, "text[]"),
        ({"type": "array", "items": {"type": "number"}}, "vector(0)"),
        ({"type": "array", "items": {"type": "number"}}, "vector(16001)"),
        ({"type": "array", "items": {"type": "string"}}, "vector(3)"),
        ({"type": ["string", "integer"]}, "text"),
        ({}, "text"),
    ],
)
def test_type_that_cannot_hold_the_property_is_refused(schema: Any, stated: str) -> None:
    assert property_faults({**schema, "x-bss": {"type": stated}}) == [("WRONG_TYPE", "/x-bss/type")]


def test_type_that_is_refused_is_answered_with_those_that_would_do() -> None:
    array = {"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text"}}
    (found,) = diagnosed(entity({"value": array}))
    assert found.hint == "Use one of text[], uuid[], vector(n), or leave the key out."
    (found,) = diagnosed(entity({"value": {"type": "boolean", "x-bss": {"type": "text"}}}))
    assert found.detail == "The property is of JSON type boolean."
    assert found.hint == "Use one of boolean, jsonb, or leave the key out."


def test_type_that_does_not_enforce_the_format_is_refused() -> None:
    schema = {"type": "string", "format": "date", "x-bss": {"type": "text"}}
    assert property_faults(schema) == [("CONFLICTING_KEYWORDS", "/format")]


def test_type_without_its_modifier_is_what_constants_are_cast_to() -> None:
    assert ColumnType(sql="numeric(12,2)", json="number").base == "numeric"
    assert ColumnType(sql="text", json="string").is_text
    assert not ColumnType(sql="text[]", json="array").is_text


@pytest.mark.parametrize(
    ("value", "type_"),
    [
        (None, "null"), (True, "boolean"), ("", "string"), (1, "integer"), ({}, "object"),
        ([], "array"),
    ],
)  # fmt: skip
def test_type_of_a_json_value(value: Any, type_: str) -> None:
    assert json_type_of(value) == type_


def test_type_of_the_elements_is_all_that_is_said_of_those_of_a_vector() -> None:
    def vector(**items: Any) -> Any:
        return {
            "type": "array",
            "items": {"type": "number", "description": "A part", **items},
            "x-bss": {"type": "vector(3)"},
        }

    assert property_faults(vector()) == []
    assert property_faults(vector(minimum=3)) == [("NOT_ENFORCEABLE", "/items/minimum")]
    unique = {**vector(), "uniqueItems": True, "const": [1, 2, 3]}
    assert sorted(property_faults(unique)) == [
        ("NOT_ENFORCEABLE", "/const"), ("NOT_ENFORCEABLE", "/uniqueItems"),
    ]  # fmt: skip


def test_type_vector_has_its_number_of_elements_in_itself() -> None:
    vector = {
        "type": "array", "items": {"type": "number"}, "minItems": 3, "x-bss": {"type": "vector(3)"},
    }  # fmt: skip
    assert property_faults(vector) == [("CONFLICTING_KEYWORDS", "")]


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "string"}, "minimum"),
        ({"type": "string"}, "items"),
        ({"type": "integer"}, "maxLength"),
        ({"type": "number"}, "pattern"),
        ({"type": "boolean"}, "multipleOf"),
        ({"type": "boolean"}, "required"),
        ({"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}}, "maxLength"),
    ],
)
def test_type_that_a_keyword_says_nothing_about_is_worth_a_warning(
    schema: Any, keyword: str
) -> None:
    value = {"pattern": "a", "items": {"type": "string"}, "required": ["a"]}.get(keyword, 1)
    (found,) = diagnosed(entity({"value": {**schema, keyword: value}}))
    assert (found.code.name, found.severity) == ("CONFLICTING_KEYWORDS", "warning")
    assert found.pointer == f"/properties/value/{keyword}"


def test_type_of_an_entity_is_object() -> None:
    document = {"$defs": {"Item": {"type": "string", "x-bss": {"entity": True}}}}
    assert faults(document) == [("WRONG_TYPE", "/$defs/Item/type")]
    assert faults({**entity({}), "type": ["object"]}) == [("NO_ENTITY", "")]
