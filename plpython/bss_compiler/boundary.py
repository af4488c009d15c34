"""The door: JSON text in, JSON text out.

bss_internal.compile() calls `answer`; nothing else in the database does. Whatever happens in here,
the answer is a JSON object, and faults are in its member "diagnostics": Python raises nothing into
SQL, because there it would arrive as SQLSTATE 38000.
"""

import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from bss_compiler.ddl import render
from bss_compiler.diagnostic import Code, Diagnostic, Findings
from bss_compiler.diff import Alter, Change, Create, Drop, diff, retain
from bss_compiler.document import Limits, read_document
from bss_compiler.document.limits import exact, read_limits
from bss_compiler.document.merge import merge
from bss_compiler.document.registered import Registered, check_registered
from bss_compiler.lowering import Lowered, Probe, lower
from bss_compiler.model import Function, Model, Part, Table
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.model.function import SCHEMA
from bss_compiler.plan import Step, check_feasible, plan
from bss_compiler.snapshot import read_snapshot
from bss_compiler.validation import (
    Answers,
    Evaluation,
    Given,
    Violation,
    read_answers,
    validate_document,
    validate_record,
)

Json = dict[str, Any]


def answer(verb: str, request: str) -> str:
    """Answer one request. The verbs are those of `_VERBS`; each documents its members."""
    try:
        return json.dumps(_VERBS[verb](json.loads(request)))
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        internal = Diagnostic(
            code=Code.INTERNAL,
            pointer="",
            message="compiler failed",
            detail=f"{type(error).__name__} in {place.name}, line {place.lineno} of "
            f"{place.filename.rpartition('/')[2]}.",
            hint="This is a bug in BSS. Please report it with the document.",
        )
        return json.dumps({"diagnostics": [_diagnostic(internal)]})


def compile_document(
    text: str, limits: Limits, findings: Findings, documents: Mapping[str, Any] | None = None
) -> Lowered | None:
    """Give the model of a document, with findings; None where there is not even an outline."""
    with exact(limits):
        document = read_document(text, limits, findings, documents)
        return None if document is None else lower(document, limits, findings)


def statements(before: Model, after: Model, findings: Findings) -> list[tuple[Step, str]]:
    """Give the statements that lead from one model to another, each with its step."""
    steps = plan(diff(before, after), findings)
    return [(step, statement) for step in steps for statement in render(step)]


def _check(request: Json) -> Json:
    """Answer {document, documents, limits} with {diagnostics, missing, probes}."""
    findings = Findings()
    documents = _documents(request, request["document"], findings)
    lowered = compile_document(request["document"], _limits(request), findings, documents)
    return _result(findings, lowered) | _missing(documents)


def _plan(request: Json) -> Json:
    """Answer {document, base or null, documents, limits}; for an entity, {entity, document, …}.

    With {diagnostics, missing, probes}, and without errors also {document, documents, model,
    steps}: of the registered documents, those that were used.
    """
    findings = Findings()
    limits = _limits(request)
    text, prefix = request["document"], ""
    if request.get("entity", text) is None:
        findings.report(Code.WRONG_SHAPE, "", "document is missing", hint="Hand in a document.")
        return _result(findings, None)
    if "entity" in request:
        merged = merge(text, request["entity"], limits, findings)
        if merged is None:
            return _result(findings, None)
        text, prefix = merged
    documents = _documents(request, text, findings)
    lowered = compile_document(text, limits, findings, documents)
    result = _result(findings, lowered, prefix) | _missing(documents)
    if lowered is None or findings.errors > 0:
        return result
    base = from_json(request["base"]) if request["base"] is not None else Model()
    target = retain(base, lowered.model)
    check_feasible(target, limits.columns, findings)
    steps = [_step(step, statement) for step, statement in statements(base, target, findings)]
    result = _result(findings, lowered, prefix)
    if findings.errors > 0:
        return result
    return result | {
        "document": text,
        "documents": sorted(documents.read),
        "model": to_json(target),
        "steps": steps,
    }


def _compare(request: Json) -> Json:
    """Answer {snapshot, model} with {differences}: where catalog and model disagree."""
    changes = diff(read_snapshot(request["snapshot"]), from_json(request["model"]))
    return {"diagnostics": [], "differences": [_difference(change) for change in changes]}


def _register(request: Json) -> Json:
    """Answer {uri, document, limits} with {diagnostics, refers_to}."""
    findings, limits = Findings(), _limits(request)
    with exact(limits):
        found = check_registered(request["uri"], request["document"], limits, findings)
    return _result(findings, None) | {"refers_to": sorted(found)}


def _validate_document(request: Json) -> Json:
    """Answer {schema, value, documents, limits, questions, answers}; see `_evaluation`."""
    findings, limits = Findings(), _limits(request)
    documents = _documents(request, request["schema"], findings)
    with exact(limits):
        found = validate_document(
            request["schema"],
            request["value"],
            documents=documents,
            answers=_answers(request),
            limits=limits,
            findings=findings,
        )
    # what the schema deserves a warning for has been said before the first question was asked
    tells = "answers" not in request
    return _evaluation(found, findings, tells_warnings=tells) | _missing(documents)


def _validate_record(request: Json) -> Json:
    """Answer {document, model, entity, record, documents, limits, questions, answers}.

    As `_evaluation` has it, with {given, failed}: what to try, and the columns to leave out.
    """
    findings, limits = Findings(), _limits(request)
    model = from_json(request["model"])
    documents = _documents(request, request["document"], findings)
    with exact(limits):
        found = validate_record(
            request["record"],
            next(table for table in model.tables if table.entity == request["entity"]),
            model,
            request["document"],
            documents=documents,
            answers=_answers(request),
            limits=limits,
            findings=findings,
        )
    return (
        _evaluation(found.evaluation, findings, tells_warnings=False)
        | {"given": [_given(each) for each in found.given], "failed": sorted(found.failed)}
        | _missing(documents)
    )


def _evaluation(found: Evaluation, findings: Findings, *, tells_warnings: bool) -> Json:
    """Give {diagnostics, probes, questions, violations}; with questions, the rest is not final."""
    return {
        "diagnostics": [
            _diagnostic(item)
            for item in findings.diagnostics
            if tells_warnings or item.severity == "error"
        ],
        "probes": [_probe(probe, "") for probe in found.probes],
        "questions": found.answers.questions(),
        "violations": [_violation(item) for item in found.violations],
    }


def _answers(request: Json) -> Answers:
    return read_answers(request.get("questions", ()), request.get("answers", ()))


_VERBS: Mapping[str, Callable[[Json], Json]] = {
    "check": _check,
    "plan": _plan,
    "compare": _compare,
    "register": _register,
    "validate_document": _validate_document,
    "validate_record": _validate_record,
}


def _limits(request: Json) -> Limits:
    return read_limits(request.get("limits", {}))


def _documents(request: Json, beside: str, findings: Findings) -> Registered:
    return Registered(
        request.get("documents", {}), beside=beside, limits=_limits(request), findings=findings
    )


def _missing(documents: Registered) -> Json:
    """Name the documents that may be registered, if there are any: they did not come along."""
    return {"missing": sorted(documents.missing)} if documents.missing else {}


def _violation(item: Violation) -> Json:
    return {
        "pointer": item.pointer,
        "keyword": item.keyword,
        "schema_pointer": item.schema_pointer,
        "message": item.message,
    }


def _given(item: Given) -> Json:
    return {
        "column": item.column,
        "property": item.property,
        "text": item.text,
        "misfit": _violation(item.misfit),
    }


def _result(findings: Findings, lowered: Lowered | None, prefix: str = "") -> Json:
    """Diagnostics in the order in which they were found; those of an entity by its own pointers."""
    probes = lowered.probes if lowered is not None else ()
    return {
        "diagnostics": [_diagnostic(item, prefix) for item in findings.told()],
        "probes": [_probe(probe, prefix) for probe in probes],
    }


def _diagnostic(item: Diagnostic, prefix: str = "") -> Json:
    return {
        "code": item.code,
        "severity": item.severity,
        "pointer": _within(item.pointer, prefix),
        "message": item.message,
        "detail": item.detail,
        "hint": item.hint,
    }


def _probe(probe: Probe, prefix: str) -> Json:
    return {
        "pointer": _within(probe.pointer, prefix),
        "pattern": probe.pattern,
        "value": probe.value,
        "value_pointer": _within(probe.value_pointer or "", prefix),
    }


def _within(pointer: str, prefix: str) -> str:
    inside = prefix and (pointer + "/").startswith(prefix + "/")
    return pointer[len(prefix) :] if inside else pointer


def _step(step: Step, statement: str) -> Json:
    return {
        "kind": step.kind,
        "relation": step.table,
        "statement": statement,
        "lock": step.facts.lock,
        "scans": step.facts.scans,
        "rewrites": step.facts.rewrites,
        "reversible": step.facts.reversible,
        "hazards": list(step.facts.hazards),
    }


def _unlike(found: Json, meant: Json) -> tuple[Json, Json]:
    """Give the members in which two parts differ; one that is left out has its default."""
    names = [name for name in {**found, **meant} if found.get(name) != meant.get(name)]
    return (
        {name: found[name] for name in names if name in found},
        {name: meant[name] for name in names if name in meant},
    )


def _difference(change: Change) -> Json:
    """Give what the catalog has, and what it should have; null for what is missing on that side."""
    found: Json | None = None
    meant: Json | None = None
    match change:
        case Create():
            part, meant = change.part, _shown(change.part)
        case Drop():
            part, found = change.part, _shown(change.part)
        case Alter():
            part = change.after
            found, meant = _unlike(to_json(change.before), to_json(change.after))
        case _:
            assert_never(change)
    relation = SCHEMA if isinstance(part, Function) else change.table
    return {"relation": relation, "object": part.name, "found": found, "meant": meant}


def _shown(part: Part | Table) -> Json:
    """Give a part as a person compares it with another; the body of a function by its hash."""
    shown: Json = to_json(part)
    if isinstance(part, Function):
        return shown | {"body": f"sha256 {hashlib.sha256(part.body.encode()).hexdigest()}"}
    return shown
