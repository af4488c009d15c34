"""Two tenants that have the same tables, and rows that name them.

What is read as a principal must not hold the name of a tenant that it has not entered; what the
superuser reads afterwards must be as before.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from tests.isolation.attack import DOCUMENT, Connection, Login, session


@pytest.fixture
def tenants(connection: Connection) -> Iterator[Connection]:
    """A superuser's connection to a database with two tenants, each with notes of its own."""
    for name in ("acme", "globex"):
        connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
        table = sql.Identifier(f"tenant_{name}", "notes")
        insert = sql.SQL("insert into {} (note_id, body) select n, %s from generate_series(1, 3) n")
        connection.execute(insert.format(table), [f"canary of {name}"])
    before = rows(connection)
    yield connection
    assert rows(connection) == before


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
