"""Writers, readers that die, and the question whether every committed change was told.

A writer puts a tag of its own into every row that it changes, and notes whether the transaction was
committed; where the server died in the middle, it does not know. `python -m tests.faults.checker`
is the long form, with a server of its own that is killed.
"""

import argparse
import random
import shutil
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from bss_loader.programs import run_as_server

ROWS = 12
BATCH = 200
COPIED = 3
DOCUMENT = """{
    "title": "Note", "type": "object",
    "properties": {
        "note_id": {"type": "integer"}, "version": {"type": "integer"}, "tag": {"type": "string"}
    },
    "x-bss": {"events": {"payload": "row"}}
}"""
TENANTS = ("acme", "globex")
COPY = "copy {} (tenant_id, note_id, version, tag) from stdin"

Connection = psycopg.Connection[Any]


@dataclass(slots=True, kw_only=True)
class Journal:
    """What writers know of their changes, by a tag that is in the row."""

    committed: set[str] = field(default_factory=set)
    rolled_back: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def __or__(self, other: "Journal") -> "Journal":
        return Journal(
            committed=self.committed | other.committed,
            rolled_back=self.rolled_back | other.rolled_back,
            unknown=self.unknown | other.unknown,
        )


def notes(tenant: str) -> sql.Identifier:
    return sql.Identifier(f"tenant_{tenant}", "notes")


def prepare(connection: Connection) -> None:
    """Make the tenants, their rows and a reader with a short lease."""
    for name in TENANTS:
        connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
        insert = sql.SQL(
            "insert into {} select (select id from bss.tenants where external_id = %s), n, "
            "0, 'first' from generate_series(1, %s) as n"
        )
        connection.execute(insert.format(notes(name)), [name, ROWS])
    connection.execute("select bss.set_setting('events.lease', '\"300 ms\"')")
    connection.execute("select bss.subscribe('reader', '{business_store.data.**}')")


class Writer:
    """Random transactions, until it is time."""

    def __init__(self, dsn: str, seed: int, until: float, copied: int = COPIED) -> None:
        self.dsn, self.until, self.copied = dsn, until, copied
        self.chance = random.Random(seed)  # noqa: S311
        self.journal = Journal()
        self.number = (seed + 1) * 1_000_000

    def run(self) -> None:
        while time.monotonic() < self.until:
            try:
                with psycopg.connect(self.dsn, autocommit=True) as connection:
                    while time.monotonic() < self.until:
                        self.transaction(connection)
            except psycopg.OperationalError:
                time.sleep(0.2)

    def transaction(self, connection: Connection) -> None:
        kept: set[str] = set()
        undone: set[str] = set()
        try:
            with connection.transaction():
                self.changes(connection, kept, undone)
                if self.chance.random() < 0.2:
                    undone |= kept
                    kept = set()
                    raise psycopg.Rollback
        except (psycopg.errors.DeadlockDetected, psycopg.Rollback):
            self.journal.rolled_back |= kept | undone
        except psycopg.OperationalError:
            self.journal.unknown |= kept
            self.journal.rolled_back |= undone
            raise
        else:
            self.journal.committed |= kept
            self.journal.rolled_back |= undone

    def changes(self, connection: Connection, kept: set[str], undone: set[str]) -> None:
        for tenant in sorted(self.chance.choices(TENANTS, k=self.chance.randint(1, 3))):
            if self.chance.random() < 0.3:
                with connection.transaction(force_rollback=True):
                    undone.add(self.change(connection, tenant))
            if self.chance.random() < 0.1:
                kept.add(self.copy(connection, tenant))
            kept.add(self.change(connection, tenant))
            if self.chance.random() < 0.1:
                time.sleep(self.chance.random() / 5)

    def change(self, connection: Connection, tenant: str) -> str:
        tag = uuid4().hex
        update = sql.SQL("update {} set version = version + 1, tag = %s where note_id = %s")
        row = self.chance.randint(1, ROWS)
        connection.execute(update.format(notes(tenant)), [tag, row])
        return tag

    def copy(self, connection: Connection, tenant: str) -> str:
        tag = uuid4().hex
        row = connection.execute("select id from bss.tenants where external_id = %s", [tenant])
        (tenant_id,) = row.fetchone() or (None,)
        with connection.cursor().copy(sql.SQL(COPY).format(notes(tenant))) as copy:
            for _ in range(self.copied):
                self.number += 1
                copy.write_row((tenant_id, self.number, 1, tag))
        return tag


class Reader:
    """A consumer that dies at any point and comes again, and may not wait for the disk."""

    def __init__(self, dsn: str, seed: int, batch: int = BATCH) -> None:
        self.dsn, self.chance = dsn, random.Random(seed)  # noqa: S311
        self.batch = batch
        self.events: list[dict[str, Any]] = []
        self.deaths = 0

    def run(self, is_over: Callable[[], bool]) -> None:
        is_done = False
        while not is_done:
            # what is empty before the last writer has ended says nothing
            is_last = is_over()
            try:
                with psycopg.connect(self.dsn, autocommit=True) as connection:
                    is_done = self.session(connection) and is_last
            except psycopg.OperationalError:
                time.sleep(0.2)
            except psycopg.Error as error:
                if error.sqlstate not in ("SB704", "SB705"):
                    raise
                time.sleep(0.1)

    def session(self, connection: Connection) -> bool:
        """Poll until there is nothing left three times; false if this reader dies before."""
        if self.chance.random() < 0.5:
            connection.execute("set synchronous_commit = off")
        token, empty = None, 0
        while empty < 3:
            batch = connection.execute(
                "select * from bss.poll('reader', %s, %s)",
                [self.chance.randint(1, self.batch), token],
            ).fetchall()
            empty = 0 if batch else empty + 1
            if not batch:
                time.sleep(0.05)
                continue
            token = batch[0][0]
            self.events += [event for *_, event in batch]
            if self.chance.random() < 0.1:
                self.deaths += 1
                return False
            connection.execute("select bss.ack('reader', %s)", [token])
        return True


def run(
    dsn: str,
    *,
    writers: int,
    seconds: float,
    faults: Callable[[], None],
    batch: int = BATCH,
    copied: int = COPIED,
) -> tuple[Journal, list[Reader]]:
    """Let writers and two readers at it, and faults beside them; what became of it."""
    until = time.monotonic() + seconds
    writing = [Writer(dsn, seed, until, copied) for seed in range(writers)]
    threads = [threading.Thread(target=writer.run) for writer in writing]
    readers = [Reader(dsn, seed=-1, batch=batch), Reader(dsn, seed=-2, batch=batch)]
    reading = [
        threading.Thread(
            target=reader.run, args=(lambda: not any(thread.is_alive() for thread in threads),)
        )
        for reader in readers
    ]
    for thread in (*threads, *reading):
        thread.start()
    faults()
    for thread in (*threads, *reading):
        thread.join()
    journal = Journal()
    for writer in writing:
        journal |= writer.journal
    return journal, readers


def check(journal: Journal, readers: list[Reader]) -> dict[str, int]:
    """Assert what delivery promises; how much there was of everything."""
    first: dict[int, dict[str, Any]] = {}
    for reader in readers:
        for event in reader.events:
            first.setdefault(int(event["id"]), event)
    told = {event["data"]["data"]["tag"] for event in first.values()}
    assert journal.committed <= told, f"{len(journal.committed - told)} were lost"
    assert not journal.rolled_back & told
    assert told <= journal.committed | journal.unknown
    for reader in readers:
        _check_order(reader)
    return {
        "changes committed": len(journal.committed),
        "changes rolled back": len(journal.rolled_back),
        "changes of which the outcome was unknown": len(journal.unknown),
        "events": len(first),
        "deliveries": sum(len(reader.events) for reader in readers),
        "deaths of readers": sum(reader.deaths for reader in readers),
    }


def _check_order(reader: Reader) -> None:
    """Each row's versions come in their order, but for what is delivered again."""
    versions: dict[tuple[str, int], list[int]] = defaultdict(list)
    seen: set[str] = set()
    for event in reader.events:
        if event["id"] not in seen:
            seen.add(event["id"])
            data = event["data"]
            versions[data["tenantId"], data["recordId"]].append(data["data"]["version"])
    for row, found in versions.items():
        assert found == sorted(set(found)), row


def crash(cluster: clusters.Cluster) -> None:
    """Kill the server as a crash would, and start it again."""
    pg_ctl = cluster.binaries / "pg_ctl"
    run_as_server(pg_ctl, "stop", "--wait", "--mode=immediate", "--pgdata", cluster.data)
    clusters.start(cluster, pinned=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--crashes", type=int, default=5)
    parser.add_argument("--batch", type=int, default=BATCH, help="the most events of a poll")
    parser.add_argument("--copied", type=int, default=COPIED, help="rows that a COPY brings")
    given = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="bss-checker-"))
    try:
        cluster = clusters.start(clusters.create(directory))
        clusters.create_database(cluster)
        dsn = clusters.dsn(cluster)

        def faults() -> None:
            for _ in range(given.crashes):
                time.sleep(given.seconds / (given.crashes + 1))
                crash(cluster)

        try:
            install_into(dsn)
            with psycopg.connect(dsn, autocommit=True) as connection:
                prepare(connection)
            journal, readers = run(
                dsn,
                writers=given.writers,
                seconds=given.seconds,
                faults=faults,
                batch=given.batch,
                copied=given.copied,
            )
            for name, count in check(journal, readers).items():
                print(f"{name:45} {count}")
        finally:
            clusters.stop(cluster)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
