from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler import quoting


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain_1", "plain_1"),
        ("_x", "_x"),
        ("1st", '"1st"'),
        ("Capital", '"Capital"'),
        ("two words", '"two words"'),
        ('say "hi"', '"say ""hi"""'),
        ("dollar$", '"dollar$"'),
        ("số", '"số"'),
        ("user", '"user"'),
        ("select", '"select"'),
        ("json", '"json"'),
        ("merge_action", '"merge_action"'),
        ("xmltable", '"xmltable"'),
        ("name", "name"),
        ("type", "type"),
    ],
)
def test_quoting_quotes_identifiers_that_need_it(name: str, expected: str) -> None:
    assert quoting.ident(name) == expected


def test_quoting_puts_commas_between_identifiers() -> None:
    assert quoting.idents(["a", "B", "order"]) == 'a, "B", "order"'


@pytest.mark.parametrize(
    ("value", "expected"),
    [("plain", "'plain'"), ("it's", "'it''s'"), ("back\\slash", "'back\\slash'"), ("", "''")],
)
def test_quoting_doubles_the_quotes_of_a_string(value: str, expected: str) -> None:
    assert quoting.text(value) == expected


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        ("true", "boolean", "true"),
        ("7", "integer", "7"),
        ("-7", "integer", "'-7'::integer"),
        ("7", "bigint", "'7'::bigint"),
        ("7", "smallint", "'7'::smallint"),
        ("7", "numeric", "'7'::numeric"),
        ("7.50", "numeric", "7.50"),
        ("-7.5", "numeric", "'-7.5'::numeric"),
        ("0.1", "double precision", "'0.1'::double precision"),
        ("it's", "text", "'it''s'::text"),
    ],
)
def test_quoting_spells_constants_as_the_server_does(value: str, type_: str, expected: str) -> None:
    assert quoting.constant(value, type_) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, "7"),
        (-7, "-7"),
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1e-7"), "0.0000001"),
        (Decimal("-0.0"), "0.0"),
        (Decimal("-0.5"), "-0.5"),
        (10**30, "1" + "0" * 30),
    ],
)
def test_quoting_prints_numbers_as_numeric_does(value: int | Decimal, expected: str) -> None:
    assert quoting.decimal(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1"),
        (Decimal("2.50"), "2.50"),
        ('a"b\\c\n\t\b\f\r\x01/é', '"a\\"b\\\\c\\n\\t\\b\\f\\r\\u0001/é"'),
        ([1, [2], {}], "[1, [2], {}]"),
        ({"bb": 1, "a": 2, "ü": 3, "B": 4}, '{"B": 4, "a": 2, "bb": 1, "ü": 3}'),
    ],
)
def test_quoting_prints_json_as_jsonb_does(value: Any, expected: str) -> None:
    assert quoting.jsonb(value) == expected


def test_quoting_fills_a_template_as_format_does() -> None:
    statement = (
        f"{quoting.SCHEMA}.t {quoting.TENANT}::uuid {quoting.EXTENSION}.vector "
        + quoting.template("'100% %1$I %%'")
    )
    filled = quoting.fill(statement, schema="Tenant A", tenant="it's", extension="public")
    assert filled == "\"Tenant A\".t 'it''s'::uuid public.vector '100% %1$I %%'"


@given(st.text())
def test_quoting_lets_any_text_stand_for_itself_in_a_template(sql: str) -> None:
    assert quoting.fill(quoting.template(sql), schema="s", tenant="t", extension="e") == sql
