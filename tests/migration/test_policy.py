"""Tables of an earlier version, whose policy compares each row with the context."""

import json
from typing import Any

from psycopg import sql

from tests.migration.conftest import Connection, Shop
from tests.migration.online import Json, shop

OF_ROW = "(tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))"
EARLIER = {"name": "tenant_isolation", "command": "ALL", "roles": [], "using": OF_ROW}
DATED = {"taken_on": {"type": "string", "format": "date"}}
PARTED: Json = {
    "primaryKey": ["item_id", "taken_on"],
    "partitionBy": {"column": "taken_on", "strategy": "range", "interval": "year"},
}
POLICIES = """
    select c.relname, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)
    from pg_class as c
    join pg_policy as p on p.polrelid = c.oid and p.polname = 'tenant_isolation'
    where c.relnamespace = 'tenant_shop'::regnamespace
"""
STEPS = "select kind, relation, lock, hazards from bss.plan_schema('shop', %s)"


def make_earlier(connection: Connection) -> None:
    """Give the tables of the tenant, and the model that it has of them, the earlier policy."""
    connection.execute("set role bss_owner")
    for table, _, _ in connection.execute(POLICIES).fetchall():
        connection.execute(
            sql.SQL("alter policy tenant_isolation on {} using ({}) with check ({})").format(
                sql.Identifier("tenant_shop", table), sql.SQL(OF_ROW), sql.SQL(OF_ROW)
            )
        )
    connection.execute("reset role")
    ((model,),) = connection.execute("select model from bss_metadata.tenant_schemas").fetchall()
    for table in model["tables"]:
        table["policies"][2] = {**EARLIER, "check": OF_ROW}
    connection.execute(
        """
        update bss_metadata.tenant_schemas as s
        set model = %s, fingerprint = bss_internal.fingerprint(t)
        from bss_metadata.tenants as t where t.id = s.tenant_id
        """,
        [json.dumps(model)],
    )
    connection.execute("delete from bss_internal.catalog_stamps")


def found(connection: Connection) -> dict[str, list[Any]]:
    return {
        "lint": connection.execute("select * from bss.lint()").fetchall(),
        "drift": connection.execute("select * from bss.drift('shop')").fetchall(),
    }


def test_policy_of_an_earlier_version_is_altered_with_those_of_partitions(
    online: Connection,
) -> None:
    clean: dict[str, list[Any]] = {"lint": [], "drift": []}
    document = shop(DATED, **PARTED)
    tenant = Shop(online)
    online.execute("select bss.provision_tenant('shop', %s)", [json.dumps(document)])
    today = online.execute(POLICIES).fetchall()
    make_earlier(online)
    assert {row[1:] for row in online.execute(POLICIES)} == {(OF_ROW, OF_ROW)}
    assert found(online) == clean
    lock = "ACCESS EXCLUSIVE"
    assert sorted(online.execute(STEPS, [json.dumps(document)])) == [
        ("alter_policy", "items", lock, []),
        ("alter_policy", "owners", lock, []),
        ("copy_policies", "items", lock, []),
    ]
    tenant.apply(document)
    assert sorted(online.execute(POLICIES)) == sorted(today)
    assert len(today) > 1
    assert found(online) == clean
    assert online.execute(STEPS, [json.dumps(document)]).fetchall() == []
