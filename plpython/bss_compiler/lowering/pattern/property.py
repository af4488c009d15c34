r"""Turns the name in `\p{…}` into a set of characters.

Only properties that this Python knows exactly are here: the general categories and a few binary
properties. They have the extent of its own Unicode version (`unicodedata.unidata_version`), as
ECMA-262 gives them that of the engine. Scripts and derived properties that the standard library
does not carry are not approximated.
"""

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from itertools import groupby
from types import MappingProxyType
from unicodedata import category

from bss_compiler.lowering.pattern.ranges import (
    EVERYTHING,
    LAST,
    Ranges,
    characters,
    complement,
    ranges,
    union,
)

# PropertyValueAliases.txt: the general categories, each with the long names that ECMA-262 accepts.
_LONG_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "C": ("Other",),
        "Cc": ("Control", "cntrl"),
        "Cf": ("Format",),
        "Cn": ("Unassigned",),
        "Co": ("Private_Use",),
        "Cs": ("Surrogate",),
        "L": ("Letter",),
        "LC": ("Cased_Letter",),
        "Ll": ("Lowercase_Letter",),
        "Lm": ("Modifier_Letter",),
        "Lo": ("Other_Letter",),
        "Lt": ("Titlecase_Letter",),
        "Lu": ("Uppercase_Letter",),
        "M": ("Mark", "Combining_Mark"),
        "Mc": ("Spacing_Mark",),
        "Me": ("Enclosing_Mark",),
        "Mn": ("Nonspacing_Mark",),
        "N": ("Number",),
        "Nd": ("Decimal_Number", "digit"),
        "Nl": ("Letter_Number",),
        "No": ("Other_Number",),
        "P": ("Punctuation", "punct"),
        "Pc": ("Connector_Punctuation",),
        "Pd": ("Dash_Punctuation",),
        "Pe": ("Close_Punctuation",),
        "Pf": ("Final_Punctuation",),
        "Pi": ("Initial_Punctuation",),
        "Po": ("Other_Punctuation",),
        "Ps": ("Open_Punctuation",),
        "S": ("Symbol",),
        "Sc": ("Currency_Symbol",),
        "Sk": ("Modifier_Symbol",),
        "Sm": ("Math_Symbol",),
        "So": ("Other_Symbol",),
        "Z": ("Separator",),
        "Zl": ("Line_Separator",),
        "Zp": ("Paragraph_Separator",),
        "Zs": ("Space_Separator",),
    }
)
_SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {name: short for short, long in _LONG_NAMES.items() for name in (short, *long)}
)


@cache
def _partition(key: Callable[[str], Hashable]) -> Mapping[Hashable, Ranges]:
    """Give the characters by their key: one pass over Unicode, a tenth of a second."""
    pairs: dict[Hashable, list[tuple[int, int]]] = {}
    start = 0
    for value, run in groupby(map(key, map(chr, range(LAST + 1)))):
        end = start + sum(1 for _ in run)
        pairs.setdefault(value, []).append((start, end - 1))
        start = end
    return MappingProxyType({value: ranges(found) for value, found in pairs.items()})


def _general_category(name: str) -> Ranges | None:
    short = _SHORT_NAMES.get(name)
    return None if short is None else _category(short)


@cache
def _category(short: str) -> Ranges:
    members = ("Ll", "Lt", "Lu") if short == "LC" else (short,)
    by_category = _partition(category)
    return union(found for each, found in by_category.items() if str(each).startswith(members))


def _xid_start(character: str) -> bool:
    return character != "_" and character.isidentifier()


def _xid_continue(character: str) -> bool:
    return ("_" + character).isidentifier()


_BINARY: Mapping[str, Callable[[], Ranges]] = MappingProxyType(
    {
        "ASCII": lambda: ranges([(0, 0x7F)]),
        "ASCII_Hex_Digit": lambda: characters("0123456789ABCDEFabcdef"),
        "Any": lambda: EVERYTHING,
        "Assigned": lambda: complement(_partition(category)["Cn"]),
        "Lowercase": lambda: _partition(str.islower)[True],
        "Uppercase": lambda: _partition(str.isupper)[True],
        "White_Space": lambda: union(
            [
                ranges([(0x09, 0x0D), (0x2000, 0x200A)]),
                characters(" \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000"),
            ]
        ),
        "XID_Continue": lambda: _partition(_xid_continue)[True],
        "XID_Start": lambda: _partition(_xid_start)[True],
    }
)
_BINARY_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "AHex": "ASCII_Hex_Digit",
        "Lower": "Lowercase",
        "Upper": "Uppercase",
        "XIDC": "XID_Continue",
        "XIDS": "XID_Start",
        "space": "White_Space",
    }
)


def characters_with(expression: str) -> Ranges | None:
    r"""Give the set for what stands between the braces of `\p{…}`, or None if it is not known."""
    name, equals, value = expression.partition("=")
    if equals:
        return _general_category(value) if name in ("General_Category", "gc") else None
    binary = _BINARY.get(_BINARY_ALIASES.get(name, name))
    return binary() if binary else _general_category(name)
