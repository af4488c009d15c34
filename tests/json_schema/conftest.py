"""The public JSON Schema Test Suite, draft 2020-12, and a judge that asks the server.

A schema is compiled as that of a jsonb column; a value is valid if the column's check says so.
"""

import json
import os
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from jsonschema_specifications import REGISTRY
from psycopg import sql

from bss_compiler.ddl.function import definition
from bss_compiler.diagnostic import Diagnostic, Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget
from bss_compiler.document.draft import LATEST, Draft
from bss_compiler.document.schema import Reader
from bss_compiler.lowering.value import ValueCheck, compile_value
from bss_compiler.model.function import SCHEMA

ROOT = Path(__file__).parents[2]
ARCHIVE = Path(
    os.environ.get("BSS_TEST_SUITE", ROOT / ".venv" / "cache" / "jsonschema-4.26.0.tar.gz")
)
REMOTES = "http://localhost:1234/"


def parse(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def spell(value: Any) -> str:
    """Write JSON with numbers to the last digit."""
    match value:
        case dict():
            members = (f"{json.dumps(name)}: {spell(item)}" for name, item in value.items())
            return "{" + ", ".join(members) + "}"
        case list():
            return "[" + ", ".join(map(spell, value)) + "]"
        case Decimal():
            return str(value)
    return json.dumps(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The groups of each file of the draft, by its name, and the documents referred to."""

    files: Mapping[str, list[dict[str, Any]]]
    documents: Mapping[str, Any]


@pytest.fixture(scope="session")
def suite() -> Suite:
    return read_suite("draft2020-12")


def read_suite(draft: str) -> Suite:
    """Read the files of one draft, and the documents of all."""
    if not ARCHIVE.exists():
        pytest.fail(
            f"{ARCHIVE} is missing: pip download --no-deps --no-binary :all: --require-hashes"
            f" -r tests/json_schema/requirements.txt -d {ARCHIVE.parent}"
        )
    files: dict[str, Any] = {}
    documents = {uri.rstrip("#"): REGISTRY.contents(uri) for uri in REGISTRY}
    with tarfile.open(ARCHIVE) as archive:
        for member in archive:
            _, _, path = member.name.partition("/json/")
            if not member.isfile() or not path.endswith(".json"):
                continue
            content = archive.extractfile(member)
            assert content is not None
            if path.startswith(f"tests/{draft}/"):
                files[path.removeprefix(f"tests/{draft}/")] = parse(content.read())
            elif path.startswith("remotes/"):
                documents[REMOTES + path.removeprefix("remotes/")] = parse(content.read())
    return Suite(files=files, documents=documents)


@dataclass(slots=True, kw_only=True)
class Judge:
    """Compiles schemas, and asks the server about values."""

    connection: psycopg.Connection
    documents: Mapping[str, Any] = field(default_factory=dict)
    formats: Literal["assert", "annotate"] = "assert"
    draft: Draft = LATEST
    created: set[str] = field(default_factory=set)

    def compile(self, schema: Any) -> tuple[ValueCheck | None, list[Diagnostic]]:
        """Give the check, its functions created, and what is wrong with the schema."""
        findings, limits = Findings(), Limits()
        reader = Reader(
            limits=limits, findings=findings, documents=self.documents, unknown_keywords="ignore"
        )
        root = reader.read(schema, "", draft=self.draft)
        budget = Budget(limits=limits, findings=findings)
        check = compile_value(
            root,
            "v",
            reader=reader,
            limits=limits,
            budget=budget,
            findings=findings,
            formats=self.formats,
        )
        for function in check.functions if check and not findings.errors else ():
            if function.name not in self.created:
                self.connection.execute(definition(function).encode())
                self.created.add(function.name)
        return check, findings.diagnostics

    def verdicts(self, check: ValueCheck | None, values: list[str]) -> list[bool]:
        """Say of values, as JSON text, whether they pass; one that jsonb cannot hold does not."""
        return [self._passes(check, value) for value in values]

    def _passes(self, check: ValueCheck | None, value: str) -> bool:
        expression = check.expression if check else "true"
        query = f"select {expression} from (select $1::jsonb as v) as t".encode()  # noqa: S608
        try:
            cursor = psycopg.RawCursor(self.connection)
            row = cursor.execute(query, [value]).fetchone()
        except psycopg.errors.UntranslatableCharacter:
            return False
        assert row is not None
        return row[0] is True

    def insertions(self, check: ValueCheck | None, values: list[str]) -> list[bool]:
        """Say of values whether a table with the check takes them; the server prints it alike."""
        expression = check.expression if check else "true"
        constraint = f"constraint v_check check ({expression})"
        self.connection.execute(f"create temp table values_of (v jsonb {constraint})".encode())
        if check:
            printed = self.connection.execute(
                "select pg_get_expr(conbin, conrelid) from pg_constraint where conname = 'v_check'"
            ).fetchone()
            assert printed == (check.expression,)
        verdicts = [self._goes_in(value) for value in values]
        self.connection.execute("drop table values_of")
        return verdicts

    def disagreements(self, name: str, groups: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
        """Give the cases of a file that come out otherwise; every tenth group is inserted."""
        found = set()
        for number, group in enumerate(groups):
            check, diagnostics = self.compile(group["schema"])
            verdicts: list[bool | None] = [None] * len(group["tests"])
            if not diagnostics:
                ask = self.insertions if number % 10 == 0 else self.verdicts
                verdicts = [*ask(check, [spell(test["data"]) for test in group["tests"]])]
            found |= {
                (name, group["description"], test["description"])
                for test, verdict in zip(group["tests"], verdicts, strict=True)
                if verdict is not test["valid"]
            }
        return found

    def _goes_in(self, value: str) -> bool:
        try:
            self.connection.execute("insert into values_of values (%s::jsonb)", [value])
        except (psycopg.errors.CheckViolation, psycopg.errors.UntranslatableCharacter):
            return False
        return True


@pytest.fixture
def judge(connection: psycopg.Connection) -> Callable[..., Judge]:
    """Makes judges."""
    connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(SCHEMA)))

    def make(**options: Any) -> Judge:
        return Judge(connection=connection, **options)

    return make
