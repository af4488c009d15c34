"""Schemas of older drafts mean what the suites of those drafts say."""

from collections.abc import Callable

import pytest

from bss_compiler.document.draft import Draft
from tests.json_schema.conformance import Result, in_values
from tests.json_schema.disagreements import ANNOTATED, OPTIONAL
from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import Group, read

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


def unexplained(results: list[Result]) -> list[Result]:
    return [each for each in results if not each.agrees and each.reason is None]


def is_of_format(group: Group) -> bool:
    return "/format/" in group.file


@pytest.mark.parametrize("draft", DIRECTORIES, ids=DIRECTORIES.values())
def test_draft_means_what_its_suite_says(judge: Callable[..., Judge], draft: Draft) -> None:
    suite = read(DIRECTORIES[draft])
    ask = judge(documents=suite.documents, formats="annotate", draft=draft)
    groups = [
        group
        for group in suite.groups
        if not is_of_format(group) and group.file not in OPTIONAL_DISAGREEMENTS
    ]
    assert unexplained(in_values(ask, groups, ANNOTATED)) == []


@pytest.mark.parametrize("draft", DIRECTORIES, ids=DIRECTORIES.values())
def test_draft_has_the_formats_of_its_suite(judge: Callable[..., Judge], draft: Draft) -> None:
    suite = read(DIRECTORIES[draft])
    ask = judge(documents=suite.documents, draft=draft)
    assert unexplained(in_values(ask, filter(is_of_format, suite.groups), OPTIONAL)) == []
