"""A table has 1,600 column numbers in its life: the doctor warns, and it can be made anew."""

from typing import Any

import psycopg

from bss_loader.checks import database

Connection = psycopg.Connection[Any]

DOCUMENT = """{"title": "Shop", "$defs": {
    "Customer": {"type": "object", "required": ["name"], "properties": {
        "customer_id": {"type": "string", "format": "uuid"},
        "name": {"type": "string", "maxLength": 80, "x-bss": {"unique": true}},
        "level": {"type": "integer", "default": 1, "x-bss": {"index": true}}}},
    "Order": {"type": "object", "properties": {
        "order_id": {"type": "string", "format": "uuid"},
        "customer_id": {"type": "string", "format": "uuid"}}}
}}"""
ANEW = """
    begin;
    set local role bss_owner;
    set local backtrace_functions = 'own_ddl_of_bss';
    create table tenant_acme.anew (
        like tenant_acme.customers including defaults including generated including comments
    );
    insert into tenant_acme.anew select * from tenant_acme.customers;
    drop table tenant_acme.customers cascade;
    alter table tenant_acme.anew rename to customers;
    reset role;
    select * from bss.repair('acme');
    commit
"""


def found(connection: Connection) -> list[tuple[str, str]]:
    return [(item.state, item.finding) for item in database.columns_used(connection)]


def use_up(connection: Connection, times: int) -> None:
    columns = [f"by_hand_{number}" for number in range(400)]
    added = ", ".join(f"add {column} int" for column in columns)
    dropped = ", ".join(f"drop {column}" for column in columns)
    for _ in range(times):
        connection.execute(f"alter table tenant_acme.customers {added}".encode())
        connection.execute(f"alter table tenant_acme.customers {dropped}".encode())


def test_table_that_has_used_up_its_columns_is_made_anew(connection: Connection) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("insert into tenant_acme.customers (name) values ('Ann'), ('Bob')")
    connection.execute(
        "insert into tenant_acme.orders (customer_id) select customer_id from tenant_acme.customers"
    )
    rows = "select array_agg(c order by c.name) from tenant_acme.customers as c"
    before = connection.execute(rows).fetchone()
    use_up(connection, 2)
    assert found(connection) == [("ok", "no table has used 1200 of 1,600 column numbers")]
    use_up(connection, 1)
    [(state, finding)] = found(connection)
    assert state == "warn"
    assert finding.startswith("tenant_acme.customers has used 1206 of 1,600 column numbers, 1200 ")
    assert connection.execute("select * from bss.drift('acme')").fetchall() == []
    connection.execute(ANEW)
    assert connection.execute("select * from bss.drift('acme')").fetchall() == []
    assert found(connection)[0][0] == "ok"
    assert connection.execute(rows).fetchone() == before
    assert connection.execute("select count(*) from tenant_acme.orders").fetchone() == (2,)
    connection.execute(
        "select bss.apply_schema('acme', %s)", [DOCUMENT.replace('"level"', '"rank"')]
    )
