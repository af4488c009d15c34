"""Tenants whose tables are large: the setting says that all of them are."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from bss_loader.migrate import Outcome, run_pending
from tests.migration.online import ROWS, Case, Json

Connection = psycopg.Connection[Any]

SHAPE = """
    select bss_internal.snapshot(t) from bss_metadata.tenants as t where t.external_id = %s
"""


class Shop:
    """A tenant with a table of items."""

    def __init__(self, connection: Connection, name: str = "shop") -> None:
        self.connection, self.name = connection, name

    def value(self, query: Any, *parameters: Any) -> Any:
        row = self.connection.execute(query, parameters or None).fetchone()
        return row and row[0]

    def provision(self, document: Json) -> None:
        query = "select bss.provision_tenant(%s, %s)"
        self.connection.execute(query, [self.name, json.dumps(document)])
        self.connection.execute(ROWS.format(self.name).encode())

    def apply(self, document: Json) -> int:
        query = "select bss.apply_schema(%s, %s)"
        return int(self.value(query, self.name, json.dumps(document)))

    def begin(self, case: Case, between: Json | None = None) -> None:
        self.provision(case.before)
        if between is not None:
            self.apply(between)
            self.migrate()
        self.apply(case.after)

    def migrate(self) -> Outcome:
        return run_pending(self.connection, self.name)

    def step(self) -> Any:
        """Try the next step once, and say what came of it."""
        return self.value("select outcome from bss.run_pending_step(%s)", self.name)

    def kinds(self) -> tuple[str, ...]:
        query = """
            select kind from bss.pending_steps
            where tenant = %s and version = (select max(version) from bss.pending_steps)
            order by step
        """
        return tuple(kind for (kind,) in self.connection.execute(query, [self.name]))

    def states(self) -> set[str]:
        query = "select distinct state from bss.pending_steps where tenant = %s"
        return {state for (state,) in self.connection.execute(query, [self.name])}

    def shape(self) -> Any:
        return self.value(SHAPE, self.name)

    def rows(self) -> list[Any]:
        query = "select to_jsonb(i) - 'tenant_id' from tenant_{}.items as i order by item_id"
        return [row for (row,) in self.connection.execute(query.format(self.name).encode())]


@pytest.fixture
def online(connection: Connection) -> Connection:
    """A connection to a database in which every table is migrated as a large one."""
    connection.execute("select bss.set_setting('apply.online_bytes', '0')")
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"300ms"')""")
    return connection


@pytest.fixture
def shop_of(online: Connection) -> Callable[[Json], Shop]:
    def make(document: Json) -> Shop:
        made = Shop(online)
        made.provision(document)
        return made

    return make
