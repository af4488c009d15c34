"""From a database with BSS to one without it, and to a cluster without the roles only BSS used."""

from shlex import quote
from typing import Annotated, LiteralString

import psycopg
import typer
from psycopg import sql

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError
from bss_loader.guard import LOCK_KEY, OWN_DDL
from bss_loader.installation import require_installation

SCHEMAS = (
    "bss",
    "bss_metadata",
    "bss_internal",
    "bss_shared",
    "bss_checks",
    "bss_capture",
    "bss_watch",
)
ROLES = (
    "bss_admin",
    "bss_app",
    "bss_tenant",
    "bss_analytics",
    "bss_subscriber",
    "bss_monitor",
    "bss_owner",
)

# Tenants whose rows are there or whose schema is: a DELETED tenant may still have its tables.
_TENANTS: LiteralString = """
    select t.external_id,
        case when s.is_there then t.schema_name end
    from bss_metadata.tenants as t
    cross join lateral (
        -- that of a pool is the pool's
        select t.isolation <> 'pool'
            and exists (select from pg_namespace as n where n.nspname = t.schema_name) as is_there
    ) as s
    where t.status <> 'DELETED' or s.is_there
    order by t.external_id
"""

# Their rows are nobody's, so that there may be some without a tenant.
_SHARED_TABLES: LiteralString = """
    select c.relname
    from pg_class as c
    where c.relnamespace = 'bss_shared'::regnamespace and c.relkind in ('r', 'p')
        and not c.relispartition
    order by c.relname
"""

# How a role is used: `free` by grants and default privileges here, which DROP OWNED takes away;
# `elsewhere` by another database or by members that are not ours; `bound` by what DROP OWNED would
# destroy without being asked: objects and policies here, grants on other databases.
_USES: LiteralString = """
    select case
        when d.dbid not in (0, this.oid) then 'elsewhere'
        when d.deptype = 'a' and d.dbid = this.oid then 'free'
        when d.deptype = 'a' and (d.classid, d.objid) = ('pg_database'::regclass, this.oid)
            then 'free'
        when d.deptype = 'a' and d.classid = 'pg_parameter_acl'::regclass then 'free'
        when d.deptype = 'o' and d.classid = 'pg_default_acl'::regclass then 'free'
        else 'bound'
    end
    from pg_shdepend as d
    join pg_database as this on this.datname = current_database()
    where d.refclassid = 'pg_authid'::regclass and d.refobjid = %(role)s::regrole
    union
    select 'elsewhere'
    from pg_auth_members as m
    where m.roleid = %(role)s::regrole and m.member::regrole::text <> all (%(roles)s)
"""


def uninstall(
    dsn: Dsn = "",
    drop_tenants_of: Annotated[
        str,
        typer.Option(
            metavar="DATABASE",
            help="Drop the tenants and their data too; names the database, to be sure.",
            show_default=False,
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Remove BSS from a database. Extensions stay; so do roles that something else uses."""
    with connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        with connection.transaction():
            require_installation(connection)
            remaining = remove(connection, drop_tenants_of=drop_tenants_of)
        database = connection.info.dbname
    if as_json:
        console.result_json(
            {"outcome": "uninstalled", "database": database, "remaining_roles": remaining}
        )
        return
    console.result(f'uninstalled from database "{database}"')
    if remaining:
        console.result(f"roles that are still used and remain: {', '.join(remaining)}")


def remove(connection: psycopg.Connection, *, drop_tenants_of: str = "") -> tuple[str, ...]:
    """Drop everything inside the caller's transaction; the roles that have to remain."""
    connection.execute("set local search_path = pg_catalog, pg_temp")
    connection.execute("set local lock_timeout = '10s'")
    connection.execute("select set_config('backtrace_functions', %s, true)", (OWN_DDL,))
    connection.execute("select pg_advisory_xact_lock(%s)", (LOCK_KEY,))
    # nobody provisions a tenant between the question and the answer
    connection.execute("lock table bss_metadata.tenants in access exclusive mode")
    tenants = connection.execute(_TENANTS).fetchall()
    shared = connection.execute(_SHARED_TABLES).fetchall()
    if drop_tenants_of != connection.info.dbname:
        for what, names in (("tenants", tenants), ("shared tables", shared)):
            if names:
                raise _exist(what, [row[0] for row in names], connection.info.dbname)
    _drop_schemas(connection, [*(schema for _, schema in tenants if schema), *SCHEMAS])
    return _drop_roles(connection)


def _exist(what: str, names: list[str], database: str) -> LoaderError:
    shown = ", ".join(f'"{name}"' for name in names[:10])
    more = f" and {len(names) - 10} more" if len(names) > 10 else ""
    return LoaderError(
        Exit.STATE,
        f'database "{database}" has {what}',
        f"{what.capitalize()}: {shown}{more}.",
        f"To drop them and all their data, give --drop-tenants-of {quote(database)}.",
        "SB904",
    )


def _drop_schemas(connection: psycopg.Connection, schemas: list[str]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(schema) for schema in schemas)
    try:
        connection.execute(sql.SQL("drop schema if exists {} cascade").format(names))
    except psycopg.errors.OutOfMemory as error:
        refused = LoaderError.from_database(error)
        refused.hint = (
            "Every dropped table needs a lock until the end: raise max_locks_per_transaction, or "
            "drop tenants first with bss.deprovision_tenant()."
        )
        raise refused from error


def _drop_roles(connection: psycopg.Connection) -> tuple[str, ...]:
    """Drop all roles, or keep all: BSS in another database needs those as well that own nothing."""
    roles = [role for role in ROLES if _exists(connection, role)]
    uses = {role: _uses(connection, role) for role in roles}
    for role in roles:
        if "bound" not in uses[role]:
            connection.execute(sql.SQL("drop owned by {}").format(sql.Identifier(role)))
    if not all(found <= {"free"} for found in uses.values()):
        return tuple(roles)
    for role in roles:
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
    return ()


def _exists(connection: psycopg.Connection, role: str) -> bool:
    return connection.execute("select to_regrole(%s) is null", (role,)).fetchone() == (False,)


def _uses(connection: psycopg.Connection, role: str) -> set[str]:
    found = connection.execute(_USES, {"role": role, "roles": list(ROLES)})
    return {use for (use,) in found}
