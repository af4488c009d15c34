"""What is recorded of tenants is seen by whom it is about: one row more is a leak."""

from typing import LiteralString

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.isolation.attack import Connection, Login, enter, session

RELATIONS: dict[str, LiteralString] = {
    "bss.tenants": "select external_id from bss.tenants",
    "bss_metadata.tenants": "select external_id from bss_metadata.tenants",
    "bss.schema_versions": "select tenant from bss.schema_versions",
    "bss_metadata.tenant_schemas": "select tenant_id::text from bss_metadata.tenant_schemas",
    "bss_metadata.schema_migrations": "select tenant_id::text from bss_metadata.schema_migrations",
    "bss.pending_steps": "select tenant from bss.pending_steps",
    "bss_metadata.pending_steps": "select tenant_id::text from bss_metadata.pending_steps",
    "bss.quarantined_values": "select tenant from bss.quarantined_values",
    "bss_metadata.quarantined_values": "select tenant_id::text"
    " from bss_metadata.quarantined_values",
    "bss.audit_log": "select coalesce(tenant, 'installation') from bss.audit_log",
    "bss_metadata.tenant_audit_log": "select coalesce(tenant_id::text, 'installation')"
    " from bss_metadata.tenant_audit_log",
    "bss.tasks": "select tenant from bss.tasks",
    "bss_metadata.tasks": "select tenant_id::text from bss_metadata.tasks",
    "bss.events": "select tenant from bss.events",
    "bss.debezium_outbox": "select tenantid from bss.debezium_outbox",
    "bss_metadata.outbox": "select tenant_id::text from bss_metadata.outbox",
    "bss.logins": "select coalesce(tenant, 'by token') from bss.logins",
    "bss_metadata.logins": "select coalesce(tenant_id::text, 'by token') from bss_metadata.logins",
    "bss_internal.token_keys": "select key_id from bss_internal.token_keys",
}
"""What there is to read, and of whom each row is."""

LATER: LiteralString = """
    with step as (
        insert into bss_metadata.pending_steps (
            tenant_id, version, position, kind, relation, object, mode, lock, statement, undo,
            state, rows_estimated
        )
        select t.id, 1, 1, 'validate', 'notes', 'c', 'transaction', '', '', '[]', 'waiting', 3
        from bss_metadata.tenants as t
        returning tenant_id
    ),
    task as (
        insert into bss_metadata.tasks (tenant_id, name, payload, due_at)
        select t.id, 'mail', '{}', now() from bss_metadata.tenants as t
    )
    insert into bss_metadata.quarantined_values (
        tenant_id, relation, column_name, row_key, value, reason
    )
    select s.tenant_id, 'notes', 'body', '{}', '"x"', 'no number' from step as s
"""
"""What migrations of large tables leave of each tenant, and what it has to do."""

OF_TENANTS = set(RELATIONS) - {"bss.logins", "bss_metadata.logins", "bss_internal.token_keys"}
_COUNTED = ("tenants", "tenant_schemas", "pending_steps", "outbox")
GROUPS = {
    "a login of acme": "bss_tenant",
    "a login that is not bound": "bss_tenant",
    "a gateway in acme": "bss_app",
    "a gateway": "bss_app",
    "an operator": "bss_admin",
    "an analyst": "bss_analytics",
    "monitoring": "bss_monitor",
    "a subscriber": "bss_subscriber",
    "nobody": None,
}


def seen(principal: str, relation: str) -> set[str] | None:
    """Whose rows a principal should see; None where it may not read at all."""
    logins = {"bss.logins", "bss_metadata.logins"}
    about = {"acme", "globex"} if relation not in logins else {"acme", "by token"}
    if "audit_log" in relation:
        about.add("installation")
    match principal:
        case "a login of acme" | "a gateway in acme":
            return {"acme"} if relation in OF_TENANTS else None
        case "a login that is not bound" | "a gateway":
            return set() if relation in OF_TENANTS else None
        case "an operator" if "quarantined" in relation:
            return set()
        case "an operator":
            return about if relation in OF_TENANTS | logins else None
        case "an analyst":
            return about if relation in OF_TENANTS else None
        case "monitoring":
            counted = {"bss.tenants"}
            counted |= {f"bss_metadata.{n}" for n in _COUNTED}
            return about if relation in counted else None
        case _:
            return None


@pytest.mark.parametrize("principal", GROUPS)
def test_principal_sees_the_records_that_are_its_own(
    tenants: Connection, login: Login, principal: str
) -> None:
    group = GROUPS[principal]
    dsn = login("somebody", [group] if group else [])
    acmes, gateway = login("acme's", ["bss_tenant"]), login("gateway", ["bss_app"])
    bound = dsn if principal == "a login of acme" else acmes
    tenants.execute("select bss.bind_login(%s, 'acme')", [conninfo_to_dict(bound)["user"]])
    tenants.execute("select bss.require_token(%s)", [conninfo_to_dict(gateway)["user"]])
    tenants.execute("select bss.add_token_key('k')")
    tenants.execute(LATER)
    names = dict(tenants.execute("select id::text, external_id from bss.tenants").fetchall())
    with session(dsn) as connection, connection.transaction():
        if principal == "a gateway in acme":
            enter(connection, "acme")
        for relation, query in RELATIONS.items():
            found = _read(connection, query)
            named = None if found is None else {names.get(owner, owner) for owner in found}
            assert named == seen(principal, relation), relation


def _read(connection: Connection, query: LiteralString) -> set[str] | None:
    try:
        with connection.transaction():
            return {owner for (owner,) in connection.execute(query)}
    except psycopg.errors.InsufficientPrivilege:
        return None


def test_nothing_that_tenants_may_read_is_left_out(connection: Connection) -> None:
    found = connection.execute("""
        select c.oid::regclass::text from pg_class as c
        where c.relnamespace in ('bss'::regnamespace, 'bss_metadata'::regnamespace)
            and c.relkind in ('r', 'p', 'v')
            and (has_table_privilege('bss_tenant', c.oid, 'select')
                or has_table_privilege('bss_app', c.oid, 'select'))
    """)
    of_everyone = {
        f"{schema}.{name}"
        for schema in ("bss", "bss_metadata")
        for name in ("registered_documents", "shared_tables")
    }
    assert {name for (name,) in found} - of_everyone == OF_TENANTS
