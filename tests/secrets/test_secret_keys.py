"""The keys of secrets, and that without them nothing is to be seen: in files, dumps, logs, errors.

A canary is a value that occurs nowhere else. It is written to columns that are encrypted, and
searched in everything that the server leaves behind.
"""

import base64
import json
import secrets
import subprocess
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from bss_loader.programs import server_binaries
from tests.conftest import private_cluster
from tests.secrets.vault import CANARY, DOCUMENT, INSERT, Session, new_key, said


def test_master_key_is_needed_and_is_the_right_one(gateway: Session) -> None:
    def code(*statements: str, key: bytes | None) -> str | None:
        with pytest.raises(psycopg.Error) as caught:
            gateway(*statements, key=key)
        return caught.value.sqlstate

    read = "select pin::text from people"
    assert code(INSERT, key=None) == "SB522"
    gateway(INSERT)
    assert code(read, key=None) == "SB522"
    assert code(read, key=new_key()) == "SB523"
    assert code(read, key=b"short") == "SB527"
    for setting in ("00", "zz", "ab" * 200):
        assert code(f"set local bss.master_key = '{setting}'", read, key=None) == "SB522"


def test_master_key_is_not_told_by_the_session_that_has_it(
    gateway: Session, master_key: bytes
) -> None:
    gateway(INSERT)
    ((setting,),) = gateway("select current_setting('bss.master_key')")
    assert master_key.hex()[:16] not in setting
    assert base64.b64encode(master_key).decode()[:16] not in setting
    with pytest.raises(psycopg.Error) as caught:
        gateway(f"set local bss.master_key = '{setting}'", "select pin::text from people", key=None)
    assert caught.value.sqlstate == "SB522"  # it is of another transaction


def test_tenants_key_is_rotated_and_its_secrets_follow(
    gateway: Session, connection: psycopg.Connection, master_key: bytes
) -> None:
    gateway("insert into people (person_id, pin) select i, 1000 + i from generate_series(1, 25) i")
    read = "select array_agg(pin::text order by person_id) from people"
    before, digests = gateway(read), gateway("select array_agg(pin_digest) from people")

    def operate(statement: str) -> Any:
        with connection.transaction():
            connection.execute("select bss.use_master_key(%s)", (master_key,))
            return (connection.execute(statement).fetchone() or (None,))[0]

    assert operate("select bss.rotate_tenant_key('a-1')") == 2
    gateway("update people set pin = '1001' where person_id = 1")
    assert gateway(read) == before
    done = [operate("select bss.reencrypt_secrets('a-1', 10)") for _ in range(4)]
    assert done == [10, 10, 4, 0]
    assert gateway(read) == before
    assert gateway("select array_agg(pin_digest order by person_id) from people") != [(None,)]
    assert set(gateway("select array_agg(pin_digest) from people")[0][0]) == set(digests[0][0])
    versions = connection.execute(
        "select distinct bss_internal.secret_version(pin) from tenant_a_1.people"
    ).fetchall()
    assert versions == [(2,)]
    keys = connection.execute("select version, status from bss.tenant_keys order by 1").fetchall()
    assert keys == [(1, "RETIRED"), (2, "ACTIVE")]


def test_keys_are_wrapped_by_another_master_key(
    gateway: Session, connection: psycopg.Connection, master_key: bytes
) -> None:
    gateway(INSERT)
    gateway(INSERT, tenant="b-1")
    other = new_key()
    rewrap = "select bss.rewrap_tenant_keys(%s, %s)"
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(rewrap, (other, new_key()))
    assert caught.value.sqlstate == "SB523"
    assert connection.execute(rewrap, (master_key, other)).fetchone() == (2,)
    assert connection.execute(rewrap, (master_key, other)).fetchone() == (0,)
    assert gateway("select pin::text from people", key=other) == [("1234",)]
    with pytest.raises(psycopg.Error, match="is not the one that wraps"):
        gateway("select pin::text from people")


def test_destroyed_key_brings_nothing_back(
    gateway: Session, connection: psycopg.Connection
) -> None:
    gateway(INSERT)
    gateway(INSERT, tenant="b-1")
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("select bss.destroy_tenant_key('a-1', 'b-1')")
    assert caught.value.sqlstate == "SB608"
    connection.execute("select bss.destroy_tenant_key('a-1', 'a-1')")
    for statement in ("select pin::text from people", "update people set pin = '5678'"):
        with pytest.raises(psycopg.Error, match="has been destroyed") as refused:
            gateway(statement)
        assert refused.value.sqlstate == "SB524"
    assert gateway("update people set pin = null returning name") == [("Ann",)]
    assert gateway("select pin::text from people", tenant="b-1") == [("1234",)]
    audited = connection.execute(
        "select action_type from bss.audit_log where action_type ~ 'secret' "
        "and tenant = 'a-1' order by action_timestamp"
    ).fetchall()
    assert audited == [("secret_key.created",), ("secret_key.destroyed",)]


def test_tenant_that_is_dropped_takes_its_key_along(
    gateway: Session, connection: psycopg.Connection
) -> None:
    gateway(INSERT)
    connection.execute("select bss.deprovision_tenant('a-1', interval '0')")
    connection.execute("select bss.drop_tenant('a-1', 'a-1')")
    assert connection.execute(
        "select status, wrapped_key is null from bss_metadata.tenant_keys"
    ).fetchall() == [("DESTROYED", True)]


def test_cipher_gives_the_vector_of_its_standard(connection: psycopg.Connection) -> None:
    """RFC 7518, appendix B.3."""
    key = bytes(range(64))
    plain = (
        b"A cipher system must not be required to be secret, and it must be able to fall into "
        b"the hands of the enemy without inconvenience"
    )
    vector = bytes.fromhex("1af38c2dc2b96ffdd86694092341bc04")
    associated = b"The second principle of Auguste Kerckhoffs"
    expected = vector + bytes.fromhex(
        "4affaaadb78c31c5da4b1b590d10ffbd3dd8d5d302423526912da037ecbcc7bd"
        "822c301dd67c373bccb584ad3e9279c2e6d12a1374b77f077553df829410446b"
        "36ebd97066296ae6427ea75c2e0846a11a09ccf5370dc80bfecbad28c73f09b3"
        "a3b75e662a2594410ae496b2e2e6609e31e6e02cc837f053d21f37ff4f51950b"
        "be2638d09dd7a4930930806d0703b1f6"
        "4dd3b4c088a7f45c216839645b2012bf2e6269a8c56a816dbc1b267761955bc5"
    )
    found = connection.execute(
        "select bss_internal.seal_bytes(%s, %s, %s, %s)", (key, associated, plain, vector)
    ).fetchone()
    assert found == (expected,)
    opened = "select bss_internal.open_bytes(%s, %s, %s)"
    assert connection.execute(opened, (key, associated, expected)).fetchone() == (plain,)
    for place in (0, 20, len(expected) - 1):
        altered = bytearray(expected)
        altered[place] ^= 1
        assert connection.execute(opened, (key, associated, bytes(altered))).fetchone() == (None,)
    assert connection.execute(opened, (key, associated[1:], expected)).fetchone() == (None,)


def test_canary_is_in_no_file_and_no_dump() -> None:
    """In a cluster of its own: its heap, its WAL, its statistics, its log, and what is dumped."""
    with private_cluster() as cluster:
        dsn = clusters.dsn(cluster, "postgres")
        install_into(dsn)
        key, password = new_key(), secrets.token_hex(8)
        with psycopg.connect(dsn, autocommit=True) as connection:
            notices: list[str] = []
            connection.add_notice_handler(lambda diag: notices.append(str(diag.message_primary)))
            connection.execute("alter system set log_min_error_statement = panic")
            connection.execute("alter system set log_statement = none")
            connection.execute("alter system set log_min_messages = debug1")
            connection.execute("select pg_reload_conf()")
            connection.execute("select bss.provision_tenant('a-1', %s)", (DOCUMENT,))
            create = sql.SQL("create role gateway login password {} in role bss_app")
            connection.execute(create.format(sql.Literal(password)))
        with psycopg.connect(dsn, user="gateway", password=password) as gateway:
            _write_canaries(gateway, key)
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            dumped = subprocess.run(
                [server_binaries() / "pg_dump", "--dbname", dsn], capture_output=True, check=True
            )
            assert b"bss1:" in dumped.stdout
            assert CANARY.encode() not in dumped.stdout
            assert b"control-value" in dumped.stdout
            assert not [notice for notice in notices if CANARY in notice]
            found = connection.execute("select count(*) from pg_stats as s where s::text ~ %s",
                                       (CANARY,)).fetchone()  # fmt: skip
            assert found == (0,)
        files = [path for path in cluster.directory.rglob("*") if path.is_file()]
        seen = {needle: [path for path in files if needle in path.read_bytes()]
                for needle in (CANARY.encode(), b"control-value", key)}  # fmt: skip
        assert seen[b"control-value"], "what is not encrypted is found"
        assert seen[CANARY.encode()] == []
        assert seen[key] == []


def _write_canaries(gateway: psycopg.Connection, key: bytes) -> None:
    def attempt(statement: str, *values: Any) -> None:
        with gateway.transaction():
            gateway.execute("select bss.use_tenant('a-1')")
            gateway.execute("select bss.use_master_key(%s)", (key,))
            gateway.execute(statement, values)

    file = json.dumps({"a": CANARY})
    row = "insert into people (person_id, name, pin, file) values (%s, %s, %s, %s)"
    attempt(row, 1, "control-value", CANARY, file)
    attempt(row, 2, "other", f"{CANARY} 2", file)
    attempt("update people set pin = %s where person_id = 2", f"{CANARY} 3")
    attempt("update people set file = null where pin_digest = bss.secret_digest("
            "'people', 'pin', %s)", f"{CANARY} 3")  # fmt: skip
    attempt("select pin::text, file::text from people order by pin::text")
    for refused in (
        (row, 3, "x", CANARY, file), (row, 1, "y", f"{CANARY} 4", file),
        (row, 4, "control-value", f"{CANARY} 5", file), (row, 5, "z", CANARY + "{", CANARY),
        ("insert into people (person_id, born) values (6, %s)", CANARY),
        ("insert into people (pin) values (%s)", f"{CANARY} 6"),
    ):  # fmt: skip
        with pytest.raises(psycopg.Error) as caught:
            attempt(*refused)
        assert CANARY not in said(caught.value)
        assert caught.value.sqlstate in ("23505", "23514", "23502", "SB526")
