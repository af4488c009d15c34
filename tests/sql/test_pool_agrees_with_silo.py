"""Statements of an application in a silo and in a pool: the same rows, the same refusals."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest

from tests.isolation.attack import Connection, Login, session
from tests.isolation.pool import TABLES, acting, fill, provision, publish, rows

STATEMENTS: tuple[LiteralString, ...] = (
    "select * from customers order by customer_id",
    "select email, total from customers join orders using (customer_id) order by order_id",
    "insert into customers (customer_id, email) values (4, 'four') returning stars",
    "insert into customers (customer_id, email) values (4, 'another')",
    "insert into customers (customer_id, email) values (5, 'four')",
    "insert into customers (customer_id, email) values (5, 'x')",
    "insert into customers (customer_id, email, stars) values (5, 'five', 6)",
    "insert into customers (customer_id) values (5)",
    "insert into customers (customer_id, email, region) values (5, 'five', 'EU')",
    "insert into customers (customer_id, email, region) values (5, 'five', 'XX')",
    "insert into customers (customer_id, email) values (4, 'upsert') on conflict do nothing",
    "insert into customers as c (customer_id, email) values (9, 'four') "
    "on conflict on constraint customers_email_key do update set stars = 1 returning c.*",
    "insert into customers as c (customer_id, email) values (4, 'fore') "
    "on conflict on constraint customers_pkey do update set email = excluded.email returning c.*",
    "update customers set profile = profile || '{\"a\": 1.50}' returning profile",
    "update customers set customer_id = 11 where customer_id = 1",
    "update orders set customer_id = 99",
    "update orders set total = -1",
    "delete from customers where customer_id = 2 returning email",
    "select order_id, customer_id from orders order by order_id",
    "insert into items (order_id, line, part_of) values (1, 3, 9)",
    "insert into items (order_id, line) values (77, 1)",
    "delete from orders where order_id = 2",
    "select order_id, line, part_of, price, count from items order by order_id, line",
    "insert into notes (note_id, slug) values (3, 'b'), (4, 'b')",
    "insert into notes (note_id, slug) values (3, 'b')",
    "delete from notes where slug = 'b' returning note_id",
    "select note_id, slug, is_archived from notes order by note_id",
    "merge into customers as c using (values (4), (6)) as v (n) on c.customer_id = v.n "
    "when matched then update set stars = 2 "
    "when not matched then insert (customer_id, email) values (v.n, 'merged')",
    "select tablename from pg_tables where schemaname = any (current_schemas(false)) order by 1",
)


@pytest.fixture
def gateway(connection: Connection, login: Login) -> Iterator[Connection]:
    publish(connection)
    for isolation in ("silo", "pool"):
        provision(connection, isolation, isolation)
        provision(connection, f"beside-{isolation}", isolation)
    connection.execute("insert into bss_shared.regions (code) values ('EU')")
    with session(login("gateway", ["bss_app"])) as gateway:
        for name in ("silo", "pool", "beside-silo", "beside-pool"):
            fill(gateway, name)
        yield gateway


def outcome(gateway: Connection, tenant: str, statement: LiteralString) -> list[Any]:
    """What a statement gives, or with what it is refused and how that is explained."""
    try:
        with acting(gateway, tenant):
            done = gateway.execute(statement)
            given = done.fetchall() if done.description else []
            columns = [column.name for column in done.description or ()]
            return [
                done.rowcount,
                [
                    {
                        name: str(value).replace(tenant, "the tenant")
                        for name, value in zip(columns, row, strict=True)
                        if name not in ("tenant_id", "created_at", "updated_at", "archived_at")
                    }
                    for row in given
                ],
            ]
    except psycopg.Error as error:
        with acting(gateway, tenant):
            explained = gateway.execute(
                "select * from bss.explain_violation(%s, %s, %s)",
                [error.diag.constraint_name, error.diag.table_name, error.diag.column_name],
            ).fetchall()
        return [error.sqlstate, error.diag.constraint_name, error.diag.column_name, explained]


def test_statements_do_the_same_in_a_silo_and_in_a_pool(
    connection: Connection, gateway: Connection
) -> None:
    refused = set()
    for statement in STATEMENTS:
        silo, pool = (outcome(gateway, name, statement) for name in ("silo", "pool"))
        assert silo == pool, statement
        refused |= {silo[0]} if isinstance(silo[0], str) else set()
    assert refused == {"23502", "23503", "23505", "23514"}
    beside = [rows(connection, f"beside-{isolation}") for isolation in ("silo", "pool")]
    assert {name: len(found) for name, found in beside[0].items()} == {
        name: len(found) for name, found in beside[1].items()
    }
    assert set(beside[0]) == set(TABLES)


def test_record_is_judged_the_same_in_a_silo_and_in_a_pool(
    connection: Connection, gateway: Connection
) -> None:
    records = (
        '{"customer_id": 1, "email": "x", "stars": 9}',
        '{"email": null, "region": "XX"}',
        '{"customer_id": 7, "email": "seven"}',
    )
    judge = "select * from bss.validate(%s, 'Customer', %s)"
    for record in records:
        for judging in (connection, gateway):
            found = []
            for name in ("silo", "pool"):
                with judging.transaction():
                    if judging is gateway:
                        judging.execute("select bss.use_tenant(%s)", [name])
                    found.append(judging.execute(judge, [name, record]).fetchall())
            assert found[0] == found[1]
