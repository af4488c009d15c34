"""The compiled checks agree with the public JSON Schema Test Suite.

In the required files `format` is an annotation, as the draft's own meta-schema has it; in the
optional ones it is asserted. What disagrees is listed, with the reason.
"""

from collections.abc import Callable
from typing import Any

import pytest

Case = tuple[str, str, str]

NO_NUL = "jsonb has no U+0000, so such a value cannot be stored"
NO_DIALECT = "only the draft's own meta-schema is supported, others are refused"
DISAGREEMENTS = {
    ("const.json", "nul characters in strings", "match string with nul"): NO_NUL,
    ("enum.json", "nul characters in strings", "match string with nul"): NO_NUL,
    (
        "vocabulary.json",
        "schema that uses custom metaschema with with no validation vocabulary",
        "applicator vocabulary still works",
    ): NO_DIALECT,
    (
        "vocabulary.json",
        "schema that uses custom metaschema with with no validation vocabulary",
        "no validation: valid number",
    ): NO_DIALECT,
    (
        "vocabulary.json",
        "schema that uses custom metaschema with with no validation vocabulary",
        "no validation: invalid number, but it still validates",
    ): NO_DIALECT,
    (
        "vocabulary.json",
        "ignore unrecognized optional vocabulary",
        "string value",
    ): NO_DIALECT,
    (
        "vocabulary.json",
        "ignore unrecognized optional vocabulary",
        "number value",
    ): NO_DIALECT,
}
FORMATS = (
    "date-time", "date", "duration", "email", "hostname", "idn-email", "ipv4", "ipv6",
    "iri-reference", "iri", "json-pointer", "relative-json-pointer", "time", "uri-reference",
    "uri-template", "uri", "uuid",
)  # fmt: skip


def test_required_cases_agree(suite: Any, judge: Callable[..., Any]) -> None:
    ask = judge(documents=suite.documents, formats="annotate")
    files = {name: groups for name, groups in suite.files.items() if "/" not in name}
    found = {case for name, groups in files.items() for case in ask.disagreements(name, groups)}
    assert found == DISAGREEMENTS.keys()
    cases = sum(len(group["tests"]) for groups in files.values() for group in groups)
    assert len(found) <= cases * 0.01


@pytest.mark.parametrize("format_", FORMATS)
def test_format_is_asserted(suite: Any, judge: Callable[..., Any], format_: str) -> None:
    name = f"optional/format/{format_}.json"
    ask = judge(documents=suite.documents)
    assert ask.disagreements(name, suite.files[name]) == set()


@pytest.mark.parametrize(
    "name",
    [
        "optional/anchor.json", "optional/bignum.json", "optional/dynamicRef.json",
        "optional/ecmascript-regex.json", "optional/float-overflow.json", "optional/id.json",
        "optional/no-schema.json", "optional/non-bmp-regex.json", "optional/unknownKeyword.json",
    ],
)  # fmt: skip
def test_optional_cases_agree(suite: Any, judge: Callable[..., Any], name: str) -> None:
    ask = judge(documents=suite.documents)
    assert ask.disagreements(name, suite.files[name]) == set()


@pytest.mark.parametrize("format_", ["idn-hostname", "regex"])
def test_format_that_cannot_be_checked_is_refused(judge: Callable[..., Any], format_: str) -> None:
    _, diagnostics = judge().compile({"type": "string", "format": format_})
    assert [(item.code, item.pointer) for item in diagnostics] == [("SB012", "/format")]
