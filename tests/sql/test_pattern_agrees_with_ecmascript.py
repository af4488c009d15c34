"""The server's answer to a translated pattern is ECMAScript's answer to the pattern.

Each line of `pattern_cases.json` holds a pattern, texts in which it is found and texts in which it
is not, as `new RegExp(pattern, "u").test(text)` of Node.js 20 decided: patterns of published
schemas, then patterns drawn from the grammar.
"""

import json
from pathlib import Path

import psycopg
import pytest

from bss_compiler.lowering.pattern import translate

CASES = json.loads(Path(__file__).with_name("pattern_cases.json").read_text())

DISAGREEMENTS = """
select expected.pattern, expected.text
  from unnest(%(patterns)s::text[], %(texts)s::text[], %(expressions)s::text[], %(found)s::bool[])
       as expected (pattern, text, expression, found)
 where (expected.text collate "{collation}" ~ expected.expression) is distinct from expected.found
"""


@pytest.mark.parametrize("collation", ["default", "C", "en-US-x-icu", "tr-TR-x-icu"])
def test_pattern_agrees_with_ecmascript(connection: psycopg.Connection, collation: str) -> None:
    expected = [
        (pattern, text, translate(pattern), found)
        for pattern, matching, other in CASES
        for found, texts in ((True, matching), (False, other))
        for text in texts
    ]
    columns = map(list, zip(*expected, strict=True))
    parameters = dict(zip(("patterns", "texts", "expressions", "found"), columns, strict=True))
    found = connection.execute(DISAGREEMENTS.format(collation=collation), parameters)
    assert found.fetchall() == []


@pytest.mark.parametrize(
    "pattern",
    [
        "^.{1,4096}$",
        "^(?:[a-z]{1,16}[0-9]?){1,250}$",
        "^" + "a?" * 280 + "$",
        r"(?:\ba?){12}",
        r"^(?:[^\d]{0,10}){0,80}$",
        r"^[\p{L}\p{M}]+(?: [\p{Lu}\p{Ll}\p{Nd}]+){0,20}$",
        "(?:" * 50 + "a*" + ")*" * 50,
        "^" + "(?=.*[a-z])" * 90,
    ],
)
def test_pattern_at_the_limits_is_built_by_the_server(
    connection: psycopg.Connection, pattern: str
) -> None:
    connection.execute("set statement_timeout = '5s'")
    answer = connection.execute("select '' ~ %s is not null", [translate(pattern)])
    assert answer.fetchone() == (True,)
