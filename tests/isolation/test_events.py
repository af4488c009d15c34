"""Who reads of whose changes: a tenant of its own, and those who may read of all."""

import pytest

from tests.isolation.attack import Connection, Login, enter, refused, session

READS = ("select topic from bss.events", "select topic from bss_metadata.outbox")
VERBS = (
    "select bss.subscribe('mine', '{**}')",
    "select * from bss.poll('all')",
    "select bss.ack('all', 1)",
    "select bss.nack('all', 1, 1, 'x')",
    "select bss.replay('all', 'beginning')",
    "select bss.revive('all')",
    "select bss.unsubscribe('all')",
    "select bss.stay_awake()",
    "select bss.rouse(null, null)",
    "call bss.dispatch()",
    "select bss.maintain_outbox()",
)
FORGERIES = (
    "insert into bss_metadata.outbox (topic) values ('business_store.data.notes.created')",
    "update bss_metadata.outbox set data = null",
    "delete from bss_metadata.outbox",
    "insert into bss_internal.outbox_default (topic) values ('x')",
    "select * from bss_internal.outbox_default",
    "update bss_metadata.consumers set position = 0",
    "delete from bss_metadata.consumer_streams",
    "delete from bss_metadata.deliveries",
    "select bss_internal.emit(null, 'x', null, null, '{}')",
)


def test_a_tenant_sees_its_own_events(gateway: Connection) -> None:
    for read in READS:
        assert gateway.execute(read).fetchall() == []
    for own, other in (("acme", "globex"), ("globex", "acme")):
        with gateway.transaction():
            enter(gateway, own)
            events = str(gateway.execute("select event from bss.events").fetchall())
            assert own in events
            assert other not in events


@pytest.mark.parametrize("attack", [*VERBS, *FORGERIES])
def test_a_tenant_neither_consumes_nor_forges(gateway: Connection, attack: str) -> None:
    with gateway.transaction(force_rollback=True):
        enter(gateway, "acme")
        assert refused(gateway, attack) == "42501"


@pytest.mark.parametrize("attack", FORGERIES)
def test_a_subscriber_reads_by_its_consumer_alone(
    tenants: Connection, login: Login, attack: str
) -> None:
    assert tenants
    with session(login("subscriber", ["bss_subscriber"])) as subscriber:
        assert refused(subscriber, attack) == "42501"
        assert refused(subscriber, "select * from bss.events") == "42501"
        assert refused(subscriber, "select bss.maintain_outbox()") == "42501"


def test_a_subscriber_does_not_read_as_another(tenants: Connection, login: Login) -> None:
    tenants.execute("select bss.subscribe('all', '{**}', null, 'beginning')")
    with session(login("subscriber", ["bss_subscriber"])) as subscriber:
        for verb in VERBS[1:7]:
            assert refused(subscriber, verb) == "SB703"


def test_what_is_sensitive_is_nowhere_in_the_outbox(connection: Connection) -> None:
    connection.execute("""
        select bss.provision_tenant('acme', '{
            "title": "Card", "type": "object",
            "properties": {
                "card_id": {"type": "integer"},
                "number": {"type": "string", "x-bss": {"sensitive": true}}
            },
            "x-bss": {"events": {"payload": "changes"}}
        }')
    """)
    connection.execute("""
        insert into tenant_acme.cards
        select t.id, 1, 'canary' from bss.tenants as t;
        update tenant_acme.cards set number = 'other canary';
        delete from tenant_acme.cards;
    """)
    told = connection.execute("select o.* from bss_metadata.outbox as o").fetchall()
    assert len([row for row in told if "cards" in str(row)]) == 3
    assert "canary" not in str(told)


def test_a_notification_says_nothing(tenants: Connection, login: Login) -> None:
    tenants.execute("select bss.subscribe('all', '{**}')")
    with session(login("anyone")) as listener:
        listener.execute("listen bss_events")
        tenants.execute("update tenant_acme.notes set body = 'canary' where false")
        tenants.execute("select bss.suspend_tenant('acme')")
        heard = [note.payload for note in listener.notifies(timeout=1, stop_after=1)]
    assert heard == [""]


def test_a_superusers_truncate_is_told_row_by_row(connection: Connection) -> None:
    connection.execute("""
        select bss.provision_tenant('acme', '{
            "title": "Card", "type": "object", "properties": {"card_id": {"type": "integer"}}
        }')
    """)
    connection.execute("""
        insert into tenant_acme.cards select t.id, n from bss.tenants as t, generate_series(1, 3) n;
        truncate tenant_acme.cards
    """)
    told = connection.execute(
        "select record_id from bss_metadata.outbox where topic like '%deleted'"
    )
    assert told.fetchall() == [(1,), (2,), (3,)]
