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


def test_an_event_that_is_no_tenants_is_a_cloud_event_too(
    connection: psycopg.Connection[Any],
) -> None:
    shared = {
        "type": "object",
        "properties": {"code": {"type": "string"}},
        "x-bss": {"entity": True, "scope": "shared", "primaryKey": "code"},
    }
    document = json.dumps({"title": "Money", "$defs": {"Currency": shared}})
    connection.execute("select bss.provision_tenant('acme', %s)", [document])
    connection.execute("insert into bss_shared.currencies (code) values ('EUR')")
    connection.execute("update bss_shared.currencies set code = 'CHF'")
    connection.execute("delete from bss_shared.currencies")
    query = "select event::text from bss.events where tenant is null order by id"
    events = [from_json(text) for (text,) in connection.execute(query)]
    assert [(event["type"].split(".", 1)[1], event.get("subject")) for event in events] == [
        ("shared.updated", None),
        ("data.currencies.created", "currencies/EUR"),
        ("data.currencies.deleted", "currencies/EUR"),
        ("data.currencies.created", "currencies/CHF"),
        ("data.currencies.deleted", "currencies/CHF"),
    ]
    assert events[1].data == {"resource": "currencies", "recordId": "EUR"}
    assert all("tenantid" not in event and "dataschema" not in event for event in events)
