"""`bss relay` as it is called: what it says, what ends it, and what a kill -9 costs."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from typer.testing import CliRunner

from bss_loader.cli import app
from bss_loader.exit import Exit, LoaderError
from tests.relay.brokers import Broker
from tests.relay.conftest import Connection, Write, eventually, secret
from tests.relay.receiver import Answer, Receiver
from tests.relay.test_brokers import in_nats, in_redis

Process = subprocess.Popen[str]
Command = Callable[..., Process]


@pytest.fixture
def command(shop: str) -> Iterator[Command]:
    """Starts `bss relay` with arguments, and with more in the environment."""
    started: list[Process] = []

    def start(*arguments: str, dsn: str = shop, **environment: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, "-m", "bss_loader", "relay", *arguments, "--dsn", dsn],
            env={**os.environ, "BSS_WEBHOOK_SECRET": secret(), **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def done(process: Process) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def keys(events: list[Any]) -> list[int]:
    return [event["data"]["recordId"] for event in events]


def to(receiver: Receiver, consumer: str = "world") -> tuple[str, ...]:
    return (consumer, "--to", receiver.url, "--allow", "127.0.0.1")


def test_once_it_delivers_what_there_is(command: Command, write: Write, receiver: Receiver) -> None:
    write("acme", 1, 2)
    status, out, err = done(command(*to(receiver), "--once", "--json"))
    assert status == 0, err
    assert json.loads(out) == {"delivered": 2, "refused": 0}
    assert err.splitlines() == [f"bss: world to {receiver.address}", "bss: world: 2 delivered"]
    assert keys(receiver.taken) == [1, 2]


def test_a_subscriber_needs_no_more_rights(
    tenants: Connection, shop: str, write: Write, command: Command, receiver: Receiver
) -> None:
    name, password = "who relays", secret()
    role = sql.Identifier(name)
    create = sql.SQL("create role {} login password {} in role bss_subscriber")
    tenants.execute(create.format(role, sql.Literal(password)))
    dsn = make_conninfo(shop, user=name, password=password)
    try:
        with psycopg.connect(dsn, autocommit=True) as login:
            login.execute("select bss.subscribe('own', '{business_store.data.**}')")
        write("acme", 1)
        status, _, err = done(command(*to(receiver, "own"), "--once", dsn=dsn))
        assert status == 0, err
        assert keys(receiver.taken) == [1]
        tenants.execute("select bss.unsubscribe('own')")
    finally:
        tenants.execute(sql.SQL("drop role {}").format(role))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_after_what_is_under_way(
    command: Command, write: Write, receiver: Receiver, number: signal.Signals
) -> None:
    write("acme", *range(1, 6))
    receiver.answer = lambda _: Answer(late=0.5)
    process = command(*to(receiver))
    eventually(lambda: receiver.requests)
    process.send_signal(number)
    status, _, err = done(process)
    assert status == 0, err
    assert 1 <= len(receiver.taken) < 5
    assert len(receiver.requests) == len(receiver.taken)
    receiver.answer = lambda _: Answer()
    status, _, err = done(command(*to(receiver), "--once"))
    assert status == 0, err
    assert keys(receiver.taken) == [1, 2, 3, 4, 5]


def test_a_kill_costs_a_second_delivery_and_no_event(
    command: Command, write: Write, receiver: Receiver
) -> None:
    write("acme", 1, 2, 3)
    receiver.answer = lambda request: Answer(late=9 if keys(request.events) == [3] else 0)
    process = command(*to(receiver))
    eventually(lambda: len(receiver.requests) == 3)
    process.kill()
    receiver.answer = lambda _: Answer()
    status, _, err = done(command(*to(receiver), "--once"))
    assert status == 0, err
    assert "is in use" not in err
    assert keys(receiver.taken) == [1, 2, 1, 2, 3]


@pytest.mark.parametrize("kind", ["redis", "nats"])
def test_a_broker_may_be_killed_while_it_delivers(
    kind: str,
    request: pytest.FixtureRequest,
    tenants: Connection,
    write: Write,
    command: Command,
) -> None:
    broker: Broker = request.getfixturevalue(f"{kind}_broker")
    stream = f"of_{kind}"
    url = f"{kind}://127.0.0.1:{broker.port}?stream={stream}"
    process = command("world", "--to", url, "--rest", "0.2", "--timeout", "1")
    write("acme", 1)
    lag = "select lag_events from bss.consumers"
    eventually(lambda: tenants.execute(lag).fetchall() == [(0,)])
    broker.kill()
    write("acme", 2)
    reason = "select reason from bss.relays where failures > 0"
    eventually(lambda: tenants.execute(reason).fetchall())
    broker.start()
    eventually(lambda: tenants.execute(lag).fetchall() == [(0,)])
    process.terminate()
    assert done(process)[0] == 0
    if kind == "redis":
        found = [json.loads(entry["event"]) for entry in in_redis(broker, stream)]
    else:
        found = [json.loads(data) for _, data in in_nats(broker, stream)]
    assert keys(found) == [1, 2]


def test_status_says_how_it_goes(command: Command, write: Write, receiver: Receiver) -> None:
    write("acme", 1)
    receiver.answer = lambda _: Answer(status=503, headers={"Retry-After": "600"})
    process = command(*to(receiver))
    eventually(lambda: receiver.requests)
    process.terminate()
    assert done(process)[0] == 0
    status, out, err = done(command("--status", "--json"))
    assert status == Exit.FINDINGS, err
    (found,) = json.loads(out)["relays"]
    assert found["consumer"] == "world"
    assert found["endpoint"] == receiver.address
    assert (found["breaker"], found["failures"]) == ("open", 1)
    assert found["reason"] == "it answered 503 Service Unavailable"
    assert found["lag_events"] == 1
    assert done(command("nobody", "--status"))[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), Exit.USAGE, "no consumer is named"),
        (("world",), Exit.USAGE, "no URL"),
        (("world", "--to", "https://127.0.0.1/"), Exit.USAGE, "may not be sent to"),
        (("world", "--to", "redis://u:p@h"), Exit.USAGE, "has a password"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: tuple[str, ...], code: Exit, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BSS_WEBHOOK_SECRET", secret())
    refused = CliRunner().invoke(app, ["relay", *arguments]).exception
    assert isinstance(refused, LoaderError)
    assert refused.code == code
    assert message in refused.message


def test_a_consumer_that_does_not_exist_is_refused(command: Command) -> None:
    status, _, err = done(command("nobody", "--to", "redis://127.0.0.1:1"))
    assert status == Exit.REFUSED
    assert 'SB701: consumer "nobody" does not exist' in err
