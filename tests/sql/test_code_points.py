"""The sets of code points in the server are those of Unicode, as far as this Python knows it.

docs/code_points.py makes them from the Unicode Character Database; here the properties are reckoned
anew by another way, from `unicodedata`, for the characters that its version has.
"""

import sys
from collections.abc import Callable
from unicodedata import bidirectional, category, combining, name, normalize, unidata_version

import psycopg
import pytest

pytestmark = pytest.mark.skipif(
    [int(part) for part in unidata_version.split(".")] > [15, 1, 0],
    reason="nothing in this Python says which characters are newer than the sets, of Unicode 15.0",
)

# what came with 15.1, as Python 3.13 knows it
NEWER = {*range(0x2EBF0, 0x2EE5E), *range(0x2FFC, 0x3000), 0x31EF}
# what 15.1 took for parts of identifiers
NEWER_PARTS = {0x200C, 0x200D, 0x30FB, 0xFF65}
ASSIGNED = [
    point
    for point in range(sys.maxunicode + 1)
    if category(chr(point)) not in ("Cn", "Cs", "Co") and point not in NEWER
]
# RFC 5892, 2.6, and what a rule of appendix A is about
PVALID = {0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007}
CONTEXT = {0xB7, 0x375, 0x5F3, 0x5F4, 0x30FB, 0x200C, 0x200D, *range(0x660, 0x66A),
           *range(0x6F0, 0x6FA)}  # fmt: skip
DISALLOWED = {0x640, 0x7FA, 0x302E, 0x302F, *range(0x3031, 0x3036), 0x303B}
IGNORABLE = {0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, 0xFFA0,
             *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}  # fmt: skip
JAMO = {*range(0x1100, 0x1200), *range(0xA960, 0xA980), *range(0xD7B0, 0xD800)}
SYMBOLS = {*range(0x20D0, 0x2100), *range(0x1D100, 0x1D250)}


def is_label(point: int) -> bool:
    """Say whether a label may have a code point, anywhere or in some context (RFC 5892, 3)."""
    character = chr(point)
    if point in PVALID | CONTEXT or character in "-0123456789":
        return True
    folded = normalize("NFKC", normalize("NFKC", character).casefold())
    return (
        category(character) in ("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc")
        and folded == character
        and point not in DISALLOWED | IGNORABLE | JAMO | SYMBOLS
    )


def begins(*words: str) -> Callable[[int], bool]:
    return lambda point: name(chr(point), "").startswith(words)


def is_directed(*classes: str) -> Callable[[int], bool]:
    return lambda point: bidirectional(chr(point)) in classes


SETS: dict[str, Callable[[int], bool]] = {
    "mark": lambda point: category(chr(point)).startswith("M"),
    "virama": lambda point: combining(chr(point)) == 9,
    "right to left": is_directed("R", "AL"),
    "arabic number": is_directed("AN"),
    "european number": is_directed("EN"),
    "bidi mark": is_directed("NSM"),
    "bidi neutral": is_directed("ES", "CS", "ET", "ON", "BN"),
}
"""Of what a label may have."""


def members(connection: psycopg.Connection, function: str, set_name: str) -> set[int]:
    rows = connection.execute(
        f"select lower(r), upper(r) from unnest(bss_checks.{function}(%s)) as r",  # noqa: S608
        [set_name],
    )
    return {point for first, end in rows for point in range(first, end)}


@pytest.fixture
def labels(connection: psycopg.Connection) -> set[int]:
    return members(connection, "label_points", "label")


def test_labels_have_what_idna_2008_allows(labels: set[int]) -> None:
    assert [hex(point) for point in ASSIGNED if (point in labels) != is_label(point)] == []


@pytest.mark.parametrize("set_name", SETS)
def test_labels_have_the_properties_of_unicode(
    connection: psycopg.Connection, labels: set[int], set_name: str
) -> None:
    found, holds = members(connection, "label_points", set_name), SETS[set_name]
    of_labels = labels.intersection(ASSIGNED)
    assert [hex(each) for each in of_labels if (each in found) != holds(each)] == []


def test_labels_have_the_scripts_that_the_names_of_characters_say(
    connection: psycopg.Connection, labels: set[int]
) -> None:
    for set_name, words in {
        "greek": ("GREEK SMALL LETTER",),
        "hebrew": ("HEBREW LETTER", "HEBREW POINT"),
        "kana or han": ("HIRAGANA LETTER", "KATAKANA LETTER", "CJK UNIFIED IDEOGRAPH"),
        "joining transparent": ("COMBINING",),
        "joining left": ("ARABIC LETTER BEH", "SYRIAC LETTER BETH"),
        "joining right": ("ARABIC LETTER BEH", "ARABIC LETTER ALEF WITH", "ARABIC LETTER DAL"),
    }.items():
        found, holds = members(connection, "label_points", set_name), begins(*words)
        assert [hex(each) for each in labels.intersection(ASSIGNED) - found if holds(each)] == []
        latin = {ord(letter) for letter in "abcdefghijklmnopqrstuvwxyz0123456789-"}
        assert found.isdisjoint(latin)


def test_names_of_groups_are_identifiers(connection: psycopg.Connection) -> None:
    start = members(connection, "name_points", "start")
    part = start | members(connection, "name_points", "part")
    # isidentifier() asks for what stays one when normalized, and adds the underscore
    assert [hex(each) for each in ASSIGNED if chr(each).isidentifier() and each != 0x5F
            and each not in start] == []  # fmt: skip
    known = part | NEWER_PARTS
    assert [hex(each) for each in ASSIGNED if f"a{chr(each)}".isidentifier()
            and each not in known] == []  # fmt: skip
    kinds = {category(chr(each)) for each in start.intersection(ASSIGNED)}
    assert kinds <= {"Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "Sk", "Sm", "So", "Mn"}
