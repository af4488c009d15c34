"""Turns a change into the steps that a plan from document to document has for it."""

from collections.abc import Iterator

from bss_compiler.diagnostic import Findings
from bss_compiler.diff import Alter, Change
from bss_compiler.plan import Step, plan
from bss_compiler.repair.left import Left, refused


def planned(change: Change) -> Iterator[Step | Left]:
    """Give the steps, and the reasons where the change is one that no plan makes."""
    findings = Findings()
    yield from plan((change,), findings)
    part = change.after if isinstance(change, Alter) else change.part
    for found in findings.diagnostics:
        yield refused(change.table, part.name, found.detail or found.message)
