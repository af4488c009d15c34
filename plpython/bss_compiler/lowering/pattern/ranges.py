"""Turns what one place of a pattern may hold into a set of characters.

A set is a sorted tuple of inclusive ranges of code points that neither overlap nor touch, so equal
sets are equal values. Its universe is what `text` can store in a UTF-8 database: every Unicode
character but NUL. Surrogates are not characters: U+D7FF and U+E000 are neighbours here, and a range
written across them stays one range.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]

LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)

EMPTY: Ranges = ()
EVERYTHING: Ranges = ((1, LAST),)


def following(code_point: int) -> int:
    """Give the next code point that text can store."""
    return 0xE000 if code_point == 0xD7FF else code_point + 1


def preceding(code_point: int) -> int:
    """Give the code point before it that text can store."""
    return 0xD7FF if code_point == 0xE000 else code_point - 1


def ranges(pairs: Iterable[tuple[int, int]]) -> Ranges:
    """Give the set that the pairs cover, without what text cannot store."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(_storable(low, high) for low, high in pairs):
        if low > high:
            continue
        if merged and low <= following(merged[-1][1]):
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _storable(low: int, high: int) -> tuple[int, int]:
    return (
        _SURROGATES.stop if low in _SURROGATES else max(low, 1),
        _SURROGATES.start - 1 if high in _SURROGATES else high,
    )


def union(sets: Iterable[Ranges]) -> Ranges:
    """Give what is in any of the sets."""
    return ranges(pair for each in sets for pair in each)


@lru_cache(maxsize=64)
def complement(of: Ranges) -> Ranges:
    """Give every character that is not in the set."""
    gaps: list[tuple[int, int]] = []
    start = 1
    for low, high in of:
        gaps.append((start, preceding(low)))
        start = following(high)
    gaps.append((start, LAST))
    return ranges(gaps)


def one(code_point: int) -> Ranges:
    """Give the set of one character."""
    return ranges([(code_point, code_point)])


def characters(text: str) -> Ranges:
    """Give the set of the text's characters."""
    return ranges((ord(each), ord(each)) for each in text)


# ECMA-262 §22.2.2.9: \d and \w are ASCII whatever the locale; \s is WhiteSpace and LineTerminator.
DIGIT = ranges([(0x30, 0x39)])
WORD = ranges([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
LINE_TERMINATOR = characters("\n\r\u2028\u2029")
SPACE = union(
    [
        LINE_TERMINATOR,
        characters("\t\v\f \u00a0\u1680\u202f\u205f\u3000\ufeff"),
        ranges([(0x2000, 0x200A)]),
    ]
)
NOT_LINE_TERMINATOR = complement(LINE_TERMINATOR)
