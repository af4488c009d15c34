"""The door: JSON text in, JSON text out.

bss_internal.compile() calls `answer`; nothing else in the database does. Whatever happens in here,
the answer is a JSON object, and faults are in its member "diagnostics": Python raises nothing into
SQL, because there it would arrive as SQLSTATE 38000.
"""

import json
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from bss_compiler.ddl import entries, plain_entries, render
from bss_compiler.ddl.name import qualified
from bss_compiler.diagnostic import Code, Diagnostic, Findings
from bss_compiler.diff import Create, Renames, conversions, diff, rebuilt, retain, without
from bss_compiler.document import Limits, read_document
from bss_compiler.document.limits import exact, read_limits
from bss_compiler.document.merge import merge
from bss_compiler.document.registered import Registered, check_registered
from bss_compiler.lowering import Lowered, lower
from bss_compiler.model import ForeignKey, Model
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.plan import (
    Step,
    check_feasible,
    plan,
    renames_back,
    renames_between,
    stated_renames,
)
from bss_compiler.pooling import alone, pooled
from bss_compiler.repair import Damage, differences, droppable, plan_repair
from bss_compiler.report import (
    shown_diagnostic,
    shown_findings,
    shown_given,
    shown_left,
    shown_probe,
    shown_violation,
)
from bss_compiler.sharing import check_hidden, definition, evolve, extend
from bss_compiler.snapshot import meant_snapshot, read_snapshot
from bss_compiler.validation import (
    Answers,
    Evaluation,
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
        return json.dumps({"diagnostics": [shown_diagnostic(internal)]})


def compile_document(
    text: str, limits: Limits, findings: Findings, documents: Mapping[str, Any] | None = None
) -> Lowered | None:
    """Give the model of a document, with findings; None where there is not even an outline."""
    with exact(limits):
        document = read_document(text, limits, findings, documents)
        return None if document is None else lower(document, limits, findings)


def statements(
    before: Model,
    after: Model,
    findings: Findings,
    done: Renames | None = None,
    *,
    destroys: bool = False,
) -> list[tuple[Step, str]]:
    """Give the statements that lead from one model to another, each with its step."""
    steps = _steps(before, after, findings, done, destroys=destroys)
    return [(step, statement) for step in steps for statement in render(step)]


def _steps(
    before: Model,
    after: Model,
    findings: Findings,
    done: Renames | None = None,
    *,
    destroys: bool = False,
) -> tuple[Step, ...]:
    changes = rebuilt(diff(before, after, done), before, after, done)
    return plan(changes, findings, destroys=destroys)


def _check(request: Json) -> Json:
    """Answer {document, documents, limits} with {diagnostics, missing, probes}."""
    findings = Findings()
    documents = _documents(request, request["document"], findings)
    lowered = compile_document(request["document"], _limits(request), findings, documents)
    return shown_findings(findings, lowered) | _missing(documents)


def _plan(request: Json) -> Json:
    """Answer {document, base or null, documents, limits}; for an entity, {entity, document, …}.

    With {diagnostics, missing, probes}, and without errors also {document, documents, model,
    renames, steps, snapshot}: of the registered documents, those that were used; `snapshot` is what
    the catalog says after the steps. If the document declares shared tables, with {declared} too;
    see `_declared`. The steps are a tenant's, or with {placement} "shared" those of the shared
    tables; what the document does not declare of these stays. With {isolation} "pool" the tenant's
    steps are those of a pool. A request with {undo}, the renames since the document was in force,
    takes them back; one with {passed}, those of each version up to the document, makes them all,
    and not what the document says of the last alone; one with {snapshot} begins at what is there.
    """
    if "drop" in request:
        return _drop(request)
    findings = Findings()
    limits = _limits(request)
    text, prefix = request["document"], ""
    if request.get("entity", text) is None:
        findings.report(Code.WRONG_SHAPE, "", "document is missing", hint="Hand in a document.")
        return shown_findings(findings, None)
    if "entity" in request:
        merged = merge(text, request["entity"], limits, findings)
        if merged is None:
            return shown_findings(findings, None)
        text, prefix = merged
    documents = _documents(request, text, findings)
    lowered = compile_document(text, limits, findings, documents)
    result = shown_findings(findings, lowered, prefix) | _missing(documents)
    if lowered is None or findings.errors > 0:
        return result
    base, shared, done = _base(request), lowered.model.placed("shared"), Renames()
    if request.get("placement") == "shared":
        target = whole = evolve(base, shared, findings)
        steps = plain_entries(_steps(base, target, findings))
    else:
        base, own = base.placed("tenant"), lowered.model.placed("tenant")
        if request.get("isolation") == "pool":
            own = pooled(own, findings)
        done = _found_renames(request, base, own, findings)
        if findings.errors > 0:
            return shown_findings(findings, lowered, prefix)
        followed = conversions(base, own, done)
        target = retain(base, own, followed)
        check_hidden(target, shared, findings)
        whole = target.joined(shared)
        steps = entries(_steps(base, target, findings, followed), target, done)
    check_feasible(target, limits.columns, findings)
    result = shown_findings(findings, lowered, prefix)
    if findings.errors > 0:
        return result
    return result | {
        "document": text,
        "documents": sorted(documents.read),
        "model": to_json(whole),
        "renames": _renames(done),
        "steps": steps,
        "snapshot": meant_snapshot(target),
        **_declared(shared),
    }


def _found_renames(request: Json, base: Model, own: Model, findings: Findings) -> Renames:
    if "undo" in request:
        return renames_back(base, own, map(_read_renames, request["undo"]), findings)
    if "passed" in request:
        return renames_between(base, own, map(_read_renames, request["passed"]), findings)
    return stated_renames(base, own, findings)


def _drop(request: Json) -> Json:
    """Answer {document, base, drop} as `_plan` does: a plan that ends what was only kept."""
    findings, whole = Findings(), _base(request)
    base = whole.placed("tenant")
    gone = [(part["relation"], part["column_name"]) for part in request["drop"]]
    target = without(base, gone)
    steps = _steps(base, target, findings, destroys=True)
    return shown_findings(findings, None) | {
        "document": request["document"],
        "documents": [],
        "model": to_json(target.joined(whole.placed("shared"))),
        "renames": {},
        "steps": entries(steps, target, Renames()),
        "snapshot": meant_snapshot(target),
    }


def _share(request: Json) -> Json:
    """Answer {declared, taken, base or null, limits} with {diagnostics, model, steps}.

    Of what a tenant's document declares, a model, the tables that are named in `taken` become
    shared tables.
    """
    findings, base, declared = Findings(), _base(request), from_json(request["declared"])
    taken = [table for table in declared.tables if table.name in request["taken"]]
    target = extend(base, declared.of(taken), findings)
    check_feasible(target, _limits(request).columns, findings)
    if findings.errors > 0:
        return shown_findings(findings, None)
    steps = plain_entries(_steps(base, target, findings))
    return shown_findings(findings, None) | {"model": to_json(target), "steps": steps}


def _unshare(request: Json) -> Json:
    """Answer {base, name} with {diagnostics, model, steps}: the shared tables without one."""
    base, name = _base(request), request["name"]
    left = base.of(table for table in base.tables if table.name != name)
    step = {"kind": "drop_table", "relation": name, "statement": f"DROP TABLE {qualified(name)}"}
    return {"diagnostics": [], "model": to_json(left), "steps": [step]}


def _isolate(request: Json) -> Json:
    """Answer {base} with {diagnostics, model, first, behind, last}: a pool's tables for one tenant.

    The steps are those before there are rows, those behind the rows, and those that hold off others
    for as long as the transaction lasts: references to shared tables.
    """
    base = _base(request)
    target = alone(base.placed("tenant"))
    stages: dict[str, list[Step]] = {"first": [], "behind": [], "last": []}
    for step in _steps(Model(), target, Findings()):
        stages[_stage(step)].append(step)
    model = to_json(target.joined(base.placed("shared")))
    made = {stage: plain_entries(steps) for stage, steps in stages.items()}
    return {"diagnostics": [], "model": model, **made}


def _stage(step: Step) -> str:
    if step.kind == "create_index":
        return "behind"
    part = step.change.part if isinstance(step.change, Create) else None
    is_last = isinstance(part, ForeignKey) and part.placement == "shared"
    return "last" if is_last else "first"


def _base(request: Json) -> Model:
    if "snapshot" in request:
        return read_snapshot(request["snapshot"])
    return from_json(request["base"]) if request["base"] is not None else Model()


def _declared(shared: Model) -> Json:
    """Give {declared} with {model, tables}; each of these as {name, entity, definition}."""
    if not shared.tables:
        return {}
    tables = [
        {"name": table.name, "entity": table.entity, "definition": definition(table)}
        for table in shared.tables
    ]
    return {"declared": {"model": to_json(shared), "tables": tables}}


def _compare(request: Json) -> Json:
    """Answer {snapshot, model, placement} with {differences}: where catalog and model disagree."""
    model = from_json(request["model"]).placed(request["placement"])
    damage = Damage.of(read_snapshot(request["snapshot"]), model)
    return {"diagnostics": [], "differences": differences(damage)}


def _repair(request: Json) -> Json:
    """Answer {snapshot, model, others, drop} with {steps, left, unknown}.

    `others` names what the snapshot has that is no table, `drop` what may be dropped; `unknown` is
    what of that is not there, or is not to be dropped.
    """
    damage = Damage.of(
        read_snapshot(request["snapshot"]),
        from_json(request["model"]).placed("tenant"),
        request["others"],
        request["drop"],
    )
    repair = plan_repair(damage)
    return {
        "diagnostics": [],
        "steps": plain_entries(repair.steps),
        "left": [shown_left(item) for item in repair.left],
        "unknown": sorted(damage.drop - droppable(damage)),
    }


def _register(request: Json) -> Json:
    """Answer {uri, document, limits} with {diagnostics, refers_to}."""
    findings, limits = Findings(), _limits(request)
    with exact(limits):
        found = check_registered(request["uri"], request["document"], limits, findings)
    return shown_findings(findings, None) | {"refers_to": sorted(found)}


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
    """Answer {document, model, relation, record, documents, limits, questions, answers}.

    As `_evaluation` has it, with {given, failed}: what to try, and the columns to leave out.
    """
    findings, limits = Findings(), _limits(request)
    model = from_json(request["model"])
    documents = _documents(request, request["document"], findings)
    with exact(limits):
        found = validate_record(
            request["record"],
            next(table for table in model.tables if table.name == request["relation"]),
            model,
            request["document"],
            documents=documents,
            answers=_answers(request),
            limits=limits,
            findings=findings,
        )
    return (
        _evaluation(found.evaluation, findings, tells_warnings=False)
        | {"given": [shown_given(each) for each in found.given], "failed": sorted(found.failed)}
        | _missing(documents)
    )


def _evaluation(found: Evaluation, findings: Findings, *, tells_warnings: bool) -> Json:
    """Give {diagnostics, probes, questions, violations}; with questions, the rest is not final."""
    return {
        "diagnostics": [
            shown_diagnostic(item)
            for item in findings.diagnostics
            if tells_warnings or item.severity == "error"
        ],
        "probes": [shown_probe(probe, "") for probe in found.probes],
        "questions": found.answers.questions(),
        "violations": [shown_violation(item) for item in found.violations],
    }


def _answers(request: Json) -> Answers:
    return read_answers(request.get("questions", ()), request.get("answers", ()))


_VERBS: Mapping[str, Callable[[Json], Json]] = {
    "check": _check,
    "plan": _plan,
    "share": _share,
    "unshare": _unshare,
    "isolate": _isolate,
    "compare": _compare,
    "repair": _repair,
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


def _renames(done: Renames) -> Json:
    return {"tables": done.tables, "columns": done.columns} if done else {}


def _read_renames(value: Json) -> Renames:
    return Renames(
        tables=tuple((old, new) for old, new in value.get("tables", ())),
        columns=tuple((of, old, new) for of, old, new in value.get("columns", ())),
    )
