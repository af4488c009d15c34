"""A stamp differs wherever a fingerprint does, and where it does not, none has to be taken."""

import json
from typing import Any

import psycopg
import pytest

from tests.sql.test_fingerprint import CHANGES, DOCUMENT

Connection = psycopg.Connection[Any]

OF_FUNCTIONS = {
    "a body of a check's function", "an attribute of a check's function",
    "a privilege on a check's function",
}  # fmt: skip
STAMP = "select bss_internal.stamps(t) from bss_metadata.tenants as t where t.external_id = 'acme'"
NEXT = "select outcome from bss.migrate_next(%s)"
KEPT = "select count(*) from bss_internal.catalog_stamps"
V1 = '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'
V2 = (
    '{"title": "Customer", "type": "object",'
    ' "properties": {"name": {"type": "string"}, "email": {"type": "string"}}}'
)
# what a superuser's event trigger might do to a table while a proven plan is carried out
MEDDLER = """
    create function public.meddle() returns event_trigger language plpgsql as $$
    begin
        if exists (
            select from pg_event_trigger_ddl_commands() as c
            where c.object_identity = 'tenant_globex.customers'
        ) then
            grant truncate on tenant_globex.customers to bss_app;
        end if;
    end
    $$;
    create event trigger meddler on ddl_command_end when tag in ('ALTER TABLE')
    execute function public.meddle();
"""


MEDDLING = {
    "a privilege": "grant truncate on tenant_globex.customers to bss_app",
    "a column that was there":
        "alter table tenant_globex.customers alter column name set not null",
    "a comment": "comment on column tenant_globex.customers.name is 'by hand'",
    "a column": "alter table tenant_globex.customers add column by_hand text",
    "a constraint": "alter table tenant_globex.customers add check (name <> '')",
    "an index": "create index by_hand on tenant_globex.customers (name)",
    "a trigger": "alter table tenant_globex.customers disable trigger set_updated_at",
    "a policy": "create policy by_hand on tenant_globex.customers using (true)",
    "a relation": "create view tenant_globex.by_hand as select 1 as one",
}  # fmt: skip
# what somebody may have done to a tenant before columns are added to its customers
BY_HAND = {
    **MEDDLING,
    "a column of that name": "alter table tenant_globex.customers add column email text",
    "a table that is renamed": "alter table tenant_globex.customers rename to clients",
    "another table": "alter table tenant_globex.orders alter column number set default 'none'",
    "another table's privilege": "grant truncate on tenant_globex.orders to bss_app",
    "a column of another table": "alter table tenant_globex.orders add column by_hand text",
    "the schema": "create sequence tenant_globex.by_hand",
}  # fmt: skip
ONCE = "current_setting('public.meddled', true) is distinct from 'yes' and exists"


def value(connection: Connection, query: Any) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_stamp_differs_where_a_fingerprint_does(connection: Connection) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("create schema elsewhere; set search_path = tenant_acme")
    before, missed = value(connection, STAMP), []
    for what, change in CHANGES.items():
        if what not in OF_FUNCTIONS:
            with connection.transaction(force_rollback=True):
                connection.execute(change)
                if value(connection, STAMP) == before:
                    missed.append(what)
    assert not missed
    assert value(connection, STAMP) == before


@pytest.fixture
def acme(connection: Connection) -> Connection:
    """A connection to a database with a tenant that has a stamp."""
    connection.execute("select bss.provision_tenant('acme', %s)", [V1])
    connection.execute("select bss.apply_schema('acme', %s)", [V2])
    return connection


def test_stamp_is_kept_by_what_changes_no_definition(acme: Connection) -> None:
    before = value(acme, STAMP)
    acme.execute("insert into tenant_acme.customers (name) values ('Acme')")
    acme.execute("vacuum analyze tenant_acme.customers")
    assert value(acme, STAMP) == before
    acme.execute("vacuum full tenant_acme.customers")
    assert value(acme, STAMP) != before
    assert value(acme, "select bss.apply_schema('acme', bss.schema('acme', 1))") == 3


def test_stamp_does_not_hide_drift(acme: Connection) -> None:
    assert value(acme, KEPT) == 1
    acme.execute("alter table tenant_acme.customers add column by_hand text")
    with pytest.raises(psycopg.Error) as caught:
        acme.execute("select bss.apply_schema('acme', bss.schema('acme', 1))")
    assert caught.value.sqlstate == "SB401"


def test_stamp_is_not_kept_where_checks_call_functions(connection: Connection) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [V1])
    connection.execute("select bss.apply_schema('acme', %s)", [V2])
    assert value(connection, KEPT) == 1
    connection.execute("select bss.apply_schema('acme', %s)", [DOCUMENT])
    assert value(connection, KEPT) == 0


@pytest.mark.parametrize("what", MEDDLING)
def test_proven_plan_is_proven_again_where_it_changes_tables(acme: Connection, what: str) -> None:
    acme.execute("select bss.provision_tenant('globex', %s)", [V1])
    acme.execute(
        MEDDLER.replace("if exists", f"if {ONCE}").replace(
            "grant truncate on tenant_globex.customers to bss_app",
            f"perform set_config('public.meddled', 'yes', true); {MEDDLING[what]}",
        )
    )
    with pytest.raises(psycopg.Error) as caught:
        acme.execute("select bss.apply_schema('globex', %s)", [V2])
    assert caught.value.sqlstate == "SB401"


def test_proven_plan_prints_only_what_it_adds(acme: Connection) -> None:
    acme.execute("select bss.provision_tenant('globex', %s)", [V1])
    with acme.transaction():
        acme.execute("select bss.apply_schema('globex', %s)", [V2])
        assert value(
            acme,
            """
            select bool_or(p.part = bss_internal.added_fingerprint(t, array[c.oid]))
            from bss_metadata.tenants as t, pg_class as c, bss_internal.plans as p
            where t.external_id = 'globex' and c.oid = 'tenant_globex.customers'::regclass
            """,
        )


def test_proven_plan_is_proven_again_in_partitions(connection: Connection) -> None:
    first = """{"title": "Log", "type": "object", "properties": {
            "log_id": {"type": "string", "format": "uuid"}, "level": {"type": "integer"}},
        "x-bss": {"partitionBy": {"column": "log_id", "strategy": "hash", "partitions": 2}}}"""
    second = first.replace('"integer"}', '"integer"}, "note": {"type": "string"}')
    for tenant in ("acme", "globex"):
        connection.execute("select bss.provision_tenant(%s, %s)", [tenant, first])
    connection.execute("select bss.apply_schema('acme', %s)", [second])
    connection.execute(
        MEDDLER.replace("grant truncate on tenant_globex.customers", "grant truncate on {}")
        .replace("tenant_globex.customers", "tenant_globex.logs")
        .replace("{}", partition(connection))
    )
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("select bss.apply_schema('globex', %s)", [second])
    assert caught.value.sqlstate == "SB401"


def partition(connection: Connection) -> str:
    return str(
        value(
            connection,
            """
            select h.inhrelid::regclass from pg_inherits as h
            where h.inhparent = 'tenant_globex.logs'::regclass order by 1 limit 1
            """,
        )
    )


def shop(*fields: str) -> str:
    """Gives a model of customers that have some fields, and of orders."""
    key = {"type": "string", "format": "uuid"}
    members = {name: {"type": "string"} for name in fields}
    return json.dumps(
        {
            "title": "Shop",
            "$defs": {
                "Customer": {"type": "object", "properties": {"customer_id": key, **members}},
                "Order": {
                    "type": "object",
                    "properties": {"order_id": key, "number": {"type": "string"}},
                },
            },
        }
    )


def migrate(connection: Connection) -> dict[str, tuple[str, str | None]]:
    """Migrates all who follow; gives the state and the SQLSTATE of each."""
    number = value(connection, "select bss.start_fleet_migration('shop', error_budget => 100)")
    outcome = None
    while outcome != "finished":
        [outcome] = connection.execute(NEXT, [number]).fetchone() or [None]
    return {
        tenant: (state, code)
        for tenant, state, code in connection.execute(
            "select tenant, state, sqlstate from bss.fleet_tenants where fleet_migration = %s",
            [number],
        )
    }


@pytest.mark.tampers
@pytest.mark.parametrize("has_stamps", [True, False], ids=["with stamps", "without stamps"])
def test_fleet_that_adds_columns_holds_back_who_has_drifted(
    connection: Connection, *, has_stamps: bool
) -> None:
    tenants = {f"tenant-{number}": what for number, what in enumerate(BY_HAND)}
    connection.execute("select bss.publish_blueprint('shop', %s)", [shop("name")])
    for tenant in ("acme", *tenants):
        connection.execute("select bss.provision_tenant(%s, blueprint => 'shop')", [tenant])
    connection.execute("select bss.publish_blueprint('shop', %s)", [shop("name", "phone")])
    assert set(migrate(connection).values()) == {("migrated", None)}
    assert value(connection, KEPT) == len(tenants) + 1
    if not has_stamps:
        connection.execute("delete from bss_internal.catalog_stamps")
    for tenant, what in tenants.items():
        schema = "tenant_" + tenant.replace("-", "_")
        connection.execute(BY_HAND[what].replace("tenant_globex", schema))
    connection.execute("select bss.publish_blueprint('shop', %s)", [shop("name", "phone", "email")])
    states = migrate(connection)
    assert states.pop("acme") == ("migrated", None)
    assert [tenants[name] for name in states if states[name] != ("drifted", "SB401")] == []
    assert value(connection, "select count(*) from bss.tenants where schema_version = 3") == 1


def test_fleet_asks_the_compiler_nothing(connection: Connection) -> None:
    """What was compiled when the document was published says what the tables should become."""
    connection.execute("select bss.publish_blueprint('shop', %s)", [shop("name")])
    connection.execute("select bss.provision_tenant('acme', blueprint => 'shop')")
    connection.execute("select bss.publish_blueprint('shop', %s)", [shop("name", "phone")])
    with connection.transaction(force_rollback=True):
        connection.execute("""
            create or replace function bss_internal.call_compiler(verb text, request text)
            returns text language plpgsql as $$ begin raise 'asked to %', verb; end $$
        """)
        assert migrate(connection) == {"acme": ("migrated", None)}
