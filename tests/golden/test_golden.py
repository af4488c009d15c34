"""Each directory beside this file is a case, named by what happens.

`before*.json` are the documents that come into force one after the other; `document.json`, or
`entity.json` for one entity, is what is applied then. `expected.sql` has the statements that this
takes, `expected.shared.sql` those that it takes before to make shared tables, `expected.txt` the
faults for which it is refused, one in a line as DETAIL has them, and `warnings.txt` what is only
remarked upon. A case with `pool.json` is the pool of a blueprint that says this. `captures.sql` has
the functions that capture changes, where the case is about them.

Every case runs twice: pure, through the compiler's door, and live, where the server carries out
the statements, reads the catalog back and compares it with the model. BSS_GOLDEN_WRITE=1 writes
down what the compiler says instead; look at what it wrote.
"""

import json
import os
from collections.abc import Sequence
from hashlib import md5
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import Diagnostic

from bss_compiler import quoting
from bss_compiler.boundary import answer
from bss_compiler.model import SHARED_SCHEMA

TENANT = "00000000-0000-0000-0000-000000000001"
SCHEMA = "tenant_golden"
EXPECTED = (
    "expected.sql", "expected.shared.sql", "captures.sql", "expected.txt", "warnings.txt",
)  # fmt: skip
HERE = Path(__file__).parent
CASES = sorted(path.parent for path in (*HERE.glob("*/document.json"), *HERE.glob("*/entity.json")))

POOLS = sorted(path.parent for path in HERE.glob("*/pool.json"))

each_pool = pytest.mark.parametrize("case", POOLS, ids=lambda case: case.name)
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def history(case: Path) -> list[str]:
    return [path.read_text() for path in sorted(case.glob("before*.json"))]


def request(case: Path) -> tuple[str, str]:
    """The verb of bss that the case is about, and its argument."""
    entity = case / "entity.json"
    if entity.exists():
        return "apply_entity", entity.read_text()
    return "apply_schema", (case / "document.json").read_text()


def planned(**members: Any) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(answer("plan", json.dumps(members)))
    return plan


class SharedTables:
    """The shared tables that documents have made, as the database would have them."""

    def __init__(self) -> None:
        self.model: Any = None
        self.known: list[Any] = []

    def share(self, plan: dict[str, Any]) -> dict[str, Any]:
        """The answer of the compiler to what a plan declares; it is not asked about the known."""
        tables = plan.get("declared", {}).get("tables", [])
        new = [table for table in tables if table["definition"] not in self.known]
        if not new:
            return {"diagnostics": []}
        self.known += [table["definition"] for table in new]
        request = {
            "declared": plan["declared"]["model"],
            "taken": [table["name"] for table in new],
            "base": self.model,
        }
        sharing: dict[str, Any] = json.loads(answer("share", json.dumps(request)))
        self.model = sharing.get("model", self.model)
        return sharing


def lines(statements: Sequence[str]) -> str:
    return "\n".join(f"{statement};\n" for statement in statements)


def bodies(plan: dict[str, Any]) -> str:
    """The functions of the triggers that are made, each headed by its name."""
    return "\n".join(
        f"-- c_{md5(step['body'].encode(), usedforsecurity=False).hexdigest()}{step['body']}"
        for step in plan["steps"]
        if "body" in step
    )


def shown(plan: dict[str, Any], severity: str) -> str:
    return "".join(
        f"{item['code']} {item['pointer'] or 'the root of the document'}: {item['message']}\n"
        for item in plan["diagnostics"]
        if item["severity"] == severity
    )


def compiled(case: Path) -> dict[str, str]:
    """What the compiler says of a case, as the files that would be beside it."""
    base = in_force = None
    shared = SharedTables()
    for text in history(case):
        before = planned(document=text, base=base)
        shared.share(before)
        base, in_force = before["model"], before["document"]
    verb, text = request(case)
    if verb == "apply_entity":
        plan = planned(entity=text, document=in_force, base=base)
    else:
        plan = planned(document=text, base=base)
    found = {"warnings.txt": shown(plan, "warning")}
    sharing = shared.share(plan)
    plan["diagnostics"] += sharing["diagnostics"]
    found["expected.txt"] = shown(plan, "error")
    found["expected.shared.sql"] = filled(sharing, SHARED_SCHEMA)
    found = {name: content for name, content in found.items() if content}
    if "steps" in plan and "expected.txt" not in found:
        found["expected.sql"] = filled(plan, SCHEMA)
        if case.name.startswith("captures_"):
            found["captures.sql"] = bodies(plan)
    return found


def filled(plan: dict[str, Any], schema: str) -> str:
    return lines(
        [
            quoting.fill(step["statement"], schema=schema, tenant=TENANT, extension="public")
            for step in plan.get("steps", ())
        ]
    )


def written(case: Path) -> dict[str, str]:
    # not read_text(), to which every end of line is the same
    return {
        name: (case / name).read_bytes().decode() for name in EXPECTED if (case / name).exists()
    }


@each_case
def test_golden_case_is_what_the_compiler_says(case: Path) -> None:
    found = compiled(case)
    if os.environ.get("BSS_GOLDEN_WRITE"):
        for name in EXPECTED:
            (case / name).unlink(missing_ok=True)
        for name, content in found.items():
            (case / name).write_bytes(content.encode())
    assert found == written(case)


@each_case
def test_golden_snapshot_is_read_as_the_model(case: Path) -> None:
    """So whoever finds the snapshot that a plan leads to need not read it."""
    base = None
    for text in (*history(case), request(case)[1]):
        plan = planned(document=text, base=base)
        base = plan.get("model", base)
        meant = {"snapshot": plan.get("snapshot"), "model": base, "placement": "tenant"}
        if "model" in plan:
            assert json.loads(answer("compare", json.dumps(meant)))["differences"] == []


@each_pool
def test_golden_pool_is_what_the_compiler_says(case: Path) -> None:
    plan = planned(document=(case / "pool.json").read_text(), base=None, isolation="pool")
    made = filled(plan, "pool_golden")
    if os.environ.get("BSS_GOLDEN_WRITE"):
        (case / "expected.sql").write_text(made)
    assert made == written(case)["expected.sql"]


@each_pool
def test_golden_pool_is_what_the_server_does(case: Path, connection: psycopg.Connection) -> None:
    tenant = Tenant(connection, [])
    tenant.value("select bss.publish_blueprint('golden', %s)", (case / "pool.json").read_text())
    tenant.value("select bss.provision_tenant('one', blueprint => 'golden', isolation => 'pool')")
    assert tenant.ledger(1) == written(case)["expected.sql"]
    assert connection.execute("select * from bss.drift('pool:golden')").fetchall() == []


class Tenant:
    """A tenant that has come through a history of documents."""

    def __init__(self, connection: psycopg.Connection, history: Sequence[str]) -> None:
        self.connection = connection
        self.id = str(self.value("select bss.provision_tenant('golden')"))
        for text in history:
            self.apply("apply_schema", text)
        self.warnings: list[str] = []
        connection.add_notice_handler(self.notice)

    def value(self, query: str | sql.Composed, *parameters: str) -> Any:
        row = self.connection.execute(query, parameters).fetchone()
        return row[0] if row else None

    def notice(self, diagnostic: Diagnostic) -> None:
        if not (diagnostic.sqlstate or "").startswith("SB"):
            return
        pointer = (diagnostic.message_detail or "").removeprefix("At ").removesuffix(".")
        self.warnings.append(f"{diagnostic.sqlstate} {pointer}: {diagnostic.message_primary}")

    def apply(self, verb: str, text: str) -> int:
        call = sql.SQL("select bss.{}('golden', %s)").format(sql.Identifier(verb))
        return int(self.value(call, text))

    def version(self) -> int | None:
        version: int | None = self.value("select max(version) from bss.schema_versions")
        return version

    def is_as_foretold(self) -> bool:
        """Whether the catalog says, in the same words, what the plan that was kept last says."""
        return bool(
            self.value("""
                select p.plan ->> 'snapshot' = bss_internal.snapshot_hash(bss_internal.snapshot(t))
                from bss_internal.plans as p, bss_metadata.tenants as t
                where t.external_id = 'golden'
                order by p.kept_at desc limit 1
            """)
        )

    def document(self) -> str:
        return str(self.value("select bss.schema('golden')::text"))

    def plan(self, text: str) -> str:
        return self.statements(
            "select statement from bss.plan_schema('golden', %s) order by step", text
        )

    def ledger(self, version: int) -> str:
        return self.statements(
            "select statement from bss_metadata.schema_migrations where version = %s "
            "order by position",
            version,
        )

    def shared_version(self) -> int:
        return int(self.value("select count(*) from bss.shared_versions"))

    def shared_ledger(self, after: int) -> str:
        return self.statements(
            "select t.statement from bss_metadata.shared_schemas as s, "
            "unnest(s.steps) with ordinality as t where s.version > %s order by t.ordinality",
            after,
        )

    def statements(self, query: LiteralString, parameter: str | int) -> str:
        rows = self.connection.execute(query, [parameter])
        return self.for_any(lines([statement for (statement,) in rows]))

    def for_any(self, statements: str) -> str:
        extension = self.value(
            "select quote_ident(n.nspname) from pg_extension as e "
            "join pg_namespace as n on n.oid = e.extnamespace where e.extname = 'vector'"
        )
        return statements.replace(self.id, TENANT).replace(f" {extension}.vector", " public.vector")


def assert_raised(raised: Diagnostic, expected: str) -> None:
    """The first fault is the message, and the others are in DETAIL."""
    first, *others = expected.splitlines()
    pointer = first.removeprefix(f"{raised.sqlstate} ").removesuffix(f": {raised.message_primary}")
    assert first == f"{raised.sqlstate} {pointer}: {raised.message_primary}"
    detail = raised.message_detail or ""
    assert detail.startswith(f"At {pointer}.")
    assert detail.partition("\nThe document has more faults:\n")[2].splitlines() == others


@each_case
def test_golden_case_is_what_the_server_does(case: Path, connection: psycopg.Connection) -> None:
    expected = written(case)
    tenant = Tenant(connection, history(case))
    verb, text = request(case)
    before = tenant.version()
    if "expected.txt" in expected:
        with pytest.raises(psycopg.Error) as caught:
            tenant.apply(verb, text)
        assert_raised(caught.value.diag, expected["expected.txt"])
        assert tenant.version() == before
        return

    parts = [expected.get("expected.shared.sql", ""), expected["expected.sql"]]
    whole = "\n".join(part for part in parts if part)
    shown_before = tenant.plan(text) if verb == "apply_schema" else whole
    assert shown_before == whole
    tenant.warnings.clear()
    shared_version = tenant.shared_version()
    version = tenant.apply(verb, text)
    assert tenant.shared_ledger(shared_version) == expected.get("expected.shared.sql", "")
    assert tenant.warnings == expected.get("warnings.txt", "").splitlines()
    assert (tenant.ledger(version) if version != before else "") == expected["expected.sql"]
    if version != before and not any(f'"{word}"' in text for word in quoting.NEWER_KEYWORDS):
        assert tenant.is_as_foretold()
    assert tenant.apply(verb, text) == version
    assert tenant.plan(text if verb == "apply_schema" else tenant.document()) == ""
