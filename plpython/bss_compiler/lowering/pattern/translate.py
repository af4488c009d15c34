"""Turns an ECMA-262 regular expression (flag `u`) into a regular expression of the server's own.

The result is an ARE for the operator `~` on `text` in a UTF-8 database, and matches exactly the
texts in which ECMAScript finds a match. It holds only constructs whose meaning depends on no
locale and no server setting: sets are written as explicit ranges, groups capture nothing, every
quantifier is greedy. What has no equivalent, or would ask too much of the server, is answered with
the reason. The tenant's pattern is never run here, and the work is linear in its length.

Manual: "POSIX Regular Expressions", §9.7.3. Standard: ECMA-262 §22.2.
"""

from functools import lru_cache
from typing import assert_never
from unicodedata import ucd_3_2_0

from bss_compiler.lowering.pattern.character_class import SYNTAX_CHARACTERS
from bss_compiler.lowering.pattern.cost import cost, wandering
from bss_compiler.lowering.pattern.parse import (
    Assertion,
    Choice,
    Look,
    Node,
    Repeat,
    Sequence,
    Symbol,
    parse,
)
from bss_compiler.lowering.pattern.ranges import (
    EMPTY,
    EVERYTHING,
    WORD,
    Ranges,
    complement,
    following,
)
from bss_compiler.lowering.pattern.reader import PatternError, Untranslatable

__all__ = ["Untranslatable", "render", "translate", "work"]

MAX_POSITIONS = 5_000
MAX_TRANSITIONS = 40_000
MAX_STEPS = 100_000
"""Near these limits the server takes under half a second to compile a pattern, a fifth of a second
to match 5,000 characters, and under a millisecond for the lookarounds at one character."""

MAX_WANDERING = 100
"""Near this limit the server takes a few seconds for the lookarounds in 100,000 characters."""

MAX_BYTES = 64 * 1024
_PROPERTY_WORK = 200
_MAX_BOUND = 255
"""The server's DUPMAX."""

_BRACKET_CHARACTERS = "\\[]^-"
_NEVER = "(?!)"
_CONTROLS = {0x09: "\\t", 0x0A: "\\n", 0x0B: "\\v", 0x0C: "\\f", 0x0D: "\\r"}


def work(pattern: str) -> int:
    """Reckon, in characters of plain pattern, the work of translating a pattern."""
    properties = pattern.count("\\p") + pattern.count("\\P")
    return len(pattern) + _PROPERTY_WORK * properties


@lru_cache(maxsize=64)
def translate(pattern: str, *, max_length: int = 1_000) -> str | Untranslatable:
    """Give the server's form of the pattern, or why there is none; lengths are in characters."""
    if len(pattern) > max_length:
        return Untranslatable(
            reason=f"more than {max_length} characters",
            position=max_length + 1,
            hint="Split the pattern with allOf.",
        )
    try:
        tree = parse(pattern)
    except PatternError as error:
        return error.answer
    return _excess(tree) or _short_enough(render(tree))


def _excess(tree: Node) -> Untranslatable | None:
    """Say what the pattern would ask of the server beyond the limits."""
    asked = cost(tree)
    if asked.positions > MAX_POSITIONS or asked.size > MAX_TRANSITIONS:
        return Untranslatable(
            reason="repetitions that multiply to more than the server can hold",
            position=1,
            hint="Use minLength and maxLength, and nest fewer quantifiers.",
        )
    if asked.steps > MAX_STEPS:
        return Untranslatable(
            reason="lookarounds that multiply to more than the server can do",
            position=1,
            hint="Write the conditions side by side with allOf and not.",
        )
    if wandering(tree) > MAX_WANDERING:
        return Untranslatable(
            reason=f"lookarounds that read over {MAX_WANDERING} characters throughout the text",
            position=1,
            hint="Put them directly behind ^ at the beginning, or bound what they read.",
        )
    return None


def _short_enough(expression: str) -> str | Untranslatable:
    if len(expression.encode()) > MAX_BYTES:
        return Untranslatable(
            reason=f"sets of characters that take more than {MAX_BYTES} bytes to write out",
            position=1,
            hint="Use fewer Unicode properties, or the ranges that are meant.",
        )
    return expression


def render(node: Node) -> str:
    """Write a tree as an expression of the server."""
    match node:
        case Symbol(members=members):
            return _symbol(members)
        case Assertion():
            return _ASSERTIONS[node]
        case Look(body=body, behind=behind, negative=negative):
            return f"(?{'<' * behind}{'!' if negative else '='}{render(body)})"
        case Sequence(parts=parts):
            return "".join(map(_part, parts))
        case Choice(branches=branches):
            return "|".join(map(render, branches))
        case Repeat(body=body, least=least, most=most):
            return _repeated(_quantifiable(body), least, most)
        case _:
            assert_never(node)


def _part(node: Node) -> str:
    return f"(?:{render(node)})" if isinstance(node, Choice) else render(node)


def _quantifiable(node: Node) -> str:
    """Render the node as an atom: the server repeats neither a constraint nor a repetition."""
    single = isinstance(node, Symbol) and node.members != EMPTY
    return render(node) if single else f"(?:{render(node)})"


def _repeated(atom: str, least: int, most: int | None) -> str:
    """Write bounds beyond the server's as a row of repetitions whose bounds add up to them."""
    written = ""
    while least > _MAX_BOUND or (most or 0) > _MAX_BOUND:
        step = min(least, _MAX_BOUND)
        written += atom + _quantifier(step, step if most is None else _MAX_BOUND)
        least -= step
        most = None if most is None else most - _MAX_BOUND
    return written + atom + _quantifier(least, most)


def _quantifier(least: int, most: int | None) -> str:
    match least, most:
        case 0, None:
            return "*"
        case 1, None:
            return "+"
        case 0, 1:
            return "?"
        case _, None:
            return f"{{{least},}}"
        case _ if least == most:
            return f"{{{least}}}"
        case _:
            return f"{{{least},{most}}}"


@lru_cache(maxsize=64)
def _symbol(members: Ranges) -> str:
    if members == EMPTY:
        return _NEVER
    if members == EVERYTHING:
        return "."
    low, high = members[0]
    if len(members) == 1 and low == high:
        return _written(low, SYNTAX_CHARACTERS)
    return min(_bracket("[", members), _bracket("[^", complement(members)), key=len)


def _bracket(opening: str, members: Ranges) -> str:
    return opening + "".join(_range(low, high) for low, high in members) + "]"


def _range(low: int, high: int) -> str:
    first = _written(low, _BRACKET_CHARACTERS)
    if low == high:
        return first
    hyphen = "" if following(low) == high else "-"
    return first + hyphen + _written(high, _BRACKET_CHARACTERS)


@lru_cache(maxsize=4_096)
def _written(code_point: int, special: str) -> str:
    """Write a character so that it can be read: itself if it is ASCII, a letter or a digit.

    Which ones are letters is taken from Unicode 3.2, a version that Python carries unchanged: the
    same pattern gives the same text whatever Python runs here.
    """
    character = chr(code_point)
    if character in special:
        return "\\" + character
    if " " <= character <= "~" or ucd_3_2_0.category(character)[0] in "LN":
        return character
    if code_point in _CONTROLS:
        return _CONTROLS[code_point]
    return f"\\u{code_point:04x}" if code_point <= 0xFFFF else f"\\U{code_point:08x}"


_WORD = _symbol(WORD)
_ASSERTIONS = {
    Assertion.START: "^",
    Assertion.END: "$",
    Assertion.BOUNDARY: f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    Assertion.NO_BOUNDARY: f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}
