from typing import Any

import pytest

from bss_compiler.lowering import jsonpath
from tests.unit.compiling import entity, faults, predicate, property_faults

OBJECT = {"type": "object"}
ARRAY = {"type": "array"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({}, None),
        (True, None),
        ({"title": "Anything", "default": 1, "$comment": "all of it"}, None),
        (OBJECT, '($.type() == "object")'),
        ({"type": "null"}, '($.type() == "null")'),
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
            '(($.type() == "string" && ($ == "a" || $ == "b") || $.type() == "number" && $ == 1)'
            ' || ($.type() == "boolean" && $ == true || $.type() == "null" && $ == null))',
        ),
        ({"const": None}, '($.type() == "null" && $ == null)'),
        (
            {"type": "object", "properties": {"a": {"const": 1, "enum": ["b"]}}},
            '($.type() == "object" && !(exists ($?(!((@."a".type() == "number" && @."a" == 1) && '
            '(@."a".type() == "string" && @."a" == "b"))))))',
        ),
        ({"enum": []}, '($.type() == "never")'),
        (
            {**OBJECT, "properties": {"a": {"type": "string"}}},
            '($.type() == "object" && !(exists ($?(!(@."a".type() == "string")))))',
        ),
        ({**OBJECT, "properties": {"a": {}}}, '($.type() == "object")'),
        (
            {**OBJECT, "properties": {"a": {"type": "string"}}, "required": ["a", "b"]},
            '($.type() == "object" && (exists ($?(exists (@."b"))) && '
            'exists ($?(@."a".type() == "string"))))',
        ),
        (
            {**OBJECT, "properties": {"a": {}}, "required": ["a"]},
            '($.type() == "object" && exists ($?(exists (@."a"))))',
        ),
        (
            {"required": ["a"]},
            '(!($.type() == "object") || exists ($?(exists (@."a"))))',
        ),
        (
            {**OBJECT, "additionalProperties": False},
            '($.type() == "object" && !(exists ($.keyvalue()?(!(@."value".type() == "never")))))',
        ),
        ({**OBJECT, "additionalProperties": True}, '($.type() == "object")'),
        (
            {**OBJECT, "properties": {"a": {}}, "additionalProperties": {"type": "boolean"}},
            '($.type() == "object" && !(exists ($.keyvalue()?'
            '(!(@."key" == "a") && !(@."value".type() == "boolean")))))',
        ),
        (
            {**ARRAY, "items": {"type": "number"}, "minItems": 1, "maxItems": 2.0},
            '($.type() == "array" && (($.size() >= 1 && $.size() <= 2) && '
            '!(exists ($[*]?(!(@.type() == "number"))))))',
        ),
        ({**ARRAY, "items": {}}, '($.type() == "array")'),
        (
            {**ARRAY, "items": False},
            '($.type() == "array" && !(exists ($[*]?(!(@.type() == "never")))))',
        ),
        (
            {**OBJECT, "properties": {"s": {"type": "string", "minLength": 1, "maxLength": 255}}},
            '($.type() == "object" && !(exists ($?(!(@."s".type() == "string" && '
            '@."s" like_regex "^.{1,255}$" flag "s")))))',
        ),
        (
            {**OBJECT, "properties": {"s": {"minLength": 3, "maxLength": 2}}},
            '($.type() == "object" && !(exists ($?(!(!(@."s".type() == "string") || '
            '@."s".type() == "never")))))',
        ),
        (
            {
                **OBJECT,
                "properties": {
                    "n": {"type": "integer", "exclusiveMinimum": 0, "maximum": 9.5, "multipleOf": 3}
                },
            },
            '($.type() == "object" && !(exists ($?(!((@."n".type() == "number" && '
            '@."n" % 1 == 0) && ((@."n" <= 9.5 && @."n" > 0) && @."n" % 3 == 0))))))',
        ),
        (
            {**OBJECT, "properties": {'it\'s "a"\n%': {"const": "\\'"}}},
            '($.type() == "object" && !(exists ($?(!(@."it\'\'s \\"a\\"\\n%".type() == "string" && '
            '@."it\'\'s \\"a\\"\\n%" == "\\\\\'\'")))))',
        ),
    ],
)
def test_value_has_to_match_a_path(schema: Any, expected: str | None) -> None:
    assert predicate(schema) == expected


def test_value_follows_references_and_what_stands_beside_them() -> None:
    document = entity(
        {"value": {"type": "object", "properties": {"to": {"$ref": "#/$defs/To", "minLength": 2}}}},
        **{"$defs": {"To": {"type": "string"}}},
    )
    assert faults(document) == []


def test_value_that_refers_to_itself_is_refused() -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
    }
    document = entity({"value": {"$ref": "#/$defs/Tree"}}, **{"$defs": {"Tree": tree}})
    assert faults(document) == [("NOT_SUPPORTED_YET", "/$defs/Tree/properties/children/items/$ref")]


def test_value_with_a_broken_reference_is_refused_there() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/No"}}}
    assert property_faults(schema) == [("UNRESOLVED_REFERENCE", "/properties/a/$ref")]


@pytest.mark.parametrize(
    ("inner", "pointer"),
    [
        ({"type": "string", "format": "date"}, "/format"),
        ({"type": "string", "pattern": "a"}, "/pattern"),
        ({"type": "string", "contentEncoding": "base64"}, "/contentEncoding"),
        ({"const": {}}, "/const"),
        ({"enum": [[1]]}, "/enum"),
        ({"type": "string", "maxLength": 256}, "/maxLength"),
        ({"minLength": 256}, "/minLength"),
    ],
)
def test_value_with_what_is_not_built_yet_is_refused(inner: Any, pointer: str) -> None:
    schema = {"type": "object", "properties": {"a": inner}}
    assert property_faults(schema) == [("NOT_SUPPORTED_YET", f"/properties/a{pointer}")]


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
    assert found == [("TOO_MANY", "/$defs/L5")]


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
