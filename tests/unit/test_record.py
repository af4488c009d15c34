"""What a schema says of whole records, as checks of the table."""

import json
from typing import Any

import pytest

from bss_compiler.lowering.record import condition as c
from bss_compiler.model import Check
from tests.unit.compiling import (
    UUID,
    compiled,
    diagnosed,
    entity,
    faults,
    lowered,
    parts,
    table,
)

STRING = {"type": "string"}
INTEGER = {"type": "integer"}
A, B, C = (c.atom(f"({name} IS NULL)", f"({name} IS NOT NULL)") for name in "abc")
SMALL = c.atom("(n < 3)")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (c.all_of([A, c.any_of([B, SMALL])]), "((a IS NULL) AND ((b IS NULL) OR (n < 3)))"),
        (c.all_of([A, c.all_of([B, C])]), "((a IS NULL) AND (b IS NULL) AND (c IS NULL))"),
        (c.any_of([c.any_of([A, B]), A]), "((a IS NULL) OR (b IS NULL))"),
        (c.all_of([A, c.TRUE, c.any_of([B])]), "((a IS NULL) AND (b IS NULL))"),
        (c.negated(SMALL), "(NOT (n < 3))"),
        (c.negated(c.negated(SMALL)), "(n < 3)"),
        (
            c.all_of([c.negated(c.any_of([A, c.all_of([B, SMALL])])), C]),
            "((a IS NOT NULL) AND ((b IS NOT NULL) OR (NOT (n < 3))) AND (c IS NULL))",
        ),
        (c.one_of([A]), "(a IS NULL)"),
        (c.one_of([A, c.FALSE, B]), "((a IS NULL) <> (b IS NULL))"),
        (c.negated(c.one_of([A, B])), "((a IS NULL) = (b IS NULL))"),
        (c.one_of([A, c.TRUE, B]), "((a IS NOT NULL) AND (b IS NOT NULL))"),
        (
            c.one_of([A, B, C]),
            "(((((a IS NULL))::integer + ((b IS NULL))::integer) + ((c IS NULL))::integer) = 1)",
        ),
        (
            c.any_of([c.all_of([c.any_of([A, B]), c.any_of([B, A, B])]), C]),
            "((((a IS NULL) OR (b IS NULL)) AND ((b IS NULL) OR (a IS NULL))) OR (c IS NULL))",
        ),
        (
            c.any_of([c.all_of([c.any_of([A, B]), c.any_of([A, B])]), C]),
            "((((a IS NULL) OR (b IS NULL)) AND ((a IS NULL) OR (b IS NULL))) OR (c IS NULL))",
        ),
    ],
)
def test_condition_is_written_as_the_server_prints_it(condition: Any, expected: str) -> None:
    assert c.write(condition) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (c.all_of([]), c.TRUE),
        (c.any_of([]), c.FALSE),
        (c.all_of([A, c.FALSE]), c.FALSE),
        (c.any_of([A, c.TRUE]), c.TRUE),
        (c.one_of([]), c.FALSE),
        (c.one_of([c.TRUE, c.TRUE, A]), c.FALSE),
        (c.one_of([c.TRUE, c.FALSE]), c.TRUE),
        (c.negated(c.TRUE), c.FALSE),
        (c.negated(c.FALSE), c.TRUE),
    ],
)
def test_condition_that_is_known_is_not_written(condition: Any, expected: Any) -> None:
    assert condition is expected


PROPERTIES: dict[str, Any] = {
    "a": STRING, "n": INTEGER, "d": {"type": "number", "format": "double"},
    "r": {"type": "number", "format": "float"}, "u": UUID, "j": {}, "must": INTEGER,
    "p": {"type": ["string", "null"]},
    "ip": {"type": "string", "x-bss": {"type": "inet"}},
    "b64": {"type": "string", "contentEncoding": "base64"},
    "tags": {"type": "array", "items": STRING, "x-bss": {"type": "text[]"}},
}  # fmt: skip


def condition_of(schema: Any) -> str | None:
    """The check that a schema becomes as the one branch of `oneOf`."""
    result, diagnostics = compiled(entity(PROPERTIES, required=["must"], oneOf=[schema]))
    assert [item for item in diagnostics if item.severity == "error"] == []
    assert result is not None
    checks = parts(result.model.tables[0].constraints, Check)
    return next((item.expression for item in checks if item.keyword == "oneOf"), None)


def branch_faults(schema: Any) -> list[tuple[str, str]]:
    found = faults(entity(PROPERTIES, required=["must"], oneOf=[schema]))
    return [(code, pointer.removeprefix("/oneOf/0")) for code, pointer in found]


def test_check_of_records_knows_its_keyword_and_its_place() -> None:
    document = entity(
        {"a": INTEGER, "b": {"type": "integer", "minimum": 1}},
        minProperties=2,
        allOf=[{"not": {"required": ["a"]}}, {"title": "nothing"}],
    )
    assert {
        item.name: (item.keyword, item.pointer)
        for item in parts(table(document).constraints, Check)
    } == {
        "items_tenant_id_check": (None, None),
        "items_b_minimum_check": ("minimum", "/properties/b/minimum"),
        "items_min_properties_check": ("minProperties", "/minProperties"),
        "items_all_of_0_check": ("allOf", "/allOf/0"),
    }


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"required": ["a"]}, "(a IS NOT NULL)"),
        ({"properties": {"a": {"maxLength": 3}}}, "((a IS NULL) OR (char_length(a) <= 3))"),
        (
            {"properties": {"a": {"maxLength": 3}}, "required": ["a"]},
            "((a IS NOT NULL) AND (char_length(a) <= 3))",
        ),
        ({"properties": {"a": False}}, "(a IS NULL)"),
        ({"properties": {"a": {"type": "integer"}}}, "(a IS NULL)"),
        ({"properties": {"a": {"enum": [1, "x"]}}}, (
            "((a IS NULL) OR (a = ANY (ARRAY['x'::text])))"
        )),
        ({"properties": {"n": {"type": ["number", "null"]}}}, None),
        ({"properties": {"n": {"minimum": 1e30}}}, "(n IS NULL)"),
        ({"properties": {"n": {"maximum": 1e30}}}, None),
        ({"properties": {"n": {"maximum": -1e30}}}, "(n IS NULL)"),
        ({"properties": {"n": {"multipleOf": 10**30}}}, "((n IS NULL) OR (n = '0'::bigint))"),
        ({"properties": {"d": {"type": "integer"}}}, "((d IS NULL) OR (d = trunc(d)))"),
        (
            {"properties": {"r": {"type": "integer"}}},
            "((r IS NULL) OR (r = trunc((r)::double precision)))",
        ),
        ({"properties": {"u": {"format": "uuid"}}}, None),
        (
            {"properties": {"ip": {"format": "ipv4"}}},
            "((ip IS NULL) OR ((family(ip) = 4) AND (masklen(ip) = 32)))",
        ),
        ({"properties": {"b64": {"contentEncoding": "BASE64"}}}, None),
        ({"properties": {"tags": {"minItems": 1}}}, "((tags IS NULL) OR (cardinality(tags) >= 1))"),
        ({"properties": {"j": {"const": 1}}}, (
            "((j IS NULL) OR ((j @@ 'strict ($ == 1)'::jsonpath) IS TRUE))"
        )),
        ({"not": {"properties": {"j": {"const": 1}}}}, (
            "((j IS NOT NULL) AND ((j @@ 'strict ($ == 1)'::jsonpath) IS NOT TRUE))"
        )),
        ({"dependentRequired": {"a": ["n", "d"]}}, (
            "((a IS NULL) OR ((n IS NOT NULL) AND (d IS NOT NULL)))"
        )),
        ({"dependentRequired": {"a": [], "must": ["a"]}}, "(a IS NOT NULL)"),
        ({"properties": {"a": {"format": "regex"}}}, "((a IS NULL) OR bss_checks.is_regex(a))"),
        ({"properties": {"a": {"contentEncoding": "base64", "contentSchema": False}}}, None),
        ({"not": {"properties": {"a": {"format": "idn-hostname"}}}}, (
            "((a IS NOT NULL) AND (NOT bss_checks.is_idn_hostname(a)))"
        )),
        ({"properties": {"tags": {"items": {"const": "x"}}}}, (
            "((tags IS NULL) OR ((to_jsonb(tags) @@ 'strict (!($.type() == \"array\") || "
            "!(exists ($[*]?(!(@.type() == \"string\" && @ == \"x\")))))'::jsonpath) IS TRUE))"
        )),
        ({"not": {"properties": {"tags": {"const": ["x"]}}}}, (
            "((tags IS NOT NULL) AND ((to_jsonb(tags) @@ 'strict (($.type() == \"array\" && "
            "$.size() == 1) && ($[0].type() == \"string\" && $[0] == \"x\"))'::jsonpath) "
            "IS NOT TRUE))"
        )),
        ({"$defs": {"A": {"$dynamicAnchor": "A", "required": ["a"]}}, "$dynamicRef": "#A"}, (
            "(a IS NOT NULL)"
        )),
        ({"properties": {"a": {
            "$dynamicRef": "#A", "$defs": {"A": {"$dynamicAnchor": "A", "minLength": 2}},
        }}}, "((a IS NULL) OR (char_length(a) >= 2))"),
        ({"minProperties": 2}, None),
        ({"maxProperties": 12}, None),
        ({"properties": {"n": {"format": "int32"}}}, (
            "((n IS NULL) OR ((n >= '-2147483648'::bigint) AND (n <= '2147483647'::bigint)))"
        )),
        ({"properties": {"n": {"format": "int64"}}}, None),
        ({"type": ["object", "null"], "title": "a note", "properties": {}}, None),
        ({"if": {"required": ["a"]}, "then": {"required": ["n"]}}, (
            "((a IS NULL) OR (n IS NOT NULL))"
        )),
        ({"if": {"required": ["a"]}, "else": {"required": ["n"]}}, (
            "((a IS NOT NULL) OR (n IS NOT NULL))"
        )),
        ({"propertyNames": {"not": {"const": "a"}}}, "(a IS NULL)"),
        ({"propertyNames": {"enum": [*PROPERTIES, "id"]}}, None),
        ({"propertyNames": {"anyOf": [{"minLength": 2}, {"pattern": "^[^a]"}]}}, (
            "(((a IS NULL) OR ('a'::text ~ '^[^a]'::text)) AND ((n IS NULL) OR "
            "('n'::text ~ '^[^a]'::text)) AND ((d IS NULL) OR ('d'::text ~ '^[^a]'::text)) AND "
            "((r IS NULL) OR ('r'::text ~ '^[^a]'::text)) AND ((u IS NULL) OR "
            "('u'::text ~ '^[^a]'::text)) AND ((j IS NULL) OR ('j'::text ~ '^[^a]'::text)) AND "
            "((p IS NULL) OR ('p'::text ~ '^[^a]'::text)))"
        )),
        ({"patternProperties": {"^b": False, "4$": False, "^p$": {"maxLength": 2}, "ag": True}}, (
            "((b64 IS NULL) AND ((p IS NULL) OR (char_length(p) <= 2)))"
        )),
        ({"additionalProperties": False, "properties": dict.fromkeys(
            [name for name in ("id", *PROPERTIES) if name not in ("a", "j")], True
        )}, "((a IS NULL) AND (j IS NULL))"),
        ({"additionalProperties": {"maxLength": 1}, "patternProperties": {"^[^ap]": True},
          "properties": dict.fromkeys(
            [name for name in ("id", *PROPERTIES) if name not in ("a", "p")], True
        )}, (
            "((('a'::text ~ '^[^ap]'::text) OR (a IS NULL) OR (char_length(a) <= 1)) AND "
            "(('p'::text ~ '^[^ap]'::text) OR (p IS NULL) OR (char_length(p) <= 1)))"
        )),
    ],
)  # fmt: skip
def test_schema_of_a_record_becomes_a_condition_over_columns(
    schema: Any, expected: str | None
) -> None:
    assert condition_of(schema) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"properties": {"p": {"type": "null"}}}, "(p IS NULL)"),
        ({"properties": {"p": {"type": "null"}}, "required": ["p"]}, "(p IS NULL)"),
        ({"properties": {"p": {"not": {"type": "null"}}}}, "(p IS NOT NULL)"),
        ({"properties": {"p": {"not": {"const": None}}}}, "(p IS NOT NULL)"),
        ({"properties": {"p": {"type": "string"}}, "required": ["p"]}, "(p IS NOT NULL)"),
        ({"properties": {"p": {"type": ["string", "null"]}}, "required": ["p"]}, None),
        ({"required": ["p"]}, "(p IS NOT NULL)"),
        ({"properties": {"p": {"not": {"const": "x"}}}}, "((p IS NULL) OR (NOT (p = 'x'::text)))"),
        (
            {"properties": {"p": {"enum": ["x", None]}}, "required": ["p"]},
            "((p IS NULL) OR (p = ANY (ARRAY['x'::text])))",
        ),
        (
            {"properties": {"p": {"oneOf": [{"type": "null"}, {"enum": [None, "x"]}]}}},
            "((p IS NOT NULL) AND (p = ANY (ARRAY['x'::text])))",
        ),
        (
            {"properties": {"p": {"anyOf": [{"$ref": "#/$defs/Null"}, {"maxLength": 1}]}}},
            "((p IS NULL) OR (char_length(p) <= 1))",
        ),
        (
            {"properties": {"p": {"if": {"type": "null"}, "then": False}}},
            "(p IS NOT NULL)",
        ),
        (
            {"properties": {"p": {"if": {"type": "string"}, "else": {"type": "null"}}}},
            None,
        ),
    ],
)
def test_null_is_absent_unless_the_schema_names_it(schema: Any, expected: str | None) -> None:
    schema = {**schema, "$defs": {"Null": {"type": "null"}}}
    text = json.loads(json.dumps(schema).replace("#/$defs/Null", "#/oneOf/0/$defs/Null"))
    assert condition_of(text) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"required": ["zzz"]}, [("UNKNOWN_PROPERTY", "/required/0")]),
        ({"properties": {"zzz": {"maxLength": 1}}}, [("UNKNOWN_PROPERTY", "/properties/zzz")]),
        ({"properties": {"zzz": False}}, []),
        ({"not": {"properties": {"zzz": STRING}}}, [("UNKNOWN_PROPERTY", "/not/properties/zzz")]),
        ({"minLength": 1}, [("CONFLICTING_KEYWORDS", "/minLength")]),
        ({"else": False}, [("CONFLICTING_KEYWORDS", "/else")]),
        ({"if": False}, [("CONFLICTING_KEYWORDS", "/if")]),
        ({"x-bss": {"table": "b"}}, [("UNKNOWN_KEYWORD", "/x-bss/table")]),
        (
            {"properties": {"a": {"default": "x"}}},
            [("CONFLICTING_KEYWORDS", "/properties/a/default")],
        ),
        (
            {"properties": {"a": {"x-bss": {"column": "b"}}}},
            [("UNKNOWN_KEYWORD", "/properties/a/x-bss/column")],
        ),
        ({"properties": {"n": {"const": "x"}}}, [("VALUE_OUT_OF_TYPE", "/properties/n/const")]),
        ({"properties": {"d": {"format": "float"}}}, [
            ("CONFLICTING_KEYWORDS", "/properties/d/format"),
        ]),
        ({"properties": {"a": {"format": "zzz"}}}, [("UNKNOWN_FORMAT", "/properties/a/format")]),
        ({"properties": {"u": {"format": "email"}}}, [
            ("CONFLICTING_KEYWORDS", "/properties/u/format"),
        ]),
        ({"properties": {"u": {"pattern": "a"}}}, [
            ("CONFLICTING_KEYWORDS", "/properties/u/pattern"),
        ]),
        ({"properties": {"a": {"pattern": "(a)\\1"}}}, [
            ("PATTERN_NOT_TRANSLATABLE", "/properties/a/pattern"),
        ]),
        ({"patternProperties": {"(a)\\1": {}}}, [
            ("PATTERN_NOT_TRANSLATABLE", "/patternProperties/(a)\\1"),
        ]),
        ({"const": {"zzz": 1}}, [("UNKNOWN_PROPERTY", "/const/zzz")]),
        ({"properties": {"a": {"minItems": 1}}}, [
            ("CONFLICTING_KEYWORDS", "/properties/a/minItems"),
        ]),
    ],
)  # fmt: skip
def test_fault_of_a_branch_is_reported_at_its_place(
    schema: Any, expected: list[tuple[str, str]]
) -> None:
    assert [fault for fault in branch_faults(schema) if fault[0] != "UNSATISFIABLE"] == expected


def test_entity_that_accepts_no_record_is_refused() -> None:
    assert faults(entity({}, minProperties=2)) == [("UNSATISFIABLE", "/minProperties")]
    assert faults(entity({}, **{"not": {}})) == [("UNSATISFIABLE", "/not")]
    assert faults(entity({}, allOf=[{}, False])) == [("UNSATISFIABLE", "/allOf/1")]
    assert faults(entity({"a": {**STRING, "not": STRING}})) == [
        ("UNSATISFIABLE", "/properties/a/not")
    ]


def test_reference_in_a_circle_is_refused() -> None:
    assert faults(entity({}, **{"not": {"$ref": "#"}})) == [("CIRCULAR_REFERENCE", "")]
    circle = {"R": {"anyOf": [{"$ref": "#/$defs/R"}]}}
    assert faults(entity({}, **{"$ref": "#/$defs/R", "$defs": circle})) == [
        ("CIRCULAR_REFERENCE", "/$defs/R")
    ]
    loop = {"properties": {"a": {"not": {"$ref": "#/oneOf/0/properties/a"}}}}
    assert branch_faults(loop) == [("CIRCULAR_REFERENCE", "/properties/a")]


def test_schemas_applied_to_each_other_too_deeply_are_refused() -> None:
    chain: dict[str, Any] = {f"D{i}": {"not": {"$ref": f"#/$defs/D{i + 1}"}} for i in range(60)}
    chain["D60"] = {"required": ["id"]}
    (found,) = diagnosed(entity({}, **{"not": {"$ref": "#/$defs/D0"}, "$defs": chain}))
    assert found.message == "schemas are applied to each other too deeply"


OPEN: dict[str, Any] = {"unevaluatedProperties": False, "properties": {"id": True}}


@pytest.mark.parametrize(
    "keywords",
    [
        {"anyOf": [{"additionalProperties": False, "title": str(i)} for i in range(500)]},
        {"patternProperties": {f"^p{i}[a-z]": {"minimum": i} for i in range(500)}},
        {"oneOf": [{**OPEN, "allOf": [{}] * 9} for _ in range(9)]},
    ],
)
def test_work_on_every_column_for_every_branch_is_bounded(keywords: Any) -> None:
    columns = {f"p{i}": INTEGER for i in range(1_000)}
    assert "TOO_MANY" in [code for code, _ in faults(entity(columns, **keywords))]


def test_test_that_is_written_twice_is_paid_for_twice() -> None:
    nested: Any = {"required": ["a"]}
    for _ in range(22):
        nested = {"if": nested, "then": {"required": ["b"]}, "else": {"required": ["c"]}}
    document = entity({"a": STRING, "b": STRING, "c": STRING}, anyOf=[nested])
    (found,) = diagnosed(document)
    assert found.message == "document expands to too much text"


def test_pattern_of_a_branch_is_asked_of_the_server() -> None:
    document = entity(
        {"a": STRING},
        anyOf=[{"properties": {"a": {"pattern": "^x+$"}}, "propertyNames": {"pattern": "[a-z]"}}],
    )
    assert [(item.pointer, item.pattern) for item in lowered(document).probes] == [
        ("/anyOf/0/properties/a/pattern", "^x+$"),
        ("/anyOf/0/propertyNames/pattern", "[a-z]"),
    ]


def test_default_beside_a_pattern_that_could_be_negated_is_refused() -> None:
    schema = {**STRING, "not": {"pattern": "^a"}, "default": "b"}
    assert faults(entity({"a": schema})) == [("NOT_ENFORCEABLE", "/properties/a/default")]
