"""Whatever a fingerprint tells apart, drift shows and repair undoes, or says why it does not."""

from typing import Any

import psycopg
import pytest

from tests.sql.test_fingerprint import CHANGES, DOCUMENT

Connection = psycopg.Connection[Any]

DROPPED = {
    "a name": ["customers.rank"],
    "a table's name": ["clients"],
    "a table more": ["by_hand"],
    "a view": ["by_hand (view)"],
    "a materialized view": ["by_hand (materialized view)"],
    "a partitioned table": ["by_hand"],
    "a sequence": ["sequence tenant_acme.by_hand"],
    "a type more": ["type tenant_acme.by_hand"],
    "a domain": ["type tenant_acme.by_hand"],
    "a function": ["function tenant_acme.lower(text)"],
    "an operator": ["operator tenant_acme.<=>(text,text)"],
}
"""What has to be named, because it may hold data or be in use."""

LEFT = {
    "a type": ("customers.level", "alter table customers alter level type bigint"),
    "a type's modifier": ("customers.name", "alter table customers alter name type text"),
    "an owner": ("customers.postgres", "alter table customers owner to bss_owner"),
    "an heir": ("orders.orders", "alter table elsewhere.heir no inherit orders"),
    "a parent": ("orders.orders", "alter table orders no inherit elsewhere.parent"),
    "an owner of a capture": (
        "orders.capture_insert",
        """
            do $$ begin
                execute (
                    select format('alter function %s owner to bss_owner', tgfoid::regprocedure)
                    from pg_trigger
                    where tgrelid = 'orders'::regclass and tgname = 'capture_insert'
                );
            end $$
        """,
    ),
    "a schema's owner": (
        "privileges on schema tenant_acme.privileges on schema tenant_acme",
        "alter schema tenant_acme owner to bss_owner",
    ),
    "default privileges": (
        "default privileges in schema tenant_acme.default privileges in schema tenant_acme",
        "alter default privileges in schema tenant_acme revoke select on tables from public",
    ),
}
"""What only whoever did it can undo, and how."""

PARTITIONS = {
    "row security": "alter table {p} disable row level security",
    "a policy less": "drop policy tenant_isolation on {p}",
    "a policy more": "create policy by_hand on {p} using (true)",
    "a privilege": "grant select on {p} to bss_app, public",
    "a privilege on a column": "grant select (tenant_id) on {p} to bss_app",
    "an index": "create index by_hand on {p} (created_at)",
    "a check": "alter table {p} add constraint by_hand check (true) not valid",
    "an obligation": "alter table {p} alter note set not null",
    "a trigger": "create trigger by_hand before insert on {p} for each row "
    "execute function suppress_redundant_updates_trigger()",
    "a trigger at rest": "alter table {p} disable trigger set_updated_at",
    "a rule": "create rule by_hand as on insert to {p} do also nothing",
    "no log": "alter table {p} set unlogged",
    "its absence": "drop table {p}",
    "its detachment": "alter table {parent} detach partition {p}; drop table {p}",
}
HASHES = """{"title": "Log", "$defs": {
    "Session": {"type": "object", "properties": {
        "session_id": {"type": "string", "format": "uuid"}, "note": {"type": "string"}},
        "x-bss": {"partitionBy": {"column": "session_id", "strategy": "hash", "partitions": 2}}}
}}"""
RANGES = """{"title": "Log", "$defs": {
    "Visit": {"type": "object", "properties": {
        "visit_id": {"type": "integer"}, "note": {"type": "string"},
        "created_at": {"type": "string", "format": "date-time"}},
        "x-bss": {"primaryKey": ["visit_id", "created_at"],
            "partitionBy": {"column": "created_at", "strategy": "range", "interval": "month"}}}
}}"""

ROWS = """
    insert into tenant_acme.customers (name) values ('Ann'), ('Bob');
    insert into tenant_acme.orders (customer_id, note)
    select customer_id, 'of ' || name from tenant_acme.customers
"""
SNAPSHOT = """
    select bss_internal.snapshot(t) from bss_metadata.tenants as t where t.external_id = 'acme'
"""
A_PARTITION = """
    select c.oid::regclass::text, i.inhparent::regclass::text
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where c.relkind = 'r' and c.relname ~ '[0-9]$'
    order by 1 limit 1
"""


@pytest.fixture
def acme(connection: Connection) -> Connection:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("create schema elsewhere")
    return connection


def drift(connection: Connection) -> list[str]:
    found = connection.execute("select relation || '.' || object from bss.drift('acme')")
    return [place for (place,) in found]


def repair(connection: Connection, *drop: str) -> list[str]:
    left = connection.execute(
        "select relation || '.' || object from bss.repair('acme', %s)", [list(drop)]
    )
    return [place for (place,) in left]


def by_hand(connection: Connection, change: str) -> None:
    connection.execute("set search_path = tenant_acme")
    connection.execute(change)
    connection.execute("reset search_path")


def undoes(connection: Connection, change: str, *drop: str) -> str | None:
    """Say what is wrong about the repair of a change, which is rolled back; None for nothing."""
    before = connection.execute(SNAPSHOT).fetchone()
    with connection.transaction(force_rollback=True):
        by_hand(connection, change)
        if not drift(connection):
            return "is not found"
        if drop and not repair(connection):
            return "is undone without leave"
        try:
            left = repair(connection, *drop)
        except psycopg.Error as error:
            return str(error)
        again = connection.execute(SNAPSHOT).fetchone()
        return str(left) if left else None if again == before else "is not as it was"


def test_repair_undoes_every_change(acme: Connection) -> None:
    faults = {
        what: undoes(acme, change, *DROPPED.get(what, []))
        for what, change in CHANGES.items()
        if what not in LEFT
    }
    assert {what: fault for what, fault in faults.items() if fault is not None} == {}


def test_repair_leaves_what_only_its_maker_can_undo(acme: Connection) -> None:
    for what, (place, remedy) in LEFT.items():
        with acme.transaction(force_rollback=True):
            by_hand(acme, f"{CHANGES[what]}; drop trigger set_updated_at on orders")
            assert repair(acme) == [place], what
            by_hand(acme, remedy)
            repair(acme)
            assert drift(acme) == [], what


def test_repair_keeps_rows(acme: Connection) -> None:
    acme.execute(ROWS)
    kept = "select array_agg(c order by c.name) from tenant_acme.customers as c"
    before = acme.execute(kept).fetchone()
    for what in ("a collation", "a default", "keys at rest", "a table without a log"):
        by_hand(acme, CHANGES[what])
    by_hand(acme, "alter table customers disable row level security, add column by_hand text")
    assert repair(acme) == ["customers.by_hand"]
    assert repair(acme, "customers.by_hand") == []
    assert acme.execute(kept).fetchone() == before


def test_changes_that_are_left_or_dropped_are_changes() -> None:
    assert {*LEFT, *DROPPED} <= CHANGES.keys()


@pytest.mark.parametrize("document", [HASHES, RANGES], ids=["hash", "range"])
def test_repair_undoes_what_was_done_to_a_partition(connection: Connection, document: str) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [document])
    [(partition, parent)] = connection.execute(A_PARTITION).fetchall()
    changes = {
        what: change.format(p=partition, parent=parent) for what, change in PARTITIONS.items()
    }
    faults = {what: undoes(connection, change) for what, change in changes.items()}
    assert {what: fault for what, fault in faults.items() if fault is not None} == {}


def test_repair_makes_a_schema_again_that_is_gone(acme: Connection) -> None:
    acme.execute("drop schema tenant_acme cascade")
    assert "schema tenant_acme (missing).schema tenant_acme (missing)" in drift(acme)
    assert repair(acme) == []
    assert drift(acme) == []


def test_repair_proves_rows_that_came_while_a_key_was_at_rest(acme: Connection) -> None:
    acme.execute(ROWS)
    by_hand(acme, "alter table orders disable trigger all")
    by_hand(acme, "update orders set customer_id = gen_random_uuid() where note = 'of Ann'")
    with pytest.raises(psycopg.Error) as refused:
        repair(acme)
    assert refused.value.sqlstate == "SB402"
    by_hand(acme, "delete from orders where note = 'of Ann'")
    assert repair(acme) == []


@pytest.mark.tampers
def test_repair_proves_rows_that_came_while_a_check_was_another(acme: Connection) -> None:
    acme.execute(ROWS)
    by_hand(acme, CHANGES["a body of a check's function"])
    by_hand(acme, "update orders set tags = '[1, 1]' where note = 'of Ann'")
    with pytest.raises(psycopg.Error) as refused:
        repair(acme)
    assert refused.value.sqlstate == "SB402"


@pytest.mark.tampers
def test_repair_is_refused_where_the_server_refuses_a_step(acme: Connection) -> None:
    by_hand(acme, "create table by_hand (a int); create view elsewhere.v as table by_hand")
    with pytest.raises(psycopg.Error) as refused:
        repair(acme, "by_hand")
    assert refused.value.sqlstate == "SB427"
    assert "by_hand.by_hand" in drift(acme)


def test_repair_drops_a_computed_columns_values_only_by_name(connection: Connection) -> None:
    connection.execute(
        "select bss.provision_tenant('acme', %s)",
        [
            """{"title": "Note", "type": "object", "properties": {
            "note_id": {"type": "integer"}, "a": {"type": "integer"},
            "b": {"type": "integer", "x-bss": {"generated": "$.a + 1"}}}}"""
        ],
    )
    by_hand(connection, "alter table notes alter b drop expression")
    assert repair(connection) == ["notes.b"]
    assert repair(connection, "notes.b") == []
    assert drift(connection) == []
