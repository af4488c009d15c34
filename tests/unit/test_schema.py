from typing import Any

import pytest

from bss_compiler.document import shape
from bss_compiler.document.keyword import VOCABULARY, Outcome
from bss_compiler.document.pointer import child, last_token
from tests.unit.compiling import checks, diagnosed, entity, faults, property_faults

WRONG: dict[str, Any] = {
    "$schema": 1, "$id": 1, "$defs": [], "$ref": {}, "properties": [], "x-bss": "table",
    "type": "text", "required": "name", "format": 1, "contentEncoding": 64,
    "enum": "a", "minimum": "0", "maximum": True, "exclusiveMinimum": [], "exclusiveMaximum": {},
    "multipleOf": 0, "minLength": -1, "maxLength": 1.5, "pattern": 1, "items": [], "minItems": "1",
    "maxItems": 2**54, "additionalProperties": "no", "$comment": 1, "title": 1, "description": [],
    "examples": {}, "deprecated": "yes", "readOnly": 0, "writeOnly": 1, "contentMediaType": 1,
    "$anchor": 1, "$dynamicRef": 1, "$dynamicAnchor": 1, "$vocabulary": 1, "contentSchema": 1,
    "prefixItems": [], "contains": 1, "minContains": -1, "maxContains": -1, "uniqueItems": 1,
    "patternProperties": 1, "propertyNames": 1, "minProperties": -1, "maxProperties": -1,
    "dependentRequired": {"a": "b"}, "dependentSchemas": 1, "unevaluatedProperties": 1,
    "unevaluatedItems": 1, "allOf": {}, "anyOf": [1], "oneOf": [], "not": 1, "if": 1, "then": 1,
    "else": 1,
}  # fmt: skip


def test_schema_keywords_all_have_a_wrong_value_here() -> None:
    assert WRONG.keys() | {"default", "const"} == VOCABULARY.keys()


@pytest.mark.parametrize("keyword", WRONG)
def test_schema_refuses_a_keyword_of_another_shape(keyword: str) -> None:
    assert property_faults({"type": "string", keyword: WRONG[keyword]})[0] == (
        "WRONG_SHAPE",
        f"/{keyword}",
    )


@pytest.mark.parametrize(
    "keyword",
    [item.name for item in VOCABULARY.values() if item.outcome is Outcome.ANNOTATION],
)
def test_schema_takes_an_annotation_anywhere(keyword: str) -> None:
    values: dict[str, Any] = {
        "examples": [1], "deprecated": True, "readOnly": True, "writeOnly": False,
        "contentSchema": {"type": "object"}, "$vocabulary": {"https://example.com/": True},
    }  # fmt: skip
    value = values.get(keyword, "text")
    inner = {"type": "object", "properties": {"a": {keyword: value}}, keyword: value}
    assert (
        faults(entity({"value": inner}, **({} if keyword == "title" else {keyword: value}))) == []
    )


def test_schema_refuses_a_keyword_that_is_not_known_and_guesses_what_was_meant() -> None:
    (found,) = diagnosed(entity({"value": {"type": "string", "maxLenght": 3}}))
    assert (found.code.name, found.pointer) == ("UNKNOWN_KEYWORD", "/properties/value/maxLenght")
    assert found.hint == 'Did you mean "maxLength"?'
    (found,) = diagnosed(entity({"value": {"type": "string", "zzz/~": 3}}))
    assert found.pointer == "/properties/value/zzz~1~0"
    assert found.hint == 'Remove it, or let its name begin with "x-": then it is an annotation.'
    (found,) = diagnosed(entity({"value": {"type": "string", "unique": True}}))
    assert found.hint == 'It is a key of x-bss: write "x-bss": {"unique": …}.'


@pytest.mark.parametrize(
    ("keyword", "value", "severity"),
    [
        ("propertyOrder", 1, "warning"),
        ("unique", True, "warning"),
        ("maxLenght", 3, "error"),
        ("Minimum", 3, "error"),
        ("nullable", True, "error"),
        ("x-bss-sql", "drop table", "error"),
        ("X-BSS", {}, "error"),
    ],
)
def test_schema_inside_a_value_has_annotations_that_are_not_known(
    keyword: str, value: Any, severity: str
) -> None:
    inner = {"type": "string", keyword: value}
    (found,) = diagnosed(entity({"value": {"type": "object", "properties": {"a": inner}}}))
    assert (found.code.name, found.severity) == ("UNKNOWN_KEYWORD", severity)
    published = {"$schema": "http://json-schema.org/draft-07/schema#", **inner}
    (found,) = diagnosed(entity({"value": published}))
    assert (found.pointer, found.severity) == (f"/properties/value/{keyword}", severity)


@pytest.mark.parametrize("keyword", ["x-order", "x-", "markdownDescription", "errorMessage"])
def test_schema_takes_an_annotation_of_others_anywhere(keyword: str) -> None:
    inner = {"type": "object", "properties": {"a": {keyword: {"any": 1}}}, keyword: "text"}
    assert faults(entity({"value": inner}, **{keyword: None})) == []


def test_schema_has_definitions_where_references_say_so() -> None:
    groups = {"names": {"short": {"type": "string", "maxLength": 3}, "other": {"maxLenght": 1}}}
    value = {"$ref": "#/$defs/groups/names/short"}
    assert faults(entity({"value": value}, **{"$defs": {"groups": groups}})) == []
    assert faults(entity({"value": value}, **{"$defs": {"groups": {"names": {"short": 1}}}})) == [
        ("UNRESOLVED_REFERENCE", "/properties/value/$ref")
    ]
    (found, *_) = diagnosed(entity({"value": {}}, **{"$defs": {"groups": groups}}))
    assert found.pointer == "/$defs/groups/names"
    value = {"$ref": "#/$defs/groups/names/other"}
    assert faults(entity({"value": value}, **{"$defs": {"groups": groups}})) == [
        ("UNKNOWN_KEYWORD", "/$defs/groups/names/other/maxLenght")
    ]
    listed = {"choices": [{"type": "string"}]}
    value = {"$ref": "#/$defs/groups/choices/0"}
    (found,) = diagnosed(entity({"value": value}, **{"$defs": {"groups": listed}}))
    assert found.pointer == "/$defs/groups/choices"
    for wrong in ("#/$defs/groups/names/short/maxLength", "#/$defs/groups/names/9"):
        found = diagnosed(entity({"value": {"$ref": wrong}}, **{"$defs": {"groups": groups}}))[-1]
        assert found.code.name == "UNRESOLVED_REFERENCE"


def test_schema_refuses_a_member_that_is_no_schema() -> None:
    assert faults(entity({"a": 1, "b": {"type": "string"}})) == [("WRONG_SHAPE", "/properties/a")]


def test_schema_reads_what_is_inside_lists_and_members() -> None:
    inner = {"allOf": [{"minimun": 1}], "dependentSchemas": {"a": {"minimun": 1}}}
    assert property_faults({"type": "object", "properties": {"b": inner}}) == [
        ("UNKNOWN_KEYWORD", "/properties/b/allOf/0/minimun"),
        ("UNKNOWN_KEYWORD", "/properties/b/dependentSchemas/a/minimun"),
    ]


@pytest.mark.parametrize(
    "reference",
    [
        "#/$defs/Code",
        "#/%24defs/Code",
        "https://example.com/shop#/$defs/Code",
        "shop#/$defs/Code",
        "code",
        "https://example.com/code",
    ],
)
def test_schema_resolves_a_reference_inside_the_document(reference: str) -> None:
    document = entity(
        {"value": {"$ref": reference}},
        **{
            "$id": "https://example.com/shop",
            "$defs": {"Code": {"$id": "code", "type": "string", "maxLength": 3}},
        },
    )
    assert faults(document) == []


@pytest.mark.parametrize(
    "reference", ["#/$defs/Other", "https://example.com/other", "other.json#/a", "http://[/"]
)
def test_schema_refuses_a_reference_that_leads_to_no_schema(reference: str) -> None:
    (found,) = diagnosed(
        entity({"value": {"$ref": reference}}, **{"$defs": {"Code": {"type": "string"}}})
    )
    assert (found.code.name, found.pointer) == ("UNRESOLVED_REFERENCE", "/properties/value/$ref")
    is_elsewhere = not reference.startswith("#")
    assert found.hint == (
        "Register the document of that URI with bss.register_document(), or put the schema into "
        "$defs of this document."
        if is_elsewhere
        else "The definitions are #/$defs/Code."
    )


def test_schema_refuses_a_reference_where_there_are_no_definitions() -> None:
    (found,) = diagnosed(entity({"value": {"$ref": "#/$defs/Code"}}))
    assert found.hint == "Put the schema into $defs of this document."


def test_schema_resolves_a_reference_against_the_resource_that_it_stands_in() -> None:
    inner = {"$id": "urn:inner", "$ref": "#/$defs/Code", "$defs": {"Code": {"maxLength": 7}}}
    document = entity({"value": inner}, **{"$defs": {"Code": {"maxLength": 9}}})
    assert faults(document) == []
    assert checks({**inner, "type": "string"}) == {"max_length": "(char_length(value) <= 7)"}


def test_schema_resolves_a_reference_to_an_anchor() -> None:
    assert property_faults({"$ref": "#here"}) == [("UNRESOLVED_REFERENCE", "/$ref")]
    definitions = {"Code": {"$anchor": "here", "type": "string", "maxLength": 3}}
    document = entity({"value": {"$ref": "#here"}}, **{"$defs": definitions})
    assert faults(document) == []


_VALUES: dict[str, Any] = {
    "$dynamicRef": "#a", "$dynamicAnchor": "a", "uniqueItems": True, "prefixItems": [{}],
    "allOf": [{}], "anyOf": [{}], "oneOf": [{}], "minContains": 1, "maxContains": 1,
    "minProperties": 1, "maxProperties": 1, "dependentRequired": {}, "dependentSchemas": {},
    "patternProperties": {}, "not": False,
}  # fmt: skip


@pytest.mark.parametrize(
    "keyword", [k for k, v in VOCABULARY.items() if v.outcome is Outcome.VALUE]
)
def test_schema_warns_of_a_check_of_arrays_on_columns_and_entities(keyword: str) -> None:
    value = _VALUES.get(keyword, {})
    for document in (
        entity({"price": {"type": "string", keyword: value}}),
        entity({}, **{keyword: value}),
    ):
        found = [(each.severity, last_token(each.pointer)) for each in diagnosed(document)]
        assert found == [("warning", keyword)]


@pytest.mark.parametrize(
    "keyword", [k for k, v in VOCABULARY.items() if v.outcome is Outcome.RECORD]
)
def test_schema_accepts_a_check_of_records_on_entities(keyword: str) -> None:
    definitions = {"$defs": {"a": {"$dynamicAnchor": "a"}}}
    findings = diagnosed(entity({}, **definitions, **{keyword: _VALUES.get(keyword, True)}))
    assert [item for item in findings if item.severity == "error"] == []


@pytest.mark.parametrize(
    ("check", "value", "problem"),
    [
        (shape.types, ["string", "string"], "an array in which no type is repeated"),
        (shape.types, [], f"one of {', '.join(shape.TYPES)}, or an array of them"),
        (shape.types, ["string", 1], f"one of {', '.join(shape.TYPES)}, or an array of them"),
        (shape.types, ["string", "null"], None),
        (shape.strings, ["a", "a"], "an array in which no string is repeated"),
        (shape.strings, ["a", 1], "an array of strings"),
        (shape.count, True, "a whole number from 0 to 2^53"),
        (shape.count, 2**53, None),
        (shape.string_lists, {"a": ["b"]}, None),
        (shape.string_lists, {"a": 1}, "an object of arrays of strings"),
        (shape.choice("a", "b"), "c", "one of a, b"),
        (shape.either(shape.false, shape.string), 1, "false, or a string"),
        (shape.either(shape.false, shape.string), False, None),
        (shape.either(shape.false, shape.string), "a", None),
    ],
)
def test_shape_says_what_a_value_should_have_been(
    check: shape.Shape, value: object, problem: str | None
) -> None:
    assert check(value) == problem


def test_pointer_escapes_what_has_a_meaning_in_it() -> None:
    assert child(child("/a", "b/c~d"), 0) == "/a/b~1c~0d/0"
    assert last_token("/a/b~1c~0d") == "b/c~d"
    assert last_token("") == ""
