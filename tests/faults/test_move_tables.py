"""A tenant that is moved with tables of every kind goes on working where it is then."""

import json
from typing import Any, LiteralString

from psycopg import sql

from tests.isolation.attack import Connection, Login, session
from tests.isolation.pool import acting

TEXT, INTEGER, DATE = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date"}
MONEY = "https://example.com/money"


def entity(key: str, properties: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key: INTEGER, **properties},
        "required": [key],
        "x-bss": {"entity": True, "primaryKey": key, **options},
    }


def parted(key: str, column: str, kind: dict[str, Any], strategy: str, **how: Any) -> Any:
    by = {"column": column, "strategy": strategy, **how}
    return entity(key, {column: kind, "body": TEXT}, primaryKey=[key, column], partitionBy=by)


DOCUMENT = {
    "$defs": {
        "Department": entity("department_id", {"head": {"$ref": "#/$defs/Employee"}}),
        "Employee": entity(
            "employee_id",
            {
                "department_id": INTEGER,
                "mentor": {"$ref": "#/$defs/Employee"},
                "salary": {"$ref": MONEY},
            },
        ),
        "Reading": parted("reading_id", "taken_on", DATE, "range", interval="month"),
        "Region": parted("region_id", "code", {**TEXT, "enum": ["north", "It's 100%"]}, "list"),
        "Visit": parted("visit_id", "visitor", TEXT, "hash", partitions=3),
        "Article": entity(
            "article_id",
            {
                "body": {**TEXT, "x-bss": {"column": "100% body"}},
                "low": {**TEXT, "x-bss": {"generated": {"lower": "$.body"}}},
                "tags": {"type": "array", "items": TEXT},
                "ratio": {"type": "number", "x-bss": {"type": "double precision"}},
            },
            table="100% of Ä",
            search={"properties": {"body": "A"}},
            embedding={"source": ["body"], "dimensions": 3, "index": "none"},
        ),
    }
}
ROWS: tuple[LiteralString, ...] = (
    "insert into departments (department_id) values (1), (2)",
    "insert into employees (employee_id, department_id, mentor_id, salary) "
    """values (1, 1, 2, '{"amount": 1.50}'), (2, 2, 1, null)""",
    "update departments set head_id = 3 - department_id",
    "insert into readings (reading_id, taken_on, body) "
    "select n, current_date + n * 20, n::text from generate_series(-9, 9) as n",
    "insert into regions (region_id, code) values (1, 'north'), (2, 'It''s 100%')",
    "insert into visits (visit_id, visitor) select n, n::text from generate_series(1, 20) as n",
    'insert into "100% of Ä" (article_id, "100% body", tags, ratio, embedding) '
    """values (1, 'Of CATS', '["a"]', 0.1, '[1,2,3]'), (2, null, null, 'nan', null)""",
)
MORE: tuple[LiteralString, ...] = (
    "insert into readings (reading_id, taken_on) values (100, '1999-01-01')",
    "update regions set code = 'north' where region_id = 2",
    "update visits set visitor = visitor || 'x' where visit_id < 5",
    "delete from visits where visit_id = 7",
    """update "100% of Ä" set "100% body" = 'DOGS', embedding = '[3,2,1]' """
    "where article_id = 2",
    "insert into employees (employee_id, department_id, mentor_id) values (3, 1, 3)",
)
FINDS: tuple[LiteralString, ...] = (
    """select article_id from "100% of Ä" where search @@ to_tsquery('simple', 'dogs')""",
    """select article_id from "100% of Ä" where low = 'dogs'""",
    """select article_id from "100% of Ä" order by embedding <-> '[3,2,0]' limit 1""",
)


def rows(superuser: Connection, schema: str, tenant: str) -> dict[str, list[str]]:
    tables = superuser.execute("select relation from bss_internal.tables_in(%s)", [schema])
    query = sql.SQL(
        "select array_agg(t::text order by t::text) from {} as t "
        "join bss.tenants as o on o.id = t.tenant_id where o.external_id = {}"
    )
    found = {}
    for (name,) in tables:
        of_table = query.format(sql.Identifier(schema, name), tenant)
        [(found[name],)] = superuser.execute(of_table).fetchall()
    return found


def test_tables_of_every_kind_move_with_their_rows(connection: Connection, login: Login) -> None:
    money = '{"type": "object", "properties": {"amount": {"type": "number"}}}'
    connection.execute("select bss.register_document(%s, %s)", [MONEY, money])
    connection.execute("select bss.publish_blueprint('all', %s)", [json.dumps(DOCUMENT)])
    connection.execute("""select bss.set_setting('move.hold_time', '"5 min"')""")
    for name in ("acme", "globex"):
        connection.execute(
            "select bss.provision_tenant(%s, blueprint => 'all', isolation => 'pool')", [name]
        )
    with session(login("gateway", ["bss_app"])) as gateway:
        for name in ("acme", "globex"):
            with acting(gateway, name):
                for statement in ROWS:
                    gateway.execute(statement)
        beside = rows(connection, "pool_all", "globex")
        moves = (("pool_all", "silo", "tenant_acme"), ("tenant_acme", "pool", "pool_all"))
        for source, isolation, target in moves:
            before = rows(connection, source, "acme")
            connection.execute("select bss.move_tenant('acme', %s)", [isolation])
            assert rows(connection, target, "acme") == before
            assert len(before) == 6
            assert all(before.values())
            with acting(gateway, "acme"):
                for statement in MORE:
                    gateway.execute(statement)
                assert [gateway.execute(find).fetchall() for find in FINDS] == [[(2,)]] * 3
                gateway.execute("delete from readings where reading_id = 100")
                gateway.execute("delete from employees where employee_id = 3")
            assert connection.execute("select * from bss.drift_all()").fetchall() == []
        assert rows(connection, "pool_all", "globex") == beside
