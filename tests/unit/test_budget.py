"""Documents that ask for far more than they say are refused before the work is done."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler import quoting
from bss_compiler.boundary import answer
from bss_compiler.diagnostic import MAX_WORDS, Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget, Work, characters, values
from bss_compiler.document.limits import MAX_DEPTH
from bss_compiler.document.text import MAX_POINTER
from bss_compiler.lowering.pattern import work

from .compiling import compiled, diagnosed, entity, faults, lowered, model_document, object_schema

VALUE_TYPE: dict[str, Any] = {"x-bss": {"entity": False}}


def _referring(times: int, definition: Any, **others: Any) -> Any:
    """An entity of so many properties that refer to one definition."""
    properties = {f"p{i}": {"$ref": "#/$defs/Value"} for i in range(times)}
    return model_document(Value=definition | VALUE_TYPE, Item=entity(properties), **others)


def _doubling(levels: int) -> dict[str, Any]:
    """Definitions that each refer to the next one twice."""
    found = {
        f"D{level}": object_schema(
            {name: {"$ref": f"#/$defs/D{level + 1}"} for name in "xy"}, **VALUE_TYPE
        )
        for level in range(levels)
    }
    return {**found, f"D{levels}": {"type": "string"} | VALUE_TYPE}


def _messages(document: Any, **limits: int) -> list[str]:
    return [item.message for item in diagnosed(document, **limits)]


def test_budget_grants_nothing_more_once_it_is_exceeded() -> None:
    findings = Findings()
    budget = Budget(limits=Limits(schema_nodes=2), findings=findings)
    assert [budget.grants(Work.SCHEMAS, 1, f"/{i}") for i in range(4)] == [True, True, False, False]
    assert not budget.grants(Work.TEXT, 0, "/4")
    assert [item.pointer for item in findings.diagnostics] == ["/2"]


@pytest.mark.parametrize("columns", [40, 1_400])
def test_budget_of_schemas_is_that_of_the_whole_document(columns: int) -> None:
    document = _referring(columns, {"$ref": "#/$defs/D0"}, **_doubling(11))
    assert _messages(document) == ["document expands to too many sub-schemas"]


def test_budget_of_schemas_counts_each_reference_that_is_followed() -> None:
    document = _referring(3, {"type": "string"})
    assert faults(document, schema_nodes=7) == []
    chain = {f"D{i}": {"$ref": f"#/$defs/D{i + 1}"} | VALUE_TYPE for i in range(100)}
    chain["D100"] = {"type": "string"} | VALUE_TYPE
    long_way = _referring(1_400, {"$ref": "#/$defs/D0"}, **chain)
    assert _messages(long_way) == ["document expands to too many sub-schemas"]


@pytest.mark.parametrize(
    "definition",
    [
        {"enum": [f"{i:0380}" for i in range(1_000)]},
        {"const": "x" * 500_000},
        {"type": "object", "required": [f"m{i}" for i in range(40_000)]},
        {"type": "object", "properties": {"m" * 4_000: {"enum": list(range(900))}}},
        {"multipleOf": "1e-999"},
    ],
    ids=["enum", "const", "required", "path", "number"],
)
def test_budget_of_text_bounds_the_predicates_of_values(definition: Any) -> None:
    value = object_schema({f"p{i}": {"$ref": "#/$defs/Value"} for i in range(9_000)})
    document = model_document(Value=definition | VALUE_TYPE, Item=entity({"value": value}))
    text = json.dumps(document).replace('"1e-999"', "1e-999")
    assert _messages(text) == ["document expands to too much text"]


@pytest.mark.parametrize(
    "definition",
    [
        {"type": "string", "enum": [f"{i:0380}" for i in range(1_000)]},
        {"type": "string", "const": "x" * 900_000},
        {"type": "string", "default": "x" * 900_000},
        {"type": "object", "default": {"member": "x" * 900_000}},
        {"type": "string", "title": "a title", "description": "x" * 900_000},
        {"type": "number", "minimum": "1e999", "maximum": "1e999", "multipleOf": "1e999"},
        {"type": "string", "pattern": r"^\p{L}+$"},
    ],
    ids=["enum", "const", "default", "jsonb default", "description", "bounds", "pattern"],
)
def test_budget_of_text_bounds_what_is_said_of_columns(definition: Any) -> None:
    text = json.dumps(_referring(1_450, definition)).replace('"1e999"', "1e999")
    limits = {"pattern_work": 10**9, "expanded_characters": 3_000_000}
    assert _messages(text, **limits) == ["document expands to too much text"]


def test_budget_of_text_counts_numbers_as_they_are_printed() -> None:
    numbers = "[" + ",".join(["1e999"] * 100_000) + "]"
    document = json.dumps(entity({"value": {"type": "array", "default": "…"}}), ensure_ascii=False)
    text = document.replace('"…"', numbers)
    assert _messages(text) == ["document expands to too much text"]


def test_budget_of_constants_bounds_the_enums_of_columns() -> None:
    several = {f"p{i}": {"type": "integer", "enum": [1, 2, 3]} for i in range(4)}
    assert faults(entity(several), constants=12) == []
    assert faults(entity(several), constants=11) == [("TOO_MANY", "/properties/p3/enum")]
    referring = _referring(60, {"type": "integer", "enum": list(range(1_000))})
    assert _messages(referring) == ["document expands to too many values of enum"]


def test_budget_of_patterns_bounds_their_length_and_their_unicode_properties() -> None:
    assert work(r"[a-z]") == 5
    assert work(r"\p{L}\P{L}") == 410
    patterns = {f"p{i}": {"type": "string", "pattern": "a" * 10} for i in range(4)}
    assert faults(entity(patterns), pattern_work=40) == []
    found = faults(entity(patterns), pattern_work=39)
    assert found == [("TOO_MANY", "/properties/p3/pattern")]
    classes = {
        f"p{i}": {"type": "string", "pattern": rf"[\p{{L}}\p{{Lu}}]{{{i}}}"} for i in range(1_400)
    }
    assert _messages(entity(classes), expanded_characters=10**9) == [
        "document has too many patterns"
    ]


@pytest.mark.parametrize(
    ("items", "default"),
    [
        ({"enum": [f"v{i}" for i in range(1_000)]}, ["v999"] * 300),
        (object_schema({f"p{i}": {} for i in range(5_000)}), [{}] * 300),
        (object_schema({"a": {"type": "integer"}}), [{"a": 1}] * 40_000),
    ],
    ids=["enum", "properties", "values"],
)
def test_budget_of_defaults_bounds_their_validation(items: Any, default: Any) -> None:
    value = {"type": "array", "items": items, "default": default}
    found = diagnosed(entity({"value": value}))
    assert [item.message for item in found] == [
        "document has defaults that are too large to be checked"
    ]
    assert found[0].pointer == "/properties/value/default"


def test_budget_leaves_large_documents_alone_that_say_what_they_mean() -> None:
    address = object_schema(
        {name: {"type": "string", "maxLength": 80} for name in ("street", "city", "code")}
    )
    document = _referring(1_400, address)
    assert faults(document) == []
    words = {"type": "string", "enum": [f"word {i}" for i in range(50)], "default": "word 1"}
    columns = {f"p{i}": {**words, "pattern": "^[a-z0-9 ]{1,80}$"} for i in range(300)}
    assert len(lowered(entity(columns)).probes) == 300


def test_budget_refuses_names_that_every_pointer_would_repeat() -> None:
    many = object_schema({f"p{i}": {} for i in range(9_000)})
    assert faults(entity({"n" * 400_000: many})) == [("TOO_MANY", "/properties")]
    unknown = {f"k{i}": 1 for i in range(60_000)}
    assert faults(entity({"n" * 200_000: unknown})) == [("TOO_MANY", "/properties")]
    longest = "n" * (MAX_POINTER - len("/properties/"))
    assert [code for code, _ in faults(entity({longest: {}}))] == ["INVALID_NAME"]
    assert [code for code, _ in faults(entity({longest + "n": {}}))] == ["TOO_MANY"]


def test_budget_shortens_what_it_shows_of_a_document() -> None:
    keyword = {"n" * 3_000: 1}
    found = diagnosed(entity({"value": keyword}))
    assert [len(item.message) for item in found] == [MAX_WORDS]


def test_budget_caps_the_depth_that_a_setting_may_ask_for() -> None:
    def nested(levels: int) -> str:
        schema = '{"type":"array","items":' * levels + "{}" + "}" * levels
        return json.dumps(entity({"value": "…"}), ensure_ascii=False).replace('"…"', schema)

    assert Limits(depth=100_000).levels == MAX_DEPTH
    assert faults(nested(3_000), depth=100_000) == [("TOO_MANY", "")]
    assert faults(nested(MAX_DEPTH - 3), depth=100_000) == []


def test_budget_has_room_for_a_long_chain_of_references_in_a_value() -> None:
    chain = {f"D{i}": {"$ref": f"#/$defs/D{i + 1}"} | VALUE_TYPE for i in range(3_000)}
    chain["D3000"] = {"type": "string"} | VALUE_TYPE
    value = object_schema({"member": {"$ref": "#/$defs/D0"}})
    assert diagnosed(model_document(Item=entity({"value": value}), **chain), depth=100_000) == []


def test_budget_bounds_the_functions_of_a_document() -> None:
    members = {f"p{n}": {"type": "array", "uniqueItems": True, "maxItems": n} for n in range(4)}
    assert diagnosed(entity(members), functions=4) == []
    (found,) = diagnosed(entity(members), functions=3)
    assert found.message == "document takes too many functions to check its values"


@pytest.mark.parametrize("identifier", ["http://[", "http://h/" + "a/" * 100_000])
def test_budget_meets_identifiers_that_are_none(identifier: str) -> None:
    members = {f"p{i}": {"$id": f"x{i}", "$ref": f"{identifier}#x"} for i in range(3)}
    document = json.dumps({"$id": identifier, **entity(members)})
    response = json.loads(answer("check", json.dumps({"document": document})))
    assert {item["code"] for item in response["diagnostics"]} <= {"SB010", "SB012", "SB014"}
    assert response["diagnostics"] != []


def test_budget_finds_members_that_are_repeated_in_one_pass() -> None:
    members = ",".join(f'"k{i}":1,"k{i}":1' for i in range(40_000))
    _, found = compiled("{" + members + "}")
    assert {item.code.name for item in found} == {"DUPLICATE_MEMBER"}


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(alphabet="abc é漢"),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet="ab"), inner),
)


@given(JSON_VALUES)
def test_budget_reckons_at_least_what_is_printed(value: Any) -> None:
    assert characters(value) >= len(quoting.jsonb(value)) - 1
    assert values(value) >= 1


def test_budget_counts_values_with_what_holds_them() -> None:
    assert values([1, {"a": [2, Decimal(3)]}]) == 6
