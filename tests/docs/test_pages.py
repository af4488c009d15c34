"""What the documentation says to do is done, as it is written."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from bss_loader.install import install_into
from bss_loader.manifest import locate
from tests.docs.conftest import Desk
from tests.docs.page import Step, check, matches, run, steps

ROOT = locate().sql.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", *DOCS.rglob("*.md")])
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))
WITHOUT_BSS = {"install_and_upgrade.md"}
ELSEWHERE = {"README.md": "test_readme.py", "tutorial.md": "test_tutorial_runs_as_written"}


def test_tutorial_runs_as_written(home: Path, environment: dict[str, str]) -> None:
    run(DOCS / "tutorial.md", "", environment, home)


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_how_to_runs_as_written(page: Path, desk: Desk) -> None:
    if page.name not in WITHOUT_BSS:
        install_into(desk.dsn)
    run(page, f"db='{desk.dsn}'", desk.environment, desk.directory)


def test_no_command_is_left_out() -> None:
    """Commands are in console blocks, and these are on pages that are run."""
    for page in PAGES:
        text = page.read_text("utf-8")
        commands = re.findall(r"^\$ ", text, re.MULTILINE)
        run_here = [step for step in steps(page) if step.is_command]
        assert len(run_here) == len(commands), page
        assert not commands or page in HOW_TO or page.name in ELSEWHERE, page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", prose):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize(
    ("expected", "said"),
    [("a", "b"), ("a\n…", "b\na"), ("(1 row)", "(2 rows)"), ("a … c", "a b")],
)
def test_comparison_notices_a_difference(expected: str, said: str) -> None:
    assert not matches(expected, said)


def test_comparison_passes_over_what_is_left_out() -> None:
    assert matches("a\n…\nd e…", "a\nb\nc\nd   e f")
    assert matches("…\nid 00000000-0000-0000-0000-000000000000", f"x\nid {uuid4()}")


def test_unexpected_error_is_noticed() -> None:
    with pytest.raises(AssertionError):
        check(Step(line=1, script="x", expected=None), "ERROR:  no", 0, "page")
    with pytest.raises(AssertionError):
        check(Step(line=1, script="x", expected="yes"), "yes", 1, "page")
