"""No file is left half done, and none is longer than a person reads."""

import subprocess
import tokenize
from pathlib import Path

import pytest

from bss_loader.manifest import locate

ROOT = locate().sql.parent
PLACES = ("bss_loader", "plpython", "sql", "tests", "deploy", "docs")
SUFFIXES = (".py", ".sql", ".sh", ".md", ".toml")
LONGEST = 400
MADE = (".pyc", ".log", ".egg-info", ".coverage", ".orig", ".rej", ".swp")
# spelled so that this file does not find itself
MARKS = {word.upper() for word in ("todo", "fixme", "xxx", "hack")}


def _files(*suffixes: str) -> list[Path]:
    return sorted(
        path
        for place in PLACES
        for path in (ROOT / place).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    )


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_file_has_marks_of_unfinished_work() -> None:
    marked = [
        _named(path)
        for path in _files(*SUFFIXES)
        if MARKS & set(path.read_text("utf-8").replace("(", " ").replace(":", " ").split())
    ]
    assert not marked


def test_no_file_is_too_long() -> None:
    lines = {
        _named(path): len(path.read_text("utf-8").splitlines())
        for path in _files(*SUFFIXES)
        if path.parent.name != "reference"
    }
    assert not {name: count for name, count in lines.items() if count > LONGEST}


def test_exceptions_from_checks_name_what_they_silence() -> None:
    unnamed = [
        f"{_named(path)}: {comment}"
        for path in _files(".py")
        for comment in _comments(path)
        if ("type:ignore" in comment and "type:ignore[" not in comment)
        or ("noqa" in comment and "noqa:" not in comment)
    ]
    assert not unnamed


def _comments(path: Path) -> list[str]:
    with path.open("rb") as source:
        return [
            token.string.replace(" ", "")
            for token in tokenize.tokenize(source.readline)
            if token.type == tokenize.COMMENT
        ]


def test_no_file_that_is_made_is_committed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files"]
    files = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert not [name for name in files if name.endswith(MADE)]
