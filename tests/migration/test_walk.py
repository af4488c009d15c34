"""Random walks: edits of a model one after the other, on tables that have rows.

After each edit the catalog is that of the model, no row is gone, and no value is another one: a
column that is there by another name has what it had, and one that was kept has it too. The long
form is `BSS_WALKS=300 pytest tests/migration/test_walk.py`.
"""

import json
import os
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql.executors import NoopExecutor

from tests.conftest import Server, copy_privileges, database

WALKS = int(os.environ.get("BSS_WALKS", "6"))
EDITS = 10
REFUSED = ("SB301", "SB302", "SB305", "SB402", "SB405")
"""An edit may be refused, with its reason, and then nothing has changed."""

Json = dict[str, Any]

KINDS: tuple[Json, ...] = (
    {"type": "string"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "object"},
    {"type": "string", "format": "date-time"},
)


class Walk:
    """A document on its way, with all that it has called things."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  a walk that can be walked again
        self.names = 0
        self.document: Json = {"$defs": {}}
        for _ in range(3):
            self.add_entity()

    def name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    @property
    def entities(self) -> dict[str, Json]:
        entities: dict[str, Json] = self.document["$defs"]
        return entities

    def entity(self) -> tuple[str, Json]:
        return self.random.choice(sorted(self.entities.items()))

    def property(self) -> tuple[Json, str] | None:
        """Give an entity, and a property of it that may be changed at will."""
        _, schema = self.entity()
        free = [name for name in schema["properties"] if name.startswith("p")]
        return (schema, self.random.choice(free)) if free else None

    def add_entity(self) -> None:
        name = self.name("Thing")
        self.entities[name] = {
            "type": "object",
            "properties": {"id": {"type": "string", "format": "uuid"}},
            "x-bss": {},
        }
        for _ in range(3):
            self.add_property(self.entities[name])

    def add_property(self, schema: Json | None = None) -> None:
        schema = schema or self.entity()[1]
        schema["properties"][self.name("p")] = deepcopy(self.random.choice(KINDS))

    def add_reference(self) -> None:
        target, _ = self.entity()
        _, schema = self.entity()
        schema["properties"][self.name("r")] = {"$ref": f"#/$defs/{target}"}

    def remove_property(self) -> None:
        found = self.property()
        if found is not None:
            del found[0]["properties"][found[1]]

    def remove_entity(self) -> None:
        name, _ = self.entity()
        if len(self.entities) > 2 and f'/{name}"' not in json.dumps(self.document):
            del self.entities[name]

    def rename_property(self) -> None:
        found = self.property()
        if found is not None:
            schema, old = found
            new = schema["properties"].pop(old)
            new["x-bss"] = {**new.get("x-bss", {}), "renamedFrom": old}
            schema["properties"][self.name("p")] = new

    def rename_entity(self) -> None:
        old, schema = self.entity()
        new = self.name("Thing")
        text = json.dumps(self.document).replace(f'#/$defs/{old}"', f'#/$defs/{new}"')
        self.document = json.loads(text)
        schema = self.entities.pop(old)
        schema["x-bss"]["renamedFrom"] = old
        self.entities[new] = schema

    def constrain(self) -> None:
        found = self.property()
        if found is None:
            return
        schema = found[0]["properties"][found[1]]
        match schema["type"]:
            case "string" if "format" not in schema:
                schema["maxLength"] = self.random.randint(20, 40)
            case "integer" | "number":
                schema["minimum"] = -self.random.randint(0, 5)
            case "object":
                schema["maxProperties"] = self.random.randint(2, 9)

    def loosen(self) -> None:
        found = self.property()
        if found is not None:
            for keyword in ("maxLength", "minimum", "maxProperties", "default", "title"):
                found[0]["properties"][found[1]].pop(keyword, None)

    def comment(self) -> None:
        found = self.property()
        if found is not None:
            found[0]["properties"][found[1]]["title"] = self.name("It's ")

    def index(self) -> None:
        found = self.property()
        if found is not None and found[0]["properties"][found[1]]["type"] != "object":
            schema = found[0]["properties"][found[1]]
            schema["x-bss"] = {**schema.get("x-bss", {}), "index": self.random.random() < 0.7}

    def require(self) -> None:
        found = self.property()
        if found is not None:
            schema, name = found
            required = set(schema.get("required", ())) ^ {name}
            schema["required"] = sorted(required & schema["properties"].keys())

    def archive(self) -> None:
        _, schema = self.entity()
        schema["x-bss"]["softDelete"] = not schema["x-bss"].get("softDelete", False)

    def search(self) -> None:
        _, schema = self.entity()
        words = [
            name
            for name, item in schema["properties"].items()
            if item.get("type") == "string" and "format" not in item
        ]
        schema["x-bss"].pop("search", None)
        if words and self.random.random() < 0.7:
            schema["x-bss"]["search"] = {"properties": words}

    def edit(self) -> None:
        """Change the document, and leave nothing in it that names what is gone."""
        edits: list[Callable[[], None]] = [
            self.add_entity, self.add_property, self.add_reference, self.remove_property,
            self.remove_entity, self.rename_property, self.rename_entity, self.constrain,
            self.loosen, self.comment, self.index, self.require, self.archive, self.search,
        ]  # fmt: skip
        self.random.choice(edits)()
        for schema in self.entities.values():
            there = schema["properties"].keys()
            schema["required"] = sorted(set(schema.get("required", ())) & there)
            search = schema["x-bss"].get("search")
            if search is not None and not set(search["properties"]) <= there:
                del schema["x-bss"]["search"]


@pytest.fixture(scope="module")
def operator(server: Server, template: NoopExecutor) -> Iterator[psycopg.Connection]:
    with database(server, template.template_dbname) as dsn:
        copy_privileges(template.template_dbname, dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            yield connection


class Tenant:
    """A tenant on a walk, and what its rows were when they were last looked at."""

    def __init__(self, operator: psycopg.Connection, seed: int) -> None:
        self.operator = operator
        self.name = f"walk-{seed}"
        self.random = random.Random(seed)  # noqa: S311  a walk that can be walked again
        operator.execute("select bss.provision_tenant(%s)", [self.name])
        found = operator.execute(
            "select schema_name, id from bss.tenants where external_id = %s", [self.name]
        ).fetchone()
        assert found is not None
        self.schema, self.id = found

    def apply(self, document: Json) -> str | None:
        """Apply a document; give the SQLSTATE with which it is refused."""
        try:
            self.operator.execute(
                "select bss.apply_schema(%s, %s)", [self.name, json.dumps(document)]
            )
        except psycopg.Error as error:
            return error.sqlstate
        return None

    def renames(self) -> tuple[dict[str, str], dict[tuple[str, str], str]]:
        found = self.operator.execute(
            "select renames from bss_metadata.tenant_schemas where tenant_id = %s "
            "order by version desc limit 1",
            [self.id],
        ).fetchone()
        done = found[0] if found else {}
        return dict(done.get("tables", [])), {
            (table, old): new for table, old, new in done.get("columns", [])
        }

    def filled(self) -> set[str]:
        """Give the tables in which the last version gave values to rows, as the ledger has it."""
        rows = self.operator.execute(
            "select m.relation from bss_metadata.schema_migrations as m where m.tenant_id = %s "
            "and m.kind = 'restore_column' and m.statement ~ '^UPDATE ' and m.version = "
            "(select max(s.version) from bss_metadata.tenant_schemas as s where s.tenant_id = %s)",
            [self.id, self.id],
        )
        return {relation for (relation,) in rows}

    def written(self) -> dict[str, list[str]]:
        """Give the columns of every table that hold what was written, in order."""
        rows = self.operator.execute(
            "select c.relname, a.attname from pg_class as c join pg_attribute as a "
            "on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' "
            "where c.relnamespace = %s::regnamespace and c.relkind = 'r' order by 1, 2",
            [self.schema],
        ).fetchall()
        tables: dict[str, list[str]] = {}
        for table, column in rows:
            tables.setdefault(table, []).append(column)
        return tables

    def values(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Give the rows of every table by their key, as JSON that has each column as text."""
        return {
            table: {
                row[0]["id"]: row[0]
                for row in self.operator.execute(
                    sql.SQL("select jsonb_object_agg(k, to_jsonb(t) ->> k) from {} as t "
                            "cross join unnest(%s::text[]) as k group by t.id").format(
                        sql.Identifier(self.schema, table)
                    ),
                    [columns],
                )
            }
            for table, columns in self.written().items()
        }  # fmt: skip

    def insert(self) -> None:
        """Put a row into every table that takes one with what every type has a value of."""
        for table in self.written():
            columns = self.operator.execute(
                "select a.attname, format_type(a.atttypid, null) from pg_attribute as a "
                "where a.attrelid = format('%%I.%%I', %s::text, %s::text)::regclass "
                "and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' "
                "and a.attname ~ '^p'",
                [self.schema, table],
            ).fetchall()
            given = {name: self.value(type_) for name, type_ in columns}
            self.operator.execute(
                sql.SQL("insert into {} ({}) values ({})").format(
                    sql.Identifier(self.schema, table),
                    sql.SQL(", ").join(map(sql.Identifier, given)),
                    sql.SQL(", ").join(map(sql.Literal, given.values())),
                )
                if given
                else sql.SQL("insert into {} default values").format(
                    sql.Identifier(self.schema, table)
                )
            )

    def value(self, type_: str) -> str:
        number = self.random.randint(0, 1000)
        return {
            "bigint": str(number),
            "numeric": f"{number}.50",
            "boolean": "true",
            "jsonb": f'{{"n": {number}}}',
            "timestamp with time zone": "2024-01-01 00:00:00+00",
        }.get(type_, f"text {number}")


def expected(before: dict[str, Any], tenant: Tenant) -> dict[str, Any]:
    """Give the rows as they are by the names that the last version gave."""
    tables, columns = tenant.renames()
    return {
        tables.get(table, table): {
            key: {columns.get((table, name), name): value for name, value in row.items()}
            for key, row in rows.items()
        }
        for table, rows in before.items()
    }


@pytest.mark.parametrize("seed", range(WALKS))
def test_walk_loses_nothing(operator: psycopg.Connection, seed: int) -> None:
    tenant, walk = Tenant(operator, seed), Walk(seed)
    assert tenant.apply(walk.document) is None
    applied = 0
    for _ in range(EDITS):
        tenant.insert()
        rows, document = tenant.values(), deepcopy(walk.document)
        walk.edit()
        state = tenant.apply(walk.document)
        if state is not None:
            assert state in REFUSED, (state, walk.document)
            walk.document = document
            assert tenant.values() == rows
            continue
        applied += 1
        assert_is_proven(tenant, walk.document)
        after = tenant.values()
        for table, had in expected(rows, tenant).items():
            for key, row in had.items():
                now = after[table][key]
                changed = {name for name in row if row[name] != now.get(name)}
                # a row that was made without a value has the default when the property is back
                filled = {name for name in changed if row[name] is None}
                if filled:
                    assert table in tenant.filled()
                    changed -= {*filled, "updated_at"}
                assert not changed, (table, row, now, walk.document)
    assert applied > EDITS / 2


def assert_is_proven(tenant: Tenant, document: Json) -> None:
    """The catalog is that of the model, and there is nothing more to do."""
    found = tenant.operator.execute(
        "select bss_internal.compile('compare', jsonb_build_object("
        "'model', s.model, 'snapshot', bss_internal.snapshot(t), 'placement', 'tenant')) "
        "-> 'differences' "
        "from bss_metadata.tenants as t cross join lateral bss_internal.schema_in_force(t.id) as s "
        "where t.id = %s",
        [tenant.id],
    ).fetchone()
    assert found == ([],)
    steps = tenant.operator.execute(
        "select count(*) from bss.plan_schema(%s, %s)", [tenant.name, json.dumps(document)]
    ).fetchone()
    assert steps == (0,)
