"""Through one connection of PgBouncer, by turns: nobody is left what the one before has entered."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.isolation.attack import Connection, Login, enter, notes, session
from tests.pooler import pooled, pooler


@pytest.fixture
def clients(dsn: str, tenants: Connection, login: Login) -> Iterator[tuple[Connection, Connection]]:
    """Two clients of a gateway that share one connection to the server."""
    assert tenants
    gateway = login("gateway", ["bss_app"])
    with pooler(dsn, [_user(gateway)]) as directory:
        address = pooled(gateway, directory, dbname="pool")
        with _client(address) as first, _client(address) as second:
            yield first, second


def _user(dsn: str) -> str:
    return str(conninfo_to_dict(dsn)["user"])


def _client(dsn: str) -> Connection:
    # PgBouncer before 1.21 does not know the prepared statements of the protocol
    return psycopg.connect(dsn, autocommit=True, prepare_threshold=None)


def _backend(connection: Connection) -> Any:
    return connection.execute("select pg_backend_pid()").fetchone()


def test_two_clients_have_one_connection(clients: tuple[Connection, Connection]) -> None:
    first, second = clients
    assert _backend(first) == _backend(second)


def test_a_context_is_not_left_to_the_next_client(clients: tuple[Connection, Connection]) -> None:
    first, second = clients
    for _ in range(3):
        with first.transaction():
            enter(first, "acme")
            assert notes(first, "acme") == ["canary of acme"]
        assert notes(second, "acme") == []
        with second.transaction():
            enter(second, "globex")
            assert notes(second, "acme") == []
            assert notes(second, "globex") == ["canary of globex"]
        assert notes(first, "globex") == []


@pytest.mark.parametrize(
    ("leaves", "looks"),
    [
        ("set search_path = tenant_acme", "select from notes"),
        ("declare c cursor with hold for select body from tenant_acme.notes", "fetch c"),
        ("prepare p as select body from tenant_acme.notes", "execute p"),
        ("create temporary table notes as select 'forged' as body", "select from pg_temp.notes"),
    ],
)
def test_a_session_is_swept_before_the_next_client_has_it(
    clients: tuple[Connection, Connection], leaves: str, looks: str
) -> None:
    first, second = clients
    with first.transaction():
        enter(first, "acme")
        if "temporary" not in leaves:
            first.execute(leaves.encode())
    with pytest.raises(psycopg.Error) as caught:
        second.execute(looks.encode())
    assert caught.value.sqlstate in ("34000", "26000", "42P01")


def test_a_login_of_a_tenant_is_it_through_the_pool(
    dsn: str, tenants: Connection, login: Login
) -> None:
    acmes, globexes = login("acme's", ["bss_tenant"]), login("globex's", ["bss_tenant"])
    tenants.execute("select bss.bind_login(%s, 'acme')", [_user(acmes)])
    tenants.execute("select bss.bind_login(%s, 'globex')", [_user(globexes)])
    with pooler(dsn, [_user(acmes), _user(globexes)]) as directory:
        for address, tenant in ((acmes, "acme"), (globexes, "globex"), (acmes, "acme")):
            with session(pooled(address, directory, dbname="pool")) as connection:
                assert notes(connection, tenant) == [f"canary of {tenant}"]
