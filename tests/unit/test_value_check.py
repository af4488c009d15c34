"""The check of a jsonb column, and the functions it calls, as text."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget
from bss_compiler.document.schema import Reader
from bss_compiler.lowering.value import ValueCheck, compile_value
from bss_compiler.lowering.value.function import call, named

Fault = tuple[str, str]

CASES = json.loads(Path(__file__).with_name("value_cases.json").read_text(), parse_float=Decimal)
"""For each schema the check, and the bodies of its functions, as they were when the public suite
agreed with them."""


def compiled(
    schema: Any, documents: Mapping[str, Any] | None = None, **limits: int
) -> tuple[ValueCheck | None, list[Fault]]:
    findings, limits_ = Findings(), Limits(**limits)
    reader = Reader(limits=limits_, findings=findings, documents=documents or {})
    root = reader.read(schema, "")
    budget = Budget(limits=limits_, findings=findings)
    check = compile_value(
        root, "v", reader=reader, limits=limits_, budget=budget, findings=findings
    )
    return check, [(item.code, item.pointer) for item in findings.diagnostics]


def check_of(schema: Any, documents: Mapping[str, Any] | None = None) -> ValueCheck:
    check, faults = compiled(schema, documents)
    assert faults == []
    assert check is not None
    return check


@pytest.mark.parametrize(("schema", "expression", "bodies"), CASES)
def test_schema_becomes_check_and_functions(
    schema: Any, expression: str, bodies: list[str]
) -> None:
    check = check_of(schema)
    assert check.expression == expression
    assert [function.body for function in check.functions] == bodies


def test_schema_that_accepts_everything_has_no_check() -> None:
    assert compiled({"title": "Anything", "properties": {"a": True}}) == (None, [])


def test_closed_object_of_scalars_is_decided_without_a_function() -> None:
    check = check_of({
        "type": "object",
        "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 80}},
        "required": ["name"],
        "additionalProperties": False,
    })  # fmt: skip
    assert check.functions == ()
    assert check.expression == (
        '((v IS NULL) OR (((v @@ \'strict ($."name" > "")\'::jsonpath) IS TRUE)'
        " AND (char_length((v ->> 'name'::text)) <= 80)"
        " AND ((v - '{name}'::text[]) = '{}'::jsonb)))"
    )


def test_closed_elements_are_looped_over_and_the_rest_is_whole_paths() -> None:
    check = check_of({
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"n": {"type": "number", "minimum": 0}},
            "required": ["n"],
            "additionalProperties": False,
        },
    })  # fmt: skip
    assert '!(+$[*]."n" < 0)' in check.expression
    (function,) = check.functions
    assert "for i in 0 .. " in function.body


def test_function_is_named_after_its_body() -> None:
    unique = {"type": "array", "uniqueItems": True}
    one, other = check_of({"properties": {"a": unique}}), check_of({"properties": {"a": unique}})
    assert one == other
    assert all(re.fullmatch("v_[0-9a-f]{32}", function.name) for function in one.functions)
    assert check_of({"properties": {"b": unique}}).functions[0] == one.functions[0]


def test_recursive_schema_gives_the_same_functions_wherever_it_stands() -> None:
    def tree(name: str) -> dict[str, Any]:
        reference = {"$ref": f"#/$defs/{name}"}
        node = {"type": "object", "properties": {"children": {"items": reference}}}
        return {**reference, "$defs": {name: {**node, "uniqueItems": True}}}

    assert check_of(tree("a")).functions == check_of(tree("b")).functions


def test_functions_come_before_those_that_call_them() -> None:
    functions = named({0: f"calls {call(1)}", 1: f"calls {call(2)} and {call(1)}", 2: "calls none"})
    assert list(functions) == [2, 1, 0]
    assert functions[1].name in functions[0].body


def test_circle_of_functions_differs_from_another_by_any_of_its_members() -> None:
    circle = {0: f"a {call(1)}", 1: f"b {call(0)}"}
    other = {0: f"a {call(1)}", 1: f"c {call(0)}"}
    assert named(circle)[0].name != named(other)[0].name
    assert named(circle)[0].name != named(circle)[1].name


def test_dynamic_reference_leads_to_the_outermost_anchor() -> None:
    def list_of(item: Any) -> dict[str, Any]:
        return {
            "$id": "https://example.com/strings",
            "$ref": "list",
            "$defs": {
                "item": {"$dynamicAnchor": "item", **item},
                "list": {
                    "$id": "list",
                    "type": "array",
                    "items": {"$dynamicRef": "#item"},
                    "$defs": {"any": {"$dynamicAnchor": "item"}},
                },
            },
        }

    assert "is unknown" in check_of(list_of({"type": "string"})).expression
    assert '"boolean"' in check_of(list_of({"type": "boolean"})).expression


def test_reference_to_a_registered_document_is_followed() -> None:
    documents = {"https://example.com/zip": {"$defs": {"zip": {"$anchor": "z", "type": "string"}}}}
    check = check_of({"$ref": "https://example.com/zip#z"}, documents)
    assert "string" in check.expression


@pytest.mark.parametrize(
    ("schema", "fault"),
    [
        ({"$ref": "#"}, (Code.CIRCULAR_REFERENCE, "")),
        ({"anyOf": [{"type": "string"}, {"$ref": "#"}]}, (Code.CIRCULAR_REFERENCE, "")),
        ({"$ref": "#missing"}, (Code.UNRESOLVED_REFERENCE, "/$ref")),
        ({"$ref": "https://example.com/"}, (Code.UNRESOLVED_REFERENCE, "/$ref")),
        ({"$dynamicRef": "#missing"}, (Code.UNRESOLVED_REFERENCE, "/$dynamicRef")),
        ({"pattern": "(a)\\1"}, (Code.PATTERN_NOT_TRANSLATABLE, "/pattern")),
        (
            {"patternProperties": {"(?=": True}},
            (Code.PATTERN_NOT_TRANSLATABLE, "/patternProperties/(?="),
        ),
        ({"format": "colour"}, (Code.UNKNOWN_FORMAT, "/format")),
        ({"enum": [*range(1_001)]}, (Code.TOO_MANY, "/enum")),
        (
            {"$schema": "http://json-schema.org/draft-03/schema#"},
            (Code.WRONG_SHAPE, "/$schema"),
        ),
    ],
)
def test_schema_is_refused_with_its_pointer(schema: Any, fault: Fault) -> None:
    _, faults = compiled(schema)
    assert faults == [fault]


def test_schemas_that_multiply_are_refused() -> None:
    definitions: dict[str, Any] = {
        f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}, {"$ref": f"#/$defs/d{n + 1}"}]}
        for n in range(25)
    }
    definitions["d25"] = {"type": "integer"}
    _, faults = compiled({"$ref": "#/$defs/d0", "$defs": definitions})
    assert [code for code, _ in faults] == [Code.TOO_MANY]


def test_long_chain_of_references_is_followed() -> None:
    definitions: dict[str, Any] = {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(2_000)}
    definitions["d2000"] = {"type": "integer"}
    check = check_of({"$ref": "#/$defs/d0", "$defs": definitions})
    assert len(check.functions) < 100


def test_limit_of_schemas_counts_what_references_add() -> None:
    schema = {"type": "array", "items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"minimum": 0}}}
    assert compiled(schema, schema_nodes=3)[1] == []
    assert {code for code, _ in compiled(schema, schema_nodes=2)[1]} == {Code.TOO_MANY}


def test_bodies_mean_the_same_under_any_setting_of_strings() -> None:
    """A session reads them with its own standard_conforming_strings: no backslash stands alone."""
    odd = {"\\' or true --": {"pattern": "\\\\'"}, "\\": {"enum": ["\\'", "a\\"], "type": "string"}}
    schema = {
        "type": "object",
        "properties": odd,
        "required": list(odd),
        "additionalProperties": False,
        "patternProperties": {"^\\d\\\\'$": {"uniqueItems": True}},
    }
    bodies = [function.body for function in check_of({"items": schema}).functions]
    literals = [found for body in bodies for found in re.findall(r"(.?)('(?:[^']|'')*')", body)]
    assert any("\\" in text for _, text in literals)
    for before, text in literals:
        assert "\\" not in text.replace("\\\\", "")
        assert before == "E" or "\\" not in text


def test_names_are_quoted_for_arrays_paths_and_text() -> None:
    name = 'it\'s "{a,b}" \\ 100%'
    check = check_of({"type": "object", "properties": {name: True}, "additionalProperties": False})
    assert "'{\"it''s \\\"{a,b}\\\" \\\\ 100%\"}'::text[]" in check.expression
    assert quoting.text_array(["", "null", "a b", "ä"]) == '{"","null","a b",ä}'
