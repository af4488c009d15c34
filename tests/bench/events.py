"""What events cost those who write, and how fast they are read.

A table with capture and the same table without it take turns. Writers are sessions of pgbench; one
session polls meanwhile, and holds the lock of those who are awake. What events are drained at, and
how late they come, follows.
"""

import json
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bss_loader.programs import server_binaries
from tests.bench.measure import Comparison, arguments, clock, compare, installed, machine, report
from tests.bench.models import typical_model

BATCH = 5_000
SECONDS = 4
TABLES = {"without capture": "bare.record0", "with capture of keys": "tenant_bench.record0"}
PREPARE = """
    create schema bare;
    create table bare.record0 (like tenant_bench.record0 including all);
    select bss.subscribe('bench', '{business_store.data.**}');
    select bss.maintain_outbox();
"""


class Reader(threading.Thread):
    """A consumer that is awake until it is stopped."""

    def __init__(self, dsn: str) -> None:
        super().__init__()
        self.dsn, self.over, self.delays = dsn, threading.Event(), list[float]()

    def run(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute("select bss.stay_awake()")
            token = None
            while not self.over.is_set():
                batch = connection.execute(
                    "select token, "
                    "extract(epoch from clock_timestamp() - (event ->> 'time')::timestamptz) "
                    "from bss.poll('bench', 1000, %s)",
                    [token],
                ).fetchall()
                if not batch:
                    time.sleep(0.002)
                    continue
                token = batch[0][0]
                self.delays += [float(delay) * 1000 for _, delay in batch]
                connection.execute("select bss.ack('bench', %s)", [token])


@contextmanager
def reading(dsn: str) -> Iterator[Reader]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select bss.replay('bench', 'now')")
    reader = Reader(dsn)
    reader.start()
    try:
        yield reader
    finally:
        reader.over.set()
        reader.join()


def pgbench(dsn: str, statement: str, clients: int, *options: str) -> float:
    """Gives the milliseconds that a client's transaction took on average."""
    place = conninfo_to_dict(dsn)
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory, "statement.sql")
        script.write_text(statement)
        done = subprocess.run(
            [
                server_binaries() / "pgbench", "--no-vacuum", "--protocol=prepared",
                f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={SECONDS}",
                f"--file={script}", *options, f"--host={place.get('host', '')}",
                f"--port={place.get('port', '')}", f"--username={place.get('user', '')}",
                str(place["dbname"]),
            ],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("tps"))
    return clients * 1000 / float(line.split()[2])


def writers(dsn: str, clients: int, rounds: int) -> Comparison:
    def side(table: str) -> Any:
        insert = f"insert into {table} (number, amount) values ('new', 1)"
        return lambda: pgbench(dsn, insert, clients)

    with reading(dsn):
        return compare(
            f"an insert of one row, {clients} clients",
            {name: side(table) for name, table in TABLES.items()},
            rounds=rounds, warm_up=1, goal="at most 1.33 times",
        )  # fmt: skip


def bulk(connection: psycopg.Connection, rounds: int) -> Comparison:
    def side(table: str) -> Any:
        insert = (
            f"insert into {table} (number, amount) "
            "select n::text, n % 1000 from generate_series(1, 100000) as n"
        )
        return clock(lambda: connection.execute(insert))

    return compare(
        "an insert of 100,000 rows",
        {name: side(table) for name, table in TABLES.items()},
        rounds=rounds, warm_up=1, goal="at most 2.2 times",
    )  # fmt: skip


def drained(connection: psycopg.Connection) -> float:
    """Gives the events a second that one session takes in batches, envelopes included."""
    connection.execute("select bss.replay('bench', 'beginning')")
    token, count, started = None, 0, time.perf_counter()
    while count < 40 * BATCH:
        rows = connection.execute(
            "select min(token), count(*), sum(length(event::text)) from bss.poll('bench', %s, %s)",
            [BATCH, token],
        ).fetchone()
        if rows is None or not rows[1]:
            break
        token, count = rows[0], count + rows[1]
        connection.execute("select bss.ack('bench', %s)", [token])
    return count / (time.perf_counter() - started)


def main() -> None:
    given = arguments(__doc__).parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "select bss.provision_tenant('bench', %s)", [typical_model("Bench", entities=1)]
        )
        connection.execute(PREPARE)
        rounds = max(2, given.rounds // 10)
        comparisons = [bulk(connection, rounds)]
        comparisons += [writers(dsn, clients, rounds) for clients in (1, 4, 16)]
        with reading(dsn) as reader:
            insert = (
                f"insert into {TABLES['with capture of keys']} (number, amount) values ('new', 1)"
            )
            pgbench(dsn, insert, 4, "--rate=500")
        report(dsn, comparisons, given.json)
        percentiles = statistics.quantiles(reader.delays, n=100)
        found = {
            "events drained a second": round(drained(connection)),
            "median latency, ms": round(percentiles[49], 2),
            "99th percentile of latency, ms": round(percentiles[98], 2),
        }
        print()
        for name, value in found.items():
            print(f"{name:40} {value}")
        if given.json:
            content = json.loads(given.json.read_text())
            given.json.write_text(json.dumps(content | {"machine": machine(dsn)} | found, indent=2))


if __name__ == "__main__":
    main()
