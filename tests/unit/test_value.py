from typing import Any

import pytest

from bss_compiler.lowering import jsonpath
from bss_compiler.model.function import needed
from tests.unit.compiling import (
    checks,
    entity,
    faults,
    lowered,
    model,
    predicate,
    property_faults,
)

OBJECT = {"type": "object"}
ARRAY = {"type": "array"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, None),
        (True, None),
        ({"title": "Anything", "default": 1, "$comment": "all of it"}, None),
        (
            OBJECT,
            '($.type() == "object")',
        ),
        (
            {"type": "null"},
            '($.type() == "null")',
        ),
        (
            {"type": ["integer", "string"]},
            '($.type() == "number" && $ % 1 == 0 || $.type() == "string")',
        ),
        (
            {"type": ["integer", "number", "string"]},
            '($.type() == "number" || $.type() == "string")',
        ),
        (
            {"enum": ["a", 1, True, None, "b"]},
            '((($ == "a" || $ == 1) || $ == true) || ($ == null || $ == "b"))',
        ),
        (
            {"const": None},
            "($ == null)",
        ),
        (
            {"type": "object", "properties": {"a": {"const": 1, "enum": ["b"]}}},
            '($.type() == "object" && !(exists ($?(!((@."a".type() == "number" && @."a" '
            '== 1) && (@."a".type() == "string" && @."a" == "b"))))))',
        ),
        (
            {"enum": []},
            '($.type() == "never")',
        ),
        (
            {**OBJECT, "properties": {"a": {}}},
            '($.type() == "object")',
        ),
        (
            {**OBJECT, "properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
            '($."a".type() == "string" && exists ($."b"))',
        ),
        (
            {**OBJECT, "properties": {"a": {}}, "required": ["a"]},
            'exists ($."a")',
        ),
        (
            {"required": ["a"]},
            '(!($.type() == "object") || exists ($?(exists (@."a"))))',
        ),
        (
            {**OBJECT, "additionalProperties": True},
            '($.type() == "object")',
        ),
        (
            {**OBJECT, "properties": {"a": {}}, "additionalProperties": {"type": "boolean"}},
            '($.type() == "object" && !(exists ($.keyvalue()?(!(@."key" == "a") && '
            '!(@."value".type() == "boolean")))))',
        ),
        (
            {**ARRAY, "items": {}},
            '($.type() == "array")',
        ),
        (
            {**ARRAY, "items": False},
            "!(exists ($[*]))",
        ),
        (
            {**OBJECT, "properties": {"s": {"minLength": 3, "maxLength": 2}}},
            '($.type() == "object" && !(exists ($?(!((!(@."s".type() == "string") || '
            '@."s" like_regex ".{3}" flag "s") && (!(@."s".type() == "string") || '
            '!(@."s" like_regex ".{3}" flag "s")))))))',
        ),
        (
            {
                **OBJECT,
                "properties": {
                    "n": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9.5, "multipleOf": 3}
                },
            },
            '($.type() == "object" && !(exists ($?(!(((@."n".type() == "number" && @."n" '
            '% 1 == 0) && @."n" > 0) && (@."n" <= 9.5 && @."n" % 3 == 0))))))',
        ),
        (
            {**OBJECT, "properties": {'it\'s "a"\n%': {"const": "\\'"}}},
            '($.type() == "object" && !(exists ($?(!(@."it\'\'s \\"a\\"\\n%".type() == '
            '"string" && @."it\'\'s \\"a\\"\\n%" == "\\\\\'\'")))))',
        ),
    ],
)
def test_value_has_to_match_a_path(schema: Any, expected: str | None) -> None:
    assert predicate(schema) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (
            {**OBJECT, "properties": {"a": {"type": "string"}}},
            "(((value @@ 'strict ($.type() == \"object\")'::jsonpath) IS TRUE) AND ((value "
            '@@ \'!($."a".type() != "string")\'::jsonpath) IS TRUE))',
        ),
        (
            {**ARRAY, "items": {"type": "number"}, "minItems": 1, "maxItems": 2.0},
            "(((value @@ 'strict !($[*].type() != \"number\")'::jsonpath) IS TRUE) AND "
            "(jsonb_array_length(value) >= 1) AND (jsonb_array_length(value) <= 2))",
        ),
        (
            {**OBJECT, "additionalProperties": False},
            "(((value @@ 'strict ($.type() == \"object\")'::jsonpath) IS TRUE) AND ((value "
            "- '{}'::text[]) = '{}'::jsonb))",
        ),
        (
            {**OBJECT, "properties": {"s": {"type": "string", "minLength": 1, "maxLength": 255}}},
            "(((value @@ 'strict ($.type() == \"object\")'::jsonpath) IS TRUE) AND ((value "
            '@@ \'(!($."s".type() != "string") && !($."s" == ""))\'::jsonpath) IS TRUE) '
            "AND ((char_length((value ->> 's'::text)) <= 255) IS NOT FALSE))",
        ),
    ],
)
def test_value_is_asked_by_operators_where_they_are_faster(schema: Any, expected: str) -> None:
    assert checks(schema)["value"] == f"((value IS NULL) OR {expected})"


def test_value_follows_references_and_what_stands_beside_them() -> None:
    document = entity(
        {"value": {"type": "object", "properties": {"to": {"$ref": "#/$defs/To", "minLength": 2}}}},
        **{"$defs": {"To": {"type": "string"}}},
    )
    assert faults(document) == []


def test_value_may_refer_to_itself() -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
    }
    found = model(entity({"value": {"$ref": "#/$defs/Tree"}}, **{"$defs": {"Tree": tree}}))
    (loop,) = [item for item in found.functions if "for i in" in item.body]
    assert any(item.name in loop.body for item in found.functions)


def test_value_with_a_broken_reference_is_refused_there() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/No"}}}
    assert property_faults(schema) == [("UNRESOLVED_REFERENCE", "/properties/a/$ref")]


@pytest.mark.parametrize(
    "inner",
    [
        {"type": "string", "format": "date"},
        {"type": "string", "pattern": "a"},
        {"const": {}},
        {"enum": [[1]]},
        {"type": "string", "maxLength": 256},
        {"uniqueItems": False},
        {"type": "array", "items": {"type": "object", "additionalProperties": False}},
        {"type": "array", "items": {"type": "string", "maxLength": 20, "format": "email"}},
        {"allOf": [{"minimum": 1}], "anyOf": [{"type": "number"}, {"not": {"const": 1}}]},
        {"patternProperties": {"^a": {"type": "number"}}, "additionalProperties": False},
        {"$dynamicRef": "#/$defs/Value", "minProperties": 1, "maxContains": 0, "contains": {}},
    ],
)
def test_value_is_decided_without_a_function(inner: Any) -> None:
    schema = {"type": "object", "properties": {"a": inner}}
    document = entity({"value": schema}, **{"$defs": {"Value": {"type": "object"}}})
    assert faults(document) == []


@pytest.mark.parametrize(
    "annotation",
    [
        {"contentEncoding": "base64", "contentMediaType": "text/html"},
        {"contentSchema": {"type": "string"}},
        {"$vocabulary": {}},
    ],
)
def test_value_is_not_decoded(annotation: Any) -> None:
    plain = {"type": "object", "properties": {"a": {"type": "string"}}}
    said = {"type": "object", "properties": {"a": {"type": "string", **annotation}}}
    assert checks(said) == checks(plain)


@pytest.mark.parametrize(
    "inner",
    [
        {"minLength": 256},
        {"type": "array", "items": {"maxLength": 255}},
        {"uniqueItems": True},
        {"contains": {}, "minContains": 2},
        {"minProperties": 2},
        {"maxProperties": 1},
        {"anyOf": [{"items": {"uniqueItems": True}}]},
        {"unevaluatedProperties": False, "anyOf": [{"properties": {"b": {}}}]},
    ],
)
def test_value_calls_a_function_where_no_path_can_decide(inner: Any) -> None:
    found = model(entity({"value": {"type": "object", "properties": {"a": inner}}}))
    (check,) = checks({"type": "object", "properties": {"a": inner}}).values()
    assert found.functions == needed([check], found.functions) != ()


def test_value_shares_a_function_with_its_like() -> None:
    unique = {"type": "array", "uniqueItems": True}
    assert (
        len(model(entity({"a": unique, "b": unique, "c": {**unique, "maxItems": 1}})).functions)
        == 2
    )


def test_value_hands_its_patterns_to_the_server() -> None:
    inner = {"type": "array", "items": {"type": "string", "pattern": "^a+$"}}
    schema = {"type": "object", "properties": {"a": inner}}
    (probe,) = lowered(entity({"value": schema})).probes
    assert probe.pointer == "/properties/value/properties/a/items/pattern"
    assert probe.value is None


@pytest.mark.parametrize(
    ("keyword", "value"),
    [("pattern", "^a"), ("format", "date"), ("patternProperties", {"^a": {}})],
)
def test_value_with_a_default_is_refused_where_only_the_server_can_tell(
    keyword: str, value: Any
) -> None:
    schema = {"type": "object", "properties": {"a": {keyword: value}}, "default": {"a": "b"}}
    assert property_faults(schema) == [("NOT_ENFORCEABLE", "/default")]


def test_value_with_a_default_is_refused_where_its_schema_refers_to_itself() -> None:
    tree = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Tree"}}}
    value = {"$ref": "#/$defs/Tree", "default": {}}
    document = entity({"value": value}, **{"$defs": {"Tree": tree}})
    assert faults(document) == [("NOT_ENFORCEABLE", "/properties/value/default")]


@pytest.mark.parametrize(
    ("default", "expected"), [([], []), ([1, 1.0], [("INVALID_DEFAULT", "/default")])]
)
def test_value_with_unique_items_has_a_default(default: Any, expected: Any) -> None:
    schema = {"type": "array", "uniqueItems": True, "default": default}
    assert property_faults(schema) == expected


def test_value_has_a_default_beside_a_reference_that_is_never_applied() -> None:
    tree = {"then": {"$ref": "#/$defs/Tree"}, "allOf": [{"type": "object"}]}
    document = entity(
        {"value": {"$ref": "#/$defs/Tree", "default": {}}}, **{"$defs": {"Tree": tree}}
    )
    assert faults(document) == []


def test_value_that_expands_to_too_many_schemas_is_refused_once() -> None:
    def twice(name: str) -> Any:
        reference = {"$ref": f"#/$defs/{name}"}
        return {"type": "object", "properties": {"a": reference, "b": reference}}

    definitions = {f"L{level}": twice(f"L{level + 1}") for level in range(5)}
    document = entity(
        {"value": twice("L0")}, **{"$defs": {**definitions, "L5": {"type": "string"}}}
    )
    # the value, its members, and of each the schema with the reference and the one behind it
    assert faults(document, schema_nodes=1 + 2 * (2**7 - 2)) == []
    found = faults(document, schema_nodes=2 * (2**7 - 2))
    assert found == [("TOO_MANY", "/$defs/L0")]


def test_jsonpath_puts_parentheses_where_the_server_does() -> None:
    a, b = jsonpath.compare("$.a", "==", 1), jsonpath.compare("$.b", "==", None)
    assert jsonpath.both(a).text == "$.a == 1"
    assert jsonpath.both(a, b, a).text == "($.a == 1 && $.b == null) && $.a == 1"
    assert jsonpath.either(a, jsonpath.both(a, b)).text == "$.a == 1 || $.a == 1 && $.b == null"
    assert jsonpath.both(a, jsonpath.either(a, b)).text == ("$.a == 1 && ($.a == 1 || $.b == null)")
    assert jsonpath.negated(jsonpath.either(a, b)).text == "!($.a == 1 || $.b == null)"
    assert jsonpath.strict(a) == "strict ($.a == 1)"
    assert jsonpath.strict(jsonpath.negated(a)) == "strict !($.a == 1)"


def test_jsonpath_spells_scalars_only() -> None:
    assert [jsonpath.scalar(value) for value in (None, True, False, 1, 'a"')] == [
        "null",
        "true",
        "false",
        "1",
        '"a\\""',
    ]
    with pytest.raises(TypeError, match="not a JSON scalar: list"):
        jsonpath.scalar([])


def test_value_of_too_many_choices_is_refused() -> None:
    document = entity({"value": {"type": "object", "properties": {"a": {"enum": [1, 2, 3]}}}})
    assert faults(document, enum_values=3) == []
    assert faults(document, enum_values=2) == [("TOO_MANY", "/properties/value/properties/a/enum")]
