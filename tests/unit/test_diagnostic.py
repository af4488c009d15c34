import json
from typing import Any

import pytest

from bss_compiler import boundary
from bss_compiler.boundary import answer, statements
from bss_compiler.diagnostic import MAX_ALIKE, MAX_FINDINGS, MAX_KNOWN, Code, Diagnostic, Findings
from tests.unit.compiling import diagnosed, entity, model
from tests.unit.fault_documents import FAULT_DOCUMENTS

BEYOND_A_DOCUMENT = {
    Code.CHANGE_NOT_SUPPORTED_YET, Code.CHANGE_REFUSED, Code.NAME_TAKEN, Code.NOTHING_TO_RENAME,
    Code.UNDO_REFUSED, Code.VALUE_TOO_LARGE, Code.INTERNAL,
    Code.SHARED_OTHERWISE, Code.SHARED_IS_HIDDEN, Code.SHARED_LOSES_KEY, Code.NOTHING_SHARED,
    Code.NOT_FOR_POOLS,
}  # fmt: skip


@pytest.mark.parametrize("code", FAULT_DOCUMENTS)
def test_diagnostic_is_given_for_its_fault_alone(code: Code) -> None:
    document, pointer = FAULT_DOCUMENTS[code]
    assert [(item.code, item.pointer) for item in diagnosed(document)] == [(code, pointer)]


def test_diagnostic_has_a_document_for_every_code() -> None:
    assert FAULT_DOCUMENTS.keys() | BEYOND_A_DOCUMENT == set(Code)
    assert not FAULT_DOCUMENTS.keys() & BEYOND_A_DOCUMENT


@pytest.mark.parametrize("code", FAULT_DOCUMENTS)
def test_diagnostic_reads_as_the_server_s_errors_do(code: Code) -> None:
    (found,) = diagnosed(FAULT_DOCUMENTS[code][0])
    assert not found.message[0].isupper()
    assert not found.message.endswith(".")
    assert found.hint is not None
    assert found.hint.endswith((".", "?"))
    assert found.detail is None or (found.detail.endswith(".") and not found.detail[0].islower())


def test_diagnostic_of_a_change_points_to_what_changed() -> None:
    before = model(entity({"price": {"type": "number"}}))
    after = model(entity({"price": {"type": "string", "contentEncoding": "base64"}}))
    findings = Findings()
    assert statements(before, after, findings) == []
    assert findings.diagnostics == [
        Diagnostic(
            code=Code.CHANGE_NOT_SUPPORTED_YET,
            pointer="/properties/price",
            message='changing "items.price" is not supported yet',
            detail='The document changes its type, from "numeric" to "bytea".',
            hint="Keep what it was, or add the new one under another name.",
        )
    ]


def test_diagnostic_of_an_internal_error_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(request: Any) -> Any:
        raise RuntimeError(f"a value of the tenant: {request}")

    monkeypatch.setattr(boundary, "_VERBS", {"check": fail})
    assert json.loads(answer("check", '{"document": "secret"}')) == {
        "diagnostics": [
            {
                "code": "SB900",
                "severity": "error",
                "pointer": "",
                "message": "compiler failed",
                "detail": f"RuntimeError in fail, line {fail.__code__.co_firstlineno + 1} of "
                "test_diagnostic.py.",
                "hint": "This is a bug in BSS. Please report it with the document.",
            }
        ]
    }


def test_diagnostics_that_are_warnings_are_no_errors() -> None:
    findings = Findings()
    findings.warn(Code.CONFLICTING_KEYWORDS, "/a", "odd", hint="Remove it.")
    assert (findings.errors, [item.severity for item in findings.diagnostics]) == (0, ["warning"])
    findings.report(Code.NOT_JSON, "/b", "broken", hint="Mend it.")
    assert (findings.errors, findings.diagnostics[1].severity) == (1, "error")


def test_diagnostics_end_where_nobody_reads_on() -> None:
    findings = Findings()
    for number in range(MAX_FINDINGS + 1):
        findings.report(Code.NOT_JSON, f"/{number}", f"broken {number}", hint="Mend it.")
    assert findings.errors == MAX_FINDINGS + 1
    assert [item.pointer for item in findings.diagnostics[-2:]] == ["/998", "/999"]


@pytest.mark.parametrize("severity", MAX_ALIKE)
@pytest.mark.parametrize("detail", [None, "It is."])
def test_diagnostics_that_say_the_same_are_counted(severity: str, detail: str | None) -> None:
    findings = Findings()
    tell = findings.report if severity == "error" else findings.warn
    shown = MAX_ALIKE[severity]
    for number in range(shown + 7):
        tell(Code.UNKNOWN_KEYWORD, f"/{number}", "odd", detail=detail, hint="Remove it.")
        tell(Code.UNKNOWN_KEYWORD, f"/{number}", "odd", detail=detail, hint="Remove it.")
    findings.report(Code.NOT_JSON, "", "broken", hint="Mend it.")
    told = findings.told()
    assert len(told) == shown + 1
    assert [item.detail for item in told[: shown - 1]] == [detail] * (shown - 1)
    words = "At least 7 more places have the same fault."
    assert told[shown - 1].detail == (f"{detail} {words}" if detail else words)


def test_diagnostics_have_room_for_an_error_after_any_number_of_warnings() -> None:
    findings = Findings()
    for number in range(MAX_KNOWN + 1):
        findings.warn(Code.CONFLICTING_KEYWORDS, "", f"odd {number}", hint="Remove it.")
    findings.report(Code.NOT_JSON, "", "broken", hint="Mend it.")
    assert [item.severity for item in findings.diagnostics[-2:]] == ["warning", "error"]
