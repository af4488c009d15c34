"""Turns a schema that has been read and a value into violations, or into questions about them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits, Schema
from bss_compiler.document.text import parse
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.value.context import Context
from bss_compiler.validation import applicator, container, scalar
from bss_compiler.validation.evaluator import Evaluator, TooMuchWorkError
from bss_compiler.validation.question import Answers
from bss_compiler.validation.violation import Place, Violation, listed

RULES = {**scalar.RULES, **container.RULES, **applicator.RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What is wrong with a value. As long as `answers` has questions, it says nothing yet."""

    violations: tuple[Violation, ...] = ()
    answers: Answers = field(default_factory=Answers)
    probes: tuple[Probe, ...] = ()


def read_value(text: str, limits: Limits, findings: Findings) -> Any:
    """Give the value of JSON text; None, with a finding, also where it is too large."""
    faults = Findings()
    value = parse(text, limits, faults)
    if not faults.errors:
        return value
    _refuse(
        {
            Code.DOCUMENT_TOO_LARGE: f"It has more than {limits.document_bytes} bytes.",
            Code.NUMBER_OUT_OF_RANGE: f"A number has more than {limits.number_digits} digits.",
            Code.TOO_MANY: f"It has more than {limits.levels} levels, or too long names.",
        }.get(faults.diagnostics[0].code, "It is not what the server stores as jsonb."),
        findings,
    )
    return None


def evaluate(
    places: Iterable[tuple[Schema, Place]], context: Context, answers: Answers
) -> list[tuple[Violation, ...]]:
    """Give the violations of each schema at its place; fewer, with a finding, if it is too much."""
    evaluator = Evaluator(context=context, rules=RULES, answers=answers)
    found: list[tuple[Violation, ...]] = []
    try:
        for schema, place in places:
            unit = context.units.root(schema)
            found.append(listed(evaluator.outcome(unit, place, by="false")))
    except TooMuchWorkError:
        limit = context.limits.validation_work
        detail = f"It takes more than {limit} steps, or its schemas go too deep into each other."
        _refuse(detail, context.findings)
    return found


def _refuse(detail: str, findings: Findings) -> None:
    findings.report(
        Code.VALUE_TOO_LARGE, "", "value is too large to be validated",
        detail=detail, hint="Validate its parts on their own.",
    )  # fmt: skip
