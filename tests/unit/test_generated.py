"""Computed columns and search: expressions over columns, and what bounds them."""

from typing import Any

import pytest

from bss_compiler.lowering.generated import MAX_ARGUMENTS
from bss_compiler.lowering.search import LANGUAGES, MAX_PROPERTIES
from bss_compiler.model import Column, Index, IndexKey
from tests.unit.compiling import UUID, entity, faults, table

TEXT = {"type": "string"}
PROPERTIES: dict[str, Any] = {
    "i": {"type": "integer"},
    "n": {"type": "number"},
    "d": {"type": "number", "format": "double"},
    "t": TEXT,
    "day": {"type": "string", "format": "date"},
    "key": UUID,
    "j": {"type": "object"},
}


def computing(stated: Any, schema: Any = TEXT, **keywords: Any) -> Any:
    computed = {**schema, "x-bss": {**schema.get("x-bss", {}), "generated": stated}}
    return entity({**PROPERTIES, "value": computed}, **keywords)


def computed(stated: Any, schema: Any = TEXT) -> Column:
    columns = table(computing(stated, schema)).columns
    return next(item for item in columns if item.name == "value")


@pytest.mark.parametrize(
    ("stated", "schema", "expected"),
    [
        ("$.i * $.n", {"type": "number"}, "((i)::numeric * n)"),
        ("$.i + 1", {"type": "integer", "format": "int32"}, "(i + '1'::bigint)"),
        ("$.n / 3", {"type": "number", "x-bss": {"type": "numeric(6,2)"}}, "(n / '3'::numeric)"),
        ("$.d", {"type": "number"}, "d"),
        ("$.day", {"type": "string", "format": "date"}, "day"),
        ("$.i > 1", {"type": "boolean"}, "(i > '1'::bigint)"),
        ("$.t", TEXT, "t"),
        ("$.j.a[1]", TEXT, "(j #>> '{a,1}'::text[])"),
        (r'$.j."it\'s"', TEXT, None),
        ('$.j."it\'s {}"', TEXT, "(j #>> '{\"it''s {}\"}'::text[])"),
        ({"lower": "$.t"}, TEXT, "lower(t)"),
        ({"upper": {"trim": "$.t"}}, TEXT, "upper(btrim(t))"),
        ({"concat": ["$.t", "-", "$.i"]}, TEXT, "((t || '-'::text) || (i)::text)"),
        ({"concat": ["%1$I'", {"text": "$.t"}]}, TEXT, "('%1$I'''::text || '$.t'::text)"),
        ({"coalesce": ["$.t", "$.key", ""]}, TEXT, "COALESCE(t, (key)::text, ''::text)"),
        ({"concat": ["$.j.a", "$.n"]}, TEXT, "((j #>> '{a}'::text[]) || (n)::text)"),
    ],
)
def test_generated_is_an_expression_over_columns(
    stated: Any, schema: Any, expected: str | None
) -> None:
    if expected is None:
        assert [code for code, _ in faults(computing(stated, schema))] == ["PATH_NOT_LOWERED"]
    else:
        found = computed(stated, schema)
        assert (found.generated, found.default, found.nullable) == (expected, None, True)


@pytest.mark.parametrize(
    ("stated", "schema", "code"),
    [
        ("$.n", {"type": "integer"}, "WRONG_TYPE"),
        ("$.i", TEXT, "WRONG_TYPE"),
        ("$.t", {"type": "string", "format": "date"}, "WRONG_TYPE"),
        ("$.j", {"type": "object"}, "WRONG_TYPE"),
        ("$.value", TEXT, "PATH_NOT_LOWERED"),
        ("$.value == null", {"type": "boolean"}, "PATH_NOT_LOWERED"),
        ("$.i > 1", TEXT, "PATH_NOT_LOWERED"),
        ("$.j.a.size()", TEXT, "PATH_NOT_LOWERED"),
        ({"concat": ["$.t", "$.day"]}, TEXT, "WRONG_TYPE"),
        ({"concat": ["$.t", "$.d"]}, TEXT, "WRONG_TYPE"),
        ({"concat": ["$.t", "$.value"]}, TEXT, "PATH_NOT_LOWERED"),
        ({"concat": ["$.t", 1]}, TEXT, "WRONG_SHAPE"),
        ({"concat": ["x"] * (MAX_ARGUMENTS + 1)}, TEXT, "WRONG_SHAPE"),
        ({"sql": "now()"}, TEXT, "WRONG_SHAPE"),
        ({}, TEXT, "WRONG_SHAPE"),
        ({"lower": "$.t"}, {"type": "integer"}, "WRONG_TYPE"),
    ],
)
def test_generated_that_cannot_be_is_refused(stated: Any, schema: Any, code: str) -> None:
    ((found, pointer),) = faults(computing(stated, schema))
    assert found == code
    assert pointer.startswith("/properties/value/x-bss/generated")


def test_generated_is_not_what_somebody_gives() -> None:
    place = ("CONFLICTING_KEYWORDS", "/properties/value/x-bss/generated")
    assert faults(computing("$.t", {**TEXT, "default": "x"})) == [place]
    assert faults(computing("$.t", required=["value"])) == [place]


def test_generated_key_has_no_default() -> None:
    document = computing("$.key", UUID, **{"x-bss": {"primaryKey": "value"}})
    found = next(item for item in table(document).columns if item.name == "value")
    assert (found.generated, found.default, found.nullable) == ("key", None, False)


def searching(options: Any, **properties: Any) -> Any:
    return entity({**PROPERTIES, **properties}, **{"x-bss": {"search": options}})


def test_search_is_a_column_with_an_index() -> None:
    found = table(searching({"properties": ["t", "j"]}))
    assert found.indexes == (
        Index(name="items_search_idx", method="gin", keys=(IndexKey(column="search"),)),
    )
    (column,) = (item for item in found.columns if item.name == "search")
    assert (column.type, column.comment) == ("tsvector", "Words of t, j")
    assert column.generated == (
        "(to_tsvector('simple'::regconfig, COALESCE(t, ''::text))"
        " || to_tsvector('simple'::regconfig, COALESCE(j, '{}'::jsonb)))"
    )


def test_search_has_weights_and_a_language() -> None:
    found = table(searching({"properties": {"t": "A", "j": "D"}, "language": "german"}))
    (column,) = (item for item in found.columns if item.name == "search")
    assert column.generated == (
        "(setweight(to_tsvector('german'::regconfig, COALESCE(t, ''::text)), 'A'::\"char\")"
        " || to_tsvector('german'::regconfig, COALESCE(j, '{}'::jsonb)))"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_search_knows_a_language(language: str) -> None:
    assert faults(searching({"properties": ["t"], "language": language})) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"properties": []}, ("WRONG_SHAPE", "")),
        ({"properties": {}}, ("WRONG_SHAPE", "")),
        ({"properties": {"t": ["A"]}}, ("WRONG_SHAPE", "/properties/t")),
        ({"properties": ["t"], "language": "pg_catalog.simple"}, ("WRONG_SHAPE", "/language")),
        ({"properties": ["day"]}, ("WRONG_TYPE", "/properties")),
    ],
)
def test_search_that_cannot_be_is_refused(options: Any, found: tuple[str, str]) -> None:
    code, pointer = found
    assert faults(searching(options)) == [(code, f"/x-bss/search{pointer}")]


def test_search_is_bounded() -> None:
    many = {f"p{number}": TEXT for number in range(MAX_PROPERTIES + 1)}
    assert faults(searching({"properties": list(many)}, **many)) == [
        ("TOO_MANY", "/x-bss/search/properties")
    ]
