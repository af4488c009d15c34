"""Every error has a code of ours, words in the server's style, a place in the reference, a test."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pglast
import pytest

from bss_compiler.diagnostic import Code
from bss_loader.manifest import locate
from tests.law.sql_source import blocks, constants, expression, statements, walk

ROOT = locate().sql.parent
PAGE = ROOT / "docs" / "reference" / "errors.md"
CODE = re.compile(r"\bSB[0-9A-Z]{3}\b")
ROOMS = "0123456789"
ERRCODE, MESSAGE, DETAIL, HINT = range(4)
EXCEPTION = 21

HANDED_ON = {
    "bss_internal.refuse_secret": "raises what the server does for a check constraint",
    "bss_internal.raise_diagnostics": "raises what the compiler has found, in its words",
    "bss.run_pending": "raises what has become of a step, as a function of ours has put it",
}

BLOCKS = dict(blocks())
RAISED = [
    (name, node)
    for name, block in BLOCKS.items()
    if name not in HANDED_ON
    for kind, node in walk(block)
    if kind == "PLpgSQL_stmt_raise" and node.get("elog_level") == EXCEPTION
]


def _options(raised: Mapping[str, Any]) -> dict[int, Any]:
    return {
        item["PLpgSQL_raise_option"].get("opt_type", ERRCODE): expression(
            item["PLpgSQL_raise_option"]["expr"]["PLpgSQL_expr"]["query"]
        )
        for item in raised.get("options", ())
    }


def _text(node: Any) -> str:
    """Give the first words of what is said: of format() its template."""
    return next(constants(node))


each_raise = pytest.mark.parametrize(
    ("place", "raised"), RAISED, ids=[f"{name}:{node['lineno']}" for name, node in RAISED]
)


def test_raises_are_found() -> None:
    assert len(RAISED) > 15


@each_raise
def test_exception_is_in_the_servers_style(place: str, raised: Mapping[str, Any]) -> None:
    assert "message" not in raised, f"{place}: RAISE with USING alone"
    said = _options(raised)
    assert {ERRCODE, MESSAGE, HINT} <= said.keys(), "code, message and hint"
    assert CODE.fullmatch(_text(said[ERRCODE]))
    _check_message(_text(said[MESSAGE]))
    _check_sentence(_text(said[HINT]))
    if DETAIL in said and not isinstance(said[DETAIL], pglast.ast.SubLink):
        _check_sentence(_text(said[DETAIL]) if _is_call(said[DETAIL]) else _last(said[DETAIL]))


def _is_call(node: Any) -> bool:
    return isinstance(node, pglast.ast.FuncCall)


def _last(node: Any) -> str:
    return list(constants(node))[-1]


def _check_message(text: str) -> None:
    assert text[0].islower() or text[0] in '"%', text
    assert not text.endswith((".", "!", "?")), text
    assert "bss_" not in text, "a function is not what the user knows"


def _check_sentence(text: str) -> None:
    assert text[0].isupper() or text[0] in '"%', text
    assert text.endswith((".", "?")), text


def test_exceptions_to_the_style_exist() -> None:
    assert BLOCKS.keys() >= HANDED_ON.keys()


def _reports() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(locate().compiler.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("report", "warn")
            ):
                yield f"{path.stem}:{node.lineno}", node


REPORTS = list(_reports())


@pytest.mark.parametrize(("place", "call"), REPORTS, ids=[place for place, _ in REPORTS])
def test_finding_is_in_the_servers_style(place: str, call: ast.Call) -> None:
    words = {"message": call.args[2], **{item.arg or "": item.value for item in call.keywords}}
    assert "hint" in words, f"{place}: what can the author do?"
    for name, node in words.items():
        first, last = _ends(node)
        if name == "message":
            assert first is None or first[0].islower() or first[0] == '"', place
            assert last is None or not last.endswith((".", "!", "?")), place
        else:
            assert first is None or first[0].isupper() or first[0] == '"', place
            assert last is None or last.endswith((".", "?")), place


def _ends(node: ast.expr) -> tuple[str | None, str | None]:
    """Give the literal beginning and end of a text; None for what is only known when it runs."""
    match node:
        case ast.Constant(value=str(text)) if text:
            return text, text
        case ast.JoinedStr(values=[*parts]) if parts:
            return _ends(parts[0])[0], _ends(parts[-1])[1]
    return None, None


def _in_sql() -> Iterator[str]:
    for statement in statements():
        yield from constants(statement.node)
    for block in BLOCKS.values():
        for kind, node in walk(block):
            if kind == "PLpgSQL_expr":
                yield from _of_query(node)


def _of_query(node: Mapping[str, Any]) -> Iterator[str]:
    match node.get("parseMode", 0):
        case 0:
            for raw in pglast.parse_sql(node["query"]):
                yield from constants(raw.stmt)
        case 2:
            yield from constants(expression(node["query"]))
        case _:
            yield from constants(expression(node["query"].partition(":=")[2]))


def _in_loader() -> Iterator[str]:
    for path in sorted((ROOT / "bss_loader").rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in documents
            ):
                yield node.value


@pytest.fixture(scope="module")
def codes() -> set[str]:
    """Every code that BSS can raise."""
    own = {str(code) for code in Code}
    # a text that is a code, or, in the loader, SQL text that has one between quotes
    own |= {text for text in _in_sql() if CODE.fullmatch(text)}
    for text in _in_loader():
        own |= {text} if CODE.fullmatch(text) else set(re.findall(r"'(SB[0-9A-Z]{3})'", text))
    return own


def test_reference_lists_the_codes_that_there_are(codes: set[str]) -> None:
    listed = re.findall(r"^\| `(SB[0-9A-Z]{3})` \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(codes)


def test_codes_say_their_room(codes: set[str]) -> None:
    assert all(code[2] in ROOMS for code in codes)


def test_each_code_has_a_test(codes: set[str]) -> None:
    tests = ROOT / "tests"
    seen: set[str] = set()
    for path in tests.rglob("*"):
        if path.suffix in (".py", ".sql", ".txt") and not _is_here(path):
            text = path.read_text("utf-8")
            seen |= set(CODE.findall(text))
            seen |= {str(code) for code in Code if f"Code.{code.name}" in text}
    assert sorted(codes - seen) == []


def _is_here(path: Path) -> bool:
    return path.is_relative_to(Path(__file__).parent)
