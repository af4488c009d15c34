"""From a database to findings: its encoding, what everyone may do in it, and the roles of BSS."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg

from bss_loader.checks.finding import Finding, verdict

ROLES = (
    *("bss_owner", "bss_admin", "bss_app", "bss_tenant"),
    *("bss_analytics", "bss_subscriber", "bss_monitor"),
)
ROLE_POWERS: LiteralString = """
    select
        r.rolname,
        array_remove(array[
            case when r.rolsuper then 'superuser' end,
            case when r.rolcanlogin then 'login' end,
            case when r.rolcreaterole then 'createrole' end,
            case when r.rolcreatedb then 'createdb' end,
            case when r.rolreplication then 'replication' end,
            case when r.rolbypassrls then 'bypassrls' end
        ], null),
        array(
            select f.rolname::text
            from pg_roles as f
            where f.rolname in (
                    'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program'
                )
                and not r.rolsuper -- a superuser is a member of everything
                and pg_has_role(r.oid, f.oid, 'member')
        )
    from pg_roles as r
    where r.rolname = any (%s)
    order by r.rolname
"""
OWNER_MAY_CREATE: LiteralString = """
    select has_database_privilege(r.oid, d.oid, 'CREATE'), quote_ident(d.datname)
    from pg_roles as r, pg_database as d
    where r.rolname = 'bss_owner' and d.datname = current_database()
"""
COLUMNS_WARNED = 1200
COLUMNS_USED: LiteralString = """
    select
        format('%%I.%%I', t.schema_name, c.relname),
        c.relnatts::int,
        (
            select count(*) from pg_attribute as a
            where a.attrelid = c.oid and a.attnum > 0 and a.attisdropped
        )
    from bss_metadata.tenants as t
    join pg_namespace as n on n.nspname = t.schema_name
    join pg_class as c on c.relnamespace = n.oid and c.relkind in ('r', 'p')
    where c.relnatts >= %s and not c.relispartition and t.status <> 'DELETED'
        and t.isolation <> 'pool'
    order by c.relnatts desc, 1
    limit 10
"""
INSTALLATION: LiteralString = """
    select
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'bss_internal' and c.relname = 'installation'
"""


def encoding(connection: psycopg.Connection) -> Iterator[Finding]:
    found = connection.info.parameter_status("server_encoding") or ""
    yield verdict(
        "encoding",
        found == "UTF8",
        found,
        f"{found}: JSON is UTF-8",
        f"createdb --encoding=UTF8 --template=template0 {connection.info.dbname}_utf8",
    )


def roles(connection: psycopg.Connection) -> Iterator[Finding]:
    """Report every power that a group of BSS must not have, and groups that a restore forgot."""
    rows = connection.execute(ROLE_POWERS, [list(ROLES)]).fetchall()
    faults = [fault for role, *powers in rows for fault in _faults(role, *powers)]
    absent = sorted(set(ROLES) - {role for role, *_ in rows})
    yield from faults
    if not faults:
        yield verdict(
            "roles",
            not (absent and is_installed(connection)),
            f"{len(rows)} of {len(ROLES)}, none with an attribute",
            f"missing: {', '.join(absent)}",
            "pg_dumpall --roles-only, on the cluster that the database came from",
        )


def owner_may_create(connection: psycopg.Connection) -> Iterator[Finding]:
    """Look for the grant that a dump without --create leaves behind."""
    if not is_installed(connection):
        return
    for may, database in connection.execute(OWNER_MAY_CREATE):
        yield verdict(
            "CREATE on the database",
            may,
            "granted to bss_owner",
            "not granted to bss_owner: it cannot make a tenant's schema",
            f"grant create on database {database} to bss_owner;",
        )


def columns_used(connection: psycopg.Connection) -> Iterator[Finding]:
    """Look for tables near the 1,600 columns that one can ever have, dropped ones included."""
    if not is_installed(connection) or not may_read_tenants(connection):
        return
    found = connection.execute(COLUMNS_USED, [COLUMNS_WARNED]).fetchall()
    for table, used, dropped in found:
        yield Finding(
            check="columns of tables",
            state="warn",
            finding=f"{table} has used {used} of 1,600 column numbers, {dropped} for columns that "
            "were dropped: make it anew, as how-to/find_and_repair_drift.md shows",
        )
    if not found:
        yield Finding(
            check="columns of tables",
            state="ok",
            finding=f"no table has used {COLUMNS_WARNED} of 1,600 column numbers",
        )


def may_read_tenants(connection: psycopg.Connection) -> bool:
    """Tell whether the caller sees the register of tenants."""
    return connection.execute(
        "select has_schema_privilege('bss_metadata', 'usage') "
        "and has_table_privilege('bss_metadata.tenants', 'select')"
    ).fetchone() == (True,)


def is_installed(connection: psycopg.Connection) -> bool:
    """Tell whether BSS is there, also to a caller who may not look into its schemas."""
    return bool(connection.execute(INSTALLATION).rowcount)


def _faults(role: str, attributes: list[str], file_roles: list[str]) -> Iterator[Finding]:
    for attribute in attributes:
        yield Finding(
            check=f"role {role}",
            state="fail",
            finding=f"has the attribute {attribute}",
            remedy=f"alter role {role} no{attribute};",
        )
    for group in file_roles:
        yield Finding(
            check=f"role {role}",
            state="fail",
            finding=f"is a member of {group}",
            remedy=f"revoke {group} from {role};",
        )
