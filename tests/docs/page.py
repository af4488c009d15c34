"""Turns a page of the documentation into one shell script, and what that prints into what to check.

Of the fenced blocks, these are run, in their order:

    console   lines after "$ " (and "> ", which continue one); the others are what they print
    sql       given to psql, in the database $db
    text      right after sql: what psql prints
    json      written to the file that the line above the block names in backticks
    python    the same

In what is expected, "…" stands for anything, a line with nothing else for any lines. Identifiers
and times are compared as such, not by value. A command that is expected to print an error may fail.
"""

import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w.-]+\.(?:json|py))`[^`\n]*\n*\Z")
_VARIABLE = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<uuid>"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d+)?)?( UTC|[+-]\d\d(:\d\d)?)?"), "<time>"),
    (re.compile(r"\brelease [0-9a-f]{12}\b"), "release <hash>"),
    (re.compile(r" {2,}"), " "),
    (re.compile(r"[-─]{3,}"), "---"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A piece of script, and what it should print; None where the page does not say."""

    line: int
    script: str
    expected: str | None
    is_command: bool = False


def steps(page: Path) -> Iterator[Step]:
    """Give what a page tells its reader to do."""
    text = page.read_text("utf-8")
    blocks = list(_FENCE.finditer(text))
    for position, block in enumerate(blocks):
        line = text.count("\n", 0, block.start()) + 2
        match block[1]:
            case "console":
                yield from _commands(block[2], line)
            case "sql":
                yield Step(
                    line=line,
                    script=_heredoc('psql -X -q "$db" 2>&1', block[2]),
                    expected=_answer(text, block, blocks[position + 1 : position + 2]),
                )
            case "json" | "python" if named := _FILE.search(text[: block.start()]):
                yield Step(line=line, script=_heredoc(f"cat >{named[1]}", block[2]), expected=None)


def _commands(text: str, line: int) -> Iterator[Step]:
    for part in re.split(r"^(?=\$ )", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        script = [lines.pop(0)[2:]]
        while lines and lines[0].startswith("> "):
            script.append(lines.pop(0)[2:])
        expected = "\n".join(lines) or None
        yield Step(line=line, script="\n".join(script), expected=expected, is_command=True)
        line += part.count("\n")


def _heredoc(command: str, text: str) -> str:
    return f"{command} <<'END_OF_BLOCK'\n{text}END_OF_BLOCK"


def _answer(text: str, block: re.Match[str], following: list[re.Match[str]]) -> str | None:
    for other in following:
        if other[1] == "text" and not text[block.end() : other.start()].strip():
            return other[2]
    return None


def run(page: Path, prelude: str, environment: Mapping[str, str], directory: Path) -> None:
    """Do what a page says in one shell; AssertionError with the first thing that is not so."""
    mark = secrets.token_hex(8)
    todo = list(steps(page))
    script = [prelude]
    for step in todo:
        script += [step.script, f'printf "\\n%s %d\\n" {mark} $?']
    done = subprocess.run(
        ["bash", "-s"],
        input="\n".join(script),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=directory,
        env=dict(environment),
        check=False,
    )
    printed = re.split(rf"^{mark} (\d+)\n", done.stdout, flags=re.MULTILINE)
    for step, said, status in zip(todo, printed[0::2], printed[1::2], strict=False):
        check(step, said, int(status), page.name)
    assert len(printed) == 2 * len(todo) + 1, f"{page.name} stopped:\n{done.stdout[-2000:]}"


def check(step: Step, said: str, status: int, page: str) -> None:
    place = f"{page}:{step.line}\n{step.script}\n--- printed\n{said}"
    if step.expected is None:
        assert status == 0, place
        assert "ERROR" not in said, place
    else:
        fails = "error" in step.expected.lower()
        assert fails or (status == 0 and "ERROR" not in said), place
        assert matches(step.expected, said), f"{place}\n--- expected\n{step.expected}"


def matches(expected: str, said: str) -> bool:
    """Whether the pieces between lines of "…" occur one after the other, and nothing else does."""
    lines = _lines(said)
    pieces = _pieces(_lines(expected))
    if len(pieces) == 1:
        return len(lines) == len(pieces[0]) and _is_at(pieces[0], lines, 0)
    first, *inner, last = pieces
    if not _is_at(first, lines, 0):
        return False
    position = len(first)
    for piece in inner:
        found = (at for at in range(position, len(lines) + 1) if _is_at(piece, lines, at))
        at = next(found, None)
        if at is None:
            return False
        position = at + len(piece)
    return position <= len(lines) - len(last) and _is_at(last, lines, len(lines) - len(last))


def _pieces(lines: list[str]) -> list[list[re.Pattern[str]]]:
    pieces: list[list[re.Pattern[str]]] = [[]]
    for line in lines:
        if line == "…":
            pieces.append([])
        else:
            pieces[-1].append(re.compile(".*".join(map(re.escape, line.split("…")))))
    return pieces


def _is_at(piece: list[re.Pattern[str]], lines: list[str], at: int) -> bool:
    here = lines[at : at + len(piece)]
    return len(here) == len(piece) and all(
        pattern.fullmatch(line) for pattern, line in zip(piece, here, strict=True)
    )


def _lines(text: str) -> list[str]:
    for pattern, name in _VARIABLE:
        text = pattern.sub(name, text)
    return [line.strip() for line in text.splitlines() if line.strip()]
