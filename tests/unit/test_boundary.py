import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler.boundary import answer
from tests.unit.compiling import UUID, entity, model_document, object_schema

ITEM = json.dumps(entity({"name": {"type": "string", "pattern": "^a", "default": "a"}}))


def asked(verb: str, **request: Any) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(answer(verb, json.dumps(request)))
    return result


def test_boundary_checks_a_document() -> None:
    assert asked("check", document=ITEM, limits={}) == {
        "diagnostics": [],
        "probes": [
            {
                "pointer": "/properties/name/pattern",
                "pattern": "^a",
                "value": "a",
                "value_pointer": "/properties/name/default",
            }
        ],
    }


def test_boundary_gives_the_diagnostics_of_a_wrong_document() -> None:
    assert asked("check", document="{}") == {
        "diagnostics": [
            {
                "code": "SB013",
                "severity": "error",
                "pointer": "",
                "message": "document has no entity",
                "detail": "An entity is an object schema with properties: the root, if it has a "
                "title, or a member of $defs that has a key property.",
                "hint": 'Add "<entity>_id" or "id" to the properties, or set '
                '"x-bss": {"entity": true}.',
            }
        ],
        "probes": [],
    }


def test_boundary_gives_a_fault_that_several_properties_refer_to_once() -> None:
    reference = {"$ref": "#/$defs/Code"}
    document = entity(
        {"a": reference, "b": reference},
        **{"$defs": {"Code": {"type": "string", "pattern": "("}}},
    )
    found = asked("check", document=json.dumps(document))["diagnostics"]
    assert [item["pointer"] for item in found] == ["/$defs/Code/pattern"]


def test_boundary_keeps_to_the_limits_of_the_request() -> None:
    (found,) = asked("check", document=ITEM, limits={"document_bytes": 10})["diagnostics"]
    assert found["code"] == "SB001"


def test_boundary_plans_from_one_model_to_the_next() -> None:
    first = asked("plan", document=ITEM, base=None)
    assert first["steps"][0]["kind"] == "create_table"
    assert first["document"] == ITEM
    again = asked("plan", document=ITEM, base=first["model"])
    assert again["steps"] == []
    assert again["model"] == first["model"]
    assert first["steps"][-1] == {
        "kind": "create_trigger",
        "relation": "items",
        "origin": "items",
        "statement": "CREATE TRIGGER set_updated_at BEFORE UPDATE ON %1$I.items FOR EACH ROW "
        "EXECUTE FUNCTION bss_internal.set_updated_at()",
        "lock": "none",
        "blocks": [],
        "scans": False,
        "rewrites": False,
        "reversible": True,
        "hazards": [],
        "reason": "the table is new and nobody knows it yet",
    }


@pytest.mark.parametrize("document", ["{", '{"title": "Item", "type": "object"}'])
def test_boundary_plans_nothing_of_a_wrong_document(document: str) -> None:
    result = asked("plan", document=document, base=None)
    assert result.keys() == {"diagnostics", "probes"}
    assert len(result["diagnostics"]) == 1


def test_boundary_plans_nothing_of_a_change_that_is_refused() -> None:
    base = asked("plan", document=ITEM, base=None)["model"]
    changed = json.dumps(entity({"name": {"type": "string", "contentEncoding": "base64"}}))
    result = asked("plan", document=changed, base=base)
    assert result.keys() == {"diagnostics", "probes"}
    assert [item["code"] for item in result["diagnostics"]] == ["SB301"]


def test_boundary_plans_although_there_are_warnings() -> None:
    document = json.dumps(entity({"name": {"type": "string", "minimum": 1}}))
    result = asked("plan", document=document, base=None)
    assert [item["severity"] for item in result["diagnostics"]] == ["warning"]
    assert "steps" in result


def test_boundary_plans_one_entity_within_the_document_in_force() -> None:
    model = json.dumps(model_document(Other=object_schema({"id": UUID})))
    result = asked("plan", document=model, entity=ITEM, base=None)
    assert list(json.loads(result["document"])["$defs"]) == ["Other", "Item"]
    assert [table["name"] for table in result["model"]["tables"]] == ["others", "items"]
    assert result["probes"][0]["pointer"] == "/properties/name/pattern"
    assert result["probes"][0]["value_pointer"] == "/properties/name/default"


def test_boundary_points_into_the_entity_and_into_the_rest_by_the_model() -> None:
    broken = object_schema({"id": UUID, "a": {"type": "string", "minimun": 1}})
    result = asked(
        "plan",
        document=json.dumps(model_document(Item=broken, Items=broken)),
        entity=json.dumps(entity({"b": {"type": "string", "minimun": 1}})),
        base=None,
    )
    assert [item["pointer"] for item in result["diagnostics"]] == [
        "/properties/b/minimun",
        "/$defs/Items/properties/a/minimun",
        "/$defs/Items",
    ]


def test_boundary_refuses_a_plan_without_a_document() -> None:
    result = asked("plan", document=None, base=None)
    assert [item["code"] for item in result["diagnostics"]] == ["SB010"]


def test_boundary_refuses_what_is_no_entity() -> None:
    result = asked("plan", document=None, entity="[]", base=None)
    assert [item["code"] for item in result["diagnostics"]] == ["SB013"]


def test_boundary_compares_a_snapshot_with_a_model() -> None:
    column = {"name": "a", "type": "text"}
    found = {"tables": [{"name": "t", "columns": [column]}, {"name": "u"}]}
    meant = {"tables": [{"name": "t", "columns": [{**column, "nullable": False}]}, {"name": "v"}]}
    assert asked("compare", snapshot=found, model=meant, placement="tenant") == {
        "diagnostics": [],
        "differences": [
            {
                "relation": "u",
                "object": "u",
                "kind": "table",
                "found": {"name": "u"},
                "meant": None,
            },
            {
                "relation": "t",
                "object": "a",
                "kind": "column",
                "found": {},
                "meant": {"nullable": False},
            },
            {
                "relation": "v",
                "object": "v",
                "kind": "table",
                "found": None,
                "meant": {"name": "v"},
            },
        ],
    }
    assert asked("compare", snapshot=found, model=found, placement="tenant")["differences"] == []


def test_boundary_repairs_a_snapshot() -> None:
    found = {"tables": [{"name": "t", "row_security": False}, {"name": "u"}, {"name": "type x"}]}
    request: dict[str, Any] = {
        "snapshot": found, "model": {"tables": [{"name": "t"}]}, "others": ["type x"],
    }  # fmt: skip
    result = asked("repair", **request, drop=["v", "type x"])
    [step] = result["steps"]
    assert (step["kind"], step["relation"], step["reversible"]) == ("protect_table", "t", True)
    assert step["statement"].startswith("ALTER TABLE %1$I.t ENABLE ROW LEVEL SECURITY")
    assert [(item["relation"], item["object"]) for item in result["left"]] == [("u", "u")]
    assert result["unknown"] == ["v"]
    assert asked("repair", **request, drop=["u"])["left"] == []


@pytest.mark.parametrize(
    ("verb", "request_text", "error"),
    [
        ("drop", "{}", "KeyError in answer"),
        ("check", "", "JSONDecodeError in raw_decode"),
        ("check", "[]", "TypeError in _check"),
        ("check", "{}", "KeyError in _check"),
        ("check", '{"document": 1}', "AttributeError in __init__"),
        ("plan", '{"document": "{}"}', None),
        ("compare", '{"snapshot": {}}', "KeyError in _compare"),
    ],
)
def test_boundary_answers_a_broken_request_with_an_internal_error(
    verb: str, request_text: str, error: str | None
) -> None:
    (found,) = json.loads(answer(verb, request_text))["diagnostics"]
    if error is None:
        assert found["code"] == "SB013"
    else:
        assert found["code"] == "SB900"
        assert found["detail"].startswith(error)


@given(st.text(), st.text())
def test_boundary_never_raises(verb: str, request_text: str) -> None:
    assert "diagnostics" in json.loads(answer(verb, request_text))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(json_values)
def test_boundary_finds_a_fault_in_any_json_that_is_no_document(value: Any) -> None:
    diagnostics = asked("plan", document=json.dumps(value), base=None)["diagnostics"]
    assert diagnostics != []
    assert "SB900" not in {item["code"] for item in diagnostics}
