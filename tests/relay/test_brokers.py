"""What is in a broker after a delivery, and what is when the broker dies; without a database."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import nats
import pytest
import redis

from bss_loader.exit import Exit, LoaderError
from bss_loader.relay.endpoint import Endpoint, Event
from bss_loader.relay.jetstream import JetStream, subject
from bss_loader.relay.opening import Wanted, open_endpoint
from bss_loader.relay.redis_stream import RedisStream
from tests.relay.brokers import Broker
from tests.relay.conftest import deliver, event


@pytest.fixture
def stream(request: pytest.FixtureRequest) -> str:
    """A name that no other test has."""
    return f"S{abs(hash(request.node.nodeid))}"


@pytest.fixture
def to_redis(redis_broker: Broker, stream: str) -> Iterator[RedisStream]:
    url = f"redis://127.0.0.1:{redis_broker.port}/0?stream={stream}"
    endpoint = RedisStream(urlsplit(url), 2)
    yield endpoint
    endpoint.close()


@pytest.fixture
def to_nats(nats_broker: Broker, stream: str) -> Iterator[JetStream]:
    url = f"nats://127.0.0.1:{nats_broker.port}?stream={stream}&subject={stream}"
    endpoint = JetStream(urlsplit(url), 2)
    yield endpoint
    endpoint.close()


def in_redis(broker: Broker, stream: str) -> list[dict[str, str]]:
    with redis.Redis(port=broker.port, decode_responses=True) as client:
        found: Any = client.xrange(stream)
        return [fields for _, fields in found]


def in_nats(broker: Broker, stream: str) -> list[tuple[str, bytes]]:
    async def read() -> list[tuple[str, bytes]]:
        client = await nats.connect(f"nats://127.0.0.1:{broker.port}")
        context = client.jetstream()
        state = (await context.stream_info(stream)).state
        found = [
            await context.get_msg(stream, seq) for seq in range(state.first_seq, state.last_seq + 1)
        ]
        await client.close()
        return [(str(each.subject), each.data or b"") for each in found]

    return asyncio.run(read())


def test_redis_has_an_entry_for_each_event_in_order(
    to_redis: RedisStream, redis_broker: Broker, stream: str
) -> None:
    events = [event(3), event(1), event(2, None, text='{"a": "é"}')]
    assert deliver(to_redis, *events).taken == {1, 2, 3}
    found = in_redis(redis_broker, stream)
    assert [fields["id"] for fields in found] == ["3", "1", "2"]
    assert found[2] == {
        "id": "2",
        "source": "/business_store/00000000-0000-0000-0000-000000000000",
        "type": "business_store.data.notes.created",
        "tenantid": "",
        "event": '{"a": "é"}',
    }


def test_a_stream_of_redis_can_be_bounded(redis_broker: Broker, stream: str) -> None:
    url = f"redis://127.0.0.1:{redis_broker.port}/0?stream={stream}&maxlen=100"
    endpoint = RedisStream(urlsplit(url), 2)
    for first in range(0, 1000, 100):
        deliver(endpoint, *map(event, range(first, first + 100)))
    endpoint.close()
    assert 100 <= len(in_redis(redis_broker, stream)) < 300


def test_a_batch_is_whole_in_redis_or_not_there(
    to_redis: RedisStream, redis_broker: Broker, stream: str
) -> None:
    with redis.Redis(port=redis_broker.port) as client:
        client.set(stream, "not a stream")
        receipt = deliver(to_redis, event(1), event(2))
        assert not receipt.taken
        assert not receipt.refused
        assert "WRONGTYPE" in receipt.unavailable.reason
        client.delete(stream)
    assert deliver(to_redis, event(1), event(2)).taken == {1, 2}


def test_nats_has_a_message_for_each_event_and_no_other(
    to_nats: JetStream, nats_broker: Broker, stream: str
) -> None:
    events = [event(number, f"t{number % 3}") for number in range(1, 31)]
    assert deliver(to_nats, *events).taken == set(range(1, 31))
    # as after a confirmation that was lost
    assert deliver(to_nats, *events).taken == set(range(1, 31))
    found = in_nats(nats_broker, stream)
    assert len(found) == 30
    for tenant in range(3):
        here = [data for name, data in found if name.startswith(f"{stream}.t{tenant}.")]
        assert here == [each.text.encode() for each in events if each.tenant == f"t{tenant}"]


@pytest.mark.parametrize(
    ("tenant", "topic", "expected"),
    [
        ("acme", "business_store.data.notes.created", "p.acme.business_store.data.notes.created"),
        (None, "business_store.fleet.begun", "p._.business_store.fleet.begun"),
        ("a.b-c_d", "t", "p.a%2Eb-c_d.t"),
        ("acme", "data.Größe > *.created", "p.acme.data.Gr%C3%B6%C3%9Fe%20%3E%20%2A.created"),
        ("acme", "data...created", "p.acme.data.%.%.created"),
    ],
)
def test_subjects_have_no_words_that_nats_gives_a_meaning(
    to_nats: JetStream, tenant: str | None, topic: str, expected: str
) -> None:
    told = Event(id=1, source="/s", tenant=tenant, topic=topic, text="{}")
    assert subject("p", told) == expected
    assert deliver(to_nats, told).taken == {1}


def test_what_is_too_large_for_nats_is_refused(
    to_nats: JetStream, nats_broker: Broker, stream: str
) -> None:
    events = [event(1), event(2, text="x" * 1_100_000), event(3), event(4, "globex")]
    receipt = deliver(to_nats, *events)
    assert receipt.taken == {1, 4}
    assert set(receipt.refused) == {2}
    assert "bytes" in receipt.refused[2]
    assert len(in_nats(nats_broker, stream)) == 2


def test_a_stream_that_is_there_stays_as_it_is(nats_broker: Broker, stream: str) -> None:
    async def make() -> None:
        client = await nats.connect(f"nats://127.0.0.1:{nats_broker.port}")
        await client.jetstream().add_stream(name=stream, subjects=[f"{stream}.acme.>"])
        await client.close()

    asyncio.run(make())
    url = f"nats://127.0.0.1:{nats_broker.port}?stream={stream}&subject={stream}"
    endpoint = JetStream(urlsplit(url), 2)
    assert deliver(endpoint, event(1)).taken == {1}
    receipt = deliver(endpoint, event(2, "globex"))
    endpoint.close()
    assert not receipt.taken
    assert receipt.unavailable.reason.startswith("NATS: ")


@pytest.mark.parametrize("kind", ["redis", "nats"])
def test_a_broker_that_dies_loses_nothing_that_it_confirmed(
    kind: str, request: pytest.FixtureRequest, stream: str
) -> None:
    server: Broker = request.getfixturevalue(f"{kind}_broker")
    endpoint: Endpoint = request.getfixturevalue(f"to_{kind}")
    read: Callable[[Broker, str], list[Any]] = in_redis if kind == "redis" else in_nats
    assert deliver(endpoint, event(1)).taken == {1}
    server.kill()
    started = time.monotonic()
    receipt = deliver(endpoint, event(2))
    assert time.monotonic() - started < 3
    assert not receipt.taken
    assert not receipt.refused
    assert receipt.unavailable is not None
    server.start()
    until = time.monotonic() + 5
    while deliver(endpoint, event(2)).taken != {2}:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert len(read(server, stream)) == 2


@pytest.mark.parametrize(
    ("url", "module", "package"),
    [("redis://h", "redis_stream", "redis"), ("nats://h", "jetstream", "nats")],
)
def test_a_client_that_is_not_installed_is_named(
    url: str, module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"bss_loader.relay.{module}")
    with pytest.raises(LoaderError) as caught:
        open_endpoint(Wanted(to=url))
    assert caught.value.code == Exit.MISSING
    assert caught.value.hint == f"pip install 'bss[{package}]'"
