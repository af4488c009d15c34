"""Turns what was found into the JSON of an answer."""

from typing import Any

from bss_compiler.diagnostic import Diagnostic, Findings
from bss_compiler.lowering import Lowered, Probe
from bss_compiler.repair import Left
from bss_compiler.validation import Given, Violation

Json = dict[str, Any]


def shown_violation(item: Violation) -> Json:
    """Show what is wrong with a value, and by which keyword."""
    return {
        "pointer": item.pointer,
        "keyword": item.keyword,
        "schema_pointer": item.schema_pointer,
        "message": item.message,
    }


def shown_given(item: Given) -> Json:
    """Show a value that is to be tried in the type of its column."""
    return {
        "column": item.column,
        "property": item.property,
        "text": item.text,
        "misfit": shown_violation(item.misfit),
    }


def shown_findings(findings: Findings, lowered: Lowered | None, prefix: str = "") -> Json:
    """Show diagnostics in their order; those of an entity by pointers in its own document."""
    probes = lowered.probes if lowered is not None else ()
    return {
        "diagnostics": [shown_diagnostic(item, prefix) for item in findings.told()],
        "probes": [shown_probe(item, prefix) for item in probes],
    }


def shown_diagnostic(item: Diagnostic, prefix: str = "") -> Json:
    """Show a diagnostic, with the pointer in what is behind a prefix."""
    return {
        "code": item.code,
        "severity": item.severity,
        "pointer": _within(item.pointer, prefix),
        "message": item.message,
        "detail": item.detail,
        "hint": item.hint,
    }


def shown_probe(item: Probe, prefix: str = "") -> Json:
    """Show what only the server can tell: whether it takes a pattern, or a value."""
    return {
        "pointer": _within(item.pointer, prefix),
        "pattern": item.pattern,
        "value": item.value,
        "value_pointer": _within(item.value_pointer or "", prefix),
    }


def shown_left(item: Left) -> Json:
    """Show what a repair leaves as it is, and why."""
    return {
        "relation": item.table, "object": item.name, "reason": item.reason, "hint": item.hint,
    }  # fmt: skip


def _within(pointer: str, prefix: str) -> str:
    inside = prefix and (pointer + "/").startswith(prefix + "/")
    return pointer[len(prefix) :] if inside else pointer
