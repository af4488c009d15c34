"""Pools: tenants in the same tables, of whom none meets another."""

from collections.abc import Iterator
from typing import LiteralString

import pytest
from psycopg import sql

from tests.isolation.attack import Connection, Login, refused, session
from tests.isolation.pool import TABLES, acting, fill, provision, publish, rows

READS: tuple[LiteralString, ...] = (
    "select email from pool_shop.customers",
    "select * from pool_shop.customers where ctid = '(0,1)'",
    "select pg_typeof(c) from pool_shop.customers as c where c.email like '%globex%'",
    "table pool_shop.orders",
    "select i from pool_shop.items as i left join pool_shop.customers on true",
    "copy pool_shop.customers to stdout",
    "select most_common_vals from pg_stats where schemaname = 'pool_shop'",
    "update pool_shop.customers set stars = 1 returning email",
    "delete from pool_shop.orders returning *",
    "with gone as (delete from pool_shop.items returning *) select * from gone",
)


@pytest.fixture
def tenants(connection: Connection, login: Login) -> Iterator[Connection]:
    """A superuser's connection to a database with two tenants in a pool, which stay as they are."""
    publish(connection)
    for name in ("acme", "globex"):
        provision(connection, name, "pool")
    with session(login("gateway", ["bss_app"])) as gateway:
        for name in ("acme", "globex"):
            fill(gateway, name)
    connection.execute("analyze")
    before = rows(connection, "globex")
    yield connection
    assert rows(connection, "globex") == before


@pytest.fixture
def gateway(tenants: Connection, login: Login) -> Iterator[Connection]:
    assert tenants
    with session(login("gateway", ["bss_app"])) as connection:
        yield connection


@pytest.fixture
def direct(tenants: Connection, login: Login) -> Iterator[Connection]:
    """A session of a login that is bound to one of the tenants."""
    dsn = login("acme", ["bss_tenant"])
    with session(dsn) as connection:
        tenants.execute("select bss.bind_login(%s, 'acme')", [connection.info.user])
        yield connection


def output(connection: Connection, attack: LiteralString) -> str:
    if attack.startswith("copy"):
        with connection.cursor().copy(attack) as copy:
            return b"".join(copy).decode()
    return str(connection.execute(attack).fetchall())


@pytest.mark.parametrize("attack", READS)
def test_gateway_reads_and_writes_rows_of_the_tenant_it_has_entered(
    gateway: Connection, attack: LiteralString
) -> None:
    with acting(gateway, "acme"):
        assert "globex" not in output(gateway, attack)


@pytest.mark.parametrize("attack", READS)
def test_bound_login_reads_and_writes_rows_of_its_tenant(
    direct: Connection, attack: LiteralString
) -> None:
    assert "globex" not in output(direct, attack)


def test_bound_login_enters_the_pool_and_no_other_schema(direct: Connection) -> None:
    found = direct.execute(
        "select nspname from pg_namespace "
        "where nspname ~ '^(tenant|pool)_' and has_schema_privilege(oid, 'usage')"
    ).fetchall()
    assert found == [("pool_shop",)]


def test_gateway_that_has_entered_no_tenant_sees_no_row(gateway: Connection) -> None:
    for name in TABLES:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier("pool_shop", name))
        assert gateway.execute(query).fetchone() == (0,)


@pytest.mark.parametrize(
    "attack",
    [
        "truncate pool_shop.customers cascade",
        "alter table pool_shop.customers disable trigger hold_place",
        "drop policy tenant_isolation on pool_shop.customers",
        "create table pool_shop.mine (a integer)",
        "set session_replication_role = replica",
        "select bss_internal.silence(true)",
        "select bss.move_tenant('globex', 'silo')",
        "select bss.drop_pool('shop')",
    ],
)
def test_nobody_but_operators_does_more_than_rows(
    gateway: Connection, attack: LiteralString
) -> None:
    with acting(gateway, "acme"):
        assert refused(gateway, attack) == "42501"


@pytest.mark.parametrize(
    "attack",
    [
        "insert into customers (tenant_id, customer_id, email) values (%s, 9, 'nine')",
        "update customers set tenant_id = %s",
        "merge into customers using (values (%s::uuid)) as v (other) on false "
        "when not matched then insert (tenant_id, customer_id, email) values (other, 9, 'nine')",
    ],
)
def test_row_cannot_be_given_to_another_tenant(
    tenants: Connection, gateway: Connection, attack: LiteralString
) -> None:
    [(other,)] = tenants.execute("select id from bss.tenants where external_id = 'globex'")
    with acting(gateway, "acme"):
        assert refused(gateway, attack, other) == "42501"


def test_keys_of_another_tenant_cannot_be_probed(gateway: Connection) -> None:
    with acting(gateway, "acme"):
        # both are taken by the other tenant: as its key, and as what is unique
        gateway.execute("delete from customers")
        gateway.execute("insert into customers (customer_id, email) values (1, '1@globex')")
        done = gateway.execute(
            "insert into customers (customer_id, email) values (2, '2@globex') "
            "on conflict do nothing returning customer_id"
        )
        assert done.fetchall() == [(2,)]


def test_rows_of_another_tenant_cannot_be_referred_to(gateway: Connection) -> None:
    with acting(gateway, "acme"):
        gateway.execute("delete from customers where customer_id = 3")
        codes = {
            refused(gateway, "insert into orders (order_id, customer_id) values (9, %s)", number)
            # there is one at the other tenant, and one nowhere
            for number in (3, 99)
        }
        assert codes == {"23503"}


def test_tenant_of_a_silo_cannot_write_to_the_pool(
    tenants: Connection, gateway: Connection
) -> None:
    provision(tenants, "initech", "silo")
    with acting(gateway, "initech"):
        insert = "insert into pool_shop.customers (customer_id, email) values (1, 'one')"
        assert refused(gateway, insert) == "SB652"


def test_analytics_reads_the_rows_of_all_tenants_and_writes_none(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("analyst", ["bss_analytics"])) as analyst:
        count = "select count(distinct tenant_id) from pool_shop.customers"
        assert analyst.execute(count).fetchone() == (2,)
        assert refused(analyst, "delete from pool_shop.customers") == "42501"


def test_operator_enters_a_tenant_of_a_pool(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("operator", ["bss_admin"])) as operator, operator.transaction():
        operator.execute("select bss.as_operator('ticket 1')")
        operator.execute("select bss.use_tenant('acme')")
        found = operator.execute("select distinct profile ->> 'of' from customers").fetchall()
        assert found == [("acme",)]


def test_login_leads_to_where_its_tenant_is_moved(tenants: Connection, direct: Connection) -> None:
    direct.execute("set search_path = tenant_acme, pool_shop")
    found = (
        "select relnamespace::regnamespace::text from pg_class where oid = 'customers'::regclass"
    )
    for isolation, schema in (("silo", "tenant_acme"), ("pool", "pool_shop")):
        tenants.execute("select bss.move_tenant('acme', %s)", [isolation])
        assert direct.execute("select count(*) from customers").fetchone() == (3,)
        assert direct.execute(found).fetchone() == (schema,)
    assert tenants.execute("select * from bss.drift('pool:shop')").fetchall() == []
