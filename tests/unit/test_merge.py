import json
from typing import Any

import pytest

from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.merge import merge
from tests.unit.compiling import UUID, entity, faults, model_document, object_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DRAFT_07 = "http://json-schema.org/draft-07/schema#"
DRAFT_04 = "http://json-schema.org/draft-04/schema#"


def merged(model: Any, entity_document: Any) -> tuple[Any, str]:
    findings = Findings()
    text = None if model is None else json.dumps(model)
    result = merge(text, json.dumps(entity_document), Limits(), findings)
    assert findings.diagnostics == []
    assert result is not None
    return json.loads(result[0]), result[1]


def test_merge_makes_a_model_of_the_first_entity() -> None:
    document, pointer = merged(None, {"$schema": DRAFT, **entity({})})
    assert document == {
        "$schema": DRAFT,
        "$defs": {"Item": {**entity({}), "x-bss": {"entity": True}}},
    }
    assert pointer == "/$defs/Item"


def test_merge_adds_an_entity_to_a_model_and_replaces_it() -> None:
    before = {**model_document(Other=object_schema({"id": UUID})), "title": "Shop"}
    document, _ = merged(before, entity({}))
    assert list(document["$defs"]) == ["Other", "Item"]
    assert document["title"] == "Shop"
    again, _ = merged(document, entity({"a": {"type": "string"}}))
    assert list(again["$defs"]) == ["Other", "Item"]
    assert list(again["$defs"]["Item"]["properties"]) == ["id", "a"]


def test_merge_turns_an_entity_document_in_force_into_a_member() -> None:
    document, _ = merged({"$schema": DRAFT, **entity({})}, entity({}, title="Other"))
    assert list(document) == ["$schema", "$defs"]
    assert list(document["$defs"]) == ["Item", "Other"]
    assert faults(document) == []


def test_merge_into_a_model_without_definitions_makes_them() -> None:
    document, _ = merged({"title": "Empty"}, entity({}))
    assert list(document["$defs"]) == ["Item"]


def test_merge_keeps_what_the_entity_says_of_itself() -> None:
    stated = entity({}, **{"x-bss": {"table": "things", "entity": True}})
    document, _ = merged(None, stated)
    assert document["$defs"]["Item"]["x-bss"] == {"entity": True, "table": "things"}
    document, _ = merged(None, {**entity({}), "x-bss": "wrong"})
    assert document["$defs"]["Item"]["x-bss"] == "wrong"


@pytest.mark.parametrize(
    "properties",
    [
        {"parent": {"$ref": "#"}},
        {"list": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/Part"}]}}},
    ],
)
def test_merge_gives_an_entity_that_refers_to_itself_a_name(properties: Any) -> None:
    document, _ = merged(None, entity(properties, title="Ö"))
    assert document["$defs"]["Ö"]["$id"] == "urn:bss:entity:c396"


def test_merge_gives_no_name_to_an_entity_that_has_one_or_needs_none() -> None:
    named = entity({"parent": {"$ref": "#"}}, **{"$id": "https://example.com/item"})
    document, _ = merged(None, named)
    assert document["$defs"]["Item"]["$id"] == "https://example.com/item"
    document, _ = merged(None, entity({"other": {"$ref": "other.json"}}))
    assert "$id" not in document["$defs"]["Item"]


def test_merge_points_to_an_entity_of_any_name() -> None:
    assert merged(None, entity({}, title="a/b~c"))[1] == "/$defs/a~1b~0c"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("[]", "NO_ENTITY"),
        ('{"title": "Item"}', "NO_ENTITY"),
        ('{"title": 1, "properties": {}}', "NO_ENTITY"),
        ('{"properties": {}}', "NO_ENTITY"),
        ('{"$defs": {"Item": {}}}', "NO_ENTITY"),
        ("{", "NOT_JSON"),
    ],
)
def test_merge_refuses_what_is_no_entity(document: str, code: str) -> None:
    findings = Findings()
    assert merge(None, document, Limits(), findings) is None
    assert [item.code.name for item in findings.diagnostics] == [code]


def test_merge_keeps_the_draft_that_an_entity_is_written_for() -> None:
    older = {"$schema": DRAFT_07, **entity({"pair": {"items": [{"type": "string"}]}})}
    document, _ = merged(None, older)
    assert document["$schema"] == DRAFT
    assert document["$defs"]["Item"]["$schema"] == DRAFT_07
    assert faults(document) == []
    again, _ = merged(document, entity({}, title="Other"))
    assert "$schema" not in again["$defs"]["Other"]
    turned, _ = merged(older, entity({}, title="Other"))
    assert turned["$defs"]["Item"]["$schema"] == DRAFT_07


def test_merge_adds_an_entity_to_a_model_of_an_older_draft() -> None:
    item = object_schema({"id": UUID})
    model = {"$schema": DRAFT_07, "definitions": {"Item": item}}
    document, pointer = merged(model, entity({}, title="Other"))
    assert (document["$defs"]["Other"]["$schema"], pointer) == (DRAFT, "/$defs/Other")
    document, pointer = merged(model, {"$schema": DRAFT_07, **entity({"a": {}})})
    assert pointer == "/definitions/Item"
    assert "$schema" not in document["definitions"]["Item"]
    assert list(document["definitions"]["Item"]["properties"]) == ["id", "a"]
    assert faults(document) == []


def test_merge_names_an_entity_of_draft_04_as_that_draft_does() -> None:
    document, _ = merged(None, {"$schema": DRAFT_04, **entity({"parent": {"$ref": "#"}})})
    assert document["$defs"]["Item"]["id"] == "urn:bss:entity:4974656d"
    assert "$id" not in document["$defs"]["Item"]


def test_merge_refuses_an_entity_of_another_draft_at_the_root() -> None:
    root = {"$schema": DRAFT_07, **entity({}), "x-bss": {"entity": True}, "definitions": {"A": {}}}
    document, pointer = merged(root, {"$schema": DRAFT_07, **entity({"a": {}})})
    assert (list(document["definitions"]), pointer) == (["A"], "")
    findings = Findings()
    assert merge(json.dumps(root), json.dumps(entity({})), Limits(), findings) is None
    (found,) = findings.diagnostics
    assert (found.code.name, found.pointer) == ("CONFLICTING_KEYWORDS", "/$schema")


def test_merge_leaves_a_dialect_that_is_not_known_to_be_refused() -> None:
    document, _ = merged(None, {"$schema": "urn:mine", **entity({})})
    assert faults(document)[0] == ("WRONG_SHAPE", "/$defs/Item/$schema")
