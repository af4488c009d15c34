"""The commands of the README are run, and print what it shows."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bss_loader import cluster as clusters
from bss_loader.manifest import locate
from tests.docs.page import matches, steps

ROOT = locate().sql.parent
README = ROOT / "README.md"
STEPS = {step.script: step for step in steps(README)}
DEMO = "bash deploy/demo.sh"
# it runs this test: a second one inside it would never end
RUNS_THIS = "bash deploy/test.sh"


@pytest.fixture
def developers_cluster() -> Iterator[None]:
    """Leave the cluster of `bss dev` running if it was, and stopped if it was not."""
    directory = clusters.default_directory()
    found = clusters.find(directory)
    was_running = found is not None and clusters.running(found)
    yield
    now = clusters.find(directory)
    if now is not None and not was_running:
        clusters.stop(now)


def test_readme_has_the_two_commands() -> None:
    assert set(STEPS) == {DEMO, RUNS_THIS}
    assert "deploy/test.sh" in (ROOT / ".ci" / "run").read_text()


def test_readme_names_the_steps_of_the_tests() -> None:
    script = (ROOT / "deploy" / "test.sh").read_text("utf-8")
    shown = (STEPS[RUNS_THIS].expected or "").splitlines()
    assert all(line.removesuffix(" …") in script for line in shown if line != "…")


@pytest.mark.skipif(
    sys.prefix != str(ROOT / ".venv"), reason="deploy/demo.sh stands on the environment in .venv"
)
def test_demo_prints_what_readme_shows(developers_cluster: None) -> None:  # noqa: ARG001
    done = subprocess.run(
        ["bash", "deploy/demo.sh"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert matches(STEPS[DEMO].expected or "", done.stdout), done.stdout
