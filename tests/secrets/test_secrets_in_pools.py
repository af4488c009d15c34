"""Secrets in the tables of a pool: of each tenant, encrypted with its own key, wherever it goes."""

import json
from typing import Any

import psycopg
import pytest

from tests.secrets.vault import DOCUMENT, Session, new_key

TENANTS = ("a-1", "b-1")
PLAIN = json.dumps(
    {"$defs": {"Person": {"type": "object", "properties": {
        "person_id": {"type": "integer"}, "pin": {"type": "string"}}}}}
)  # fmt: skip
WITH_SECRET = PLAIN.replace(
    '"pin": {"type": "string"}', '"pin": {"type": "string", "x-bss": {"encrypted": true}}'
)
STORED = "select tenant_id, person_id, pin::bytea, pin_digest from people order by 2"
READ = "select person_id, pin::text from people order by 1"


@pytest.fixture
def master_key(connection: psycopg.Connection) -> bytes:
    """A master key that is handed in, and two tenants in a pool."""
    provision(connection, DOCUMENT)
    return new_key()


def provision(connection: psycopg.Connection, document: str) -> None:
    connection.execute("select bss.publish_blueprint('people', %s)", [document])
    connection.execute("""select bss.set_setting('move.hold_time', '"5 min"')""")
    for tenant in TENANTS:
        connection.execute(
            "select bss.provision_tenant(%s, blueprint => 'people', isolation => 'pool')", [tenant]
        )


def fill(gateway: Session) -> None:
    for tenant in TENANTS:
        gateway(
            "insert into people (person_id, pin, born, file) values "
            "(1, '1234', '1990-05-01', '{\"a\": 1}'), (2, '5678', null, null)",
            tenant=tenant,
        )


def test_each_tenant_has_a_key_of_its_own(gateway: Session, connection: psycopg.Connection) -> None:
    fill(gateway)
    for tenant in TENANTS:
        assert gateway(READ, tenant=tenant) == [(1, "1234"), (2, "5678")]
    keys = connection.execute("select tenant from bss.tenant_keys order by 1").fetchall()
    assert keys == [("a-1",), ("b-1",)]
    digests = connection.execute("select count(distinct pin_digest) from pool_people.people")
    assert digests.fetchone() == (4,)
    with pytest.raises(psycopg.errors.UniqueViolation):
        gateway("insert into people (person_id, pin) values (3, '1234')")


def test_secret_of_another_tenant_is_not_decrypted(
    gateway: Session, connection: psycopg.Connection
) -> None:
    fill(gateway)
    with connection.transaction():
        connection.execute("set local session_replication_role = replica")
        connection.execute(
            "update pool_people.people as p set pin = o.pin from pool_people.people as o "
            "where p.person_id = 1 and o.person_id = 1 and p.tenant_id <> o.tenant_id"
        )
    with pytest.raises(psycopg.Error) as caught:
        gateway("select pin::text from people where person_id = 1")
    assert caught.value.sqlstate == "SB525"


def test_secrets_move_as_they_are_stored_without_a_master_key(
    gateway: Session, connection: psycopg.Connection
) -> None:
    fill(gateway)
    stored = gateway(STORED)
    for isolation in ("silo", "pool"):
        moved = connection.execute("select rows from bss.move_tenant('a-1', %s)", [isolation])
        assert moved.fetchall() == [(2,)]
        assert gateway(STORED) == stored
        for tenant in TENANTS:
            assert gateway(READ, tenant=tenant) == [(1, "1234"), (2, "5678")]
        find = "select person_id from people where pin_digest = bss.secret_digest(%s, %s, %s)"
        found = gateway(find.replace("%s", "'{}'").format("people", "pin", "5678"))
        assert found == [(2,)]
        with pytest.raises(psycopg.errors.UniqueViolation):
            gateway("insert into people (person_id, pin) values (3, '1234')")
        gateway("update people set born = '2000-01-01' where person_id = 2")
        stored = gateway(STORED)


def test_key_of_one_tenant_is_rotated_and_destroyed(
    gateway: Session, connection: psycopg.Connection, master_key: bytes
) -> None:
    fill(gateway)
    others = gateway(STORED, tenant="b-1")

    def operate(statement: str) -> Any:
        with connection.transaction():
            connection.execute("select bss.use_master_key(%s)", (master_key,))
            return (connection.execute(statement).fetchone() or (None,))[0]

    assert operate("select bss.rotate_tenant_key('a-1')") == 2
    # two pins, a date and an object
    assert operate("select bss.reencrypt_secrets('a-1')") == 4
    assert gateway(READ) == [(1, "1234"), (2, "5678")]
    connection.execute("select bss.destroy_tenant_key('a-1', 'a-1')")
    with pytest.raises(psycopg.Error) as caught:
        gateway(READ)
    assert caught.value.sqlstate == "SB524"
    assert gateway(STORED, tenant="b-1") == others
    assert gateway(READ, tenant="b-1") == [(1, "1234"), (2, "5678")]


def test_tenant_that_is_dropped_from_a_pool_takes_its_key_along(
    gateway: Session, connection: psycopg.Connection
) -> None:
    fill(gateway)
    connection.execute("select bss.deprovision_tenant('a-1', '0')")
    connection.execute("select bss.drop_tenant('a-1', 'a-1')")
    keys = connection.execute("select tenant, status from bss.tenant_keys order by 1").fetchall()
    assert keys == [("a-1", "DESTROYED"), ("b-1", "ACTIVE")]
    assert gateway(READ, tenant="b-1") == [(1, "1234"), (2, "5678")]


def test_tenant_is_not_moved_while_its_secrets_are_encrypted_again(
    gateway: Session, connection: psycopg.Connection, master_key: bytes
) -> None:
    """A move that does not see what is written by others for the tenant would lose it."""
    fill(gateway)
    connection.execute("select bss.set_setting('apply.lock_timeout', '\"100ms\"')")
    with psycopg.connect(connection.info.dsn) as operator:
        operator.execute("select bss.use_master_key(%s)", (master_key,))
        operator.execute("select bss.reencrypt_secrets('a-1')")
        with pytest.raises(psycopg.Error) as caught:
            connection.execute("select bss.move_tenant('a-1', 'silo')")
        assert caught.value.sqlstate == "SB403"


class TestEncryptedLater:
    """A pool with rows of many tenants, whose property becomes secret."""

    @pytest.fixture
    def master_key(self, connection: psycopg.Connection) -> bytes:
        provision(connection, PLAIN)
        return new_key()

    def test_values_are_encrypted_with_the_keys_of_their_tenants(
        self, gateway: Session, connection: psycopg.Connection, master_key: bytes
    ) -> None:
        for tenant in TENANTS:
            insert = "insert into people (person_id, pin) values (1, 'of {}'), (2, null)"
            gateway(insert.format(tenant), tenant=tenant)
        connection.execute("select bss.publish_blueprint('people', %s)", [WITH_SECRET])
        with connection.transaction():
            connection.execute("select bss.use_master_key(%s)", (master_key,))
            connection.execute("select bss.start_fleet_migration('people')")
            migrated = "select outcome from bss.fleet_migrations, bss.migrate_next(id)"
            assert connection.execute(migrated).fetchall() == [("migrated",)]
        for tenant in TENANTS:
            assert gateway(READ, tenant=tenant) == [(1, f"of {tenant}"), (2, None)]
        keys = connection.execute("select tenant from bss.tenant_keys order by 1").fetchall()
        assert keys == [("a-1",), ("b-1",)]
        assert connection.execute("select * from bss.drift('pool:people')").fetchall() == []
