"""The tables of a new tenant are made in scripts of many statements, which leave no trace."""

import json
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]

ENTITIES = 6
PLANNED = "select step, kind, relation, statement from bss.plan_schema('acme', %s) order by step"
DONE = """
    select s.number, s.kind, s.relation, s.statement
    from bss_metadata.tenant_schemas as t
    cross join lateral
        unnest(t.steps) with ordinality as s (kind, relation, statement, applied_at, number)
    join bss_metadata.tenants as n on n.id = t.tenant_id
    where n.external_id = 'acme' order by s.number
"""


def document() -> str:
    """Entities of which the last two refer to a shared table, with steps for several scripts."""
    currency = {"references": {"entity": "Currency"}}
    entities: dict[str, Any] = {
        f"Invoice{number}": {
            "type": "object",
            "properties": {
                f"invoice{number}_id": {"type": "integer"},
                "currency": {"type": "string"} | ({"x-bss": currency} if number > 3 else {}),
            },
        }
        for number in range(ENTITIES)
    }
    entities["Currency"] = {
        "type": "object",
        "properties": {"code": {"type": "string"}},
        "x-bss": {"entity": True, "scope": "shared", "primaryKey": "code"},
    }
    return json.dumps({"$defs": entities})


@pytest.fixture
def acme(connection: Connection) -> Connection:
    connection.execute("select bss.provision_tenant('first', %s)", [document()])
    connection.execute("select bss.provision_tenant('acme')")
    return connection


def test_ledger_has_the_steps_of_the_plan_in_their_order(acme: Connection) -> None:
    planned = acme.execute(PLANNED, [document()]).fetchall()
    acme.execute("select bss.apply_schema('acme', %s)", [document()])
    assert len(planned) > 50
    assert acme.execute(DONE).fetchall() == planned


def test_step_that_waits_for_others_is_told(acme: Connection, dsn: str) -> None:
    acme.execute("""select bss.set_setting('apply.lock_timeout', '"200ms"')""")
    waiting = [
        (step, kind, relation)
        for step, kind, relation, statement in acme.execute(PLANNED, [document()]).fetchall()
        if "REFERENCES bss_shared." in statement
    ]
    step, kind, relation = waiting[0]
    assert len(waiting) == 2
    with psycopg.connect(dsn) as writer:
        writer.execute("lock table bss_shared.currencies in row exclusive mode")
        with pytest.raises(psycopg.Error) as refused:
            acme.execute("select bss.apply_schema('acme', %s)", [document()])
    diag = refused.value.diag
    assert (diag.sqlstate, diag.table_name) == ("SB403", relation)
    assert diag.message_primary == f'table "{relation}" is in use'
    assert diag.message_detail is not None
    assert f"step {step}, {kind}," in diag.message_detail
    assert acme.execute(DONE).fetchall() == []
