"""Every committed change is told, none that was rolled back, and each row's in its order."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

SECONDS = 6
WRITERS = 8
ROWS = 12
DOCUMENT = """{
    "title": "Note", "type": "object",
    "properties": {
        "note_id": {"type": "integer"}, "version": {"type": "integer"}, "tag": {"type": "string"}
    },
    "x-bss": {"events": {"payload": "row"}}
}"""
TENANTS = ("acme", "globex")

Connection = psycopg.Connection[Any]


@dataclass(slots=True, kw_only=True)
class Journal:
    """What writers know of their changes, by a tag that is in the row."""

    committed: set[str] = field(default_factory=set)
    rolled_back: set[str] = field(default_factory=set)


@pytest.fixture
def tenants(connection: Connection) -> Connection:
    for name in TENANTS:
        connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
        connection.execute(
            sql.SQL("insert into {} select (select id from bss.tenants where external_id = %s), n, "
                    "0, 'first' from generate_series(1, %s) as n").format(notes(name)),
            [name, ROWS],
        )  # fmt: skip
    connection.execute("select bss.set_setting('events.lease', '\"300 ms\"')")
    connection.execute("select bss.subscribe('reader', '{business_store.data.**}')")
    return connection


def notes(tenant: str) -> sql.Identifier:
    return sql.Identifier(f"tenant_{tenant}", "notes")


def change(connection: Connection, tenant: str, chance: random.Random) -> str:
    tag = uuid4().hex
    update = sql.SQL("update {} set version = version + 1, tag = %s where note_id = %s")
    connection.execute(update.format(notes(tenant)), [tag, chance.randint(1, ROWS)])
    return tag


def write(dsn: str, journal: Journal, seed: int, until: float) -> None:
    chance = random.Random(seed)  # noqa: S311
    with psycopg.connect(dsn, autocommit=True) as connection:
        while time.monotonic() < until:
            kept, undone = transaction(connection, chance)
            journal.committed |= kept
            journal.rolled_back |= undone


def transaction(connection: Connection, chance: random.Random) -> tuple[set[str], set[str]]:
    """Make some changes; those that stay and those that do not, or all, are given."""
    kept: set[str] = set()
    undone: set[str] = set()
    tenants = sorted(chance.choices(TENANTS, k=chance.randint(1, 3)))
    try:
        with connection.transaction():
            for tenant in tenants:
                if chance.random() < 0.3:
                    with connection.transaction(force_rollback=True):
                        undone.add(change(connection, tenant, chance))
                kept.add(change(connection, tenant, chance))
                if chance.random() < 0.1:
                    time.sleep(chance.random() / 5)
            if chance.random() < 0.2:
                raise psycopg.Rollback
            return kept, undone
    except psycopg.errors.DeadlockDetected:
        pass
    return set(), kept | undone


class Reader:
    """A consumer that dies at any point, and comes again."""

    def __init__(self, dsn: str, seed: int) -> None:
        self.dsn, self.chance = dsn, random.Random(seed)  # noqa: S311
        self.events: list[dict[str, Any]] = []
        self.deaths = 0

    def read(self, is_over: Callable[[], bool]) -> None:
        empty = 0
        while empty < 3 or not is_over():
            try:
                with psycopg.connect(self.dsn, autocommit=True) as connection:
                    empty = self.session(connection)
            except psycopg.Error as error:
                if error.sqlstate != "SB704":
                    raise
                time.sleep(0.1)

    def session(self, connection: Connection) -> int:
        """Poll until this reader dies, or there is nothing left three times."""
        token, empty = None, 0
        while empty < 3:
            batch = connection.execute(
                "select * from bss.poll('reader', %s, %s)", [self.chance.randint(1, 40), token]
            ).fetchall()
            empty = 0 if batch else empty + 1
            if not batch:
                # without an event there is no token: the lease has to end
                time.sleep(0.35)
                token = None
                continue
            token = batch[0][0]
            self.events += [event for *_, event in batch]
            if self.chance.random() < 0.3:
                self.deaths += 1
                return 0
            connection.execute("select bss.ack('reader', %s)", [token])
        return empty


def test_every_committed_change_is_told(tenants: Connection, dsn: str) -> None:
    journals = [Journal() for _ in range(WRITERS)]
    until = time.monotonic() + SECONDS
    writers = [
        threading.Thread(target=write, args=(dsn, journal, seed, until))
        for seed, journal in enumerate(journals)
    ]
    reader = Reader(dsn, seed=WRITERS)
    reading = threading.Thread(
        target=reader.read, args=(lambda: not any(writer.is_alive() for writer in writers),)
    )
    for thread in (*writers, reading):
        thread.start()
    for thread in (*writers, reading):
        thread.join()
    drain(tenants, reader)
    committed = set().union(*(journal.committed for journal in journals))
    rolled_back = set().union(*(journal.rolled_back for journal in journals))
    check(reader.events, committed, rolled_back)
    assert committed
    assert rolled_back
    assert reader.deaths


def drain(connection: Connection, reader: Reader) -> None:
    time.sleep(0.4)
    token = None
    while batch := connection.execute(
        "select * from bss.poll('reader', 1000, %s)", [token]
    ).fetchall():
        token = batch[0][0]
        reader.events += [event for *_, event in batch]
        connection.execute("select bss.ack('reader', %s)", [token])


def check(events: list[dict[str, Any]], committed: set[str], rolled_back: set[str]) -> None:
    told = {event["data"]["data"]["tag"] for event in events}
    assert committed <= told, f"{len(committed - told)} were lost"
    assert not rolled_back & told
    assert told <= committed
    versions: dict[tuple[str, int], list[int]] = defaultdict(list)
    seen: set[str] = set()
    for event in events:
        if event["id"] not in seen:
            seen.add(event["id"])
            data = event["data"]
            versions[data["tenantId"], data["recordId"]].append(data["data"]["version"])
    for row, found in versions.items():
        assert found == list(range(1, len(found) + 1)), row


def polled(connection: Connection) -> list[int]:
    """Give what a reader gets, who acknowledges it."""
    batch = connection.execute("select * from bss.poll('reader')").fetchall()
    if batch:
        connection.execute("select bss.ack('reader', %s)", [batch[0][0]])
    time.sleep(0.35)
    return [event["data"]["recordId"] for *_, event in batch]


def touch(connection: Connection, note_id: int) -> None:
    connection.execute(
        "update tenant_acme.notes set version = version + 1 where note_id = %s", [note_id]
    )


def test_a_transaction_that_stays_open_holds_up_nobody_else(tenants: Connection, dsn: str) -> None:
    with psycopg.connect(dsn) as slow:
        touch(slow, 1)
        touch(tenants, 2)
        assert polled(tenants) == [2]
        touch(tenants, 3)
        assert polled(tenants) == [3]
        touch(slow, 4)
        slow.commit()
    touch(tenants, 5)
    assert polled(tenants) == [1, 4, 5]


def test_a_reader_that_writes_misses_nothing_of_its_own(tenants: Connection, dsn: str) -> None:
    with psycopg.connect(dsn) as reader:
        touch(reader, 1)
        touch(tenants, 2)
        batch = reader.execute("select * from bss.poll('reader')").fetchall()
        assert [event["data"]["recordId"] for *_, event in batch] == [2]
        touch(reader, 3)
        reader.execute("select bss.ack('reader', %s)", [batch[0][0]])
        reader.commit()
        time.sleep(0.35)
    assert polled(tenants) == [1, 3]


@pytest.fixture
def elsewhere(tenants: Connection, dsn: str) -> Iterator[str]:
    """A copy of the database, with one event read and two unread, where its xids mean nothing."""
    touch(tenants, 1)
    assert polled(tenants) == [1]
    touch(tenants, 2)
    touch(tenants, 3)
    name = tenants.info.dbname
    copy = f"{name} copy"
    tenants.close()
    maintenance = make_conninfo(dsn, dbname="postgres")
    with psycopg.connect(maintenance, autocommit=True) as server:
        create = sql.SQL("create database {} template {}")
        server.execute(create.format(sql.Identifier(copy), sql.Identifier(name)))
        with psycopg.connect(make_conninfo(dsn, dbname=copy), autocommit=True) as there:
            # as if the cluster that it came from had been at work for longer
            there.execute(
                "update bss_metadata.outbox set xid = '9999999999' "
                "where id > (select max(id) - 2 from bss_metadata.outbox)"
            )
        yield make_conninfo(dsn, dbname=copy)
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(copy)))


def test_a_restored_reader_goes_on_where_it_was(elsewhere: str) -> None:
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        touch(connection, 4)
        assert polled(connection) == [2, 3, 4]
        touch(connection, 5)
        assert polled(connection) == [5]
        rows = connection.execute("select epoch from bss_metadata.epochs order by 1").fetchall()
        assert len(rows) > 1
        assert polled(connection) == []
        connection.execute("select bss.replay('reader', 'beginning')")
        assert polled(connection)[-5:] == [1, 2, 3, 4, 5]


def test_what_is_old_and_read_is_dropped_and_nothing_else(tenants: Connection) -> None:
    touch(tenants, 1)
    tenants.execute("update bss_metadata.outbox set created_at = created_at - interval '30 days'")
    with tenants.transaction():
        tenants.execute("set local role bss_owner")
        tenants.execute("""
            select bss_internal.make_partition(d, d + interval '1 day')
            from date_trunc('day', now() - interval '30 days', 'UTC') as d
        """)
    before = tenants.execute("select count(*) from bss.events").fetchone()
    made = dict(tenants.execute("select partition_name, action from bss.maintain_outbox()"))
    assert sorted(made.values()) == ["kept for a consumer"] + ["made"] * 4
    assert tenants.execute("select count(*) from bss.events").fetchone() == before
    assert polled(tenants) == [1]
    done = dict(tenants.execute("select partition_name, action from bss.maintain_outbox()"))
    assert list(done.values()) == ["dropped"]
    assert tenants.execute("select count(*) from bss.events").fetchone() == (0,)


def test_writers_notify_only_when_nobody_is_awake(tenants: Connection, dsn: str) -> None:
    def woken() -> list[str]:
        return [note.payload for note in listener.notifies(timeout=0.3)]

    with (
        psycopg.connect(dsn, autocommit=True) as listener,
        psycopg.connect(dsn, autocommit=True) as awake,
    ):
        listener.execute("listen bss_events")
        touch(tenants, 1)
        assert woken() == [""]
        assert awake.execute("select bss.stay_awake()").fetchone() == (True,)
        touch(tenants, 1)
        assert woken() == []
        awake.execute("select bss.fall_asleep()")
        touch(tenants, 1)
        assert woken() == [""]
        tenants.execute("""select bss.set_setting('events.notify', '"off"')""")
        touch(tenants, 1)
        assert woken() == []
        tenants.execute("""select bss.set_setting('events.notify', '"always"')""")
        assert awake.execute("select bss.stay_awake()").fetchone() == (False,)
        touch(tenants, 1)
        assert woken() == [""]
