"""What validation says of a value is what the public suite says, and what the compiled check says.

Evaluated outside the server, with answers from inside; a part of it once more through the verb.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

import psycopg
import pytest
from jsonschema import Draft202012Validator

from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget
from bss_compiler.document.limits import exact
from bss_compiler.document.schema import Reader
from bss_compiler.lowering.value.context import Context
from bss_compiler.lowering.value.unit import Units
from bss_compiler.validation import Answers, Violation, read_answers
from bss_compiler.validation.evaluation import evaluate
from bss_compiler.validation.violation import Place
from tests.json_schema.disagreements import ANNOTATED, reason_of
from tests.json_schema.public_suite import Group, Suite, parse, spell
from tests.json_schema.test_differential import VALUES_EACH, Draw

VERB = "select pointer, keyword, schema_pointer, message from bss.validate_document(%s, %s)"
ANSWERS = "select bss_internal.answers(%s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluating:
    """Evaluates values here, and asks the server what only it can answer."""

    connection: psycopg.Connection
    documents: Mapping[str, Any] = field(default_factory=dict)
    formats: Literal["assert", "annotate"] = "assert"

    def violations(self, schema: Any, value: Any) -> tuple[Violation, ...] | None:
        """Give the violations; None if the schema cannot be used."""
        findings, limits = Findings(), Limits()
        reader = Reader(
            limits=limits, findings=findings, documents=self.documents, unknown_keywords="ignore"
        )
        root = reader.read(schema, "")
        context = Context(
            units=Units(reader=reader),
            limits=limits,
            budget=Budget(limits=limits, findings=findings),
            findings=findings,
            formats=self.formats,
        )
        asked: list[dict[str, Any]] = []
        answers = Answers()
        while True:
            with exact(limits):
                (found,) = evaluate([(root, Place(pointer="", value=value))], context, answers)
            if findings.errors:
                return None
            if not answers.asked:
                return found
            asked += json.loads(json.dumps(answers.questions()))
            row = self.connection.execute(ANSWERS, [json.dumps(asked)]).fetchone()
            assert row is not None
            answers = read_answers(asked, row[0])

    def disagreements(self, group: Group) -> list[str]:
        found = []
        for case in group.cases:
            violations = self.violations(group.schema, case.value)
            if violations is None or (not violations) is not case.valid:
                found.append(case.description)
        return found


def test_required_cases_agree(suite: Suite, connection: psycopg.Connection) -> None:
    here = Evaluating(connection=connection, documents=suite.documents, formats="annotate")
    for group in suite.groups:
        if group.required and here.disagreements(group):
            reason = reason_of(ANNOTATED, group)
            assert reason is not None
            assert reason.title == "Other dialects"


def test_optional_cases_agree(suite: Suite, connection: psycopg.Connection) -> None:
    here = Evaluating(connection=connection, documents=suite.documents)
    files = (
        "optional/bignum.json", "optional/ecmascript-regex.json", "optional/float-overflow.json",
        "optional/non-bmp-regex.json", "optional/format/date-time.json",
        "optional/format/email.json", "optional/format/ipv6.json", "optional/format/time.json",
        "optional/format/uri.json", "optional/format/duration.json",
    )  # fmt: skip
    for group in suite.groups:
        if group.file in files:
            assert here.disagreements(group) == [], group.file


def test_verb_agrees_as_far_as_it_accepts_the_schema(
    suite: Suite, connection: psycopg.Connection
) -> None:
    asked = 0
    groups = [group for group in suite.groups if group.required and group.file != "format.json"]
    for group in groups[::4]:
        for case in group.cases:
            found = verdict(connection, group.schema, case.value)
            assert found in (None, case.valid), (group.file, group.description, case)
            asked += found is not None
    assert asked > 200


def verdict(connection: psycopg.Connection, schema: Any, value: Any) -> bool | None:
    """Say whether a value has no violations; None if its schema, or its U+0000, is refused."""
    try:
        rows = connection.execute(VERB, [spell(schema), spell(value)]).fetchall()
    except psycopg.Error as error:
        if error.sqlstate != "22P05" and (error.sqlstate or "")[:3] != "SB0":
            raise
        return None
    return rows == []


@pytest.mark.parametrize("seed", range(4))
def test_violations_agree_with_checks_and_with_python_jsonschema(
    judge: Callable[..., Any], seed: int
) -> None:
    draw = Draw(random=Random(seed))  # noqa: S311
    ask = judge()
    here = Evaluating(connection=ask.connection)
    compared = 0
    for _ in range(25):
        document = draw.document()
        check, diagnostics = ask.compile(parse(json.dumps(document)))
        if diagnostics:
            continue
        validator = Draft202012Validator(document)
        drawn = [draw.sample(document, document) for _ in range(VALUES_EACH)]
        values = [json.dumps(value) for value in drawn]
        for value, compiled in zip(values, ask.verdicts(check, values), strict=True):
            found = here.violations(parse(json.dumps(document)), parse(value))
            assert found is not None
            assert (not found) is compiled, (document, value, found)
            assert validator.is_valid(json.loads(value)) is compiled, (document, value)
            for violation in found:
                assert leads_to_keyword(violation, document), violation
            compared += 1
    assert compared > 100


def leads_to_keyword(violation: Violation, document: Any) -> bool:
    found = document
    for token in violation.schema_pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        found = found[int(name)] if isinstance(found, list) else found[name]
    return found is False or violation.schema_pointer.endswith(f"/{violation.keyword}")
