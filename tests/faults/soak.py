"""Writers, a reader and the rotation of partitions, for long: does the outbox stay as small?

`python -m tests.faults.soak` runs with a server of its own. It looks at the outbox once in each
partition's time, after maintenance, and fails if it is larger in the second half than it was in the
first, or if dead rows pile up in the tables that readers write.
"""

import argparse
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psycopg

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from tests.faults.checker import DOCUMENT

PERIOD = 60.0
"""The seconds of a partition; the shortest that there is."""
TOLERANCE = 1.2
MOST_DEAD = 5_000

SIZE = """
    select sum(pg_total_relation_size(i.inhrelid))::bigint, count(*)
    from pg_inherits as i where i.inhparent = 'bss_metadata.outbox'::regclass
"""
DEAD = """
    select coalesce(max(n_dead_tup), 0) from pg_stat_user_tables
    where
        schemaname = 'bss_metadata'
        and relname in ('consumers', 'consumer_streams', 'deliveries', 'epochs')
"""


def write(dsn: str, rate: float, over: threading.Event) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        (tenant,) = connection.execute("select id from bss.tenants").fetchone() or (None,)
        insert = (
            "insert into tenant_acme.notes select %s, n, 0, '' from generate_series(%s::int, %s) n"
        )
        number = 0
        while not over.wait(1 / rate):
            connection.execute(insert, [tenant, number, number + 9])
            connection.execute("delete from tenant_acme.notes where note_id < %s", [number - 1000])
            number += 10


def read(dsn: str, over: threading.Event, count: list[int]) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("listen bss_events")
        token = None
        while not over.is_set():
            poll = "select token from bss.poll('soak', 1000, %s)"
            batch = connection.execute(poll, [token], prepare=True).fetchall()
            if batch:
                token = batch[0][0]
                connection.execute("select bss.ack('soak', %s)", [token], prepare=True)
                count[0] += len(batch)
            else:
                list(connection.notifies(timeout=1, stop_after=1))


def soak(dsn: str, rate: float, minutes: int) -> list[tuple[int, int, int]]:
    """Give, for each minute, the bytes of the outbox, its partitions, and the most dead rows."""
    over, count = threading.Event(), [0]
    threads = [
        threading.Thread(target=write, args=(dsn, rate, over)),
        threading.Thread(target=read, args=(dsn, over, count)),
    ]
    seen = []
    with psycopg.connect(dsn, autocommit=True) as connection:
        for thread in threads:
            thread.start()
        try:
            for _ in range(minutes):
                time.sleep(PERIOD)
                connection.execute("select bss.maintain_outbox()")
                row: Any = connection.execute(SIZE).fetchone()
                (dead,) = connection.execute(DEAD).fetchone() or (0,)
                seen.append((int(row[0]), int(row[1]), int(dead)))
                print(f"{row[0]:>12,} bytes {row[1]:>4} partitions {dead:>6} dead rows", flush=True)
        finally:
            over.set()
            for thread in threads:
                thread.join()
    print(f"{count[0]:>12,} events read")
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--rate", type=float, default=50, help="statements of ten rows a second")
    given = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="bss-soak-"))
    try:
        cluster = clusters.start(clusters.create(directory))
        clusters.create_database(cluster)
        dsn = clusters.dsn(cluster)
        try:
            install_into(dsn)
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
                for name, value in (("partition", '"1 minute"'), ("retention", '"1 minute"')):
                    connection.execute("select bss.set_setting(%s, %s)", [f"events.{name}", value])
                connection.execute("select bss.subscribe('soak', '{business_store.data.**}')")
                connection.execute("select bss.maintain_outbox()")
            seen = soak(dsn, given.rate, given.minutes)
        finally:
            clusters.stop(cluster)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    # the first partitions fill before one is old enough to go
    settled = seen[4:]
    middle = len(settled) // 2
    first, second = (
        max(size for size, _, _ in half) for half in (settled[:middle], settled[middle:])
    )
    if second > first * TOLERANCE or max(dead for _, _, dead in settled) > MOST_DEAD:
        sys.exit("the outbox grows, or dead rows pile up")


if __name__ == "__main__":
    main()
