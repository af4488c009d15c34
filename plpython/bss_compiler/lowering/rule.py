"""Turns the paths that a document states over a record into SQL, and their faults into findings."""

from collections.abc import Callable, Iterable

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Limits
from bss_compiler.document.budget import Work
from bss_compiler.document.extension import CHECK_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering.key import Keys
from bss_compiler.lowering.outline import Outline, check_name
from bss_compiler.lowering.path import PathError, PathLowering, Source, Values, parse
from bss_compiler.lowering.path.syntax import Node
from bss_compiler.lowering.probe import Probe
from bss_compiler.model import Check
from bss_compiler.naming import object_name


class Rules:
    """Lowers what an entity states by paths; collects the probes that go with them."""

    def __init__(
        self,
        outline: Outline,
        *,
        keys: Keys,
        document: Document,
        limits: Limits,
        findings: Findings,
    ) -> None:
        self.outline = outline
        self.document = document
        self.limits = limits
        self.findings = findings
        self.probes: list[Probe] = []
        self.sources = {
            name: Source(field.column, keys.type_of(field), "generated" in field.options)
            for name, field in outline.properties.items()
        }
        # a property of which the type is not known has been reported, and leaves nothing to check
        self._is_sound = not any(field.is_untyped() for field in outline.columns.values())

    def predicate(self, path: str, pointer: str) -> str | None:
        """Give the condition that a path states; None, with a finding, where it states none."""
        return self.lowered(path, pointer, lambda lowering, node: lowering.predicate(node))

    def lowered(
        self,
        path: str,
        pointer: str,
        lower: Callable[[PathLowering, Node], str],
        *,
        reads_computed: bool = True,
    ) -> str | None:
        """Read a path and lower it; a fault in it becomes a finding."""
        if self.document.budget.exceeded:
            return None
        try:
            node = parse(path)
            if not self._is_sound:
                return None
            lowering = PathLowering(
                Values(self.sources, reads_computed=reads_computed),
                pointer=pointer,
                limits=self.limits,
                budget=self.document.budget,
            )
            result = lower(lowering, node)
        except PathError as fault:
            self.findings.report(
                fault.code, pointer, "path cannot be lowered to columns",
                detail=f"At character {fault.position}: {fault.reason}.", hint=fault.hint,
            )  # fmt: skip
            return None
        self.probes += lowering.probes
        # short names of properties may be long names of columns
        return result if self.document.budget.grants(Work.TEXT, len(result), pointer) else None

    def checks(self, others: Iterable[Check]) -> list[Check]:
        """Give the checks that `x-bss.checks` states, none of them with the name of another."""
        place = child(child(self.outline.entity.schema.pointer, "x-bss"), "checks")
        taken = {check.name: check for check in others}
        found: list[Check] = []
        for position, item in enumerate(self.outline.entity.options.get("checks", ())):
            pointer = child(place, position)
            check = self._check(item, pointer)
            if check is None:
                continue
            other = taken.setdefault(check.name, check)
            if other is check:
                found.append(check)
                continue
            self.findings.report(
                Code.NAME_COLLISION, child(pointer, "name"),
                f'name of constraint "{check.name}" is taken',
                detail=f"The other is at {other.pointer}." if other.pointer else None,
                hint="Give the check another name.",
            )  # fmt: skip
        return found

    def _check(self, item: object, pointer: str) -> Check | None:
        options = check_keys(item, CHECK_KEYS, pointer, self.findings)
        missing = [name for name in CHECK_KEYS if not isinstance(item, dict) or name not in item]
        if missing and isinstance(item, dict):
            self.findings.report(
                Code.WRONG_SHAPE, pointer, f'check has no "{missing[0]}"',
                hint='Write {"name": …, "path": …}.',
            )  # fmt: skip
        if len(options) < len(CHECK_KEYS):
            return None
        if not check_name(options["name"], child(pointer, "name"), "check", self.findings):
            return None
        condition = self.predicate(options["path"], child(pointer, "path"))
        if condition is None:
            return None
        name = object_name(self.outline.table, options["name"], suffix="check")
        return Check(name=name, expression=condition, pointer=pointer, keyword="x-bss.checks")
