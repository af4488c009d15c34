"""From the outbox to an endpoint: nothing is lost, whatever fails, and the order is kept."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import psycopg
import pytest

from bss_loader.breaker import State
from bss_loader.exit import Exit, LoaderError
from bss_loader.relay import loop
from bss_loader.relay.endpoint import Event, Receipt
from bss_loader.relay.loop import Relay
from bss_loader.relay.webhook import Webhook
from tests.relay.conftest import Connection, Write, eventually
from tests.relay.receiver import Answer, Receiver, Request

Hook = Callable[..., Webhook]
Make = Callable[..., Relay]


@dataclass(slots=True)
class Sink:
    """An endpoint that takes what it is given, or as much as a test lets it."""

    address: str = "sink://"
    taken: list[Event] = field(default_factory=list)
    closed: bool = False

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        assert until > time.monotonic()
        self.taken += events
        return Receipt(taken=frozenset(event.id for event in events), refused={})

    def close(self) -> None:
        self.closed = True


def once(relay: Relay) -> None:
    relay.run(lambda: None, once=True)


@contextmanager
def running(relay: Relay) -> Iterator[None]:
    """Let a relay run beside the test."""
    thread = threading.Thread(target=relay.run, args=(lambda: None,))
    thread.start()
    try:
        yield
    finally:
        relay.stop()
        thread.join()


def notes(receiver: Receiver, tenant: str) -> list[int]:
    """Give the keys of what was taken of a tenant."""
    return [event["data"]["recordId"] for event in receiver.taken if event["tenantid"] == tenant]


def state(connection: Connection) -> tuple[Any, ...]:
    [row] = connection.execute(
        "select breaker, failures, delivered, refused, reason from bss.relays"
    ).fetchall()
    return tuple(row)


def lag(connection: Connection) -> tuple[Any, ...]:
    [row] = connection.execute("select lag_events, waiting, dead from bss.consumers").fetchall()
    return tuple(row)


def test_what_was_written_is_delivered_as_it_is(
    tenants: Connection, write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", 1, 2, 3)
    write("globex", 1, 2)
    once(relay(hook()))
    assert notes(receiver, "acme") == [1, 2, 3]
    assert notes(receiver, "globex") == [1, 2]
    events = tenants.execute("select event::text from bss.events where topic like '%created'")
    assert {request.body.decode() for request in receiver.requests} == {
        text for (text,) in events if '"resource"' in text
    }
    assert lag(tenants) == (0, 0, 0)
    assert state(tenants)[:2] == ("closed", 0)


def test_it_is_woken_by_what_is_written(write: Write, relay: Make) -> None:
    sink = Sink()
    with running(relay(sink)):
        write("acme", 1)
        eventually(lambda: len(sink.taken) == 1)
        time.sleep(0.1)
        started = time.monotonic()
        write("acme", 2)
        eventually(lambda: len(sink.taken) == 2)
        assert time.monotonic() - started < loop.IDLE / 2


def test_what_is_refused_comes_again_and_is_given_up_and_the_others_go_on(
    tenants: Connection, write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", 1, 2, 3)
    write("globex", 1)

    def answer(request: Request) -> Answer:
        data = request.events[0]["data"]
        is_poison = (data["tenantId"], data["recordId"]) == ("acme", 2)
        return Answer(status=422 if is_poison else 204)

    receiver.answer = answer
    relaying = relay(hook())
    with running(relaying):
        eventually(lambda: notes(receiver, "globex") == [1])
        write("globex", 2)
        eventually(lambda: notes(receiver, "globex") == [1, 2])
        eventually(lambda: notes(receiver, "acme") == [1, 3])
    assert lag(tenants) == (0, 0, 1)
    reasons = tenants.execute("select reason from bss.dead_letters").fetchall()
    assert reasons == [(f"it answered 422 {HTTPStatus(422).phrase}",)]
    assert relaying.total.refused == 3
    receiver.answer = lambda _: Answer()
    tenants.execute("select bss.revive('world')")
    once(relay(hook()))
    assert notes(receiver, "acme") == [1, 3, 2]


def test_an_endpoint_that_is_away_for_a_while_costs_nothing(
    tenants: Connection, write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", *range(1, 21))
    receiver.answer = lambda _: Answer(status=503)
    relaying = relay(hook())
    with running(relaying):
        eventually(lambda: relaying.state is not State.CLOSED)
        eventually(lambda: state(tenants)[0] == "open")
        sent = len(receiver.requests)
        assert state(tenants)[1:] == (3, 0, 0, "it answered 503 Service Unavailable")
        time.sleep(1)
        # one request each time that it is half open
        assert 1 <= len(receiver.requests) - sent <= 4
        receiver.answer = lambda _: Answer()
        eventually(lambda: notes(receiver, "acme") == list(range(1, 21)))
        eventually(lambda: state(tenants)[0] == "closed")
    assert lag(tenants) == (0, 0, 0)
    assert relaying.total.refused == 0


def test_it_waits_as_long_as_it_is_asked_to(
    write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", 1)
    receiver.answer = lambda _: Answer(status=429, headers={"Retry-After": "2"})
    relaying = relay(hook())
    with running(relaying):
        eventually(lambda: len(receiver.requests) == 1)
        receiver.answer = lambda _: Answer()
        started = time.monotonic()
        eventually(lambda: notes(receiver, "acme") == [1])
    assert 1.5 < time.monotonic() - started < 4


def test_an_event_that_always_takes_the_endpoint_down_is_put_off(
    tenants: Connection,
    write: Write,
    relay: Make,
    hook: Hook,
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "PATIENCE", 4)
    write("acme", 1)
    write("globex", 1)

    def answer(request: Request) -> Answer:
        return Answer(status=502 if request.events[0]["tenantid"] == "acme" else 204)

    receiver.answer = answer
    relaying = relay(hook(parallel=1), rest=0.05, threshold=2)
    with running(relaying):
        eventually(lambda: notes(receiver, "globex") == [1])
        assert relaying.total.refused >= 1
        eventually(lambda: lag(tenants)[2] == 1)


def test_an_endpoint_that_refuses_everything_costs_few_dead_letters(
    tenants: Connection, write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", *range(1, 51))
    receiver.answer = lambda _: Answer(status=401)
    relaying = relay(hook(), threshold=2, rest=60)
    with running(relaying):
        eventually(lambda: relaying.state is State.OPEN)
        time.sleep(0.5)
    assert len(receiver.requests) == 2
    assert lag(tenants) == (50, 50, 0)


def test_once_it_gives_up_where_nothing_is_taken(
    write: Write, relay: Make, hook: Hook, receiver: Receiver
) -> None:
    write("acme", 1)
    receiver.answer = lambda _: Answer(status=503)
    with pytest.raises(LoaderError) as caught:
        once(relay(hook()))
    assert caught.value.code == Exit.UNREACHABLE
    assert "503" in caught.value.detail


class Dying(Sink):
    """Loses the relay's connection after the first delivery."""

    connection: Connection

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        receipt = Sink.deliver(self, events, until)
        if len(self.taken) == len(events):
            self.connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = 'bss relay' and datname = current_database()"
            )
        return receipt


def test_what_was_delivered_and_not_acknowledged_is_delivered_again(
    tenants: Connection, write: Write, relay: Make
) -> None:
    write("acme", 1, 2, 3)
    sink = Dying()
    sink.connection = tenants
    once(relay(sink))
    ids = [event.id for event in sink.taken]
    assert len(ids) == 6
    assert ids[:3] == ids[3:]
    assert lag(tenants) == (0, 0, 0)


class Stuck(Sink):
    """Takes what it is given when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        self.let_go.wait(10)
        return Sink.deliver(self, events, until + 60)


def test_a_second_relay_stands_by_and_takes_over_from_one_that_is_stuck(
    tenants: Connection, write: Write, relay: Make
) -> None:
    stuck, sink = Stuck(), Sink()
    one, other = relay(stuck), relay(sink)
    write("acme", 1)
    with running(one):
        eventually(lambda: one.consumer.lease > 0)
        with running(other):
            eventually(lambda: other.trouble == 'consumer "world" is in use')
            assert not sink.taken
            eventually(lambda: len(sink.taken) == 1)
            stuck.let_go.set()
            eventually(lambda: one.trouble == 'lease on consumer "world" was lost')
    other.close()
    assert lag(tenants) == (0, 0, 0)
    assert state(tenants)[2] == 1


def test_one_that_is_closed_lets_the_next_one_begin_at_once(
    tenants: Connection, write: Write, relay: Make
) -> None:
    assert tenants
    for number, sink in enumerate([Sink(), Sink()]):
        write("acme", number)
        relaying = relay(sink)
        started = time.monotonic()
        once(relaying)
        relaying.close()
        assert time.monotonic() - started < 1.5
        assert len(sink.taken) == 1
        assert sink.closed


def test_one_that_is_stopped_goes_on_where_it_was(write: Write, relay: Make) -> None:
    class Slow(Sink):
        """Takes one event at a time."""

        def deliver(self, events: Sequence[Event], until: float) -> Receipt:
            time.sleep(0.01)
            return Sink.deliver(self, events[:1], until)

    write("acme", *range(1, 31))
    slow, rest = Slow(), Sink()
    relaying = relay(slow)
    with running(relaying):
        eventually(lambda: len(slow.taken) >= 3)
    relaying.close()
    once(relay(rest))
    ids = [event.id for event in slow.taken + rest.taken]
    assert len(slow.taken) < 30
    assert len(ids) == 30
    assert ids == sorted(ids)


def test_what_is_taken_before_a_slower_tenant_is_done_is_not_sent_again(
    tenants: Connection, write: Write, relay: Make
) -> None:
    class Uneven(Sink):
        """Takes all of a tenant, and one event of another."""

        def deliver(self, events: Sequence[Event], until: float) -> Receipt:
            slow = [event for event in events if event.tenant == "acme"][:1]
            fast = [event for event in events if event.tenant == "globex"]
            return Sink.deliver(self, slow + fast, until)

    for number in range(1, 6):
        write("acme", number)
        write("globex", number)
    sink = Uneven()
    once(relay(sink))
    ids = [event.id for event in sink.taken]
    assert len(ids) == len(set(ids)) == 10
    assert lag(tenants) == (0, 0, 0)


def test_counts_add_up_over_relays(tenants: Connection, write: Write, relay: Make) -> None:
    for number in range(3):
        write("acme", number)
        relaying = relay(Sink())
        once(relaying)
        relaying.close()
    assert state(tenants) == ("closed", 0, 3, 0, None)


def test_only_who_has_the_lease_reports(tenants: Connection, write: Write, relay: Make) -> None:
    write("acme", 1)
    once(relay(Sink()))
    report = "select bss.report_relay('world', %s, 'x', 1, 0, 0, null, null)"
    with pytest.raises(psycopg.Error) as caught:
        tenants.execute(report, [-1])
    assert caught.value.sqlstate == "SB705"
