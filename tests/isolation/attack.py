"""What the tests of isolation share: a document, principals, and ways to try what must fail."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

Connection = psycopg.Connection[Any]
Login = Callable[..., str]

DOCUMENT = """{
    "$defs": {
        "Note": {
            "type": "object",
            "properties": {"note_id": {"type": "integer"}, "body": {"type": "string"}},
            "required": ["note_id"]
        },
        "Reply": {
            "type": "object",
            "properties": {"reply_id": {"type": "integer"}, "note_id": {"type": "integer"}},
            "required": ["reply_id", "note_id"]
        }
    }
}"""
PRINCIPALS = (
    "bss_admin",
    "bss_app",
    "bss_tenant",
    "bss_analytics",
    "bss_subscriber",
    "bss_monitor",
)
"""The groups that a login may be put into."""
WRITES: tuple[LiteralString, ...] = (
    "insert into tenant_acme.notes (note_id) values (9)",
    "update tenant_acme.notes set body = 'x'",
    "delete from tenant_acme.notes",
    "truncate tenant_acme.notes cascade",
    "copy tenant_acme.notes (note_id) from stdin",
    "lock table tenant_acme.notes in access exclusive mode",
    "alter table tenant_acme.notes disable row level security",
    "drop policy tenant_isolation on tenant_acme.notes",
    "create table tenant_acme.mine (a integer)",
    "create function tenant_acme.lower(text) returns text language sql as 'select $1'",
    "drop schema tenant_acme cascade",
)


@contextmanager
def session(dsn: str) -> Iterator[Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def refused(connection: Connection, attack: LiteralString, *values: object) -> str | None:
    """The SQLSTATE with which an attack is refused, in a transaction or a part of one."""
    with pytest.raises(psycopg.Error) as error, connection.transaction():
        connection.execute(attack, values)
    assert "canary" not in str(error.value)
    return error.value.sqlstate


def notes(connection: Connection, tenant: str) -> list[str]:
    table = sql.Identifier(f"tenant_{tenant}", "notes")
    found = connection.execute(sql.SQL("select distinct body from {}").format(table))
    return [body for (body,) in found]


def enter(connection: Connection, tenant: str) -> str:
    """Enters a tenant and gives the context that it leaves."""
    connection.execute("select bss.use_tenant(%s)", [tenant])
    context = connection.execute("select current_setting('backtrace_functions')").fetchone()
    assert context is not None
    return str(context[0])
