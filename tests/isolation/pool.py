"""What the tests of pools share: a blueprint, tenants that follow it, and what is theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import sql

from tests.isolation.attack import Connection, enter

DOCUMENT = """{
    "$defs": {
        "Region": {
            "type": "object",
            "properties": {"code": {"type": "string"}},
            "x-bss": {"entity": true, "scope": "shared", "primaryKey": "code"}
        },
        "Customer": {
            "type": "object",
            "required": ["email"],
            "properties": {
                "customer_id": {"type": "integer"},
                "email": {"type": "string", "minLength": 3, "x-bss": {"unique": true}},
                "region": {"type": "string", "x-bss": {"references": {"entity": "Region"}}},
                "profile": {"type": "object"},
                "stars": {"type": "integer", "default": 3, "maximum": 5}
            }
        },
        "Order": {
            "type": "object",
            "properties": {
                "order_id": {"type": "integer"},
                "customer_id": {
                    "type": "integer",
                    "x-bss": {"references": {"entity": "Customer", "onDelete": "setNull"}}
                },
                "total": {"type": "number", "minimum": 0}
            }
        },
        "Item": {
            "type": "object",
            "properties": {
                "order_id": {
                    "type": "integer",
                    "x-bss": {"references": {"entity": "Order", "onDelete": "cascade"}}
                },
                "line": {"type": "integer"},
                "part_of": {"type": "integer"},
                "price": {"type": "number"},
                "count": {"type": "integer"}
            },
            "required": ["order_id", "line"],
            "x-bss": {
                "entity": true,
                "primaryKey": ["order_id", "line"],
                "references": [{"entity": "Item", "columns": ["order_id", "part_of"]}]
            }
        },
        "Note": {
            "type": "object",
            "properties": {
                "note_id": {"type": "integer"},
                "slug": {"type": "string", "x-bss": {"unique": true}},
                "order_id": {"type": "integer"}
            },
            "x-bss": {"softDelete": true}
        }
    }
}"""
TABLES = ("customers", "items", "notes", "orders")


def publish(superuser: Connection, document: str = DOCUMENT) -> None:
    superuser.execute("select bss.publish_blueprint('shop', %s)", [document])
    # whoever else uses the machine is not to decide about a test
    superuser.execute("""select bss.set_setting('move.hold_time', '"5 min"')""")


def provision(superuser: Connection, name: str, isolation: str) -> None:
    superuser.execute(
        "select bss.provision_tenant(%s, blueprint => 'shop', isolation => %s)", [name, isolation]
    )


@contextmanager
def acting(connection: Connection, tenant: str) -> Iterator[None]:
    """A transaction of a gateway in which it acts for a tenant."""
    with connection.transaction():
        enter(connection, tenant)
        yield


def fill(gateway: Connection, tenant: str, orders: int = 3) -> None:
    """Give a tenant rows that refer to each other, with its name in them."""
    with acting(gateway, tenant):
        gateway.execute(
            "insert into customers (customer_id, email, profile) "
            "select n, n || '@' || %s, jsonb_build_object('of', %s::text) "
            "from generate_series(1, 3) as n",
            [tenant, tenant],
        )
        gateway.execute(
            "insert into orders (order_id, customer_id, total) "
            "select n, 1 + n %% 3, n / 4.0 from generate_series(1, %s) as n",
            [orders],
        )
        gateway.execute(
            "insert into items (order_id, line, part_of, price, count) "
            "select order_id, line, nullif(line, 1) - 1, 0.10, line "
            "from orders, generate_series(1, 2) as line"
        )
        gateway.execute("insert into notes (note_id, slug) values (1, 'a'), (2, 'b')")
        gateway.execute("delete from notes where note_id = 2")


def rows(superuser: Connection, tenant: str) -> dict[str, list[Any]]:
    """All rows of a tenant, wherever they are."""
    found = superuser.execute(
        "select schema_name, id from bss.tenants where external_id = %s", [tenant]
    ).fetchone()
    assert found is not None
    schema, identity = found
    query = sql.SQL("select t.* from {} as t where tenant_id = %s order by t")
    return {
        name: superuser.execute(query.format(sql.Identifier(schema, name)), [identity]).fetchall()
        for name in TABLES
    }
