"""Random writers and a reader that does anything it may; what it is told is compared with a model.

Writers write into the outbox themselves, as triggers would, so that the model knows the ids.
"""

import random
import time
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest

TENANTS = [f"00000000-0000-0000-0000-00000000000{n}" for n in range(1, 7)]
LEASE = 0.002
"""The seconds after which a lease that nobody has given back is over."""
SETTINGS = {
    "events.lease": '"1 ms"',
    "events.retry_delay": '"2 ms"',
    "events.retry_delay_limit": '"4 ms"',
    "events.max_attempts": "1000",
}
WRITE = """
    insert into bss_metadata.outbox (tenant_id, topic)
    select %s, 'business_store.data.random.created' from generate_series(1, %s)
    returning id
"""

Connection = psycopg.Connection[Any]


def write(connection: Connection, tenant: str | None, count: int) -> list[int]:
    """Write events of a tenant as a trigger does: with a transaction id before those of events."""
    connection.execute("select pg_current_xact_id()")
    return [number for (number,) in connection.execute(WRITE, [tenant, count])]


def acknowledge_all(connection: Connection, limit: int) -> Generator[list[int], None, None]:
    """Poll and acknowledge until there is nothing; give each batch."""
    time.sleep(LEASE)
    token = None
    while batch := connection.execute(
        "select token, id from bss.poll('reader', %s, %s)", [limit, token]
    ).fetchall():
        token = batch[0][0]
        yield [number for _, number in batch]
        connection.execute("select bss.ack('reader', %s)", [token])
    connection.execute("select bss.release('reader', %s)", [token])


@dataclass(slots=True, kw_only=True)
class Writer:
    """A session with the events of the transaction that it has open."""

    connection: Connection
    written: list[tuple[int, str | None]] = field(default_factory=list)


class Trial:
    """Writers, a reader, and what must be true of what that is told."""

    def __init__(self, reader: Connection, writers: list[Connection], seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.reader = reader
        self.writers = [Writer(connection=connection) for connection in writers]
        self.token: int | None = None
        self.batch: list[int] = []
        self.tenant: dict[int, str | None] = {}
        self.committed: dict[int, int] = {}
        self.start = 0
        self.acknowledged: set[int] = set()
        self.most_streams = 0

    def prepare(self) -> None:
        for name, value in SETTINGS.items():
            self.reader.execute("select bss.set_setting(%s, %s)", [name, value])
        self.reader.execute("select bss.subscribe('reader', '{business_store.data.**}')")

    def run(self, steps: int) -> None:
        """Do anything, then let everybody finish, and compare."""
        for step in range(steps):
            action = self.chance.choices(
                [
                    self.write, self.finish, self.poll, self.acknowledge, self.fail, self.replay,
                    self.move,
                ],
                [6, 3, 10, 8, 1, 0.1, 0.1],
            )[0]  # fmt: skip
            action(step)
        for writer in self.writers:
            self.end(writer, steps, is_kept=True)
        while self.left() or self.batch:
            self.poll(steps)
            self.acknowledge(steps)
        self.poll(steps)
        assert self.batch == []
        assert self.streams() == 0

    def left(self) -> set[int]:
        return {number for number in self.committed if number > self.start} - self.acknowledged

    def streams(self) -> int:
        ((count, apart),) = self.reader.execute("""
            select (select count(*) from bss_metadata.consumer_streams), cardinality(c.apart)
            from bss_metadata.consumers as c
        """)
        assert count == apart
        return int(count)

    def write(self, _: int) -> None:
        writer = self.chance.choice(self.writers)
        tenant = self.chance.choice([None, *TENANTS])
        count = self.chance.choice([1, 1, 2, 3, 5, 300])
        written = write(writer.connection, tenant, count)
        writer.written += [(number, tenant) for number in written]

    def finish(self, step: int) -> None:
        self.end(self.chance.choice(self.writers), step, is_kept=self.chance.random() < 0.8)

    def end(self, writer: Writer, step: int, *, is_kept: bool) -> None:
        if is_kept:
            writer.connection.commit()
            self.committed |= dict.fromkeys((number for number, _ in writer.written), step)
            self.tenant |= dict(writer.written)
        else:
            writer.connection.rollback()
        writer.written = []

    def poll(self, _: int) -> None:
        """Poll, with the lease or, as if another came, without it; the batch is in order."""
        held = self.token if self.chance.random() < 0.8 else None
        if held is None:
            time.sleep(LEASE)
        given = self.reader.execute(
            "select token, id from bss.poll('reader', %s, %s)",
            [self.chance.choice([1, 3, 10, 50, 100, 200]), held],
        ).fetchall()
        if given:
            if held is None and self.token is not None:
                self.refused(self.token)
            self.token = given[0][0]
        elif held is None:
            self.token = None
        before, self.batch = self.batch, [number for _, number in given]
        assert self.batch == before or not before, "the same again until it is acknowledged"
        self.check()
        self.most_streams = max(self.most_streams, self.streams())

    def refused(self, token: int) -> None:
        with pytest.raises(psycopg.Error, match="was lost"):
            self.reader.execute("select bss.ack('reader', %s)", [token])

    def check(self) -> None:
        """Nothing twice, and nothing of a tenant before what it had committed before."""
        done = set(self.acknowledged)
        left = sorted(self.left())
        for number in self.batch:
            assert number in self.committed, "it was rolled back"
            assert number not in done, "it was acknowledged"
            passed_over = [
                other for other in left
                if other < number and other not in done
                and self.tenant[other] == self.tenant[number]
                and self.committed[other] <= self.committed[number]
            ]  # fmt: skip
            assert not passed_over, number
            done.add(number)

    def acknowledge(self, _: int) -> None:
        if self.batch:
            count = len(self.batch)
            if self.chance.random() < 0.4:
                count = self.chance.randint(1, count)
            through = self.batch[count - 1] if count < len(self.batch) else None
            self.reader.execute("select bss.ack('reader', %s, %s)", [self.token, through])
            self.acknowledged |= set(self.batch[:count])
            self.batch = self.batch[count:]

    def fail(self, _: int) -> None:
        """One fails: it and what its tenant has behind it in the batch come later."""
        if self.batch:
            place = self.chance.randrange(len(self.batch))
            failed = self.batch[place]
            self.reader.execute("select bss.nack('reader', %s, %s, 'x')", [self.token, failed])
            self.batch = self.batch[:place] + [
                number for number in self.batch[place:]
                if self.tenant[number] != self.tenant[failed]
            ]  # fmt: skip

    def replay(self, _: int) -> None:
        if self.committed:
            first = self.chance.choice(sorted(self.committed))
            self.reader.execute("select bss.replay('reader', %s)", [str(first)])
            self.start, self.acknowledged = first - 1, set()
            self.token, self.batch = None, []

    def move(self, step: int) -> None:
        """The database is in another cluster, where nobody has written yet."""
        for writer in self.writers:
            self.end(writer, step, is_kept=True)
        self.reader.execute("update bss_metadata.epochs set place = 'elsewhere'")
        self.reader.execute("select bss_internal.first_id()")
        self.token, self.batch = None, []
