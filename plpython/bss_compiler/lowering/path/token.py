"""Turns the text of a path into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bss_compiler.lowering.path.syntax import PathError

MAX_CHARACTERS = 1_000
"""As many as a pattern may have; a rule that is longer is better said as two."""
MAX_DIGITS = 100
"""The digits of a number, its exponent written out."""

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\r\n\f\v]+)
    | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<string>"(?:[^"\\]|\\.)*+")
    | (?P<name>[^\W\d]\w*)
    | (?P<operator>&&|\|\||==|!=|<>|<=|>=|[][!<>+*/%().$-])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(.))", re.DOTALL
)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SIMPLE = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v",
}  # fmt: skip
_INSTEAD = {
    "?": "A filter is not lowered: compare the values themselves, with && and ||.",
    "@": "A filter is not lowered: compare the values themselves, with && and ||.",
    "=": "Write == for equality.",
    "&": "Write &&.",
    "|": "Write ||.",
    "'": "Write strings in double quotes.",
    '"': "Close the string with a double quote.",
    "{": "Nothing is repeated here: write out the members on the way.",
    ",": "Name one element, or each of them with [*].",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token: its kind (number, string, name, operator, end), its text and its value."""

    kind: str
    text: str
    position: int
    value: str | int | Decimal | None = None


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a path, and one that ends it. Raises PathError."""
    if len(text) > MAX_CHARACTERS:
        raise PathError(
            MAX_CHARACTERS + 1,
            f"it has more than {MAX_CHARACTERS} characters",
            "Say it in several rules.",
        )
    start = 0
    while start < len(text):
        match = _TOKEN.match(text, start)
        if match is None:
            raise PathError(
                start + 1,
                f'"{text[start]}" means nothing here',
                _INSTEAD.get(text[start], "Write a path such as $.amount > 0."),
            )
        token = _token(match, start + 1)
        start = match.end()
        if token is None:
            continue
        if text[start : start + 1].isidentifier() and (token.kind == "number" or token.text == "$"):
            what = "a number" if token.kind == "number" else "$"
            raise PathError(
                start + 1,
                f"a name follows {what} directly",
                'A path has no variables; members are written $.name, or $."a name".',
            )
        yield token
    yield Token("end", "", len(text) + 1)


def _token(match: re.Match[str], position: int) -> Token | None:
    text = match[0]
    match match.lastgroup:
        case "blank":
            return None
        case "number":
            return Token("number", text, position, _number(text, position))
        case "string":
            return Token("string", text, position, _string(text[1:-1], position))
    return Token(match.lastgroup or "", text, position)


def _number(text: str, position: int) -> int | Decimal:
    digits, _, exponent = text.lower().partition("e")
    if len(digits) <= MAX_DIGITS and len(exponent) <= 9:
        value = Decimal(text)
        if abs(value.adjusted()) <= MAX_DIGITS:
            return value if exponent or "." in text else int(text)
    raise PathError(
        position, f"the number has more than {MAX_DIGITS} digits", "Write a smaller number."
    )


def _string(text: str, position: int) -> str:
    def unescape(match: re.Match[str]) -> str:
        digits = match[1] or match[2] or match[3]
        if digits is None:
            character = _SIMPLE.get(match[4])
        else:
            code = int(digits, 16)
            character = chr(code) if 0 < code <= 0x10FFFF else None
        if character is None:
            raise PathError(
                position + 1 + match.start(),
                f'the escape "{match[0]}" stands for nothing',
                "Use the escapes of JSON.",
            )
        return character

    value = _ESCAPE.sub(unescape, text)
    # two halves that were escaped one after the other are one character
    value = _SURROGATES.sub(
        lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), value
    )
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise PathError(
            position, "the string has half of a surrogate pair", "Write the whole character."
        )
    return value
