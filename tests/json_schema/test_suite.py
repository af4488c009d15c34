"""The compiled checks decide the public JSON Schema Test Suite as it says, but for reasons."""

import os
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.json_schema import door
from tests.json_schema.conformance import (
    Outcome,
    Result,
    in_columns,
    in_tables,
    in_values,
    page,
)
from tests.json_schema.disagreements import ANNOTATED, COLUMN, OPTIONAL, REASONS, TYPED
from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import ROOT, Suite

PAGE = ROOT / "docs" / "reference" / "conformance.md"


@pytest.fixture
def results(
    suite: Suite, judge: Callable[..., Judge], connection: psycopg.Connection
) -> list[Result]:
    required = [group for group in suite.groups if group.required]
    optional = [group for group in suite.groups if not group.required]
    door.register(connection, suite.documents)
    tables = [
        *in_tables(connection, required, COLUMN),
        *in_tables(connection, optional, OPTIONAL),
        *in_columns(connection, suite),
    ]
    annotated = judge(documents=suite.documents, formats="annotate")
    return [*in_values(annotated, required, ANNOTATED), *tables]


def test_suite_is_decided_as_the_reference_says(results: list[Result]) -> None:
    disagreements = [each for each in results if not each.agrees]
    assert [each for each in disagreements if each.reason is None] == []
    assert {each.reason for each in disagreements} == {*REASONS}, "a reason explains nothing"
    # a column of its own type reads other spellings of the values that it holds
    looser = [each for each in disagreements if each.outcome is Outcome.LOOSER]
    assert [each for each in looser if each.place != TYPED] == []
    required = [each for each in results if each.place == ANNOTATED]
    assert sum(each.agrees for each in required) >= 0.99 * len(required)
    assert_is_page(PAGE, page(results))


def assert_is_page(path: Path, text: str) -> None:
    if os.environ.get("BSS_WRITE"):
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8").splitlines() == text.splitlines(), "BSS_WRITE=1 writes it"
