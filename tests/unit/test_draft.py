from typing import Any

import pytest

from bss_compiler.document.draft import REWRITES, Draft, draft_of, older_form
from tests.unit.compiling import (
    checks,
    diagnosed,
    entity,
    faults,
    model,
    object_schema,
    property_faults,
)

DRAFT_04, DRAFT_06, DRAFT_07 = (f"http://json-schema.org/draft-0{n}/schema#" for n in (4, 6, 7))
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


@pytest.mark.parametrize(
    ("uri", "draft"),
    [
        (DRAFT_04, Draft.DRAFT_04),
        (DRAFT_06, Draft.DRAFT_06),
        (DRAFT_07, Draft.DRAFT_07),
        ("https://json-schema.org/draft-07/schema", Draft.DRAFT_07),
        (DRAFT_2019, Draft.DRAFT_2019_09),
        ("http://json-schema.org/2019-09/schema#", Draft.DRAFT_2019_09),
        ("https://json-schema.org/draft/2020-12/schema", Draft.DRAFT_2020_12),
        ("https://json-schema.org/draft/2020-12/schema#", Draft.DRAFT_2020_12),
        ("http://json-schema.org/draft-03/schema#", None),
        ("http://json-schema.org/schema#", None),
        ("http://json-schema.org/draft-07/schema#/definitions", None),
        ("https://example.com/draft-07/schema#", None),
        ("", None),
    ],
)
def test_draft_is_known_by_its_meta_schema(uri: str, draft: Draft | None) -> None:
    assert draft_of(uri) is draft


@pytest.mark.parametrize("draft", Draft)
def test_draft_is_named_by_the_uri_that_it_is_known_by(draft: Draft) -> None:
    assert draft_of(draft.uri) is draft


@pytest.mark.parametrize(
    ("draft", "older", "newer"),
    [
        (
            DRAFT_04,
            {"type": "integer", "minimum": 3, "exclusiveMinimum": True, "maximum": 9},
            {"type": "integer", "exclusiveMinimum": 3, "maximum": 9},
        ),
        (
            DRAFT_04,
            {"type": "integer", "minimum": 3, "maximum": 9, "exclusiveMaximum": True},
            {"type": "integer", "minimum": 3, "exclusiveMaximum": 9},
        ),
        (
            DRAFT_04,
            {"type": "integer", "minimum": 3, "exclusiveMinimum": False},
            {"type": "integer", "minimum": 3},
        ),
        (DRAFT_04, {"type": "integer", "exclusiveMinimum": True}, {"type": "integer"}),
        (
            DRAFT_06,
            {"type": "integer", "exclusiveMinimum": 3},
            {"type": "integer", "exclusiveMinimum": 3},
        ),
        (
            DRAFT_07,
            {"type": "array", "items": [{"type": "string"}], "additionalItems": False},
            {"type": "array", "prefixItems": [{"type": "string"}], "items": False},
        ),
        (DRAFT_07, {"type": "array", "items": [], "additionalItems": False},
         {"type": "array", "items": False}),
        (DRAFT_07, {"type": "array", "items": {"type": "string"}, "additionalItems": False},
         {"type": "array", "items": {"type": "string"}}),
        (
            DRAFT_07,
            {"type": "object", "dependencies": {"a": ["b"], "c": {"required": ["d"]}}},
            {
                "type": "object",
                "dependentRequired": {"a": ["b"]},
                "dependentSchemas": {"c": {"required": ["d"]}},
            },
        ),
        (
            None,
            {"type": "object", "dependencies": {"a": ["b"]}},
            {"type": "object", "dependentRequired": {"a": ["b"]}},
        ),
    ],
)  # fmt: skip
def test_draft_is_read_as_the_newest(draft: str | None, older: Any, newer: Any) -> None:
    named = {} if draft is None else {"$schema": draft}
    assert model(entity({"value": older}, **named)) == model(entity({"value": newer}))


@pytest.mark.parametrize("draft", [None, DRAFT_04, DRAFT_06, DRAFT_07, DRAFT_2019])
def test_draft_has_its_definitions_where_it_keeps_them(draft: str | None) -> None:
    named = {} if draft is None else {"$schema": draft}
    for place in ("definitions", "$defs"):
        item = object_schema({"id": {}, "code": {"$ref": f"#/{place}/Code"}})
        code = {"type": "string", "maxLength": 3}
        (table,) = model({**named, place: {"Code": code, "Item": item}}).tables
        assert (table.name, table.pointer) == ("items", f"/{place}/Item")
        assert "items_code_max_length_check" in {item.name for item in table.constraints}


def test_draft_whose_definitions_stand_in_two_places_has_each_name_once() -> None:
    document = entity({}, definitions={"A": {}, "B": {}}, **{"$defs": {"A": {}, "C": {}}})
    assert faults(document) == [("CONFLICTING_KEYWORDS", "/$defs/A")]


@pytest.mark.parametrize(("draft", "keyword"), [(DRAFT_04, "id"), (DRAFT_06, "$id")])
def test_draft_names_schemas_and_places_by_identifiers(draft: str, keyword: str) -> None:
    definitions = {
        "Code": {keyword: "code.json", "type": "string", "maxLength": 3},
        "Place": {keyword: "#place", "type": "string", "maxLength": 5},
    }
    document = entity(
        {"code": {"$ref": "code.json"}, "place": {"$ref": "#place"}},
        **{"$schema": draft, keyword: "https://example.com/item.json", "definitions": definitions},
    )
    names = {item.name for item in model(document).tables[0].constraints}
    assert {"items_code_max_length_check", "items_place_max_length_check"} <= names


def test_draft_that_lets_references_stand_alone_warns_of_what_it_ignores() -> None:
    value = {"$ref": "#/definitions/Code", "maxLength": 2, "description": "A code", "default": "a"}
    document = entity({"value": value}, definitions={"Code": {"type": "string"}})
    assert faults(document) == []
    (found,) = diagnosed({"$schema": DRAFT_07, **document})
    assert (found.severity, found.pointer) == ("warning", "/properties/value/maxLength")
    assert found.message == 'keyword "maxLength" is ignored beside "$ref"'
    table = model({"$schema": DRAFT_2019, **document}).tables[0]
    assert "items_value_max_length_check" in {item.name for item in table.constraints}


@pytest.mark.parametrize(
    ("draft", "keyword", "value"),
    [
        (DRAFT_04, "const", 1),
        (DRAFT_04, "$id", "a"),
        (DRAFT_06, "if", {}),
        (DRAFT_07, "dependentRequired", {}),
        (DRAFT_07, "unevaluatedProperties", False),
        (DRAFT_2019, "prefixItems", [{}]),
        (DRAFT_2019, "$dynamicRef", "#"),
    ],
)
def test_draft_refuses_a_keyword_of_a_later_one(draft: str, keyword: str, value: Any) -> None:
    document = entity({"value": {"type": "object", keyword: value}}, **{"$schema": draft})
    (found,) = diagnosed(document)
    assert (found.code.name, found.pointer) == ("UNKNOWN_KEYWORD", f"/properties/value/{keyword}")
    assert found.hint is not None
    assert found.hint.startswith("It came with a later draft")


@pytest.mark.parametrize(
    ("keyword", "value", "code"),
    [
        ("items", [{}], "WRONG_SHAPE"),
        ("exclusiveMinimum", True, "WRONG_SHAPE"),
        ("additionalItems", False, "UNKNOWN_KEYWORD"),
        ("id", "a", "UNKNOWN_KEYWORD"),
        ("$recursiveRef", "#", "UNKNOWN_KEYWORD"),
    ],
)
def test_draft_says_how_the_form_of_an_older_one_is_written(
    keyword: str, value: Any, code: str
) -> None:
    found = diagnosed(entity({"value": {"type": "object", keyword: value}}))[0]
    assert (found.code.name, found.pointer) == (code, f"/properties/value/{keyword}")
    assert found.hint == older_form(keyword, value, Draft.DRAFT_2020_12)
    assert found.hint is not None


def test_draft_points_to_what_the_document_says() -> None:
    value = {"type": "integer", "minimum": "3", "exclusiveMinimum": True}
    assert faults(entity({"value": value}, **{"$schema": DRAFT_04})) == [
        ("WRONG_SHAPE", "/properties/value/minimum")
    ]
    value = {"type": "array", "items": [{"type": "strong"}], "additionalItems": 1}
    assert faults(entity({"value": value}, **{"$schema": DRAFT_07})) == [
        ("WRONG_SHAPE", "/properties/value/items/0/type"),
        ("WRONG_SHAPE", "/properties/value/additionalItems"),
    ]
    value = {"type": "object", "dependencies": {"a": 1}}
    assert faults(entity({"value": value}, **{"$schema": DRAFT_07})) == [
        ("WRONG_SHAPE", "/properties/value/dependencies/a")
    ]
    assert property_faults({"type": "object", "dependencies": 1}) == [
        ("WRONG_SHAPE", "/dependencies")
    ]


def test_draft_of_a_document_inside_another_is_its_own() -> None:
    published = {
        "$schema": DRAFT_07,
        "$ref": "#/definitions/Pair",
        "definitions": {
            "Pair": {"type": "array", "items": [{"type": "string"}, {"$ref": "#/definitions/Pair"}]}
        },
    }
    newer = {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "array", "maxItems": 0}],
    }
    document = entity({"value": published, "other": newer})
    assert ("WRONG_SHAPE", "/properties/value/definitions/Pair/items") not in faults(document)
    assert ("UNRESOLVED_REFERENCE", "/properties/value/$ref") not in faults(document)
    assert checks(newer)


def test_draft_of_another_vocabulary_is_refused_and_nothing_else_said() -> None:
    document = entity({"value": {"items": [{}], "unknown": 1}}, **{"$schema": "urn:mine"})
    (found,) = diagnosed(document)
    assert (found.code.name, found.pointer) == ("WRONG_SHAPE", "/$schema")
    assert found.hint is not None
    assert all(draft.uri in found.hint for draft in Draft)


def test_drafts_rewrite_each_keyword_once() -> None:
    for draft in Draft:
        names = [each.keyword for each in REWRITES if each.first <= draft <= each.last]
        assert len(set(names)) == len(names)
