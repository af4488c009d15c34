"""Turns the texts of a schema and a value into the violations of the one by the other."""

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits, Schema, shape
from bss_compiler.document.budget import Budget
from bss_compiler.document.registered import Registered
from bss_compiler.document.schema import Reader
from bss_compiler.document.text import parse
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.value import compile_value
from bss_compiler.lowering.value.context import Context
from bss_compiler.lowering.value.unit import Units
from bss_compiler.validation.evaluation import Evaluation, evaluate, read_value
from bss_compiler.validation.question import Answers
from bss_compiler.validation.violation import Place


def validate_document(
    schema: str,
    value: str,
    *,
    documents: Registered,
    answers: Answers,
    limits: Limits,
    findings: Findings,
) -> Evaluation:
    """Validate a value; the schema is held to what the compiler would hold it to.

    With findings, the evaluation says nothing.
    """
    reader = Reader(limits=limits, findings=findings, documents=documents)
    root = _read(schema, reader)
    if root is None or findings.errors > 0:
        return Evaluation()
    probes: tuple[Probe, ...] = ()
    if not answers.known:
        probes = _prove(root, reader)
    found = read_value(value, limits, findings)
    if findings.errors > 0:
        return Evaluation(probes=probes)
    context = Context(
        units=Units(reader=reader),
        limits=limits,
        budget=Budget(limits=limits, findings=findings),
        findings=findings,
    )
    violations = evaluate([(root, Place(pointer="", value=found))], context, answers)
    return Evaluation(violations=sum(violations, ()), answers=answers, probes=probes)


def _read(text: str, reader: Reader) -> Schema | None:
    found = parse(text, reader.limits, reader.findings)
    if reader.findings.errors:
        return None
    problem = shape.schema(found)
    if problem is not None:
        reader.findings.report(
            Code.WRONG_SHAPE, "", f"document should be {problem}", hint="Hand in a JSON Schema."
        )
        return None
    return reader.read(found, "")


def _prove(root: Schema, reader: Reader) -> tuple[Probe, ...]:
    """Compile the schema for its faults: all of them, wherever the value would lead."""
    check = compile_value(
        root,
        "value",
        reader=reader,
        limits=reader.limits,
        budget=Budget(limits=reader.limits, findings=reader.findings),
        findings=reader.findings,
    )
    return check.probes if check is not None else ()
