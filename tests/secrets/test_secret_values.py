"""Values that are encrypted are read as they were written, by those whose they are."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.secrets.vault import CANARY, INSERT, Session, new_key, said


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


def test_record_is_validated_by_what_it_says(gateway: Session) -> None:
    def faults(record: dict[str, Any]) -> set[tuple[str, str]]:
        validate = "select pointer, keyword from bss.validate('a-1', 'Person', '{}')"
        return set(gateway(validate.replace("{}", json.dumps(record))))

    sound = {"person_id": 1, "pin": "1234", "born": "2020-02-29", "file": {"a": 1}}
    assert faults(sound) == set()
    assert faults(sound | {"pin": "1", "born": "2020-02-30", "file": {}}) == {
        ("/pin", "minLength"),
        ("/born", "format"),
        ("/file/a", "required"),
    }
    assert faults(sound | {"pin": 1, "pin_digest": "x"}) == {
        ("/pin", "type"),
        ("/pin_digest", "additionalProperties"),
    }
