"""Attacks upon secrets, and upon those whose rights they are encrypted and decrypted with."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.secrets.vault import INSERT, Session, new_key

TRAP = """
create type pg_temp.trap as (n integer);
create function pg_temp.sprung(pg_temp.trap) returns text language plpgsql
as $$ begin raise exception 'executed as %', current_user; end $$;
create cast (pg_temp.trap as text) with function pg_temp.sprung(pg_temp.trap);
create temporary table caught (tenant_id uuid, person_id pg_temp.trap, born bss.secret);
"""
"""Where the function that encrypts takes the key of the row for text, code of an attacker does."""


@pytest.mark.parametrize("group", ["bss_app", "bss_tenant", "bss_admin"])
@pytest.mark.usefixtures("gateway")
def test_trigger_that_encrypts_is_for_no_other_table(
    connection: psycopg.Connection, login: Callable[..., str], group: str
) -> None:
    ((function,),) = connection.execute(
        "select t.tgfoid::regproc::text from pg_trigger as t "
        "where t.tgrelid = 'tenant_a_1.people'::regclass and t.tgname = 'encrypt_born'"
    ).fetchall()
    with psycopg.connect(login("attacker", [group])) as attacker:
        attacker.execute(TRAP)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="for function"):
            attacker.execute(
                "create trigger spring before insert on caught "
                f"for each row execute function {function}()"
            )


@pytest.mark.usefixtures("gateway")
def test_triggers_with_rights_of_their_owner_are_executable_by_nobody(
    connection: psycopg.Connection,
) -> None:
    assert (
        connection.execute(
            "select p.oid::regprocedure, g.grantee::regrole from pg_proc as p "
            "cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g "
            "where p.pronamespace::regnamespace::text ~ '^bss' and p.prosecdef "
            "and p.prorettype = 'trigger'::regtype and g.grantee <> p.proowner"
        ).fetchall()
        == []
    )


def test_trap_is_one(gateway: Session, connection: psycopg.Connection) -> None:
    """If it is granted after all: the attack above is not refused for another reason."""
    gateway("select")
    connection.execute(TRAP)
    connection.execute(
        "do $$ begin execute format('create trigger spring before insert on caught "
        "for each row execute function %s()', (select t.tgfoid::regproc from pg_trigger as t "
        "where t.tgrelid = 'tenant_a_1.people'::regclass and t.tgname = 'encrypt_born')); end $$"
    )
    with pytest.raises(psycopg.Error, match="executed as bss_owner"):
        connection.execute("insert into caught values (null, row(1), null)")


def test_key_is_in_no_plan_that_is_shown(
    gateway: Session, login: Callable[..., str], connection: psycopg.Connection, master_key: bytes
) -> None:
    """Of digests, which stay when the key is rotated; auto_explain shows the same in the log."""
    gateway(INSERT)
    shown: list[str] = []
    with psycopg.connect(login("operator", ["bss_admin"])) as operator:
        operator.add_notice_handler(lambda said: shown.append(said.message_detail or ""))
        operator.execute("select bss.use_master_key(%s)", (master_key,))
        operator.execute(
            "set local client_min_messages = log; set local debug_print_plan = on; "
            "set local debug_pretty_print = off"
        )
        operator.execute("select bss.rotate_tenant_key('a-1')")
    with connection.transaction():
        connection.execute("select bss.use_master_key(%s)", (master_key,))
        ((key,),) = connection.execute(
            "select substr(bss_internal.tenant_key(t.id), 69) from bss_metadata.tenants as t "
            "where t.external_id = 'a-1'"
        ).fetchall()
    assert any("TENANT_KEYS" in plan.upper() or "PLANNEDSTMT" in plan for plan in shown)
    printed = " ".join(str(byte - 256 if byte > 127 else byte) for byte in key[:16])
    assert not [plan for plan in shown if printed in " ".join(plan.split())]


def test_secret_of_a_tenant_is_in_no_plan_that_is_shown(gateway: Session) -> None:
    """What is checked is a value of a statement in the trigger."""
    assert gateway(
        "select p.proconfig from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid "
        "where t.tgrelid = 'tenant_a_1.people'::regclass and t.tgname = 'encrypt_pin' "
        "and 'plan_cache_mode=force_generic_plan' = any (p.proconfig)"
    )


def test_first_secret_of_a_tenant_takes_no_other_master_key(
    gateway: Session, connection: psycopg.Connection, master_key: bytes
) -> None:
    """With the keys of one tenant wrapped by another, all could not be wrapped anew."""
    gateway(INSERT)
    other = new_key()
    with pytest.raises(psycopg.Error, match="wraps the keys of other tenants") as caught:
        gateway(INSERT, tenant="b-1", key=other)
    assert caught.value.sqlstate == "SB523"
    rewrap = "select bss.rewrap_tenant_keys(%s, %s)"
    with connection.transaction():
        assert connection.execute(rewrap, (master_key, other)).fetchone() == (1,)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            gateway("set local lock_timeout = '100ms'", INSERT, tenant="b-1")
    gateway(INSERT, tenant="b-1", key=other)
    assert connection.execute(rewrap, (master_key, other)).fetchone() == (0,)


def test_file_that_has_no_master_key_is_not_shown(
    gateway: Session, connection: psycopg.Connection
) -> None:
    """One of raw bytes, which is a mistake that suggests itself."""
    with tempfile.TemporaryDirectory() as directory:
        # a server that root starts runs as another user, who has to get through
        Path(directory).chmod(0o755)
        file = Path(directory, "raw.key")
        file.write_bytes(b"\xfe\xff\xc3" * 21 + b"\x00")
        connection.execute("select bss.use_master_key_file(%s)", (str(file),))
        with pytest.raises(psycopg.Error, match="another length") as caught:
            gateway(INSERT, key=None)
    assert caught.value.sqlstate == "SB527"


def test_digest_is_for_whoever_acts_for_a_tenant(gateway: Session) -> None:
    with pytest.raises(psycopg.Error, match="acts for no tenant") as caught:
        gateway("select bss.secret_digest('people', 'pin', '1234')", tenant=None)
    assert caught.value.sqlstate == "SB521"


def test_equal_numbers_are_one_value(connection: psycopg.Connection) -> None:
    typed = connection.execute(
        "select array_agg(distinct bss_internal.typed_secret(v, 'numeric')) "
        "from unnest(array['1', '1.0', '1.00', '10e-1']) as v"
    ).fetchall()
    assert typed == [(["1"],)]


def test_role_that_no_policy_refuses_loses_no_secret(
    gateway: Session, connection: psycopg.Connection, login: Callable[..., str]
) -> None:
    gateway(INSERT)
    with psycopg.connect(login("loader", ["bss_app"])) as loader:
        name = sql.Identifier(loader.info.user)
        connection.execute(sql.SQL("alter role {} bypassrls").format(name))
        for statement in (
            "insert into tenant_a_1.people (person_id, pin) values (2, '1234')",
            "update tenant_a_1.people set person_id = 3",
        ):
            with pytest.raises(psycopg.Error, match="it could write") as caught:
                loader.execute(statement)
            assert caught.value.sqlstate == "SB521"
            loader.rollback()
        loader.execute("update tenant_a_1.people set name = 'Eve'")
    assert gateway("select name, pin::text from people") == [("Eve", "1234")]
