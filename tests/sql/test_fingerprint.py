"""The fingerprint tells apart whatever a snapshot does, and knows nothing that is a tenant's."""

from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]

DOCUMENT = """{"title": "Shop", "$defs": {
    "Customer": {"type": "object", "required": ["name"], "properties": {
        "customer_id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "maxLength": 80, "description": "Her name.",
            "x-bss": {"unique": true}},
        "level": {"type": "integer", "default": 1, "x-bss": {"index": true}}}},
    "Order": {"type": "object", "properties": {
        "order_id": {"type": "string", "format": "uuid"},
        "customer_id": {"type": "string", "format": "uuid"}, "note": {"type": "string"},
        "tags": {"type": "array", "uniqueItems": true}}}
}}"""
PARTITIONED = """{"title": "Log", "$defs": {
    "Session": {"type": "object",
        "properties": {"session_id": {"type": "string", "format": "uuid"}},
        "x-bss": {"partitionBy": {"column": "session_id", "strategy": "hash", "partitions": 2}}},
    "Visit": {"type": "object", "properties": {
        "visit_id": {"type": "integer"}, "session_id": {"type": "string", "format": "uuid"}}}
}}"""
BOTH = """
    select bss_internal.fingerprint(t), bss_internal.snapshot(t)
    from bss_metadata.tenants as t where t.external_id = %s
"""
CHECK = "orders_tenant_id_check"
REFERENCE = "orders_customer_id_fkey"
FUNCTION = """
    do $$ begin
        execute format(
            '{}', (
                select oid::regproc from pg_proc
                where pronamespace = 'bss_checks'::regnamespace and proname ~ '^v_'
            )
        );
    end $$
"""
CAPTURE = """
    do $$ begin
        execute format(
            '{}', (select tgfoid::regproc from pg_trigger where tgrelid = 'orders'::regclass
                and tgname = 'capture_insert')
        );
    end $$
"""
CHANGES = {
    "a name": "alter table customers rename column level to rank",
    "a table's name": "alter table customers rename to clients",
    "a type": "alter table customers alter column level type integer",
    "a type's modifier": "alter table customers alter column name type varchar(80)",
    "a collation": 'alter table customers alter column name type text collate "C"',
    "an obligation": "alter table customers alter column name drop not null",
    "a default": "alter table customers alter column level set default 2",
    "no default": "alter table customers alter column level drop default",
    "another's default": "alter table customers alter column tenant_id set default "
    "'00000000-0000-4000-8000-000000000000'",
    "an identity": "alter table customers alter column level drop default, alter column level set "
    "not null, alter column level add generated always as identity",
    "a generated column": "alter table orders drop column note, "
    "add column note text generated always as ('a') stored",
    "a column's comment": "comment on column customers.name is 'His name.'",
    "a comment that moved": "comment on column customers.name is null; "
    "comment on column customers.level is 'Her name.'",
    "a table's comment": "comment on table customers is 'People.'",
    "a privilege": "grant truncate on customers to bss_app",
    "a privilege to hand on": "grant select on customers to bss_app with grant option",
    "a privilege on a column": "grant update (name) on customers to bss_analytics",
    "a privilege less": "revoke delete on customers from bss_app",
    "an owner": "alter table customers owner to postgres",
    "row security": "alter table customers disable row level security",
    "row security of the owner": "alter table customers no force row level security",
    "a policy's condition": "alter policy tenant_isolation on customers using (true)",
    "a policy's check": "alter policy tenant_isolation on customers with check (true)",
    "another's policy": "alter policy tenant_isolation on customers using ((select nullif("
    "bss.current_tenant_id() = '00000000-0000-4000-8000-000000000000', false)) is not null)",
    "another's rows in a policy": "alter policy tenant_isolation on customers with check ("
    "tenant_id = '00000000-0000-4000-8000-000000000000')",
    "a policy for each row": "alter policy tenant_isolation on customers using ("
    "tenant_id = (select bss.current_tenant_id()))",
    "a policy's roles": "alter policy tenant_isolation on customers to bss_app",
    "a policy's command": "drop policy analytics_read on customers; "
    "create policy analytics_read on customers to bss_analytics using (true)",
    "a policy's kind": "drop policy analytics_read on customers; create policy analytics_read "
    "on customers as restrictive for select to bss_analytics using (true)",
    "a check": f"alter table orders drop constraint {CHECK}, "
    f"add constraint {CHECK} check (tenant_id is not null)",
    "another's check": f"alter table orders drop constraint {CHECK}, add constraint {CHECK} "
    "check (tenant_id = '00000000-0000-4000-8000-000000000000')",
    "a check not validated": "update pg_constraint set convalidated = false "
    "where conrelid = 'orders'::regclass and contype = 'c'",
    "a check not inherited": "alter table orders add check (note <> '') no inherit",
    "a reference's action": f"alter table orders drop constraint {REFERENCE}, add constraint "
    f"{REFERENCE} foreign key (customer_id) references customers on delete set null",
    "a reference's other action": f"alter table orders drop constraint {REFERENCE}, add constraint "
    f"{REFERENCE} foreign key (customer_id) references customers on update cascade",
    "a reference's match": f"alter table orders drop constraint {REFERENCE}, add constraint "
    f"{REFERENCE} foreign key (customer_id) references customers match full",
    "a reference's time": f"alter table orders alter constraint {REFERENCE} deferrable",
    "a reference's place": "create table elsewhere.customers (customer_id uuid primary key); "
    f"alter table orders drop constraint {REFERENCE}, add constraint {REFERENCE} "
    "foreign key (customer_id) references elsewhere.customers",
    "a reference to a shared table": "create table bss_shared.customers (customer_id uuid primary "
    f"key); alter table orders drop constraint {REFERENCE}, add constraint {REFERENCE} "
    "foreign key (customer_id) references bss_shared.customers",
    "a key that includes": "alter table customers drop constraint customers_name_key, "
    "add constraint customers_name_key unique (name) include (level)",
    "a key of nulls": "alter table customers drop constraint customers_name_key, "
    "add constraint customers_name_key unique nulls not distinct (name)",
    "an exclusion": "alter table orders add exclude using btree (note with =)",
    "an index": "create index by_hand on orders (note)",
    "an index's method": "drop index customers_level_idx; "
    "create index customers_level_idx on customers using hash (level)",
    "an index's order": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (level desc)",
    "an index's nulls": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (level nulls first)",
    "an index's column": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (name)",
    "an index's operators": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (name text_pattern_ops)",
    "an index's options": "alter index customers_level_idx set (fillfactor = 50)",
    "an index's second column": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (level) include (name)",
    "an index's rows": "drop index customers_level_idx; "
    "create index customers_level_idx on customers (level) where level > 1",
    "an index's uniqueness": "drop index customers_level_idx; "
    "create unique index customers_level_idx on customers (level)",
    "an index's validity": "update pg_index set indisvalid = false "
    "where indexrelid = 'customers_level_idx'::regclass",
    "a body of a check's function": FUNCTION.format(
        "create or replace function %s(v jsonb) returns boolean immutable strict parallel safe "
        "language plpgsql as ''begin return true; end''"
    ),
    "an attribute of a check's function": FUNCTION.format("alter function %s volatile"),
    "a privilege on a check's function": FUNCTION.format("grant execute on function %s to public"),
    "a trigger less": "drop trigger set_updated_at on orders",
    "a trigger's time": "create or replace trigger set_updated_at after update on orders "
    "for each row execute function bss_internal.set_updated_at()",
    "a trigger's events": "create or replace trigger set_updated_at before insert or update "
    "on orders for each row execute function bss_internal.set_updated_at()",
    "a trigger's level": "create or replace trigger set_updated_at before update on orders "
    "for each statement execute function bss_internal.set_updated_at()",
    "a trigger's columns": "create or replace trigger set_updated_at before update of note "
    "on orders for each row execute function bss_internal.set_updated_at()",
    "a trigger's condition": "create or replace trigger set_updated_at before update on orders "
    "for each row when (new.note = '') execute function bss_internal.set_updated_at()",
    "a trigger's function": "create or replace trigger set_updated_at before update on orders "
    "for each row execute function suppress_redundant_updates_trigger()",
    "a trigger's arguments": "create or replace trigger set_updated_at before update on orders "
    "for each row execute function bss_internal.set_updated_at('a')",
    "rows that a trigger sees": CAPTURE.format(
        "create or replace trigger capture_insert after insert on orders "
        "referencing new table as others for each statement execute function %s()"
    ),
    "a body of a capture": CAPTURE.format(
        "create or replace function %s() returns trigger volatile security definer "
        "language plpgsql as ''begin return null; end''"
    ),
    "an attribute of a capture": CAPTURE.format("alter function %s() security invoker"),
    "an owner of a capture": CAPTURE.format("alter function %s() owner to postgres"),
    "a trigger at rest": "alter table orders disable trigger set_updated_at",
    "keys at rest": "alter table orders disable trigger all",
    "a rule": "create rule by_hand as on insert to orders do also nothing",
    "an heir": "create table elsewhere.heir () inherits (orders)",
    "a parent": "create table elsewhere.parent (note text); "
    "alter table orders inherit elsewhere.parent",
    "a table without a log": "alter table orders set unlogged",
    "a table more": "create table by_hand (a integer)",
    "a table less": "drop table orders",
    "a view": "create view by_hand as select 1 as a",
    "a materialized view": "create materialized view by_hand as select 1 as a",
    "a partitioned table": "create table by_hand (a integer) partition by list (a)",
    "a sequence": "create sequence by_hand",
    "a type more": "create type by_hand as (a text)",
    "a domain": "create domain by_hand as text",
    "a function": "create function lower(text) returns text language sql return $1",
    "an operator": "create operator <=> (function = texteq, leftarg = text, rightarg = text)",
    "a schema's owner": "alter schema tenant_acme owner to postgres",
    "a schema's privilege": "grant usage on schema tenant_acme to public",
    "a schema's privilege less": "revoke usage on schema tenant_acme from bss_app",
    "default privileges": "alter default privileges in schema tenant_acme "
    "grant select on tables to public",
}


@pytest.fixture
def acme(connection: Connection) -> Connection:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("create schema elsewhere; set search_path = tenant_acme")
    return connection


def both(connection: Connection, tenant: str) -> tuple[str, Any]:
    found = connection.execute(BOTH, [tenant]).fetchone()
    assert found is not None
    fingerprint, snapshot = found
    return fingerprint, snapshot


def test_fingerprint_differs_where_a_snapshot_does(acme: Connection) -> None:
    fingerprint, snapshot = both(acme, "acme")
    missed = []
    for what, change in CHANGES.items():
        with acme.transaction(force_rollback=True):
            acme.execute(change)
            changed, shown = both(acme, "acme")
            assert shown != snapshot, f"a snapshot does not show {what}"
            if changed == fingerprint:
                missed.append(what)
    assert not missed
    assert both(acme, "acme") == (fingerprint, snapshot)


@pytest.mark.parametrize("document", [DOCUMENT, PARTITIONED], ids=["plain", "partitioned"])
def test_fingerprint_is_the_same_for_every_tenant_with_the_same_tables(
    connection: Connection, document: str
) -> None:
    found = []
    for name in ("a", "0.a_b-c", "x" * 48):
        connection.execute("select bss.provision_tenant(%s, %s)", [name, document])
        found.append(both(connection, name))
    assert found == found[:1] * 3


def test_fingerprint_does_not_depend_on_the_order_in_which_tables_were_made(
    acme: Connection,
) -> None:
    one = DOCUMENT.replace('"note"', '"remark"')
    two = DOCUMENT.replace("Order", "Bill").replace("order_id", "bill_id")
    acme.execute("select bss.provision_tenant('one', %s)", [one])
    acme.execute("select bss.provision_tenant('two', %s)", [two])
    for name in ("one", "two"):
        acme.execute("select bss.apply_schema(%s, %s)", [name, DOCUMENT])
    acme.execute("drop table tenant_two.bills; alter table tenant_one.orders drop column remark")
    assert both(acme, "two") == both(acme, "acme")
    assert both(acme, "one") == both(acme, "acme")


@pytest.mark.parametrize("setting", ["quote_all_identifiers = on", "search_path = tenant_acme"])
def test_fingerprint_does_not_depend_on_settings(acme: Connection, setting: str) -> None:
    acme.execute("reset search_path")
    before = both(acme, "acme")
    acme.execute(f"set {setting}")
    assert both(acme, "acme") == before
