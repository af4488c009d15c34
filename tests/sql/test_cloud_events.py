"""What CloudEvents' own library reads of our events."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from cloudevents.conversion import to_structured
from cloudevents.http import from_json

DOCUMENT = """{
    "title": "Note", "type": "object",
    "properties": {"note_id": {"type": "integer"}, "body": {"type": ["string", "null"]}},
    "x-bss": {"events": {"payload": "row"}}
}"""


def test_every_event_is_a_cloud_event(connection: psycopg.Connection[Any]) -> None:
    connection.execute("select set_config('app.correlation_id', 'request 7', false)")
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("""
        insert into tenant_acme.notes
        select t.id, n, null from bss.tenants as t, generate_series(1, 2) as n;
        update tenant_acme.notes set body = 'ä "quoted"';
        delete from tenant_acme.notes;
    """)
    rows = connection.execute("select event::text from bss.events order by id").fetchall()
    assert len(rows) == 9
    seen = set()
    for (text,) in rows:
        event = from_json(text)
        assert json.loads(to_structured(event)[1]) == json.loads(text)
        assert event["tenantid"] == json.loads(text)["data"]["tenantId"] == "acme"
        assert datetime.now(UTC) - datetime.fromisoformat(event["time"]) < timedelta(minutes=5)
        seen.add((event["source"], event["id"]))
    assert len(seen) == 9
    created = from_json(rows[3][0])
    assert created["correlationid"] == "request 7"
    assert created["dataschema"] == "urn:bss:schema:acme:1"
    assert json.loads(rows[3][0])["data"]["data"] == {"note_id": 1, "body": None}
