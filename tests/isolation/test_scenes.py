"""Attacks that take more than a client's statements; the numbers are those of the catalogue."""

import json
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bss_loader.install import install_into
from tests.isolation.attack import DOCUMENT, Connection, Login, refused, session
from tests.isolation.canary import VICTIM, WORDS, Kind, found
from tests.isolation.home import HOMES, POOL, Home


@pytest.mark.parametrize("schema", ["bss", "bss_metadata", "bss_internal", "bss_watch"])
def test_b5_a_schema_that_somebody_made_before_is_not_taken_over(
    bare_dsn: str, schema: str
) -> None:
    with session(bare_dsn) as superuser:
        superuser.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    with pytest.raises(Exception, match=f'schema "{schema}" already exists'):
        install_into(bare_dsn)


def test_b5_a_schema_that_a_tenant_would_be_given_is_not_taken_over(
    connection: Connection,
) -> None:
    connection.execute("create schema tenant_acme")
    connection.execute("select bss.provision_tenant('acme')")
    owned = connection.execute("""
        select t.schema_name <> 'tenant_acme', n.nspowner = 'bss_owner'::regrole
        from bss.tenants as t join pg_namespace as n on n.nspname = t.schema_name
    """)
    assert owned.fetchall() == [(True, True)]


def test_c9_a_binding_that_is_taken_back_counts_for_no_prepared_statement(
    tenants: Connection, login: Login
) -> None:
    dsn = login("acme's", ["bss_tenant"])
    name = conninfo_to_dict(dsn)["user"]
    tenants.execute("select bss.bind_login(%s, 'acme')", [name])
    with session(dsn) as client:
        client.execute("set plan_cache_mode = force_generic_plan")
        client.execute("prepare look as select count(*) from tenant_acme.notes")
        assert client.execute("execute look").fetchone() == (3,)
        tenants.execute("update bss_metadata.logins set is_open = false")
        assert client.execute("execute look").fetchone() == (0,)
        tenants.execute("select bss.unbind_login(%s)", [name])
        assert refused(client, "execute look") == "42501"


def test_f12_an_advisory_lock_of_a_tenant_holds_nobody_up(
    tenants: Connection, login: Login
) -> None:
    document = DOCUMENT.replace("body", "text")
    tenants.execute("begin")
    tenants.execute("select bss.apply_schema('acme', %s)", [document])
    key = tenants.execute("select key from bss_internal.plans order by kept_at desc").fetchone()
    tenants.execute("rollback")
    with session(login("gateway", ["bss_app"])) as gateway:
        gateway.execute("select pg_advisory_lock(hashtextextended(%s, 0))", key)
        with tenants.transaction(force_rollback=True):
            tenants.execute("set local lock_timeout = '1s'; set local statement_timeout = '10s'")
            applied = tenants.execute("select bss.apply_schema('acme', %s)", [document])
            assert applied.fetchone() == (2,)


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_m12_of_a_tenant_that_is_dropped_the_records_of_it_are_left(dsn: str, home: Home) -> None:
    """No value is, wherever it was; its documents and what was done to it are kept on record."""
    with session(dsn) as superuser:
        home.make_tenants(superuser)
        quarantine = sql.SQL("""
            insert into bss_metadata.quarantined_values
            select t.id, 'notes', 'body', '{{}}', to_jsonb({}::text), '', now()
            from bss.tenants as t where t.external_id = {}
        """)
        value = f"canary_value_of_{VICTIM}"
        superuser.execute(quarantine.format(value, VICTIM))
        kept = _kinds_by_table(superuser)
        assert kept["bss_metadata.quarantined_values"] == {Kind.VALUE}
        superuser.execute("select bss.deprovision_tenant(%s, '0')", [VICTIM])
        superuser.execute("select bss.drop_tenant(%s, %s)", [VICTIM, VICTIM])
        assert _kinds_by_table(superuser) == {
            "bss_metadata.tenants": {Kind.NAME},
            "bss_metadata.tenant_audit_log": {Kind.AUDIT},
            **{name: kept[name] for name in OF_DOCUMENTS if home is not POOL},
            # until they are dropped as all events are, when their time is over
            "bss_internal.outbox_default": {Kind.AUDIT},
        }


OF_DOCUMENTS = ("bss_metadata.tenant_schemas", "bss_internal.plans")
"""What is kept of documents, which in a pool are nobody's own."""


def _kinds_by_table(superuser: psycopg.Connection[Any]) -> dict[str, frozenset[Kind]]:
    """Say what every table of the database, the catalog among them, has of the victim.

    Left out is what the planner keeps of tables that stay: it is read by superusers alone, and
    stays until they are analyzed with other rows.
    """
    tables = superuser.execute("""
        select n.nspname, c.relname
        from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname <> 'information_schema' and c.relname <> 'pg_statistic'
    """).fetchall()
    kinds = {}
    for schema, name in tables:
        rows = superuser.execute(
            sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, name))
        ).fetchall()
        kinds[f"{schema}.{name}"] = found(json.dumps(rows)) & frozenset(WORDS)
    return {name: found for name, found in kinds.items() if found}
