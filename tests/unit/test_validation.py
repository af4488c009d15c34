"""Violations, keyword by keyword. Here the server's part is played by a few known answers."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bss_compiler.boundary import answer
from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.registered import Registered
from bss_compiler.validation import (
    Answers,
    Evaluation,
    RecordEvaluation,
    read_answers,
    validate_document,
)
from bss_compiler.validation.evaluator import MAX_NESTING
from bss_compiler.validation.violation import MAX_VIOLATIONS

Json = Any
A_UUID = "12f3e4a5-0000-4000-8000-00000000000a"


def played(questions: list[Json]) -> list[list[bool]]:
    """Answer as the server would: these expressions mean the same to Python."""
    return [
        [
            any(
                all(bool(re.search(test, text)) is (sign == "~") for sign, test in alternative)
                for alternative in question["tests"]
            )
            for text in question["texts"]
        ]
        for question in questions
    ]


def evaluated(ask: Callable[[Answers], Any]) -> tuple[Any, int]:
    """Give the last answer, and how many rounds it took."""
    asked: list[Json] = []
    found, rounds = ask(Answers()), 1
    while (answers := _evaluation(found).answers).asked:
        asked += answers.questions()
        found = ask(read_answers(asked, played(asked)))
        rounds += 1
    return found, rounds


def _evaluation(found: Evaluation | RecordEvaluation) -> Evaluation:
    return found if isinstance(found, Evaluation) else found.evaluation


def of_document(schema: Json, value: Json, **options: Any) -> tuple[Evaluation, Findings, int]:
    findings = Findings()
    limits = Limits(**options.pop("limits", {}))
    text = schema if isinstance(schema, str) else json.dumps(schema)

    def ask(answers: Answers) -> Evaluation:
        documents = Registered(
            options.get("documents", {}), beside=text, limits=limits, findings=findings
        )
        return validate_document(
            text,
            value if isinstance(value, str) else json.dumps(value),
            documents=documents,
            answers=answers,
            limits=limits,
            findings=findings,
        )

    found, rounds = evaluated(ask)
    return found, findings, rounds


def violations(schema: Json, value: Json, **options: Any) -> list[tuple[str, str]]:
    """Give pointer and schema pointer of each violation."""
    found, findings, _ = of_document(schema, value, **options)
    assert findings.diagnostics == []
    return [(item.pointer, item.schema_pointer) for item in found.violations]


def codes(schema: Json, value: Json, **options: Any) -> list[str]:
    return [item.code.name for item in of_document(schema, value, **options)[1].diagnostics]


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (True, 1, []),
        (False, 1, [("", "")]),
        ({"type": "integer"}, "1.0", []),
        ({"type": "integer"}, True, [("", "/type")]),
        ({"type": ["integer", "null"]}, 1.5, [("", "/type")]),
        ({"const": [1, {"a": True}]}, '[1.0, {"a": true}]', []),
        ({"const": 1}, True, [("", "/const")]),
        ({"enum": [1, "a", None]}, "1.0", []),
        ({"enum": [1, "a", None]}, False, [("", "/enum")]),
        ({"minimum": 2}, 1, [("", "/minimum")]),
        ({"minimum": 2}, "a", "a"),
        ({"maximum": 2}, 3, [("", "/maximum")]),
        ({"exclusiveMinimum": 2}, 2, [("", "/exclusiveMinimum")]),
        ({"exclusiveMaximum": 2}, 2, [("", "/exclusiveMaximum")]),
        ({"multipleOf": 0.1}, "0.3", []),
        ({"multipleOf": 0.1}, "0.35", [("", "/multipleOf")]),
        ({"minLength": 2}, '"𝄞"', [("", "/minLength")]),
        ({"maxLength": 1}, '"𝄞"', []),
        ({"pattern": "^a"}, '"ba"', [("", "/pattern")]),
        ({"format": "ipv4"}, '"1.2.3"', [("", "/format")]),
        ({"format": "ipv4"}, '"1.2.3.4"', []),
        ({"required": ["a", "b"]}, {"a": 1}, [("/b", "/required")]),
        ({"dependentRequired": {"a": ["b"], "c": ["d"]}}, {"a": 1}, [("/b", "/dependentRequired")]),
        ({"dependentSchemas": {"a": {"maxProperties": 1}}}, {"a": 1, "b": 2},
         [("", "/dependentSchemas/a/maxProperties")]),
        ({"properties": {"a/b": {"type": "null"}, "c": False}}, {"a/b": 1, "c": 1},
         [("/a~1b", "/properties/a~1b/type"), ("/c", "/properties/c")]),
        ({"patternProperties": {"^a": {"type": "null"}}}, {"ab": 1, "b": 1},
         [("/ab", "/patternProperties/^a/type")]),
        ({"properties": {"a": True}, "patternProperties": {"^b": True},
          "additionalProperties": False}, {"a": 1, "b": 1, "c": 1},
         [("/c", "/additionalProperties")]),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, [("/ab", "/propertyNames")]),
        ({"minProperties": 1}, {}, [("", "/minProperties")]),
        ({"maxItems": 1}, [1, 2], [("", "/maxItems")]),
        ({"minItems": 1}, [], [("", "/minItems")]),
        ({"prefixItems": [{"type": "null"}], "items": {"type": "string"}}, [1, 2],
         [("/0", "/prefixItems/0/type"), ("/1", "/items/type")]),
        ({"contains": {"type": "null"}}, [1], [("", "/contains")]),
        ({"contains": {"type": "null"}, "minContains": 2}, [None], [("", "/minContains")]),
        ({"contains": True, "maxContains": 1}, [1, 2], [("", "/maxContains")]),
        ({"contains": {"type": "null"}, "minContains": 0}, [1], []),
        ({"uniqueItems": True}, "[1, 1.0, true, {}]", [("/1", "/uniqueItems")]),
        ({"uniqueItems": False}, [1, 1], []),
        ({"allOf": [{"minimum": 1}, {"minimum": 2}]}, 0,
         [("", "/allOf/0/minimum"), ("", "/allOf/1/minimum")]),
        ({"anyOf": [{"type": "null"}, {"type": "object", "required": ["a"]}]}, {},
         [("", "/anyOf"), ("/a", "/anyOf/1/required")]),
        ({"anyOf": [{"minimum": 1}, {"minimum": 2}]}, 0, [("", "/anyOf")]),
        ({"anyOf": [{"minimum": 1}, True]}, 0, []),
        ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 3, [("", "/oneOf")]),
        ({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 1, []),
        ({"oneOf": [{"type": "null"}, {"type": "string"}]}, 1, [("", "/oneOf")]),
        ({"not": {"type": "null"}}, None, [("", "/not")]),
        ({"not": {"type": "null"}}, 1, []),
        ({"if": {"type": "null"}, "then": False, "else": {"minimum": 1}}, 0,
         [("", "/else/minimum")]),
        ({"if": {"type": "null"}, "then": False}, None, [("", "/then")]),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"minimum": 1}}}, 0, [("", "/$defs/a/minimum")]),
        ({"$dynamicRef": "#a", "$defs": {"a": {"$dynamicAnchor": "a", "minimum": 1}}}, 0,
         [("", "/$defs/a/minimum")]),
    ],
)  # fmt: skip
def test_keyword_is_evaluated(schema: Json, value: Json, expected: Json) -> None:
    if expected == "a":
        value, expected = '"a"', []
    assert violations(schema, value) == expected


UNEVALUATED = {"unevaluatedProperties": False}


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"properties": {"a": True}}, ["b", "c"]),
        ({"patternProperties": {"[ab]": True}}, ["c"]),
        ({"additionalProperties": True}, []),
        ({"allOf": [{"properties": {"a": True}}, {"unevaluatedProperties": True}]}, []),
        ({"anyOf": [{"properties": {"a": True}}, {"properties": {"b": {"type": "null"}}}]},
         ["b", "c"]),
        ({"oneOf": [{"properties": {"a": {"type": "null"}}}, {"properties": {"b": True}}]},
         ["a", "c"]),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"a": True}}}}, ["b", "c"]),
        ({"dependentSchemas": {"a": {"properties": {"b": True}}, "d": {"properties": {"c": True}}}},
         ["a", "c"]),
        ({"if": {"properties": {"a": True}}, "then": {"properties": {"b": True}},
          "else": {"properties": {"c": True}}}, ["c"]),
        ({"if": {"required": ["x"], "properties": {"a": True}},
          "else": {"properties": {"c": True}}}, ["a", "b"]),
        ({"not": {"properties": {"a": {"type": "null"}}}}, ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_properties_that_nothing_evaluates_are_left(schema: Json, left: list[str]) -> None:
    found = violations({**schema, **UNEVALUATED}, {"a": 1, "b": 1, "c": 1})
    assert found == [(f"/{name}", "/unevaluatedProperties") for name in left]


@pytest.mark.parametrize(
    ("schema", "left"),
    [
        ({"prefixItems": [True]}, [1, 2]),
        ({"items": True}, []),
        ({"allOf": [{"unevaluatedItems": True}]}, []),
        ({"contains": {"type": "null"}, "minContains": 0}, [0, 1]),
        ({"contains": {"type": "integer"}}, [2]),
    ],
)
def test_elements_that_nothing_evaluates_are_left(schema: Json, left: list[int]) -> None:
    found = violations({**schema, "unevaluatedItems": False}, [1, 2, None])
    assert found == [(f"/{position}", "/unevaluatedItems") for position in left]


def test_both_ways_are_asked_for_at_once() -> None:
    """What depends on an answer is looked at in each case, so that two rounds are enough."""
    schema = {
        "if": {"properties": {"kind": {"pattern": "^x"}}},
        "then": {"properties": {"a": {"pattern": "^a"}}},
        "else": {"properties": {"b": {"pattern": "^b"}}},
        "patternProperties": {"c$": {"pattern": "^c"}},
        "unevaluatedProperties": {"pattern": "^u"},
    }
    value = {"kind": "y", "a": "-", "b": "-", "c": "-", "d": "-"}
    found, _, rounds = of_document(schema, value)
    assert [item.pointer for item in found.violations] == ["/b", "/c", "/kind", "/a", "/d"]
    assert rounds == 2


def test_nothing_is_asked_twice() -> None:
    found, _, rounds = of_document({"items": {"format": "uuid"}}, [A_UUID, A_UUID, "x"])
    assert [item.pointer for item in found.violations] == ["/2"]
    assert rounds == 2
    answers = Answers()
    for _ in range(2):
        answers.ask(((("~", "a"),),), "x")
    assert answers.questions() == [{"tests": ((("~", "a"),),), "texts": ["x"]}]


def test_messages_quote_no_value() -> None:
    schema = {"maximum": 10**50, "minLength": 9, "type": "null", "enum": [0], "const": 0}
    for value in (10**60, "secret"):
        for item in of_document(schema, value)[0].violations:
            assert "secret" not in item.message
            assert "0000" not in item.message


def test_violations_are_limited_and_told_once() -> None:
    part = {"$ref": "#/$defs/a"}
    schema = {"allOf": [part, part], "$defs": {"a": {"items": {"type": "null"}}}}
    assert violations(schema, [1]) == [("/0", "/$defs/a/items/type")]
    assert len(violations(schema, [1] * (MAX_VIOLATIONS + 1))) == MAX_VIOLATIONS


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ("{", "NOT_JSON"),
        ("1", "WRONG_SHAPE"),
        ({"minimum": "1"}, "WRONG_SHAPE"),
        ({"nothing": 1}, "UNKNOWN_KEYWORD"),
        ({"properties": {"a": {"pattern": "(a)\\1"}}}, "PATTERN_NOT_TRANSLATABLE"),
        ({"properties": {"a": {"format": "nothing"}}}, "UNKNOWN_FORMAT"),
        ({"$ref": "#"}, "CIRCULAR_REFERENCE"),
        ({"$ref": "urn:x"}, "UNRESOLVED_REFERENCE"),
    ],
)
def test_schema_is_held_to_what_the_compiler_holds_it_to(schema: Json, code: str) -> None:
    assert codes(schema, 1) == [code]


@pytest.mark.parametrize(
    ("value", "limits", "detail"),
    [
        ('"abc"', {"document_bytes": 4}, "It has more than 4 bytes."),
        ("[[[1]]]", {"depth": 2}, "It has more than 2 levels, or too long names."),
        ("1e30", {"number_digits": 10}, "A number has more than 10 digits."),
        ("nonsense", {}, "It is not what the server stores as jsonb."),
    ],
)
def test_value_is_held_to_limits(value: str, limits: dict[str, int], detail: str) -> None:
    _, findings, _ = of_document("true", value, limits=limits)
    assert [item.code.name for item in findings.diagnostics] == ["VALUE_TOO_LARGE"]
    assert findings.diagnostics[0].detail == detail


def test_work_is_limited() -> None:
    schema = {"items": {"type": "integer", "minimum": 0}}
    assert codes(schema, [1] * 100, limits={"validation_work": 250}) == ["VALUE_TOO_LARGE"]
    assert codes({"pattern": "a"}, "x" * 1000, limits={"validation_work": 50}) == [
        "VALUE_TOO_LARGE"
    ]


def test_nesting_is_limited() -> None:
    steps = {f"a{n}": {"$ref": f"#/$defs/a{n + 1}"} for n in range(MAX_NESTING // 10)}
    last = f"a{MAX_NESTING // 10}"
    schema = {
        "$ref": "#/$defs/a0",
        "$defs": {**steps, last: {"items": {"$ref": "#/$defs/a0"}}},
    }
    assert codes(schema, "[]") == []
    assert codes(schema, "[" * 20 + "]" * 20) == ["VALUE_TOO_LARGE"]


def test_boundary_validates_in_rounds() -> None:
    request: Json = {"schema": '{"pattern": "^a"}', "value": '"b"', "limits": {}}
    first = json.loads(answer("validate_document", json.dumps(request)))
    assert first["questions"] == [{"tests": [[["~", "^a"]]], "texts": ["b"]}]
    assert [probe["pattern"] for probe in first["probes"]] == ["^a"]
    request |= {"questions": first["questions"], "answers": [[False]]}
    second = json.loads(answer("validate_document", json.dumps(request)))
    assert second == {
        "diagnostics": [],
        "probes": [],
        "questions": [],
        "violations": [
            {
                "pointer": "",
                "keyword": "pattern",
                "schema_pointer": "/pattern",
                "message": "text does not match the pattern",
            }
        ],
    }


def test_schema_of_an_older_draft_is_pointed_into_as_it_is_written() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "definitions": {"a": {"minimum": 1, "exclusiveMinimum": True}},
        "items": [{"$ref": "#/definitions/a"}],
        "additionalItems": False,
    }
    assert violations(schema, [1, 2]) == [
        ("/0", "/definitions/a/minimum"),
        ("/1", "/additionalItems"),
    ]


def test_warnings_are_given_before_the_first_question_alone() -> None:
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$ref": "#/definitions/a",
        "minLength": 1,
        "definitions": {"a": {"pattern": "^a"}},
    }
    request: Json = {"schema": json.dumps(schema), "value": '"b"', "limits": {}}
    first = json.loads(answer("validate_document", json.dumps(request)))
    assert [item["severity"] for item in first["diagnostics"]] == ["warning"]
    request |= {"questions": first["questions"], "answers": [[False]]}
    assert json.loads(answer("validate_document", json.dumps(request)))["diagnostics"] == []
