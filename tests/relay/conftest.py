"""A receiver, brokers, and tenants whose events a relay delivers to them."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from pytest_postgresql.executors import NoopExecutor

from bss_loader.breaker import Breaker
from bss_loader.relay.address import read_network
from bss_loader.relay.consumer import Consumer
from bss_loader.relay.endpoint import Endpoint, Event
from bss_loader.relay.loop import Relay
from bss_loader.relay.webhook import Target, Webhook
from tests.conftest import Server, copy_privileges, database, lint
from tests.relay.brokers import Broker, broker, nats_server, redis_server
from tests.relay.receiver import Receiver, receiving

SECRET = bytes(range(32))
LOOPBACK = (read_network("127.0.0.0/8"), read_network("::1"))
DOCUMENT = """{
    "title": "Note", "type": "object",
    "properties": {"note_id": {"type": "integer"}, "body": {"type": "string"}},
    "x-bss": {"events": {"payload": "row"}}
}"""

TENANTS = ("acme", "globex")
SETTINGS = {
    "events.lease": '"2 s"',
    "events.retry_delay": '"50 ms"',
    "events.max_attempts": "3",
}

Connection = psycopg.Connection[Any]
Write = Callable[..., None]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture(scope="session")
def redis_broker() -> Iterator[Broker]:
    with broker(redis_server) as started:
        yield started


@pytest.fixture(scope="session")
def nats_broker() -> Iterator[Broker]:
    with broker(nats_server) as started:
        yield started


@pytest.fixture
def hook(receiver: Receiver) -> Iterator[Callable[..., Webhook]]:
    """Makes webhooks that lead to the receiver."""
    made: list[Webhook] = []

    def make(**changes: Any) -> Webhook:
        given = {"secrets": (SECRET,), "allowed": LOOPBACK, "timeout": 0.5, **changes}
        url = urlsplit(given.pop("url", receiver.url))
        made.append(Webhook(Target(url=url, **given)))
        return made[-1]

    yield make
    for webhook in made:
        webhook.close()


def notes_of(tenant: str) -> sql.Identifier:
    return sql.Identifier(f"tenant_{tenant}", "notes")


def event(number: int, tenant: str | None = "acme", text: str | None = None) -> Event:
    return Event(
        id=number,
        source="/business_store/00000000-0000-0000-0000-000000000000",
        tenant=tenant,
        topic="business_store.data.notes.created",
        text=text or f'{{"id":"{number}","tenantid":"{tenant}"}}',
    )


def deliver(endpoint: Endpoint, *events: Event, seconds: float = 10) -> Any:
    return endpoint.deliver(events, time.monotonic() + seconds)


@pytest.fixture(scope="module")
def shop(server: Server, template: NoopExecutor) -> Iterator[str]:
    """A superuser's DSN of a database with two tenants, which the tests of a module share."""
    with database(server, template.template_dbname) as dsn:
        copy_privileges(template.template_dbname, dsn)
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name in TENANTS:
                connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
            for setting, value in SETTINGS.items():
                connection.execute("select bss.set_setting(%s, %s)", [setting, value])
        yield dsn
        assert lint(dsn) == []


@pytest.fixture
def tenants(shop: str) -> Iterator[Connection]:
    """The tenants have nothing, and the consumer "world" has read everything."""
    with psycopg.connect(shop, autocommit=True) as connection:
        for name in TENANTS:
            connection.execute(sql.SQL("delete from {}").format(notes_of(name)))
        connection.execute("select bss.subscribe('world', '{business_store.data.**}')")
        yield connection
        connection.execute("select bss.unsubscribe('world')")


@pytest.fixture
def write(tenants: Connection) -> Write:
    """Writes notes of a tenant: `write("acme", 1, 2)`, or with a body."""

    def insert(tenant: str, *numbers: int, body: str = "") -> None:
        statement = sql.SQL(
            "insert into {} select t.id, n, %s from bss.tenants as t, unnest(%s::int[]) as n "
            "where t.external_id = %s"
        )
        for number in numbers:
            tenants.execute(statement.format(notes_of(tenant)), [body, [number], tenant])

    return insert


@pytest.fixture
def relay(tenants: Connection, shop: str) -> Iterator[Callable[..., Relay]]:
    """Makes relays of the consumer "world" to an endpoint, who rest for a moment only."""
    assert tenants
    made: list[Relay] = []

    def make(endpoint: Endpoint, **changes: Any) -> Relay:
        breaker = Breaker(**{"threshold": 3, "rest": 0.3, **changes})
        made.append(Relay(consumer=Consumer(shop, "world"), endpoint=endpoint, breaker=breaker))
        return made[-1]

    yield make
    for each in made:
        each.consumer.close()


def secret() -> str:
    return f"whsec_{base64.b64encode(SECRET).decode()}"


def eventually(condition: Callable[[], object], seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
