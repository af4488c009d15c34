"""What is encrypted is nowhere to be seen: not in files, dumps, logs, errors or other tenants.

A canary is a value that occurs nowhere else. It is written to columns that are encrypted, in every
way that rows are written, and searched in everything that the server leaves behind.
"""

import base64
import json
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from bss_loader.programs import server_binaries
from tests.conftest import private_cluster

CANARY = "canary-7f3a9"
DOCUMENT = json.dumps(
    {
        "$defs": {
            "Person": {
                "type": "object",
                "properties": {
                    "person_id": {"type": "integer"},
                    "name": {"type": "string", "x-bss": {"unique": True}},
                    "pin": {
                        "type": "string",
                        "minLength": 3,
                        "x-bss": {"encrypted": True, "unique": True},
                    },
                    "born": {"type": "string", "format": "date", "x-bss": {"encrypted": True}},
                    "file": {
                        "type": "object",
                        "required": ["a"],
                        "x-bss": {"encrypted": True},
                    },
                    "mood": {"type": "string", "maxLength": 20, "x-bss": {"sensitive": True}},
                },
            }
        }
    }
)
Session = Callable[..., list[tuple[Any, ...]]]


def new_key() -> bytes:
    return secrets.token_bytes(64)


@pytest.fixture
def master_key(connection: psycopg.Connection) -> bytes:
    """A master key that is handed in: there is no file."""
    for tenant in ("a-1", "b-1"):
        connection.execute("select bss.provision_tenant(%s, %s)", (tenant, DOCUMENT))
    return new_key()


@pytest.fixture
def gateway(
    login: Callable[..., str], master_key: bytes
) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Executes statements in one transaction of a gateway; gives the rows of the last."""
    with psycopg.connect(login("gateway", ["bss_app"])) as connection:

        def execute(
            *statements: str, tenant: str | None = "a-1", key: bytes | None = master_key
        ) -> list[tuple[Any, ...]]:
            with connection.transaction():
                if tenant is not None:
                    connection.execute("select bss.use_tenant(%s)", (tenant,))
                if key is not None:
                    connection.execute("select bss.use_master_key(%s)", (key,))
                for statement in statements[:-1]:
                    connection.execute(statement)
                cursor = connection.execute(statements[-1])
                return cursor.fetchall() if cursor.description else []

        yield execute


INSERT = "insert into people (person_id, name, pin) values (1, 'Ann', '1234')"


def test_value_is_read_as_it_was_written(gateway: Session) -> None:
    row = """insert into people values (default, 1, 'Ann', '1234', '1990-02-01', '{"a": [1]}')"""
    assert gateway(row + " returning pin::text") == [("1234",)]
    assert gateway(
        "select pin::text, born::text::date = date '1990-02-01', file::text::jsonb -> 'a' ->> 0, "
        "starts_with(to_jsonb(pin) #>> '{}', 'bss1:') from people"
    ) == [("1234", True, "1", True)]


CHANGES: Mapping[str, str | None] = {
    "update people set name = 'x'": "1234",
    "update people set pin = '5678'": "5678",
    "update people set pin = pin": "5678",
    "update people set person_id = 7": "5678",
    "insert into people (person_id, pin) values (7, '9876') "
    "on conflict (person_id) do update set pin = excluded.pin": "9876",
    "insert into people (person_id, name, pin) values (2, 'x', '5432') "
    "on conflict (name) do update set pin = excluded.pin": "5432",
    "update people set pin = 'bss1:AAAA'": "bss1:AAAA",
    "update people set pin = concat('bss1:', repeat('A', 200))": "bss1:" + "A" * 200,
    r"update people set pin = '\x4142 \\ é%s'": r"\x4142 \\ é%s",
    "update people set pin = 4321": "4321",
    "merge into people as p using (values (7, '6789')) as v (id, pin) on p.person_id = v.id "
    "when matched then update set pin = v.pin": "6789",
    "update people set pin = null": None,
}  # fmt: skip


def test_value_is_what_the_last_statement_made_it(gateway: Session) -> None:
    gateway(INSERT)
    for statement, pin in CHANGES.items():
        gateway(statement)
        assert gateway("select pin::text from people") == [(pin,)], statement


def test_copied_value_is_encrypted_for_its_new_row(gateway: Session) -> None:
    gateway("""insert into people (person_id, file) values (1, '{"a": 1}'), (2, null)""")
    gateway("update people as p set file = o.file from people as o where p.person_id > o.person_id")
    assert gateway("select person_id, file::text::jsonb ->> 'a' from people order by 1") == [
        (1, "1"),
        (2, "1"),
    ]


REFUSED = (
    ("pin", "xx", "23514", "people_pin_min_length_check"),
    ("file", json.dumps({"b": CANARY}), "23514", "people_file_value_check"),
    ("file", f"{CANARY}{{", "SB526", None),
    ("born", CANARY, "SB526", None),
    ("born", "2020-02-30", "SB526", None),
)


def test_keywords_hold_before_a_value_is_encrypted(gateway: Session) -> None:
    insert = sql.SQL("insert into people (person_id, {}) values (1, {})")
    for column, value, code, constraint in REFUSED:
        with pytest.raises(psycopg.Error) as caught:
            gateway(insert.format(sql.Identifier(column), sql.Literal(value)))
        assert (caught.value.sqlstate, caught.value.diag.constraint_name) == (code, constraint)
        assert value not in said(caught.value)


def said(error: psycopg.Error) -> str:
    diag = error.diag
    return "\n".join(
        filter(None, [diag.message_primary, diag.message_detail, diag.message_hint, diag.context])
    )


def test_value_is_unique_and_found_by_its_digest(gateway: Session) -> None:
    gateway(INSERT)
    find = "select name from people where pin_digest = bss.secret_digest('people', 'pin', '1234')"
    assert gateway(find) == [("Ann",)]
    plan = gateway("set local enable_seqscan = off", f"explain (costs off) {find}")
    assert "Index Cond" in str(plan)
    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        gateway("insert into people (person_id, pin) values (2, '1234')")
    assert caught.value.diag.message_detail is None
    assert gateway(INSERT, find, tenant="b-1") == [("Ann",)]
    both = {gateway("select pin_digest from people", tenant=tenant)[0] for tenant in ("a-1", "b-1")}
    assert len(both) == 2
    with pytest.raises(psycopg.Error, match="cannot be searched") as refused:
        gateway("select bss.secret_digest('people', 'file', '{}')")
    assert refused.value.sqlstate == "SB528"


def test_secret_is_not_taken_for_its_value(gateway: Session) -> None:
    for statement in (
        "select 1 from people where pin = '1234'",
        "select 1 from people where pin like '1%'",
        "select pin from people order by pin",
        "select max(pin) from people",
    ):
        with pytest.raises(psycopg.errors.UndefinedFunction):
            gateway(statement)


def test_rows_with_secrets_are_told_apart(gateway: Session) -> None:
    gateway(INSERT, "insert into people (person_id, pin) values (2, '5678')")
    assert gateway("select count(*) from (select distinct pin from people) as p") == [(2,)]
    assert gateway("select count(*) from people as a join people as b on a = b") == [(2,)]


def test_secret_of_another_tenant_is_not_decrypted(
    gateway: Session, connection: psycopg.Connection
) -> None:
    gateway(INSERT)
    gateway(INSERT.replace("1234", "5678"), tenant="b-1")
    ((stolen,),) = connection.execute("select pin::bytea from tenant_b_1.people").fetchall()
    reveal = f"select bss.reveal('{bytes(stolen).decode()}')"
    with pytest.raises(psycopg.Error, match="cannot be decrypted") as caught:
        gateway(reveal)
    assert caught.value.sqlstate == "SB525"
    assert gateway(reveal, tenant="b-1") == [("5678",)]
    with pytest.raises(psycopg.Error, match="acts for no tenant") as refused:
        gateway(reveal, tenant=None)
    assert refused.value.sqlstate == "SB521"


def test_row_of_another_tenant_is_refused_as_any_other(gateway: Session) -> None:
    ((other,),) = gateway("select bss.current_tenant_id()", tenant="b-1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        gateway(
            INSERT.replace("person_id, name", "person_id, tenant_id").replace("'Ann'", f"'{other}'")
        )


@pytest.mark.tampers
def test_stored_value_is_held_to_its_row_and_column(
    gateway: Session, connection: psycopg.Connection
) -> None:
    gateway(
        "insert into people (person_id, pin, file) values (1, '1234', '{\"a\": 1}'), "
        "(2, '5678', '{\"a\": 2}')"
    )
    connection.execute("set session_replication_role = replica")  # no trigger is executed
    update = "update tenant_a_1.people set {} where person_id = 1"
    for change in (
        "pin = (select p.pin from tenant_a_1.people as p where p.person_id = 2)",
        "pin = file",
        "pin = 'plain text'",
        "pin = 'bss1:plain text that is long enough'",
        "person_id = 3",
    ):
        with pytest.raises(psycopg.errors.CheckViolation) as caught:
            connection.execute(update.format(change))
        assert str(caught.value.diag.constraint_name).endswith("_encrypted_check")
    altered = "pin = overlay(convert_from(pin::bytea, 'UTF8') placing {} from 60 for 1)"
    for letter in ("'A'", "'B'"):
        connection.execute(update.format(altered.format(letter)))
    with pytest.raises(psycopg.Error, match="cannot be decrypted"):
        gateway("select pin::text from people where person_id = 1")


def test_analytics_does_not_decrypt(gateway: Session, login: Callable[..., str]) -> None:
    gateway(INSERT)
    with psycopg.connect(login("analyst", ["bss_analytics"])) as analyst:
        (pin,) = analyst.execute("select pin from tenant_a_1.people").fetchone() or (None,)
        assert str(pin).startswith("bss1:")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="reveal"):
            analyst.execute("select pin::text from tenant_a_1.people")


def test_operator_decrypts_as_somebody_who_says_why(
    gateway: Session, login: Callable[..., str], master_key: bytes
) -> None:
    gateway(INSERT)
    with psycopg.connect(login("operator", ["bss_admin"])) as operator:
        with pytest.raises(psycopg.Error, match="acts for no tenant"):
            operator.execute("select bss.reveal('x')")
        operator.rollback()
        operator.execute("select bss.as_operator('ticket 1')")
        operator.execute("select bss.use_tenant('a-1')")
        operator.execute("select bss.use_master_key(%s)", (master_key,))
        assert operator.execute("select pin::text from people").fetchone() == ("1234",)
        wrapped = "select wrapped_key from bss_metadata.tenant_keys"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            operator.execute(wrapped)


@pytest.mark.usefixtures("master_key")
def test_tenants_login_does_not_choose_the_master_key(
    connection: psycopg.Connection, login: Callable[..., str]
) -> None:
    direct = login("direct", ["bss_tenant"])
    with psycopg.connect(direct) as tenant:
        name = tenant.info.user
        connection.execute("select bss.bind_login(%s, 'a-1')", (name,))
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="use_master_key"):
            tenant.execute("select bss.use_master_key(%s)", (new_key(),))
    connection.execute("select bss.unbind_login(%s)", (name,))


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
