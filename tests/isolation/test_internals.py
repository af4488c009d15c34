"""The inside of BSS is closed to all who use it."""

import psycopg
import pytest
from psycopg import sql

from tests.isolation.attack import PRINCIPALS, Connection, Login, refused, session


@pytest.mark.parametrize("group", [*PRINCIPALS, None])
def test_internal_functions_are_called_by_nobody(
    tenants: Connection, login: Login, group: str | None
) -> None:
    calls = tenants.execute("""
        select format(
            'select bss_internal.%I(%s)', p.proname,
            (
                select string_agg(format('null::%s', format_type(t.oid, null)), ', ' order by n)
                from unnest(p.proargtypes) with ordinality as a (type, n)
                join pg_type as t on t.oid = a.type
            )
        )
        from pg_proc as p
        where p.pronamespace = 'bss_internal'::regnamespace
            and p.prorettype <> all ('{trigger,event_trigger}'::regtype[])
    """).fetchall()
    assert len(calls) > 20
    with session(login("stranger", [group] if group else [])) as stranger:
        for (call,) in calls:
            assert refused(stranger, call) == "42501"


@pytest.mark.parametrize("group", [*PRINCIPALS, None])
def test_no_table_of_bss_is_written_by_anyone(
    tenants: Connection, login: Login, group: str | None
) -> None:
    relations = tenants.execute("""
        select n.nspname, c.relname
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname in ('bss_metadata', 'bss_internal') and c.relkind in ('r', 'p')
    """).fetchall()
    assert len(relations) > 10
    with session(login("stranger", [group] if group else [])) as stranger:
        for schema, name in relations:
            table = sql.Identifier(schema, name)
            for attack in ("insert into {} default values", "delete from {}", "truncate {}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    stranger.execute(sql.SQL(attack).format(table))
            if schema == "bss_internal":
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    stranger.execute(sql.SQL("select from {}").format(table))


def test_nobody_but_the_owner_may_write_the_context(tenants: Connection) -> None:
    found = tenants.execute("""
        select g.grantee::regrole::text, g.privilege_type, g.is_grantable
        from pg_parameter_acl as p, aclexplode(p.paracl) as g
        where p.parname = 'backtrace_functions' and g.grantee <> g.grantor
    """)
    assert found.fetchall() == [("bss_owner", "SET", False)]


@pytest.mark.parametrize("group", PRINCIPALS)
def test_nobody_becomes_another_role(tenants: Connection, login: Login, group: str) -> None:
    assert tenants
    with session(login("stranger", [group])) as stranger:
        others = [*PRINCIPALS, "bss_owner", "postgres"]
        for other in others:
            role = sql.Identifier(other)
            if other != group:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    stranger.execute(sql.SQL("set role {}").format(role))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                stranger.execute(sql.SQL("set session authorization {}").format(role))
