"""The columns that an entity has from other schemas than its own."""

from typing import Any

import pytest

from bss_compiler.model import Check
from tests.unit.compiling import (
    UUID,
    compiled,
    entity,
    faults,
    model_document,
    object_schema,
    parts,
    table,
)

STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def column_types(document: Any, name: str | None = None) -> dict[str, str]:
    added = ("tenant_id", "id", "created_at", "updated_at")
    return {
        item.name: item.type for item in table(document, name).columns if item.name not in added
    }


def test_columns_come_from_what_is_applied_for_certain() -> None:
    base = object_schema(
        {"a": {**STRING, "maxLength": 5}, "n": INTEGER}, required=["a"], **{"$ref": "#/$defs/Deep"}
    )
    deep = {"properties": {"deep": {"type": "boolean"}}, "required": ["deep"]}
    own = {"a": {"title": "Its own title"}, "n": {"minimum": 1}}
    document = entity(
        own, allOf=[{"$ref": "#/$defs/Base"}], **{"$defs": {"Base": base, "Deep": deep}}
    )
    assert column_types(document) == {"a": "text", "n": "bigint", "deep": "boolean"}
    found = table(document)
    assert {item.name for item in found.columns if not item.nullable} >= {"a", "deep"}
    assert {item.name for item in parts(found.constraints, Check)} == {
        "items_tenant_id_check", "items_a_max_length_check", "items_n_minimum_check",
    }  # fmt: skip


def test_declaration_that_one_column_cannot_have_as_well_is_checked_apart() -> None:
    document = entity(
        {"a": {**STRING, "maxLength": 5}, "j": {"type": "object"}},
        allOf=[{"properties": {"a": {"maxLength": 3}, "j": {"required": ["x"]}}}],
    )
    assert {item.name: item.expression for item in parts(table(document).constraints, Check)} | {
        "items_tenant_id_check": ""
    } == {
        "items_tenant_id_check": "",
        "items_a_max_length_check": "(char_length(a) <= 5)",
        "items_j_value_check": (
            "((j IS NULL) OR ((j @@ 'strict ($.type() == \"object\")'::jsonpath) IS TRUE))"
        ),
        "items_all_of_check": (
            "(((a IS NULL) OR (char_length(a) <= 3)) AND ((j IS NULL) OR ((j @@ 'strict "
            '(!($.type() == "object") || exists ($?(exists (@."x"))))\'::jsonpath) IS TRUE)))'
        ),
    }


@pytest.mark.parametrize(
    ("schemas", "expected"),
    [
        ([STRING], "text"),
        ([{"type": "string", "format": "email"}, STRING], "text"),
        ([UUID, {"const": "x"}], "text"),
        ([UUID, {**UUID, "title": "T"}], "uuid"),
        ([INTEGER, {"type": "integer", "format": "int32"}], "bigint"),
        ([INTEGER, {"minimum": 2**70, "type": "integer"}], "numeric"),
        ([INTEGER, {"type": "number", "format": "double"}], "numeric"),
        ([INTEGER, STRING], "jsonb"),
        ([{"type": "object"}, {"type": "array"}], "jsonb"),
        ([{}, {"enum": [True]}], "boolean"),
        ([{"anyOf": [STRING, INTEGER]}], "jsonb"),
        ([False, STRING], "text"),
    ],
)
def test_column_of_branches_is_as_wide_as_they_need(schemas: list[Any], expected: str) -> None:
    document = entity({}, anyOf=[{"properties": {"x": schema}} for schema in schemas])
    result, diagnostics = compiled(document)
    assert [item for item in diagnostics if item.severity == "error"] == []
    assert result is not None
    assert result.model.tables[0].columns[2].type == expected


def test_column_of_branches_may_be_null_unless_it_is_required() -> None:
    branches = [{"properties": {"x": {"type": ["string", "null"]}, "y": STRING, "z": STRING}}]
    document = entity({}, anyOf=branches, required=["x", "y"])
    assert {item.name for item in table(document).columns if item.nullable} == {"x", "z"}


def test_column_of_branches_takes_its_options_from_one_of_them() -> None:
    named = {**STRING, "x-bss": {"column": "The X", "index": True}}
    document = entity({}, anyOf=[{"properties": {"x": STRING}}, {"properties": {"x": named}}])
    assert column_types(document) == {"The X": "text"}
    document = {**document, "anyOf": [*document["anyOf"], {"properties": {"x": named}}]}
    assert faults(document) == [
        ("CONFLICTING_KEYWORDS", "/anyOf/2/properties/x/x-bss"),
        ("UNKNOWN_KEYWORD", "/anyOf/2/properties/x/x-bss/column"),
        ("UNKNOWN_KEYWORD", "/anyOf/2/properties/x/x-bss/index"),
    ]


def test_column_of_a_branch_can_refer_to_an_entity() -> None:
    branch = {"properties": {"owner": {"$ref": "#/$defs/Owner"}}, "required": ["owner"]}
    document = model_document(
        Item=entity({"kind": STRING}, anyOf=[branch, {"required": ["kind"]}]),
        Owner=object_schema({"owner_id": UUID}),
    )
    assert column_types(document, "items") == {"kind": "text", "owner_id": "uuid"}
    checks = parts(table(document, "items").constraints, Check)
    assert {item.expression for item in checks if item.keyword == "anyOf"} == {
        "((owner_id IS NOT NULL) OR (kind IS NOT NULL))"
    }


def test_branch_that_declares_no_type_makes_no_column() -> None:
    branch = {"properties": {"x": {"maxLength": 3}}}
    assert faults(entity({}, anyOf=[branch, {"required": ["x"]}])) == [
        ("UNKNOWN_PROPERTY", "/anyOf/0/properties/x")
    ]


def test_entity_may_have_all_its_columns_from_elsewhere() -> None:
    document = {
        "title": "Item",
        "type": "object",
        "allOf": [{"$ref": "#/$defs/Base"}],
        "$defs": {"Base": {"properties": {"id": INTEGER, "a": STRING}}},
    }
    assert column_types(document) == {"a": "text"}


def test_property_that_additional_properties_forbids_is_refused() -> None:
    document = entity({}, allOf=[{"properties": {"a": STRING}}], additionalProperties=False)
    assert faults(document) == [("UNSATISFIABLE", "/additionalProperties")]
    del document["additionalProperties"]
    assert faults({**document, "unevaluatedProperties": False}) == []
