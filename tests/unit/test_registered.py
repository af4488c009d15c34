"""Registered documents: read when a reference leads there, within the limits of one document."""

import json
from typing import Any

from bss_compiler.boundary import answer
from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.registered import Registered
from tests.unit.compiling import entity
from tests.unit.test_validation import codes, violations

Json = Any


def test_registered_documents_are_read_when_they_are_needed() -> None:
    documents = {
        "https://a/b": '{"properties": {"c": {"$ref": "c"}}}',
        "https://a/c": '{"type": "null"}',
        "urn:unused": "no JSON",
    }
    schema = {"$ref": "https://a/b"}
    assert violations(schema, {"c": 1}, documents=documents) == [("/c", "https://a/c#/type")]


def test_registered_documents_keep_the_limits_of_one() -> None:
    schema = {"$ref": "urn:a"}
    documents = {"urn:a": '{"title": "' + "x" * 100 + '"}'}
    assert codes(schema, 1, documents=documents, limits={"document_bytes": 50}) == [
        "DOCUMENT_TOO_LARGE"
    ]
    assert codes(schema, 1, documents={"urn:a": '{"a": 1, "a": 1}'}) == ["DUPLICATE_MEMBER"]
    nested = {"urn:a": json.dumps({"allOf": [True] * 100})}
    assert codes(schema, 1, documents=nested, limits={"schema_nodes": 50})[0] == "TOO_MANY"


def test_registered_is_a_mapping() -> None:
    registered = Registered({"urn:a": "{}"}, beside="", limits=Limits(), findings=Findings())
    assert list(registered) == ["urn:a"]
    assert len(registered) == 1
    assert "urn:b" not in registered
    assert registered.missing == {"urn:b"}
    assert registered.read == set()
    assert registered["urn:a"] == {}
    assert registered.read == {"urn:a"}


def test_boundary_names_the_documents_that_are_missing() -> None:
    request: Json = {
        "document": json.dumps(entity({"a": {"$ref": "urn:a#/$defs/b"}})),
        "base": None,
    }
    first = json.loads(answer("plan", json.dumps(request)))
    assert first["missing"] == ["urn:a"]
    assert [item["code"] for item in first["diagnostics"]] == ["SB014"]
    request["documents"] = {"urn:a": '{"$defs": {"b": {"type": "integer"}}}', "urn:b": "{}"}
    second = json.loads(answer("plan", json.dumps(request)))
    assert second["diagnostics"] == []
    assert second["documents"] == ["urn:a"]


def test_boundary_registers() -> None:
    request = {
        "uri": "https://a/b", "limits": {},
        "document": '{"$ref": "c#/x", "$defs": {"d": {"$id": "d", "$ref": "#"}, "e": {"$ref": "d"}}'
        "}",
    }  # fmt: skip
    found = json.loads(answer("register", json.dumps(request)))
    assert found == {"diagnostics": [], "probes": [], "refers_to": ["https://a/c"]}
    for wrong, code in (("[]", "SB010"), ("[", "SB002"), ('{"x": 1}', "SB011")):
        refused = json.loads(answer("register", json.dumps({**request, "document": wrong})))
        assert [item["code"] for item in refused["diagnostics"]] == [code]
