from typing import Any

import pytest

from tests.unit.compiling import (
    UUID,
    checks,
    diagnosed,
    entity,
    faults,
    lowered,
    property_faults,
    table,
)

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
DOUBLE = {"type": "number", "format": "double"}
TAGS = {"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({**STRING, "minLength": 1}, {"min_length": "(char_length(value) >= 1)"}),
        ({**STRING, "maxLength": 3.0}, {"max_length": "(char_length(value) <= 3)"}),
        ({**STRING, "maxLength": 2**53}, {"max_length": "(char_length(value) <= 2147483647)"}),
        ({**STRING, "pattern": "^[a-z]$"}, {"pattern": "(value ~ '^[a-z]$'::text)"}),
        ({**STRING, "const": "a"}, {"const": "(value = 'a'::text)"}),
        (
            {**STRING, "enum": ["a", None, "b", "a"]},
            {"enum": "(value = ANY (ARRAY['a'::text, 'b'::text]))"},
        ),
        ({**INTEGER, "minimum": 0}, {"minimum": "(value >= '0'::bigint)"}),
        ({**INTEGER, "maximum": 9.5}, {"maximum": "(value <= '9'::bigint)"}),
        ({**INTEGER, "maximum": -9.5}, {"maximum": "(value <= '-10'::bigint)"}),
        ({**INTEGER, "minimum": 0.5}, {"minimum": "(value >= '1'::bigint)"}),
        ({**INTEGER, "minimum": -0.5}, {"minimum": "(value >= '0'::bigint)"}),
        (
            {**INTEGER, "exclusiveMinimum": -0.5},
            {"exclusive_minimum": "(value > '-1'::bigint)"},
        ),
        ({**INTEGER, "exclusiveMinimum": 0.5}, {"exclusive_minimum": "(value > '0'::bigint)"}),
        (
            {**INTEGER, "exclusiveMaximum": 10.5},
            {"exclusive_maximum": "(value < '11'::bigint)"},
        ),
        (
            {**INTEGER, "exclusiveMaximum": -10.5},
            {"exclusive_maximum": "(value < '-10'::bigint)"},
        ),
        (
            {**INTEGER, "multipleOf": 2},
            {"multiple_of": "((value % '2'::bigint) = '0'::bigint)"},
        ),
        (
            {**INTEGER, "multipleOf": 0.5},
            {"multiple_of": "(((value)::numeric % 0.5) = '0'::numeric)"},
        ),
        (
            {**INTEGER, "format": "int32", "multipleOf": 7},
            {"multiple_of": "((value % 7) = 0)"},
        ),
        (
            {**INTEGER, "maximum": 2**64},
            {
                "maximum": "(value <= '18446744073709551616'::numeric)",
                "type": "(value = trunc(value))",
            },
        ),
        ({**NUMBER, "minimum": -1.5}, {"minimum": "(value >= '-1.5'::numeric)"}),
        ({**NUMBER, "multipleOf": 0.01}, {"multiple_of": "((value % 0.01) = '0'::numeric)"}),
        (
            {**DOUBLE, "multipleOf": 3},
            {"multiple_of": "(((value)::numeric % '3'::numeric) = '0'::numeric)"},
        ),
        ({**DOUBLE, "maximum": 0.1}, {"maximum": "(value <= '0.1'::double precision)"}),
        (
            {**NUMBER, "x-bss": {"type": "numeric(3,2)"}, "maximum": 1000, "multipleOf": 0.005},
            {
                "maximum": "(value <= '1000'::numeric)",
                "multiple_of": "((value % 0.005) = '0'::numeric)",
            },
        ),
        ({"type": "boolean", "const": False}, {"const": "(value = false)"}),
        (
            {**STRING, "format": "ipv4"},
            {"format": "((family(value) = 4) AND (masklen(value) = 32))"},
        ),
        (
            {**STRING, "format": "ipv6"},
            {"format": "((family(value) = 6) AND (masklen(value) = 128))"},
        ),
        (
            {**STRING, "format": "hostname", "maxLength": 5},
            {
                "format": "((value ~ '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
                "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$'::text) "
                "AND (value !~ '^.{254,}$'::text))",
                "max_length": "(char_length(value) <= 5)",
            },
        ),
        (
            {**STRING, "format": "json-pointer"},
            {"format": "(value ~ '^(?:/(?:[^~/]|~[01])*)*$'::text)"},
        ),
        (
            {**TAGS, "minItems": 1, "maxItems": 5},
            {
                "max_items": "(cardinality(value) <= 5)",
                "min_items": "(cardinality(value) >= 1)",
                "items": "((array_ndims(value) = 1) AND "
                "(array_position(value, NULL::text) IS NULL))",
            },
        ),
        ({**STRING, "format": "uuid"}, {}),
    ],
)
def test_constraint_is_a_check_in_the_server_s_spelling(
    schema: Any, expected: dict[str, str]
) -> None:
    assert checks(schema) == expected


def test_constraint_points_to_its_keyword() -> None:
    constraints = table(entity({"value": {**STRING, "maxLength": 1}})).constraints
    assert [(item.name, item.pointer) for item in constraints] == [
        ("items_pkey", ""),
        ("items_tenant_id_check", None),
        ("items_value_max_length_check", "/properties/value/maxLength"),
    ]


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({**STRING, "enum": ["a", 1]}, "/enum/1"),
        ({**STRING, "const": 1}, "/const"),
        ({**STRING, "const": None}, "/const"),
        ({**INTEGER, "enum": [1.5]}, "/enum/0"),
        ({**INTEGER, "format": "int32", "maximum": 2**31}, "/maximum"),
        ({**UUID, "enum": ["not-a-uuid"]}, "/enum/0"),
        ({**NUMBER, "x-bss": {"type": "numeric(3,2)"}, "const": 10}, "/const"),
    ],
)
def test_constraint_with_a_value_of_another_type_is_refused(schema: Any, pointer: str) -> None:
    assert property_faults(schema) == [("VALUE_OUT_OF_TYPE", pointer)]


@pytest.mark.parametrize("values", [[], [None]])
def test_constraint_that_leaves_no_value_is_refused(values: list[None]) -> None:
    assert property_faults({"type": ["string", "null"], "enum": values}) == [
        ("UNSATISFIABLE", "/enum")
    ]


def test_constraint_with_too_many_values_is_refused() -> None:
    document = entity({"value": {**INTEGER, "enum": [1, 2, 3]}})
    assert faults(document, enum_values=3) == []
    assert faults(document, enum_values=2) == [("TOO_MANY", "/properties/value/enum")]


@pytest.mark.parametrize("keyword", ["minLength", "maxLength", "pattern"])
@pytest.mark.parametrize("format_", ["uuid", "date", "ipv4"])
def test_constraint_on_characters_that_the_column_does_not_keep_is_refused(
    keyword: str, format_: str
) -> None:
    value = "^a" if keyword == "pattern" else 1
    assert property_faults({**STRING, "format": format_, keyword: value}) == [
        ("CONFLICTING_KEYWORDS", f"/{keyword}")
    ]


def test_constraint_of_a_pattern_that_cannot_be_translated_says_where() -> None:
    (found,) = diagnosed(entity({"value": {**STRING, "pattern": r"^(a)\1$"}}))
    assert found.pointer == "/properties/value/pattern"
    assert (found.detail or "").startswith("At character ")


def test_constraint_of_a_pattern_is_probed_with_the_default() -> None:
    schema = {**STRING, "pattern": "^a", "default": "b"}
    (probe,) = lowered(entity({"value": schema})).probes
    assert (probe.pointer, probe.pattern) == ("/properties/value/pattern", "^a")
    assert (probe.value, probe.value_pointer) == ("b", "/properties/value/default")


def test_constraint_of_a_pattern_is_probed_alone_where_there_is_no_default() -> None:
    (probe,) = lowered(entity({"value": {**STRING, "pattern": "^a"}})).probes
    assert (probe.value, probe.value_pointer) == (None, None)


def test_constraint_of_a_pattern_that_is_too_long_is_refused() -> None:
    document = entity({"value": {**STRING, "pattern": "aaaa"}})
    assert faults(document, pattern_length=4) == []
    assert faults(document, pattern_length=3) == [
        ("PATTERN_NOT_TRANSLATABLE", "/properties/value/pattern")
    ]


def test_constraint_bounds_of_any_size_are_kept_to_the_last_digit() -> None:
    digits = "1234567890" * 5
    document = (
        '{"title": "Item", "type": "object", "properties": {"id": {"type": "string"}, '
        f'"value": {{"type": "integer", "maximum": {digits}.5, "minimum": -{digits}.5}}}}}}'
    )
    expressions = [getattr(item, "expression", "") for item in table(document).constraints]
    assert f"(value <= '{digits}'::numeric)" in expressions
    assert f"(value >= '-{digits}'::numeric)" in expressions
