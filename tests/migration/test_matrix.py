"""Every kind of change, on tables without rows, with some, and on those that count as large."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql.executors import NoopExecutor

from bss_loader.migrate import run_pending
from tests.conftest import Server, copy_privileges, database
from tests.migration.case import Case
from tests.migration.matrix import CASES

SIZES = ("empty", "rows", "large")

SNAPSHOT = """
    select bss_internal.snapshot(t), bss_internal.fingerprint(t)
    from bss_metadata.tenants as t where t.external_id = %s
"""
EXECUTED = """
    select m.statement from bss_metadata.schema_migrations as m
    join bss_metadata.tenants as t on t.id = m.tenant_id
    where t.external_id = %s and m.version = %s and m.kind <> 'create_function'
    order by m.position
"""


@pytest.fixture(scope="module")
def operator(server: Server, template: NoopExecutor) -> Iterator[psycopg.Connection]:
    """One database for all cases: each has a tenant of its own."""
    with database(server, template.template_dbname) as dsn:
        copy_privileges(template.template_dbname, dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            yield connection


class Tenant:
    """A tenant with the rows of a case."""

    def __init__(self, operator: psycopg.Connection, name: str, case: Case, size: str) -> None:
        self.operator = operator
        self.name = name
        # a large table is one of at least so many bytes
        bytes_of_large = 0 if size == "large" else 2**40
        self.value("select bss.set_setting('apply.online_bytes', %s)", str(bytes_of_large))
        self.value("select bss.provision_tenant(%s)", name)
        self.schema = self.value("select schema_name from bss.tenants where external_id = %s", name)
        operator.execute(
            sql.SQL("set search_path = {}, public").format(sql.Identifier(self.schema))
        )
        self.apply(case.before)
        for table, values in case.rows if size != "empty" else ():
            operator.execute(
                sql.SQL("insert into {} ({}) values ({})").format(
                    sql.Identifier(table),
                    sql.SQL(", ").join(map(sql.Identifier, values)),
                    sql.SQL(", ").join(map(sql.Literal, values.values())),
                )
            )

    def value(self, query: str, *parameters: Any) -> Any:
        row = self.operator.execute(query, parameters).fetchone()
        return row[0] if row else None

    def apply(self, document: Any) -> int:
        version = self.value("select bss.apply_schema(%s, %s)", self.name, json.dumps(document))
        self.finish()
        return int(version)

    def roll_back(self) -> None:
        self.value("select bss.rollback_schema(%s, 1)", self.name)
        self.finish()

    def finish(self) -> None:
        outcome = run_pending(self.operator, self.name)
        assert (outcome.code, outcome.message) == ("", "")

    def catalog(self) -> Any:
        return self.operator.execute(SNAPSHOT, [self.name]).fetchone()

    def rows(self) -> dict[str, list[Any]]:
        """Give all rows of all tables; the time of their last update is not a part of them."""
        tables = self.operator.execute(
            "select relname from pg_class where relnamespace = %s::regnamespace "
            "and relkind in ('r', 'p') and not relispartition",
            [sql.Identifier(self.schema).as_string(self.operator)],
        ).fetchall()
        return {
            table: self.operator.execute(
                sql.SQL(
                    "select to_jsonb(t) - 'updated_at' from {} as t order by to_jsonb(t)::text"
                ).format(sql.Identifier(table))
            ).fetchall()
            for (table,) in tables
        }

    def plan(self, document: Any) -> list[tuple[str, bool]]:
        """Give the statements, and whether each is for later."""
        return self.operator.execute(
            "select statement, mode <> 'now' from bss.plan_schema(%s, %s)",
            [self.name, json.dumps(document)],
        ).fetchall()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", CASES)
def test_change_is_made_and_taken_back(operator: psycopg.Connection, kind: str, size: str) -> None:
    case = CASES[kind]
    tenant = Tenant(operator, f"{kind[:40]}-{size}", case, size)
    catalog, rows = tenant.catalog(), tenant.rows()

    # a function of checks is there if another tenant had it
    planned = [row for row in tenant.plan(case.after) if not row[0].startswith("CREATE FUNCTION")]
    version = tenant.apply(case.after)
    made = operator.execute(EXECUTED, [tenant.name, version]).fetchall()
    planned.sort(key=lambda step: step[1])
    assert made == [(statement,) for statement, _ in planned]
    assert tenant.plan(case.after) == []
    if size != "empty":
        for query, expected in case.found.items():
            assert operator.execute(query).fetchall() == expected, query

    if case.undo is not None and size != "empty":
        with pytest.raises(psycopg.Error) as refused:
            tenant.value("select bss.rollback_schema(%s, 1)", tenant.name)
        assert refused.value.sqlstate == case.undo
        return
    tenant.roll_back()
    tenant.value("select count(*) from bss.drop_deprecated(%s, '0')", tenant.name)
    assert tenant.catalog() == catalog
    assert tenant.rows() == rows
    assert tenant.plan(case.before) == []
