"""The columns in an expression that the server printed: found, and given other names."""

import pytest

from bss_compiler.model.expression import columns_in, with_columns

EXPRESSIONS = {
    "(price > (0)::numeric)": {"price"},
    "((\"Der \"\"Preis\"\"\" > '5'::bigint) AND (note <> 'price'::text))": {'Der "Preis"', "note"},
    "((date)::text = ANY (ARRAY['date'::text, 'it''s a date'::text]))": {"date"},
    "(lower(lower) = upper(text))": {"lower", "text"},
    "(varying = '1'::character varying)": {"varying"},
    "(zone > '2020-01-01 00:00:00+00'::timestamp with time zone)": {"zone"},
    "(zone > '2020-01-01 00:00:00'::timestamp(3) without time zone)": {"zone"},
    "(\"precision\" = (1)::double precision)": {"precision"},
    "((n)::numeric(12,2) = (1)::numeric)": {"n"},
    "(EXTRACT(year FROM year) = (2020)::numeric)": {"year"},
    "(a COLLATE \"C\" > b COLLATE pg_catalog.\"C\")": {"a", "b"},
    "bss_checks.v_0123456789abcdef0123456789abcdef(v)": {"v"},
    "(tags @@ 'strict $.\"a\"'::jsonpath)": {"tags"},
    "(setweight(to_tsvector('simple'::regconfig, COALESCE(title, ''::text)), 'A'::\"char\"))": {
        "title"
    },
    "(\"select\" IS NOT NULL)": {"select"},
    "RANGE (created_at)": {"created_at"},
}  # fmt: skip


@pytest.mark.parametrize(("expression", "columns"), EXPRESSIONS.items())
def test_columns_of_an_expression_are_told_from_all_else(
    expression: str, columns: set[str]
) -> None:
    assert columns_in(expression) == columns


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression_is_the_same_when_its_columns_have_their_names_again(expression: str) -> None:
    names = {name: f"{name} & 1" for name in columns_in(expression)}
    other = with_columns(expression, names)
    assert columns_in(other) == set(names.values())
    assert with_columns(other, {new: old for old, new in names.items()}) == expression


def test_expression_has_new_names_as_the_server_spells_them() -> None:
    names = {"a": 'B"', "b": "json", "text": "t"}
    assert with_columns("((a)::text = (b || 'a'::text))", names) == (
        '(("B""")::text = ("json" || \'a\'::text))'
    )
