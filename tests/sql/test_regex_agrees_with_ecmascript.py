"""The server's answer to what is a regular expression is ECMAScript's, and that of the compiler.

`regex_cases.json` holds patterns, as Node.js 20 decided by `new RegExp(pattern, "u")`. The patterns
that are drawn here are decided by the compiler's own parser: it takes one more thing, and refuses
those that the server could not match with. BSS_TEST_PATTERNS asks for more of them, other ones.
"""

import json
import os
from pathlib import Path
from random import Random

import psycopg
import pytest

from bss_compiler.lowering.pattern.parse import parse
from bss_compiler.lowering.pattern.reader import PatternError

CASES = json.loads(Path(__file__).with_name("regex_cases.json").read_text("utf-8"))
PATTERNS = os.environ.get("BSS_TEST_PATTERNS")

ATOMS = (
    "a", "é", "😀", ".", "/", "0", "^", "$", r"\b", r"\B", r"\d", r"\W", r"\n", r"\0", r"\1", r"\2",
    r"\k<a>", r"\a", r"\.", r"\cA", r"\c1", r"\x41", r"\x4", r"\u0041", r"\u{41}", r"\u{110000}",
    r"\ud83d\ude00", r"\p{L}", r"\P{Lu}", r"\p{Foo}", r"\p{gc=Nd}", "(?<a>b)", "(?=a)", "(?<!a)",
    "x{2}", "x{3,2}", "{", "]", "[]", "[^]", "[a-z]", "[z-a]", r"[\d-z]", r"[\b\-]", "[a-", "[-a-]",
)  # fmt: skip
OPENINGS = ("(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<a>", "(?<b>", "(?<1>", "(?")
QUANTIFIERS = ("*", "+", "?", "*?", "{2}", "{2,}", "{2,3}?", "{3,2}", "{,2}", "{")
BEYOND = (
    "a back-reference", "a Unicode property that is not known exactly", "groups nested deeper",
    "more than", "a bound that is too large",
)  # fmt: skip
"""Why the compiler refuses what is a regular expression: the server has nothing like it."""


def drawn(random: Random, depth: int = 0) -> str:
    """Draw a pattern that is right more often than not."""
    text = ""
    for _ in range(random.randint(0, 4)):
        if depth < 3 and random.random() < 0.3:
            text += random.choice(OPENINGS) + drawn(random, depth + 1) + ")"
        else:
            text += random.choice(ATOMS[:7] if random.random() < 0.5 else ATOMS)
        if random.random() < 0.2:
            text += random.choice(QUANTIFIERS)
        if random.random() < 0.1:
            text += random.choice(("|", ")", "\\", "("))
    return text


def decided(connection: psycopg.Connection, patterns: list[str]) -> list[bool]:
    found = connection.execute(
        "select bss_checks.is_regex(p.pattern) from unnest(%s::text[]) with ordinality"
        " as p (pattern, number) order by p.number",
        [patterns],
    )
    return [answer for (answer,) in found]


def fault(pattern: str) -> str | None:
    try:
        parse(pattern)
    except PatternError as error:
        return error.answer.reason
    return None


@pytest.mark.parametrize(("verdict", "expected"), [("valid", True), ("invalid", False)])
def test_regex_is_what_ecmascript_takes(
    connection: psycopg.Connection, verdict: str, expected: bool
) -> None:
    answers = decided(connection, CASES[verdict])
    assert [each for each, answer in zip(CASES[verdict], answers, strict=True)
            if answer is not expected] == []  # fmt: skip


def test_regex_is_what_the_compiler_takes(connection: psycopg.Connection) -> None:
    random = Random() if PATTERNS else Random(3)  # noqa: S311  no secret
    patterns = sorted({drawn(random) for _ in range(int(PATTERNS or 3_000))})
    answers = dict(zip(patterns, decided(connection, patterns), strict=True))
    reasons = {pattern: fault(pattern) for pattern in patterns}
    taken = [pattern for pattern, reason in reasons.items() if reason is None]
    assert [pattern for pattern in taken if not answers[pattern]] == []
    refused = {pattern: reason for pattern, reason in reasons.items() if reason is not None}
    # what is beyond the server may have another fault further on
    wrong = {pattern for pattern in refused if not refused[pattern].startswith(BEYOND)}
    assert [pattern for pattern in wrong if answers[pattern]] == []
    assert len(taken) > len(patterns) / 5 < len(wrong), "of each there is more than a few"


def test_regex_may_not_escape_a_hyphen_outside_a_class(connection: psycopg.Connection) -> None:
    assert fault(r"a\-b") is None
    assert decided(connection, [r"a\-b", r"[a\-b]"]) == [False, True]


@pytest.mark.parametrize("setting", ["on", "off"])
def test_regex_is_the_same_in_every_session(connection: psycopg.Connection, setting: str) -> None:
    connection.execute("select set_config('standard_conforming_strings', %s, false)", [setting])
    assert decided(connection, [r"\d", r"\a", r"[\]-a]", r"(?<n>)\k<n>"]) == [
        True,
        False,
        True,
        True,
    ]


def test_regex_takes_time_as_it_has_characters(connection: psycopg.Connection) -> None:
    connection.execute("set statement_timeout = '5s'")
    patterns = [
        "(" * 20_000 + ")" * 20_000,
        "a*" * 20_000,
        "[" + "a-z" * 20_000 + "]",
        "(" * 40_000,
    ]
    assert decided(connection, patterns) == [True, True, True, False]
