"""What is told of tenants in the same tables: of each its own, under its own name."""

from typing import Any

import pytest

from tests.isolation.attack import Connection, Login, session
from tests.isolation.pool import acting, provision, publish


@pytest.fixture
def tenants(connection: Connection, login: Login) -> Connection:
    """A superuser's connection to a database with two tenants in a pool, who have the same keys."""
    publish(connection)
    with session(login("gateway", ["bss_app"])) as gateway:
        for name in ("acme", "globex"):
            provision(connection, name, "pool")
            with acting(gateway, name):
                gateway.execute("insert into orders (order_id, total) values (1, 1), (2, 2)")
    return connection


def told(tenants: Connection, action: str) -> list[tuple[Any, ...]]:
    return tenants.execute(
        "select tenant, event #> '{data,recordId}' from bss.events where topic = %s "
        "order by tenant, id",
        [f"business_store.data.orders.{action}"],
    ).fetchall()


BOTH = [("acme", 1), ("acme", 2), ("globex", 1), ("globex", 2)]


def test_a_tenants_rows_are_told_under_its_name(tenants: Connection) -> None:
    assert told(tenants, "created") == BOTH


def test_a_superusers_statement_is_told_of_each_tenant(tenants: Connection) -> None:
    tenants.execute("update pool_shop.orders set total = 7")
    assert told(tenants, "updated") == BOTH
    tenants.execute("delete from pool_shop.orders where order_id = 1")
    assert told(tenants, "deleted") == BOTH[::2]
    tenants.execute("truncate pool_shop.orders cascade")
    assert sorted(told(tenants, "deleted")) == BOTH


def test_rows_that_move_or_are_dropped_are_not_told_of(tenants: Connection) -> None:
    tenants.execute("select bss.move_tenant('acme', 'silo')")
    tenants.execute("select bss.move_tenant('acme', 'pool')")
    tenants.execute("select bss.deprovision_tenant('globex', '0')")
    tenants.execute("select bss.drop_tenant('globex', 'globex')")
    assert told(tenants, "created") == BOTH
    assert told(tenants, "updated") == told(tenants, "deleted") == []


def test_an_event_names_the_schema_that_its_tenant_had(tenants: Connection, login: Login) -> None:
    with session(login("gateway", ["bss_app"])) as gateway:
        tenants.execute("select bss.move_tenant('acme', 'silo')")
        with acting(gateway, "acme"):
            gateway.execute("insert into orders (order_id) values (3)")
    found = tenants.execute(
        "select tenant, event #> '{data,recordId}', event ->> 'dataschema' from bss.events "
        "where topic = 'business_store.data.orders.created' order by id"
    )
    assert found.fetchall() == [
        ("acme", 1, None),
        ("acme", 2, None),
        ("globex", 1, "urn:bss:schema:globex:1"),
        ("globex", 2, "urn:bss:schema:globex:1"),
        ("acme", 3, "urn:bss:schema:acme:1"),
    ]


def test_a_tenants_tasks_and_calls_go_with_its_rows(tenants: Connection) -> None:
    with acting(tenants, "acme"):
        tenants.execute("select bss.schedule_task('print')")
    tenants.execute("select bss.set_service('auth', 'http://127.0.0.1:1')")
    tenants.execute("select bss.resolve_tenant('acme')")
    tenants.execute("select bss.move_tenant('acme', 'silo')")
    tenants.execute("select bss.move_tenant('acme', 'pool')")
    count = (
        "select (select count(*) from bss_metadata.tasks), "
        "(select count(*) from bss_metadata.calls)"
    )
    assert tenants.execute(count).fetchone() == (1, 1)
    tenants.execute("select bss.deprovision_tenant('acme', '0')")
    tenants.execute("select bss.drop_tenant('acme', 'acme')")
    assert tenants.execute(count).fetchone() == (0, 0)


def test_a_pool_is_told_of_under_its_own_name(tenants: Connection) -> None:
    found = tenants.execute(
        "select tenant, topic from bss.events where tenant = 'pool:shop' order by id"
    )
    assert found.fetchall() == [
        ("pool:shop", "business_store.pool.made"),
        ("pool:shop", "business_store.schema.updated"),
    ]
