from typing import Any

import pytest

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits, read_document
from bss_compiler.document.limits import read_limits
from tests.unit.compiling import (
    UUID,
    compiled,
    diagnosed,
    entity,
    faults,
    model,
    model_document,
    object_schema,
)

CUSTOMER = object_schema({"customer_id": UUID})


def names(document: Any) -> list[str]:
    return [item.name for item in model(document).tables]


def test_document_with_a_title_and_properties_is_an_entity() -> None:
    assert names({"title": "Invoice", **object_schema({"amount": {"type": "number"}})}) == [
        "invoices"
    ]


def test_document_with_entities_in_its_definitions_is_a_model() -> None:
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://example.com/models/shop",
        "$comment": "a note",
        "title": "Shop",
        "description": "What there is",
        "$defs": {
            "Customer": {
                **CUSTOMER,
                "properties": {**CUSTOMER["properties"], "home": {"$ref": "#/$defs/Address"}},
            },
            "ById": object_schema({"id": UUID}),
            "OrderLine": object_schema({"orderLineId": UUID}),
            "Address": object_schema({"street": {"type": "string"}}),
            "Code": {"type": "string"},
            "Marked": object_schema({"a": {}}, **{"x-bss": {"entity": True}}),
            "Unmarked": object_schema({"id": UUID}, **{"x-bss": {"entity": False}}),
        },
    }
    assert names(document) == ["customers", "by_ids", "order_lines", "markeds"]


def test_document_warns_of_a_definition_that_becomes_nothing() -> None:
    """What was meant as an entity, but has no key and no mark, would be left out in silence."""
    lost = object_schema({"street": {"type": "string"}})
    document = {"$defs": {"Customer": CUSTOMER, "Address": lost}}
    assert [(item.severity, item.code, item.pointer) for item in diagnosed(document)] == [
        ("warning", Code.NO_ENTITY, "/$defs/Address")
    ]
    found, _ = compiled(document)
    assert found is not None
    assert [item.name for item in found.model.tables] == ["customers"]


def test_document_refuses_what_is_said_of_an_entity_where_there_is_none() -> None:
    lost = object_schema({"street": {"type": "string"}}, **{"x-bss": {"table": "places"}})
    assert faults({"$defs": {"Customer": CUSTOMER, "Address": lost}}) == [
        ("NO_ENTITY", "/$defs/Address")
    ]


def test_document_may_say_that_its_root_is_an_entity_beside_others() -> None:
    document = entity({}, title="Order", **{"$defs": {"Customer": CUSTOMER}})
    assert faults(document) == [
        ("CONFLICTING_KEYWORDS", "/type"),
        ("CONFLICTING_KEYWORDS", "/properties"),
    ]
    assert names({**document, "x-bss": {"entity": True}}) == ["orders", "customers"]


def test_document_is_an_entity_although_its_definitions_have_value_types() -> None:
    document = entity(
        {"to": {"$ref": "#/$defs/Address"}}, **{"$defs": {"Address": object_schema({})}}
    )
    assert names(document) == ["items"]


@pytest.mark.parametrize(
    ("document", "hint"),
    [
        ({}, 'Add "<entity>_id" or "id" to the properties, or set "x-bss": {"entity": true}.'),
        ({"$defs": {"A": {"type": "object"}}}, None),
        (
            {"title": "Name", "type": "string"},
            'Add "<entity>_id" or "id" to the properties, or set "x-bss": {"entity": true}. '
            "To keep its values whole, make it the schema of a property of an entity.",
        ),
        ({"title": "Empty", "type": "object", "properties": {}}, None),
        (object_schema({"id": UUID}), 'Give the root a "title".'),
    ],
)
def test_document_without_an_entity_is_refused(document: Any, hint: str | None) -> None:
    (found,) = diagnosed(document)
    assert (found.code.name, found.pointer) == ("NO_ENTITY", "")
    assert hint is None or found.hint == hint


@pytest.mark.parametrize("document", ["[]", "true", '"text"', "7", "null"])
def test_document_that_is_no_object_is_refused(document: str) -> None:
    assert faults(document) == [("WRONG_SHAPE", "")]


def test_document_of_another_draft_is_refused() -> None:
    for draft, expected in {
        "http://json-schema.org/draft-03/schema#": [("WRONG_SHAPE", "/$schema")],
        "http://json-schema.org/draft-07/schema#": [],
        "https://json-schema.org/draft/2020-12/schema#": [],
    }.items():
        assert faults(entity({}, **{"$schema": draft})) == expected


def test_document_of_too_many_entities_is_refused() -> None:
    document = model_document(**{f"E{number}": object_schema({"id": UUID}) for number in range(3)})
    assert faults(document, entities=3) == []
    assert faults(document, entities=2) == [("TOO_MANY", "/$defs")]


def test_document_of_too_many_schemas_is_refused_once() -> None:
    document = entity({"a": {}, "b": {}, "c": {}})
    assert faults(document, schema_nodes=5) == []
    assert faults(document, schema_nodes=3) == [("TOO_MANY", "/properties/b")]


def test_document_knows_its_entities_by_their_pointers() -> None:
    text = '{"$defs": {"A/B": {"type": "object", "properties": {"id": {}}}}}'
    document = read_document(text, Limits(), Findings())
    assert document is not None
    assert {pointer: item.name for pointer, item in document.by_pointer.items()} == {
        "/$defs/A~1B": "A/B"
    }


def test_limits_are_read_from_the_settings_that_are_limits() -> None:
    assert read_limits({"depth": 7, "something_else": 1}) == Limits(depth=7)
    assert read_limits({}) == Limits()
