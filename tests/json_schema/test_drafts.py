"""Schemas of older drafts mean what the suites of those drafts say."""

from collections.abc import Callable
from typing import Any

import pytest

from bss_compiler.document.draft import Draft
from tests.json_schema.conftest import read_suite
from tests.json_schema.test_suite import DISAGREEMENTS

DIRECTORIES = {
    Draft.DRAFT_04: "draft4",
    Draft.DRAFT_06: "draft6",
    Draft.DRAFT_07: "draft7",
    Draft.DRAFT_2019_09: "draft2019-09",
}
OPTIONAL_DISAGREEMENTS = {
    "optional/zeroTerminatedFloats.json": "1.0 is an integer, as in every later draft",
    "optional/content.json": "what a string contains is an annotation, as in every later draft",
}


@pytest.mark.parametrize("draft", DIRECTORIES, ids=DIRECTORIES.values())
def test_draft_means_what_its_suite_says(judge: Callable[..., Any], draft: Draft) -> None:
    suite = read_suite(DIRECTORIES[draft])
    ask = judge(documents=suite.documents, formats="annotate", draft=draft)
    found = {
        case
        for name, groups in suite.files.items()
        if "/format/" not in name and name not in OPTIONAL_DISAGREEMENTS
        for case in ask.disagreements(name, groups)
    }
    assert found <= DISAGREEMENTS.keys()


@pytest.mark.parametrize("draft", DIRECTORIES, ids=DIRECTORIES.values())
def test_draft_has_the_formats_of_its_suite(judge: Callable[..., Any], draft: Draft) -> None:
    suite = read_suite(DIRECTORIES[draft])
    ask = judge(documents=suite.documents, draft=draft)
    left_out = ("unknown.json", "idn-hostname.json", "regex.json")
    found = {
        case
        for name, groups in suite.files.items()
        if "/format/" in name and not name.endswith(left_out)
        for case in ask.disagreements(name, groups)
    }
    assert found == set()
