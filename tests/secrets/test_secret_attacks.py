"""Attacks upon secrets, and upon those whose rights they are encrypted and decrypted with."""

from collections.abc import Callable

import psycopg
import pytest

from tests.secrets.vault import Session

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
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="for function bss_checks.t_"):
            attacker.execute(
                "create trigger spring before insert on caught "
                f"for each row execute function {function}()"
            )


@pytest.mark.usefixtures("gateway")
def test_triggers_with_rights_of_their_owner_are_executable_by_nobody(
    connection: psycopg.Connection,
) -> None:
    assert connection.execute(
        "select p.oid::regprocedure, g.grantee::regrole from pg_proc as p "
        "cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g "
        "where p.pronamespace::regnamespace::text ~ '^bss' and p.prosecdef "
        "and p.prorettype = 'trigger'::regtype and g.grantee <> p.proowner"
    ).fetchall() == []


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
