"""Asks the server about values: a schema is compiled as that of a jsonb column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import psycopg

from bss_compiler.ddl.function import definition
from bss_compiler.diagnostic import Diagnostic, Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget
from bss_compiler.document.draft import LATEST, Draft
from bss_compiler.document.schema import Reader
from bss_compiler.document.text import parse
from bss_compiler.lowering.value import ValueCheck, compile_value
from tests.json_schema.public_suite import spell


@dataclass(slots=True, kw_only=True)
class Judge:
    """Compiles schemas, and asks the server about values, which are JSON text.

    A value that jsonb cannot hold is not valid.
    """

    connection: psycopg.Connection
    documents: Mapping[str, Any] = field(default_factory=dict)
    formats: Literal["assert", "annotate"] = "assert"
    draft: Draft = LATEST
    created: set[str] = field(default_factory=set, repr=False)

    def compile(self, schema: Any) -> tuple[ValueCheck | None, list[Diagnostic]]:
        """Give the check, its functions created, and why the schema is refused."""
        findings, limits = Findings(), Limits()
        value = parse(spell(schema), limits, findings)
        if findings.errors:
            return None, _errors(findings)
        reader = Reader(limits=limits, findings=findings, documents=self.documents)
        check = compile_value(
            reader.read(value, "", draft=self.draft),
            "v",
            reader=reader,
            limits=limits,
            budget=Budget(limits=limits, findings=findings),
            findings=findings,
            formats=self.formats,
        )
        for function in check.functions if check and not findings.errors else ():
            if function.name not in self.created:
                self.connection.execute(definition(function).encode())
                self.created.add(function.name)
        return check, _errors(findings)

    def verdicts(self, check: ValueCheck | None, values: Sequence[str]) -> list[bool]:
        """Say of values whether they pass."""
        expression = check.expression if check else "true"
        query = f"select {expression} from (select $1::jsonb as v) as t".encode()  # noqa: S608
        return [self._passes(query, value) for value in values]

    def _passes(self, query: bytes, value: str) -> bool:
        try:
            row = psycopg.RawCursor(self.connection).execute(query, [value]).fetchone()
        except psycopg.errors.UntranslatableCharacter:
            return False
        assert row is not None
        return row[0] is True


def _errors(findings: Findings) -> list[Diagnostic]:
    return [item for item in findings.diagnostics if item.severity == "error"]
