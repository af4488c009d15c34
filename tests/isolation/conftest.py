"""Two tenants that have the same tables, and rows that name them.

What is read as a principal must not hold the name of a tenant that it has not entered; what the
superuser reads afterwards must be as before.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql
from pytest_postgresql.executors import NoopExecutor

from tests.conftest import Server, copy_privileges, database
from tests.isolation.attack import DOCUMENT, Connection, Login, session


@pytest.fixture
def tenants(connection: Connection) -> Iterator[Connection]:
    """A superuser's connection to a database with two tenants, each with notes of its own."""
    make_tenants(connection)
    before = rows(connection)
    yield connection
    assert rows(connection) == before


@pytest.fixture(scope="module")
def database_of_module(server: Server, template: NoopExecutor) -> Iterator[Connection]:
    """The same for all tests of a module."""
    with database(server, template.template_dbname) as dsn:
        copy_privileges(template.template_dbname, dsn)
        with session(dsn) as connection:
            make_tenants(connection)
            yield connection


@pytest.fixture
def undone(database_of_module: Connection) -> Iterator[Connection]:
    """A superuser's transaction among two tenants; what a test does in it is undone."""
    connection = database_of_module
    before = rows(connection)
    with connection.transaction(force_rollback=True):
        yield connection
        connection.execute("reset role")
        assert rows(connection) == before


def make_tenants(connection: Connection) -> None:
    for name in ("acme", "globex"):
        connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
        table = sql.Identifier(f"tenant_{name}", "notes")
        insert = sql.SQL("insert into {} (note_id, body) select n, %s from generate_series(1, 3) n")
        connection.execute(insert.format(table), [f"canary of {name}"])


def rows(superuser: Connection) -> list[Any]:
    return superuser.execute("""
        select tenant_id, note_id, body, created_at, updated_at from tenant_acme.notes
        union all
        select tenant_id, note_id, body, created_at, updated_at from tenant_globex.notes
        order by tenant_id, note_id
    """).fetchall()


@pytest.fixture
def gateway(tenants: Connection, login: Login) -> Iterator[Connection]:
    """A gateway's session; it holds the tenants, so that it is closed before they are compared."""
    assert tenants
    with session(login("gateway", ["bss_app"])) as connection:
        yield connection
