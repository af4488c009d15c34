"""Writers, a relay that is killed, an endpoint that fails: is every committed change delivered?

    python -m tests.faults.relay --to webhook --seconds 60

The writers are those of the checker, who know what they committed. In the meantime the relay is
killed and started again, and so is the broker; the webhook is away for a while, answers badly or
too late, and never takes some versions, which are dead letters in the end.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from tests.faults.checker import Journal, Reader, Writer, check, prepare
from tests.relay.brokers import Broker, broker, nats_server, redis_server
from tests.relay.receiver import Answer, Request, receiving
from tests.relay.test_brokers import in_nats, in_redis

POISON = ("acme", 3)  # of this tenant, the webhook never takes a third version, or fifty more
PATIENCE = 120.0  # seconds for what is left when the writers have ended
SETTINGS = {
    "events.lease": '"1 s"',
    "events.retry_delay": '"50 ms"',
    "events.max_attempts": "3",
}
LEFT = "select lag_events from bss.consumers where name = 'reader'"
STATE = "select row_to_json(c), row_to_json(r) from bss.consumers as c, bss.relays as r"
DEAD = """
    select event from bss_metadata.deliveries
    where consumer = 'reader' and dead_at is not null order by event_id
"""

Connection = psycopg.Connection[Any]


@dataclass(slots=True, kw_only=True)
class Place:
    """Where events go: the relay's arguments, what breaks it for a while, and what it has."""

    arguments: tuple[str, ...]
    fail: Callable[[random.Random], None]
    has: Callable[[], list[Any]]


@dataclass(slots=True)
class Process:
    """A relay that is killed and started again."""

    dsn: str
    arguments: tuple[str, ...]
    kills: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "bss_loader", "relay", "reader", "--dsn", self.dsn),
                *("--rest", "0.2", "--timeout", "1", *self.arguments),
            ],
            env={**os.environ, "BSS_WEBHOOK_SECRET": b64encode(bytes(32)).decode()},
            stderr=subprocess.DEVNULL,
        )

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.kills += 1


@contextmanager
def webhook(*options: str) -> Iterator[Place]:
    with receiving() as receiver:
        healthy = _healthy(random.Random(0))  # noqa: S311
        receiver.answer = healthy

        def fail(chance: random.Random) -> None:
            receiver.answer = lambda _: Answer(status=chance.choice([500, 502, 503]))
            time.sleep(chance.uniform(0.1, 1.5))
            receiver.answer = healthy

        yield Place(
            arguments=("--to", receiver.url, "--allow", "127.0.0.1", *options),
            fail=fail,
            has=lambda: list(receiver.taken),
        )


def _healthy(chance: random.Random) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        if any(_is_poison(event) for event in request.events):
            return Answer(status=422)
        if (drawn := chance.random()) < 0.01:
            return Answer(status=429)
        # it took it, and nobody hears of that
        return Answer(late=1.5 if drawn > 0.998 else 0)

    return answer


def _is_poison(event: Any) -> bool:
    data = event["data"]
    return (data["tenantId"], data["data"]["version"] % 50) == POISON


@contextmanager
def to_broker(kind: str) -> Iterator[Place]:
    command = redis_server if kind == "redis" else nats_server
    with broker(command) as started:

        def fail(chance: random.Random) -> None:
            started.kill()
            time.sleep(chance.uniform(0.1, 1))
            started.start()

        yield Place(
            arguments=("--to", f"{kind}://127.0.0.1:{started.port}?stream=S"),
            fail=fail,
            has=lambda: _in_broker(kind, started),
        )


def _in_broker(kind: str, started: Broker) -> list[Any]:
    if kind == "redis":
        return [json.loads(entry["event"]) for entry in in_redis(started, "S")]
    return [json.loads(data) for _, data in in_nats(started, "S")]


PLACES: dict[str, Callable[[], Any]] = {
    "webhook": webhook,
    "batches": lambda: webhook("--batch", "20"),
    "redis": lambda: to_broker("redis"),
    "nats": lambda: to_broker("nats"),
}


def soak(
    dsn: str, place: Place, *, writers: int, seconds: float, pause: float = 1.0
) -> dict[str, int]:
    """Let everything happen for a while; what was counted, or AssertionError."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        prepare(connection)
        for name, value in SETTINGS.items():
            connection.execute("select bss.set_setting(%s, %s)", [name, value])
        until = time.monotonic() + seconds
        writing = [Writer(dsn, seed, until) for seed in range(writers)]
        threads = [threading.Thread(target=writer.run) for writer in writing]
        for thread in threads:
            thread.start()
        relay = Process(dsn, place.arguments)
        try:
            relay.start()
            failures = _trouble(relay, place, until, pause)
            for thread in threads:
                thread.join()
            _wait_until_nothing_is_left(connection)
        finally:
            relay.kill()
        dead = [event for (event,) in connection.execute(DEAD)]
    journal = Journal()
    for writer in writing:
        journal |= writer.journal
    reader = Reader(dsn, seed=0)
    reader.events = place.has()
    letters = Reader(dsn, seed=0)
    letters.events = dead
    return {
        **check(journal, [reader, letters]),
        "dead letters": len(dead),
        "kills of the relay": relay.kills - 1,
        "failures of the endpoint": failures,
    }


def _trouble(relay: Process, place: Place, until: float, pause: float) -> int:
    chance, failures = random.Random(1), 0  # noqa: S311
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 1) * pause)
        if chance.random() < 0.5:
            relay.kill()
            relay.start()
        else:
            place.fail(chance)
            failures += 1
    return failures


def _wait_until_nothing_is_left(connection: Connection) -> None:
    until = time.monotonic() + PATIENCE
    while connection.execute(LEFT).fetchone() != (0,):
        assert time.monotonic() < until, connection.execute(STATE).fetchall()
        time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", choices=PLACES, default="webhook")
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="bss-relay-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        cluster = clusters.start(clusters.create(directory, unsafe=True))
        stack.callback(clusters.stop, cluster)
        clusters.create_database(cluster)
        dsn = clusters.dsn(cluster)
        install_into(dsn)
        place = stack.enter_context(PLACES[given.to]())
        found = soak(dsn, place, writers=given.writers, seconds=given.seconds)
        for name, count in found.items():
            print(f"{name:45} {count}")


if __name__ == "__main__":
    main()
