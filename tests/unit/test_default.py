from typing import Any

import pytest

from tests.unit.compiling import (
    column,
    diagnosed,
    entity,
    faults,
    model_document,
    object_schema,
    property_faults,
)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "default": "it's"}, "'it''s'::text"),
        ({"type": "integer", "default": 0}, "'0'::bigint"),
        ({"type": "number", "default": 1.5, "minimum": 1}, "1.5"),
        ({"type": "boolean", "default": False}, "false"),
        ({"type": "string", "format": "date", "default": "2024-02-29"}, "'2024-02-29'::date"),
        ({"type": "object", "default": {}}, "'{}'::jsonb"),
        ({"type": ["string", "null"], "default": None}, None),
        ({"type": "string"}, None),
        ({"default": [1, {"a": None}]}, """'[1, {"a": null}]'::jsonb"""),
        ({"enum": ["a", "b"], "default": "b"}, "'b'::text"),
        ({"type": "number", "multipleOf": 0.1, "default": 0.3}, "0.3"),
        ({"type": "integer", "default": 5.0, "enum": [5]}, "'5'::bigint"),
    ],
)
def test_default_is_that_of_the_column(schema: Any, expected: str | None) -> None:
    assert column(schema).default == expected


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "string", "default": None}, "null is not among the types of the property"),
        ({"type": "string", "default": 1}, "it is not a string"),
        (
            {"type": "integer", "format": "int32", "default": 2**31},
            "it is out of the range of integer",
        ),
        (
            {"type": "string", "format": "date", "default": "today"},
            "it is not a full date, as RFC 3339 has it",
        ),
        ({"type": "string", "maxLength": 2, "default": "abc"}, 'keyword "maxLength" refuses it'),
        ({"type": "integer", "minimum": 1, "default": 0}, 'keyword "minimum" refuses it'),
        ({"type": "number", "multipleOf": 0.1, "default": 0.25}, 'keyword "multipleOf" refuses it'),
        ({"type": "number", "enum": [1, 2.5], "default": 2}, 'keyword "enum" refuses it'),
        ({"const": "a", "default": "b"}, 'keyword "const" refuses it'),
        ({"type": "object", "default": []}, 'keyword "type" refuses it'),
        ({"type": "object", "required": ["a"], "default": {}}, 'keyword "required" refuses it'),
        (
            {
                "type": "object",
                "properties": {"pattern": {"type": "string"}},
                "default": {"pattern": 1},
            },
            'keyword "type" refuses it',
        ),
        ({"type": "array", "items": False, "default": [1]}, 'keyword "items" refuses it'),
        (
            {"type": "number", "x-bss": {"type": "numeric(3,2)"}, "default": 10},
            "it does not fit numeric(3,2)",
        ),
    ],
)
def test_default_that_its_property_refuses_is_refused(schema: Any, reason: str) -> None:
    (found,) = diagnosed(entity({"value": schema}))
    assert (found.code.name, found.pointer) == ("INVALID_DEFAULT", "/properties/value/default")
    assert found.detail == f"As a value of the property, {reason}."


def test_default_is_held_against_what_references_lead_to() -> None:
    value = {"type": "array", "items": {"$ref": "#/$defs/Tag"}, "default": ["a", "abcd"]}
    document = entity({"value": value}, **{"$defs": {"Tag": {"type": "string", "maxLength": 3}}})
    assert faults(document) == [("INVALID_DEFAULT", "/properties/value/default")]
    value["default"] = ["a", "abc"]
    assert faults(document) == []


def test_default_is_held_against_its_property_whatever_is_said_elsewhere() -> None:
    wrong = {"type": "string", "enum": ["a"], "default": "b"}
    document = model_document(
        A=object_schema({"id": {"type": "string", "minimum": 1}}),
        B=object_schema({"id": {"type": "string"}, "x": {"type": "string", "minimun": 1}}),
        C=object_schema({"id": {"type": "string"}, "value": wrong}),
    )
    assert faults(document) == [
        ("UNKNOWN_KEYWORD", "/$defs/B/properties/x/minimun"),
        ("CONFLICTING_KEYWORDS", "/$defs/A/properties/id/minimum"),
        ("INVALID_DEFAULT", "/$defs/C/properties/value/default"),
    ]


def test_default_is_not_held_against_a_schema_that_has_faults() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/No"}}, "default": {"a": 1}}
    assert property_faults(schema) == [("UNRESOLVED_REFERENCE", "/properties/a/$ref")]


def test_default_of_any_size_is_divided_exactly() -> None:
    text = (
        '{"title": "Item", "type": "object", "properties": {"id": {"type": "string"}, '
        '"value": {"type": "number", "multipleOf": 1e-900, "default": 1e900}}}'
    )
    assert faults(text) == []
