"""Who may do what with BSS is one table, privileges.txt, and the catalog says the same.

Where the difference is meant, BSS_WRITE=1 writes the table anew, to be read before it is committed.
"""

import os
from pathlib import Path

import psycopg

TABLE = Path(__file__).with_name("privileges.txt")
HEAD = """\
# Every privilege on an object of BSS, and every policy. "superuser" is whoever installed it. What
# an owner may do with its own is left out; so is "public" where it may do nothing.
"""

# What the roles hold of the roles, schemas, relations, functions and the types among them.
PRIVILEGES = """
    with own as (
        select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace as n
        where n.nspname in ('bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks',
            'bss_watch')
    ),
    acl as (
        select 'schema' as kind, o.nspname::text as object, o.nspowner as owner,
            coalesce(o.nspacl, acldefault('n', o.nspowner)) as items
        from own as o
        union all
        select 'function', p.oid::regprocedure::text, p.proowner,
            coalesce(p.proacl, acldefault('f', p.proowner))
        from pg_proc as p join own as o on o.oid = p.pronamespace
        union all
        select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end,
            c.oid::regclass::text, c.relowner,
            coalesce(
                c.relacl,
                acldefault(case c.relkind when 'S' then 's'::"char" else 'r' end, c.relowner)
            )
        from pg_class as c join own as o on o.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
        union all
        select 'column', format('%s.%I', c.oid::regclass, a.attname), c.relowner, a.attacl
        from pg_attribute as a
        join pg_class as c on c.oid = a.attrelid
        join own as o on o.oid = c.relnamespace
        where a.attacl is not null and not a.attisdropped
        union all
        select 'functions to come in', o.nspname::text, d.defaclrole, d.defaclacl
        from pg_default_acl as d join own as o on o.oid = d.defaclnamespace
        where d.defaclobjtype = 'f'
    )
    select
        case g.grantee when 0 then 'public' else g.grantee::regrole::text end,
        a.kind, a.object,
        string_agg(
            concat(lower(g.privilege_type), case when g.is_grantable then ' with grant option' end),
            ', ' order by g.privilege_type
        )
    from acl as a, aclexplode(a.items) as g
    where g.grantee <> a.owner
    group by g.grantee, a.kind, a.object
"""
OWNERS = """
    select case r.rolsuper when true then 'superuser' else r.rolname end, found.kind, found.object
    from (
        select 'schema' as kind, n.nspname::text as object, n.nspowner as owner, n.oid as namespace
        from pg_namespace as n
        union all
        select 'function', p.oid::regprocedure::text, p.proowner, p.pronamespace
        from pg_proc as p
        union all
        select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end,
            c.oid::regclass::text, c.relowner, c.relnamespace
        from pg_class as c
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    ) as found
    join pg_roles as r on r.oid = found.owner
    where found.namespace in (
        select n.oid from pg_namespace as n
        where n.nspname in ('bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks',
            'bss_watch')
    )
"""
POLICIES = """
    select p.schemaname || '.' || p.tablename, p.policyname::text, lower(p.cmd),
        array_to_string(array(select r from unnest(p.roles) as r order by r), ', '),
        p.qual, p.with_check, p.permissive
    from pg_policies as p
    where p.schemaname like 'bss%'
"""
UNPROTECTED = """
    select c.oid::regclass::text
    from pg_class as c
    where c.relnamespace = 'bss_metadata'::regnamespace and c.relkind in ('r', 'p')
        and not (c.relrowsecurity and c.relforcerowsecurity)
"""
MEMBERSHIPS = """
    select r.rolname, m.rolname
    from pg_auth_members as a
    join pg_roles as r on r.oid = a.roleid
    join pg_roles as m on m.oid = a.member
    where r.rolname = any (%(roles)s) and m.rolname = any (%(roles)s)
"""
ROLES = [
    "bss_owner", "bss_admin", "bss_app", "bss_tenant", "bss_analytics", "bss_subscriber",
    "bss_monitor",
]  # fmt: skip


def test_privileges_are_those_of_the_table(connection: psycopg.Connection) -> None:
    found = HEAD + "\n" + "\n".join(_lines(connection)) + "\n"
    if os.environ.get("BSS_WRITE"):
        TABLE.write_text(found)
    assert found.splitlines() == TABLE.read_text().splitlines()


def _lines(connection: psycopg.Connection) -> list[str]:
    connection.execute("set search_path = pg_catalog, pg_temp")
    privileges = connection.execute(PRIVILEGES).fetchall()
    lines = []
    for grantee in sorted({row[0] for row in privileges}):
        lines.append(f"{grantee} may")
        rows = sorted(row[1:] for row in privileges if row[0] == grantee)
        lines += [f"    {what} on {kind} {name}" for kind, name, what in rows]
        lines.append("")
    owned = connection.execute(OWNERS).fetchall()
    for owner in sorted({row[0] for row in owned}):
        lines.append(f"{owner} owns")
        lines += [f"    {kind} {name}" for _, kind, name in sorted(owned) if _ == owner]
        lines.append("")
    lines.append("rows are seen by")
    for table, name, command, roles, using, check, permissive in sorted(
        connection.execute(POLICIES).fetchall()
    ):
        assert permissive == "PERMISSIVE"
        what = f"    {table} {name}: {command} to {roles} using {using}"
        lines.append(what + (f" with check {check}" if check else ""))
    return lines


def test_tables_that_tenants_read_are_under_row_level_security(
    connection: psycopg.Connection,
) -> None:
    unprotected = {name for (name,) in connection.execute(UNPROTECTED)}
    assert unprotected == {"bss_metadata.settings"}, "the same for everyone who may read it"


def test_no_role_of_bss_is_a_member_of_another(connection: psycopg.Connection) -> None:
    assert not connection.execute(MEMBERSHIPS, {"roles": ROLES}).fetchall()


def test_roles_have_no_attributes(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        """
        select rolname from pg_roles
        where rolname = any (%s) and not (
            rolsuper or rolcreaterole or rolcreatedb or rolcanlogin or rolreplication
            or rolbypassrls
        )
        """,
        [ROLES],
    ).fetchall()
    assert {name for (name,) in rows} == set(ROLES)
