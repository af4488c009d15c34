"""Turns what a pattern writes for one place, an escape or a class, into a set of characters."""

from bss_compiler.lowering.pattern.property import characters_with
from bss_compiler.lowering.pattern.ranges import (
    DIGIT,
    LAST,
    SPACE,
    WORD,
    Ranges,
    complement,
    one,
    ranges,
    union,
)
from bss_compiler.lowering.pattern.reader import Reader

SYNTAX_CHARACTERS = "^$\\.*+?()[]{}|"
DECIMAL = "0123456789"

MAX_PROPERTIES = 20
"""Each takes a millisecond to work out and thousands of characters to write."""

_HEXADECIMAL = DECIMAL + "abcdefABCDEF"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
_SETS = {"d": DIGIT, "s": SPACE, "w": WORD}
_SETS |= {name.upper(): complement(members) for name, members in _SETS.items()}

_LEADS = range(0xD800, 0xDC00)
_TRAILS = range(0xDC00, 0xE000)


def escape(reader: Reader, start: int) -> Ranges:
    """Read what follows a backslash; gives the one character or the set that it stands for."""
    if reader.sees("pP"):
        return _property(reader, start)
    if reader.sees("dDsSwW"):
        return _SETS[reader.take()]
    return one(_character(reader, start))


def _property(reader: Reader, start: int) -> Ranges:
    reader.properties += 1
    if reader.properties > MAX_PROPERTIES:
        raise reader.refusal(
            f"more than {MAX_PROPERTIES} Unicode properties",
            "Use fewer of them, or the ranges that are meant.",
            at=start,
        )
    negative = reader.take() == "P"
    members = characters_with(reader.take_until("}")) if reader.accept("{") else None
    if members is None:
        raise reader.refusal(
            "a Unicode property that is not known exactly",
            "Use a general category such as \\p{L}, or write the ranges in a class.",
            at=start,
        )
    return complement(members) if negative else members


def _character(reader: Reader, start: int) -> int:
    """Read a character escape (ECMA-262 §22.2.1, CharacterEscape); gives its code point."""
    match reader.take():
        case "c" if reader.sees(_LETTERS):
            return ord(reader.take()) % 32
        case "0" if not reader.sees(DECIMAL):
            return 0
        case "x":
            return _hexadecimal(reader, start, 2)
        case "u" if reader.accept("{"):
            return _braced(reader, start)
        case "u":
            return _utf_16(reader, start)
        case name if name in _CONTROLS:
            return _CONTROLS[name]
        case character if character and character in SYNTAX_CHARACTERS + "/-":
            return ord(character)
        case "":
            raise reader.refusal('a "\\" at the end', "Write \\\\ for the character.", at=start)
        case name:
            raise reader.refusal(
                f'the escape "\\{name}"',
                f"Write {name} without the backslash if the character is meant.",
                at=start,
            )


def _hexadecimal(reader: Reader, start: int, length: int) -> int:
    digits = reader.take_while(_HEXADECIMAL, length)
    if len(digits) < length:
        raise reader.refusal("an incomplete escape", "Write \\xHH, \\uHHHH or \\u{H…}.", at=start)
    return int(digits, 16)


def _utf_16(reader: Reader, start: int) -> int:
    r"""Read `\uHHHH`, and a second one with it where the two are a surrogate pair."""
    lead = _hexadecimal(reader, start, 4)
    mark = reader.at
    if lead in _LEADS and reader.accept("\\u"):
        digits = reader.take_while(_HEXADECIMAL, 4)
        trail = int(digits, 16) if len(digits) == 4 else 0
        if trail in _TRAILS:
            return 0x10000 + (lead - _LEADS.start) * 0x400 + trail - _TRAILS.start
        reader.at = mark
    return lead


def _braced(reader: Reader, start: int) -> int:
    digits = reader.take_while(_HEXADECIMAL)
    if not digits or not reader.accept("}"):
        raise reader.refusal("an incomplete escape", "Write \\xHH, \\uHHHH or \\u{H…}.", at=start)
    code_point = int(digits, 16)
    if code_point > LAST:
        raise reader.refusal(
            "a code point beyond Unicode", "The last one is \\u{10FFFF}.", at=start
        )
    return code_point


def character_class(reader: Reader, start: int) -> Ranges:
    """Read a class up to its closing bracket."""
    negative = reader.accept("^")
    members: list[Ranges] = []
    while not reader.accept("]"):
        members.append(_class_range(reader, start))
    found = union(members)
    return complement(found) if negative else found


def _class_range(reader: Reader, start: int) -> Ranges:
    """Read one member of a class: a character, a range, or a set that an escape stands for."""
    at = reader.at
    low = _class_atom(reader, start)
    if not reader.accept("-"):
        return low if isinstance(low, tuple) else one(low)
    if reader.sees("]"):
        return union([low if isinstance(low, tuple) else one(low), one(ord("-"))])
    high = _class_atom(reader, start)
    if isinstance(low, tuple) or isinstance(high, tuple):
        raise reader.refusal(
            "a range that ends in a set of characters", "Write \\- for a hyphen.", at=at
        )
    if low > high:
        raise reader.refusal("a range out of order", "Write the smaller character first.", at=at)
    return ranges([(low, high)])


def _class_atom(reader: Reader, start: int) -> Ranges | int:
    """Give a code point, which may begin or end a range, or a set, which may not."""
    at = reader.at
    match reader.take():
        case "":
            raise reader.refusal('"[" without "]"', "Write \\[ for the character.", at=start)
        case "\\" if reader.accept("b"):
            return 0x08
        case "\\" if reader.sees("dDsSwWpP"):
            return escape(reader, at)
        case "\\":
            return _character(reader, at)
        case character:
            return ord(character)
