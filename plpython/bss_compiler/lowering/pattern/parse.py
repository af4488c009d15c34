r"""Turns the text of an ECMA-262 regular expression into a tree of what it matches.

The grammar is that of ECMA-262 §22.2.1 with the flag `u` and without Annex B, but for one liberty:
`\-` stands for a hyphen outside a class too, as many published schemas write it. The tree keeps
what decides whether a text matches; captures, names and laziness are not part of that. A construct
that the server cannot do is refused here, where its place is known.
"""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from bss_compiler.lowering.pattern.character_class import DECIMAL, character_class, escape
from bss_compiler.lowering.pattern.ranges import NOT_LINE_TERMINATOR, Ranges, one
from bss_compiler.lowering.pattern.reader import Reader

MAX_NESTING = 50
_MAX_BOUND_DIGITS = 6


class Assertion(Enum):
    """A place between two characters."""

    START = "^"
    END = "$"
    BOUNDARY = "\\b"
    NO_BOUNDARY = "\\B"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """One character out of a set."""

    members: Ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One part after the other; without parts, the empty text."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Any one of the branches."""

    branches: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """The body, from `least` to `most` times; None is without end."""

    body: "Node"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A place before which, or behind which, the body matches or does not."""

    body: "Node"
    behind: bool
    negative: bool


Node: TypeAlias = Assertion | Symbol | Sequence | Choice | Repeat | Look

_QUANTIFIERS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_LOOKS = {
    "(?=": (False, False),
    "(?!": (False, True),
    "(?<=": (True, False),
    "(?<!": (True, True),
}


def parse(pattern: str) -> Node:
    """Give the tree of a pattern; raises PatternError."""
    reader = Reader(text=pattern)
    tree = _disjunction(reader, depth=0)
    if reader.sees(")"):
        raise reader.refusal('")" without "("', "Write \\) for the character.")
    return tree


def _disjunction(reader: Reader, *, depth: int) -> Node:
    branches = [_alternative(reader, depth=depth)]
    while reader.accept("|"):
        branches.append(_alternative(reader, depth=depth))
    return branches[0] if len(branches) == 1 else Choice(branches=tuple(branches))


def _alternative(reader: Reader, *, depth: int) -> Node:
    parts: list[Node] = []
    while reader.at < len(reader.text) and not reader.sees("|)"):
        parts.append(_term(reader, depth=depth))
    return parts[0] if len(parts) == 1 else Sequence(parts=tuple(parts))


def _term(reader: Reader, *, depth: int) -> Node:
    start = reader.at
    assertion = _assertion(reader, depth=depth)
    node = _atom(reader, depth=depth) if assertion is None else assertion
    bounds = _quantifier(reader)
    if bounds is None:
        return node
    if assertion is not None:
        raise reader.refusal("a quantified assertion", "Drop the quantifier.", at=start)
    return Repeat(body=node, least=bounds[0], most=bounds[1])


def _assertion(reader: Reader, *, depth: int) -> Node | None:
    start = reader.at
    for assertion in Assertion:
        if reader.accept(assertion.value):
            return assertion
    for mark, (behind, negative) in _LOOKS.items():
        if reader.accept(mark):
            body = _group_body(reader, start, depth=depth)
            return Look(body=body, behind=behind, negative=negative)
    return None


def _atom(reader: Reader, *, depth: int) -> Node:
    start = reader.at
    match reader.take():
        case ".":
            return Symbol(members=NOT_LINE_TERMINATOR)
        case "[":
            return Symbol(members=character_class(reader, start))
        case "(":
            _group_name(reader, start)
            return _group_body(reader, start, depth=depth)
        case "\\" if reader.sees("123456789k"):
            raise reader.refusal("a back-reference", "Write out what the group may hold.", at=start)
        case "\\":
            return Symbol(members=escape(reader, start))
        case mark if mark in "*+?{}]":
            raise reader.refusal(
                f'a "{mark}" on its own', f"Write \\{mark} for the character.", at=start
            )
        case character:
            return Symbol(members=one(ord(character)))


def _group_body(reader: Reader, start: int, *, depth: int) -> Node:
    if depth == MAX_NESTING:
        raise reader.refusal(f"groups nested deeper than {MAX_NESTING}", "Flatten them.", at=start)
    body = _disjunction(reader, depth=depth + 1)
    if not reader.accept(")"):
        raise reader.refusal('"(" without ")"', "Write \\( for the character.", at=start)
    return body


def _group_name(reader: Reader, start: int) -> None:
    """Read what may follow the parenthesis of a group: nothing, `?:`, or `?<name>`."""
    if not reader.accept("?") or reader.accept(":"):
        return
    name = reader.take_until(">") if reader.accept("<") else ""
    if not name.replace("$", "_").isidentifier():
        raise reader.refusal("a group of an unknown kind", "Use (?: ) or a plain group.", at=start)
    if name in reader.names:
        raise reader.refusal(f'a second group named "{name}"', "Use a plain group.", at=start)
    reader.names.add(name)


def _quantifier(reader: Reader) -> tuple[int, int | None] | None:
    """Read a quantifier, and the `?` that would make it lazy; gives its bounds."""
    start = reader.at
    if reader.sees("*+?"):
        bounds = _QUANTIFIERS[reader.take()]
    elif reader.accept("{"):
        bounds = _bounds(reader, start)
    else:
        return None
    reader.accept("?")
    return bounds


def _bounds(reader: Reader, start: int) -> tuple[int, int | None]:
    least = _bound(reader, start)
    most: int | None = least
    if reader.accept(","):
        most = None if reader.sees("}") else _bound(reader, start)
    if not reader.accept("}"):
        raise reader.refusal('an incomplete "{"', "Write \\{ for the character.", at=start)
    if most is not None and most < least:
        raise reader.refusal("bounds out of order", "Write the smaller bound first.", at=start)
    return least, most


def _bound(reader: Reader, start: int) -> int:
    digits = reader.take_while(DECIMAL)
    if not digits:
        raise reader.refusal('an incomplete "{"', "Write \\{ for the character.", at=start)
    if len(digits.lstrip("0")) > _MAX_BOUND_DIGITS:
        raise reader.refusal("a bound that is too large", "Use minLength and maxLength.", at=start)
    return int(digits)
