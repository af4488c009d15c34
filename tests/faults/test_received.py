"""Events of other services have their effect once, however often and by however many they come."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from bss_loader.work import work

Connection = psycopg.Connection[Any]


def event(number: int, **more: Any) -> str:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": str(number),
            "source": "/auth",
            "type": "auth.tenant.created",
            "data": {"tenantId": f"t{number}"},
            **more,
        }
    )


def receive(dsn: str, sent: list[str], start: threading.Barrier) -> list[Any]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        start.wait()
        return [
            connection.execute("select bss.receive_event(%s)", [text]).fetchone() for text in sent
        ]


def test_duplicates_that_come_at_once_have_one_effect(connection: Connection, dsn: str) -> None:
    sent = [event(number) for number in range(5)]
    start = threading.Barrier(4)
    with ThreadPoolExecutor(4) as senders:
        results = [senders.submit(receive, dsn, sent, start) for _ in range(4)]
        first, *others = [result.result() for result in results]
    assert others == [first] * 3
    assert {given["status"] for (given,) in first} == {"done"}
    assert connection.execute("select count(*) from bss.tenants").fetchone() == (5,)
    query = "select sum(attempts) from bss.received_events"
    assert connection.execute(query).fetchone() == (5,)


def test_a_delivery_that_is_rolled_back_leaves_it_to_the_next(
    connection: Connection, dsn: str
) -> None:
    with psycopg.connect(dsn) as first, ThreadPoolExecutor(1) as second:
        first.execute("select bss.receive_event(%s)", [event(1)])
        waiting = second.submit(receive, dsn, [event(1)], threading.Barrier(1))
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        first.rollback()
        [(given,)] = waiting.result()
    assert given["status"] == "done"
    assert connection.execute("select external_id from bss.tenants").fetchall() == [("t1",)]


def test_what_failed_is_handled_again_by_a_worker(connection: Connection, dsn: str) -> None:
    connection.execute("""select bss.set_setting('receive.blueprint', '"shop"')""")
    connection.execute("select bss.receive_event(%s)", [event(1)])
    work(dsn=dsn, once=True)
    query = "select status, attempts, reason from bss.received_events"
    failed = ("waiting", 1, 'SB631: blueprint "shop" does not exist')
    assert connection.execute(query).fetchone() == failed
    connection.execute("select bss.publish_blueprint('shop', %s)", [DOCUMENT])
    connection.execute("update bss_metadata.received_events set due_at = now()")
    work(dsn=dsn, once=True)
    assert connection.execute(query).fetchone() == ("done", 2, None)
    query = "select external_id, blueprint from bss.tenants"
    assert connection.execute(query).fetchone() == ("t1", "shop")


DOCUMENT = '{"title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}}}'


def test_an_event_of_ours_is_one_that_we_receive(connection: Connection) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("insert into tenant_acme.notes select id, 1 from bss.tenants")
    rows = connection.execute("select event::text from bss.events").fetchall()
    assert len(rows) > 2
    for (text,) in rows:
        given = connection.execute("select bss.receive_event(%s)", [text]).fetchone()
        assert given == ({"status": "ignored", "result": {}},)


def test_what_fails_at_the_end_of_the_transaction_is_recorded(connection: Connection) -> None:
    connection.execute("""
        create role alice;
        grant bss_admin to alice;
        create schema app authorization alice;
        grant usage on schema app to bss_owner;
        set role alice;
        create table app.seen (id text unique deferrable initially deferred);
        insert into app.seen values ('1');
        create function app.on_test(event jsonb) returns jsonb volatile security definer
        set search_path = pg_catalog, pg_temp begin atomic
            insert into app.seen values ($1 ->> 'id') returning to_jsonb(id);
        end;
        reset role;
    """)
    connection.execute("select bss.register_handler('test.*', 'app.on_test(jsonb)')")
    given = connection.execute("select bss.receive_event(%s)", [event(1, type="test.a")]).fetchone()
    assert given is not None
    assert given[0]["reason"].startswith("23505: ")
    assert connection.execute("select count(*) from app.seen").fetchone() == (1,)
    connection.execute("drop schema app cascade; drop owned by alice; drop role alice")
