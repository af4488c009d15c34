"""Violations of records: what is evaluated here, and what the server is told to try."""

import json
from typing import Any

import pytest

from bss_compiler.boundary import answer
from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.registered import Registered
from bss_compiler.model.codec import to_json
from bss_compiler.validation import Answers, RecordEvaluation, validate_record
from tests.unit.compiling import UUID, entity, model, model_document, object_schema
from tests.unit.test_validation import A_UUID, evaluated

Json = Any

CUSTOMER = object_schema({"customer_id": UUID, "name": {"type": "string", "maxLength": 3}})
ORDER = object_schema(
    {
        "orderNo": {"type": "integer", "format": "int32"},
        "buyer": {"$ref": "#/$defs/Customer"},
        "total": {"type": "number", "x-bss": {"type": "numeric(6,2)"}},
        "real": {"type": "number", "format": "float"},
        "picture": {"type": "string", "contentEncoding": "base64"},
        "tags": {"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}},
        "day": {"type": "string", "format": "date"},
        "any": {},
        "note": {"$ref": "#/$defs/Note"},
    },
    **{"x-bss": {"entity": True}},
)
NOTE = {"type": "string", "minLength": 2}
SHOP = model_document(Customer=CUSTOMER, Order=ORDER, Note=NOTE)


def of_record(record: Json, name: str = "orders", document: Json = SHOP) -> RecordEvaluation:
    findings, limits = Findings(), Limits()
    text = json.dumps(document)
    compiled = model(document)
    table = next(item for item in compiled.tables if item.name == name)

    def ask(answers: Answers) -> RecordEvaluation:
        documents = Registered({}, beside=text, limits=limits, findings=findings)
        return validate_record(
            json.dumps(record), table, compiled, text,
            documents=documents, answers=answers, limits=limits, findings=findings,
        )  # fmt: skip

    found, _ = evaluated(ask)
    assert findings.diagnostics == []
    assert isinstance(found, RecordEvaluation)
    return found


P = "/$defs/Order/properties"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, []),
        ({"orderNo": 1.0, "buyer": A_UUID, "total": 1.25, "day": "2024-02-29", "any": {}}, []),
        ({"orderNo": None, "buyer": None, "any": None}, []),
        ({"order_no": 1}, [("/order_no", "/$defs/Order/additionalProperties")]),
        ({"orderNo": 2**31}, [("/orderNo", f"{P}/orderNo/format")]),
        ({"orderNo": "1"}, [("/orderNo", f"{P}/orderNo/type")]),
        ({"buyer": "Ann"}, [("/buyer", "/$defs/Customer/properties/customer_id/format")]),
        ({"total": 1.255}, [("/total", f"{P}/total/x-bss/type")]),
        ({"real": 1e300}, [("/real", f"{P}/real/format")]),
        ({"picture": "?"}, [("/picture", f"{P}/picture/contentEncoding")]),
        ({"tags": ["a", 1]}, [("/tags/1", f"{P}/tags/items/type")]),
        ({"note": "a"}, [("/note", "/$defs/Note/minLength")]),
        ({"created_at": 5}, [("/created_at", "")]),
        ({"order_id": 5}, [("/order_id", "/$defs/Order")]),
        ([], [("", "/$defs/Order/type")]),
    ],
)  # fmt: skip
def test_record_is_evaluated(record: Json, expected: Json) -> None:
    found = of_record(record).evaluation.violations
    assert [(item.pointer, item.schema_pointer) for item in found] == expected


def test_server_is_told_what_to_try() -> None:
    found = of_record({"orderNo": 1.0, "picture": "aGk=", "day": "x", "total": 1})
    given = {item.property: (item.column, item.text) for item in found.given}
    assert given == {
        "orderNo": ("order_no", "1"),
        "picture": ("picture", "\\x6869"),
        "day": ("day", None),
        "total": ("total", None),
    }
    assert found.failed == {"day"}


def test_key_that_was_added_needs_no_schema() -> None:
    named = object_schema({"name": {"type": "string"}}, **{"x-bss": {"entity": True}})
    document = model_document(
        Named=named, Other=object_schema({"id": UUID, "x": {"$ref": "#/$defs/Named"}})
    )
    assert of_record({"x": A_UUID}, "others", document).evaluation.violations == ()
    (found,) = of_record({"x": 1}, "others", document).evaluation.violations
    assert (found.pointer, found.keyword) == ("/x", "type")


def test_columns_that_the_document_has_no_more_are_no_place_to_store() -> None:
    document = entity({"name": {"type": "string"}})
    compiled = model(document)
    findings = Findings()
    (table,) = compiled.tables
    text = json.dumps(entity({}))
    request = {
        "document": text, "relation": "items", "record": '{"name": "a"}', "limits": {},
        "model": to_json(compiled),
    }  # fmt: skip
    request["model"]["tables"][0]["columns"][2]["deprecated"] = True
    assert table.columns[2].name == "name"
    found = json.loads(answer("validate_record", json.dumps(request)))
    assert [item["pointer"] for item in found["violations"]] == ["/name"]
    assert findings.diagnostics == []


def test_record_that_is_too_large_says_nothing() -> None:
    request = {
        "document": json.dumps(entity({})), "relation": "items", "record": "[[[]]]",
        "limits": {"depth": 2}, "model": to_json(model(entity({}))),
    }  # fmt: skip
    found = json.loads(answer("validate_record", json.dumps(request)))
    assert {item["code"] for item in found["diagnostics"]} == {"SB802", "SB006"}
    assert found["given"] == []
