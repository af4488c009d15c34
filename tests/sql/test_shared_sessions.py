"""Shared tables, where several sessions make, use and change them at once."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest

Connection = psycopg.Connection[Any]

V1 = """{"$defs": {
    "Currency": {"type": "object", "properties": {"code": {"type": "string"}},
        "x-bss": {"entity": true, "scope": "shared", "primaryKey": "code"}},
    "Invoice": {"type": "object", "properties": {"invoice_id": {"type": "integer"},
        "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}}}
}}"""
V2 = V1.replace('{"code": {"type": "string"}}', '{"code": {"type": "string"}, "n": {}}')
OTHER = V1.replace("Currency", "Unit")
PROVISION = "select bss.provision_tenant(%s, %s)"
APPLY = "select bss.apply_shared(%s)"


@contextmanager
def using(dsn: str, document: str) -> Iterator[Connection]:
    """A session that has provisioned a tenant, and has not committed yet."""
    with psycopg.connect(dsn) as session:
        session.execute(PROVISION, ["first", document])
        yield session


def outcomes(dsn: str, documents: Iterable[str]) -> list[str | None]:
    """The SQLSTATEs with which tenants are refused that are provisioned all at once."""
    found: list[str | None] = []

    def provision(number: int, document: str) -> None:
        try:
            with psycopg.connect(dsn) as session:
                session.execute(PROVISION, [f"tenant{number}", document])
            found.append(None)
        except psycopg.Error as error:
            found.append(error.sqlstate)

    threads = [
        threading.Thread(target=provision, args=(number, document))
        for number, document in enumerate(documents)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def state(connection: Connection) -> list[Any]:
    return connection.execute("""
        select (select count(*) from bss.tenants), (select count(*) from bss.shared_versions),
            (select array_agg(distinct shared_version) from bss.shared_uses)
    """).fetchall()


@pytest.fixture
def patient(connection: Connection) -> Connection:
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"30s"')""")
    return connection


@pytest.fixture
def impatient(connection: Connection) -> Connection:
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"200ms"')""")
    return connection


def test_tenants_that_declare_the_same_at_once_share_one_table(
    patient: Connection, dsn: str
) -> None:
    assert outcomes(dsn, [V1] * 6) == [None] * 6
    assert state(patient) == [(6, 1, [1])]


def test_of_tenants_that_declare_otherwise_at_once_one_kind_is_taken(
    patient: Connection, dsn: str
) -> None:
    found = outcomes(dsn, [V1, V2] * 3)
    assert sorted(found, key=str) == [None] * 3 + ["SB114"] * 3
    assert state(patient) == [(3, 1, [1])]


def test_a_table_that_is_taken_back_is_made_by_the_next(connection: Connection, dsn: str) -> None:
    with using(dsn, V1) as session:
        session.rollback()
    assert outcomes(dsn, [V2]) == [None]
    assert state(connection) == [(1, 1, [1])]


def test_whoever_would_make_a_table_gives_up_on_another_who_does(
    impatient: Connection, dsn: str
) -> None:
    with using(dsn, V1):
        assert outcomes(dsn, [V1, OTHER]) == ["SB403", "SB403"]
    assert outcomes(dsn, [V1, OTHER]) == [None, None]
    assert state(impatient)[0][:2] == (3, 2)


def test_apply_shared_gives_up_on_those_who_use_the_tables(impatient: Connection, dsn: str) -> None:
    impatient.execute(APPLY, [V1])
    with using(dsn, V1) as session:
        with pytest.raises(psycopg.Error, match="shared tables are in use") as refused:
            impatient.execute(APPLY, [V2])
        assert refused.value.sqlstate == "SB403"
        session.commit()
    assert impatient.execute(APPLY, [V2]).fetchone() == (2,)


def test_whoever_does_not_see_what_was_shared_since_is_told_to_try_again(
    connection: Connection, dsn: str
) -> None:
    # what captures changes is there from then on, and is not what is made meanwhile
    connection.execute(PROVISION, ["gone", V1])
    connection.execute("select bss.deprovision_tenant('gone', '0')")
    connection.execute("select bss.drop_tenant('gone', 'gone')")
    connection.execute("select bss.drop_shared('currencies')")
    with psycopg.connect(dsn) as late:
        late.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        late.execute("select from bss.tenants")
        connection.execute(PROVISION, ["first", V1])
        for document in (V1, OTHER):
            with pytest.raises(psycopg.Error) as refused, late.transaction():
                late.execute(PROVISION, ["late", document])
            assert refused.value.sqlstate == "SB403"
            assert "shared tables have been made meanwhile" in str(refused.value)
    assert outcomes(dsn, [V1, OTHER]) == [None, None]


@pytest.mark.parametrize(
    "verb", ["select bss.apply_shared(%s)", "select bss.drop_shared(left(%s, 1))"]
)
def test_shared_tables_are_changed_where_others_changes_are_seen(
    connection: Connection, dsn: str, verb: LiteralString
) -> None:
    assert connection
    with psycopg.connect(dsn) as late:
        late.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.Error) as refused:
            late.execute(verb, [V1])
    assert refused.value.sqlstate == "SB404"


def test_tenants_write_while_others_are_provisioned(connection: Connection, dsn: str) -> None:
    """A new reference to a shared table keeps nobody from reading it, or from referring to it."""
    connection.execute(PROVISION, ["second", V1])
    connection.execute("insert into bss_shared.currencies values ('EUR')")
    connection.execute("set lock_timeout = '1s'")
    with using(dsn, V1):
        connection.execute("insert into tenant_second.invoices values (default, 1, 'EUR')")
        assert connection.execute("select code from bss_shared.currencies").fetchall() == [("EUR",)]
