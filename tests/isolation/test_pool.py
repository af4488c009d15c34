"""Pools: tenants in the same tables, of whom none meets another; the catalogue has more."""

from collections.abc import Iterator
from typing import LiteralString

import pytest
from psycopg import sql

from tests.isolation.attack import Connection, Login, enter, refused, session
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


GIFTS: tuple[LiteralString, ...] = (
    "insert into customers (tenant_id, customer_id, email) values (%s, 9, 'nine')",
    "update customers set tenant_id = %s",
    "merge into customers using (values (%s::uuid)) as v (other) on false "
    "when not matched then insert (tenant_id, customer_id, email) values (other, 9, 'nine')",
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


def test_a_tenant_reads_and_writes_its_own_rows(gateway: Connection, direct: Connection) -> None:
    for attack in READS:
        with gateway.transaction(force_rollback=True):
            enter(gateway, "acme")
            assert "globex" not in output(gateway, attack)
        with direct.transaction(force_rollback=True):
            assert "globex" not in output(direct, attack)


def test_row_cannot_be_given_to_another_tenant(tenants: Connection, gateway: Connection) -> None:
    [(other,)] = tenants.execute("select id from bss.tenants where external_id = 'globex'")
    with acting(gateway, "acme"):
        for attack in GIFTS:
            assert refused(gateway, attack, other) == "42501"


def test_login_enters_a_pool_and_no_other_schema(
    tenants: Connection, gateway: Connection, direct: Connection
) -> None:
    assert tenants
    for name in TABLES:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier("pool_shop", name))
        # it has entered no tenant
        assert gateway.execute(query).fetchone() == (0,)
    found = direct.execute(
        "select nspname from pg_namespace "
        "where nspname ~ '^(tenant|pool)_' and has_schema_privilege(oid, 'usage')"
    ).fetchall()
    assert found == [("pool_shop",)]


def test_analytics_and_operators_have_the_same_rights_in_a_pool(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("analyst", ["bss_analytics"])) as analyst:
        count = "select count(distinct tenant_id) from pool_shop.customers"
        assert analyst.execute(count).fetchone() == (2,)
        assert refused(analyst, "delete from pool_shop.customers") == "42501"
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
