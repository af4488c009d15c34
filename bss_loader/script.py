"""From a text to a text that means the same to psql and to the server.

psql reads a script before the server does: it acts on backslashes and replaces `:name` outside
quotes. `hazards` finds what the two would read differently, and what would leave the transaction
that a release is installed in; the rest of the module quotes values.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from string import Template
from textwrap import dedent

from psycopg import sql

Value = str | bool | int | list[str]

# The lexical structure that psql and the server share (manual, "Lexical Structure"): what these
# match is opaque to psql. Nested comments are not regular and are followed by hand.
_OPAQUE = re.compile(
    r"""
      --[^\n]*
    | (?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'
    | '(?:[^']|'')*'
    | "(?:[^"]|"")*"
    | (?<![\w$])(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)
    | (?P<comment>/\*)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_HAZARDS = (
    (re.compile(r"\\"), "a backslash outside quotes is a command to psql"),
    (re.compile(r"(?<!:):(?=[\w'\"{])(?!:)"), "a colon before a name is a variable to psql"),
    (re.compile(r"""['"]|\$\w*\$|/\*"""), "a quote or a comment that is not closed"),
    (
        re.compile(r"(?:\A|(?<=;))\s*\b(?:begin|start|commit|rollback|abort|savepoint)\b", re.I),
        "a command that controls the transaction",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A place in a script, lines counted from 1, and why it must not be there."""

    line: int
    reason: str


def hazards(text: str) -> tuple[Hazard, ...]:
    """Find everything that keeps a file from being one part of a longer script, in its order."""
    bare = _bare(text)
    found = [
        Hazard(line=bare.count("\n", 0, match.end()) + 1, reason=reason)
        for pattern, reason in _HAZARDS
        for match in pattern.finditer(bare)
    ]
    if not bare.rstrip().endswith(";"):
        found.append(
            Hazard(line=bare.count("\n") + 1, reason="the last statement has no semicolon")
        )
    return tuple(sorted(found, key=lambda hazard: hazard.line))


def literal(value: Value) -> str:
    """Render a value as an SQL constant; a text of several lines as it is, in dollar quotes."""
    if isinstance(value, str) and "\n" in value:
        tag = next(tag for tag in _tags() if tag not in value)
        return f"{tag}${value}{tag}$"
    return sql.Literal(value).as_string(None).strip()


def fill(template: str, **values: Value) -> str:
    """Put values, as constants, in the place of `${name}` in a statement."""
    return Template(template).substitute({name: literal(value) for name, value in values.items()})


def do_block(body: str, **values: Value) -> str:
    """Make an anonymous code block of a PL/pgSQL block in which values are filled in."""
    return f"do $do$\n{fill(dedent(body).strip(), **values)}\n$do$;"


def remark(text: str) -> str:
    """Render a text as one line of comment."""
    return f"-- {' '.join(text.split())}"


def _tags() -> Iterator[str]:
    yield "$bss"
    yield from (f"$bss{n}" for n in count())


def _bare(text: str) -> str:
    """Blot out what psql does not look into: comments by blanks, quotes by a word, line by line."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while match := _OPAQUE.search(text, start):
        end = _comment_end(text, match.start()) if match["comment"] else match.end()
        if end is None:
            break
        yield text[start : match.start()]
        blot = " " if text.startswith(("--", "/*"), match.start()) else "_"
        yield re.sub(r"[^\n]", blot, text[match.start() : end])
        start = end
    yield text[start:]


def _comment_end(text: str, start: int) -> int | None:
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return None
