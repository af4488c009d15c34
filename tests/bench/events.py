"""What events cost those who write, how fast they are read, and how late they come.

A table with capture and the same table without it take turns. Writers are sessions of pgbench; a
consumer reads meanwhile, awake, so that nobody notifies, and looks up to 200 times a second. The
naive variant notifies in each transaction; the bare limit is what somebody would write by hand: a
trigger that puts the same keys into a table with an identity, and a reader that deletes what it
takes. How late events come is measured by a consumer that waits for notifications, and how late
those of a tenant behind another's flood. Peers are two queues that somebody might take instead,
where they can be had.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bss_loader.programs import server_binaries
from tests.bench.measure import Comparison, arguments, clock, compare, installed, machine, report
from tests.bench.models import typical_model
from tests.bench.peer_queues import Drain, drains

BATCH = 5_000
PAUSE = 0.005
"""The seconds that a consumer that is awake leaves between two looks."""
SECONDS = 3
CAPTURED = "with capture of keys"
TABLES = {"without capture": "tenant_plain.record0", CAPTURED: "tenant_bench.record0"}
BY_HAND = {"with a queue by hand": "by_hand.record0"}
OTHER = "tenant_other.record0"
DRAINED = 200_000
PREPARE = """
    drop trigger capture_insert on tenant_plain.record0;
    select bss.subscribe('bench', '{business_store.data.**}');
    select bss.maintain_outbox();

    create schema by_hand;
    create table by_hand.record0 (like tenant_bench.record0 including all);
    create table by_hand.told (
        id bigint generated always as identity primary key, tenant_id uuid not null,
        topic text not null, record_id jsonb, told_at timestamptz not null default now()
    );
    create function by_hand.tell() returns trigger language plpgsql as $$
    begin
        insert into by_hand.told (tenant_id, topic, record_id)
        select n.tenant_id, 'business_store.data.record0.created', to_jsonb(n.record0_id)
        from new_rows as n;
        return null;
    end $$;
    create trigger tell after insert on by_hand.record0 referencing new table as new_rows
        for each statement execute function by_hand.tell();
"""

INSERT = "insert into {} (number, amount) values ('new', 1)"
NAIVE = f"with told as ({INSERT} returning 1) select pg_notify('naive', '') from told"
TAKE = """
    delete from by_hand.told
    where id in (select id from by_hand.told order by id limit 1000 for update skip locked)
    returning to_json(told)
"""
POLL = """
    select token, extract(epoch from clock_timestamp() - (event ->> 'time')::timestamptz)
    from bss.poll('bench', 1000, %s)
"""


class Reader(threading.Thread):
    """A consumer that is awake, or one that waits to be woken, until it is stopped."""

    def __init__(self, dsn: str, *, awake: bool) -> None:
        super().__init__()
        self.dsn, self.awake = dsn, awake
        self.over, self.delays = threading.Event(), list[float]()

    def run(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            # as a relay does, and as the documentation tells who keeps nothing in this database
            connection.execute("set synchronous_commit = off")
            connection.execute("select bss.stay_awake()" if self.awake else "listen bss_events")
            token = None
            while not self.over.is_set():
                batch = connection.execute(POLL, [token], prepare=True).fetchall()
                if batch:
                    token = batch[0][0]
                    self.delays += [float(delay) * 1000 for _, delay in batch]
                    connection.execute("select bss.ack('bench', %s)", [token], prepare=True)
                if self.awake:
                    time.sleep(PAUSE)
                elif not batch:
                    list(connection.notifies(timeout=0.5, stop_after=1))


@contextmanager
def reading(dsn: str, *, awake: bool = True) -> Iterator[Reader]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select bss.replay('bench', 'now')")
    reader = Reader(dsn, awake=awake)
    reader.start()
    try:
        yield reader
    finally:
        reader.over.set()
        reader.join()


@contextmanager
def taking(dsn: str) -> Iterator[None]:
    """A reader of the queue by hand, as often as the consumer looks."""
    over = threading.Event()

    def run() -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("set synchronous_commit = off")
            while not over.wait(PAUSE):
                connection.execute(TAKE, prepare=True).fetchall()

    reader = threading.Thread(target=run)
    reader.start()
    try:
        yield
    finally:
        over.set()
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


def writers(dsn: str, clients: int, rounds: int, peers: dict[str, str]) -> Comparison:
    tables = {**TABLES, **BY_HAND, **peers}
    statements = {name: INSERT.format(table) for name, table in tables.items()}
    statements["with pg_notify() in each transaction"] = NAIVE.format(TABLES[CAPTURED])

    def side(name: str, statement: str) -> Callable[[], float]:
        def run() -> float:
            with taking(dsn) if name in BY_HAND else reading(dsn):
                return pgbench(dsn, statement, clients)

        return run

    return compare(
        f"an insert of one row, {clients} clients",
        {name: side(name, statement) for name, statement in statements.items()},
        rounds=2 * rounds, warm_up=1, goal="with capture at most 1.33 times",
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
        {name: side(table) for name, table in {**TABLES, **BY_HAND}.items()},
        rounds=rounds, warm_up=1, goal="at most 2.2 times",
    )  # fmt: skip


def drained(connection: psycopg.Connection) -> float:
    """Gives the events a second that one session takes in batches, as objects of its own."""
    connection.execute(
        f"insert into {TABLES[CAPTURED]} (number, amount) "
        f"select n::text, n % 1000 from generate_series(1, {DRAINED}) as n"
    )
    connection.execute("select bss.replay('bench', 'beginning')")
    token, count, started = None, 0, time.perf_counter()
    while count < DRAINED:
        rows = connection.execute(
            "select token, event from bss.poll('bench', %s, %s)", [BATCH, token], prepare=True
        ).fetchall()
        token, count = rows[0][0], count + len(rows)
        connection.execute("select bss.ack('bench', %s)", [token], prepare=True)
    return count / (time.perf_counter() - started)


def behind_a_flood(connection: psycopg.Connection) -> float:
    """Gives the milliseconds until a tenant is read that wrote after another's many events."""
    connection.execute("select bss.replay('bench', 'now')")
    for table, count in ((TABLES[CAPTURED], DRAINED), (OTHER, 1)):
        connection.execute(
            f"insert into {table} (number, amount) "
            f"select n::text, n % 1000 from generate_series(1, {count}) as n"
        )
    token, tenants, started = None, set[str](), time.perf_counter()
    while "other" not in tenants:
        rows = connection.execute(
            "select token, tenant, event from bss.poll('bench', %s, %s)", [BATCH, token],
            prepare=True,
        ).fetchall()  # fmt: skip
        token, tenants = rows[0][0], {tenant for _, tenant, _ in rows}
        connection.execute("select bss.ack('bench', %s)", [token], prepare=True)
    return (time.perf_counter() - started) * 1000


def latency(dsn: str) -> dict[str, float]:
    """Gives how late events come to a consumer that waits, at 500 writes a second."""
    with reading(dsn, awake=False) as reader:
        pgbench(dsn, INSERT.format(TABLES[CAPTURED]), 4, "--rate=500")
    percentiles = statistics.quantiles(reader.delays, n=100)
    return {
        "median latency, ms": round(percentiles[49], 2),
        "99th percentile of latency, ms": round(percentiles[98], 2),
    }


def best(drain: Callable[[], float], rounds: int) -> int:
    return round(max(drain() for _ in range(rounds)))


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--node", type=Path, help="the directory in which npm put graphile-worker")
    given = parser.parse_args()
    rounds = max(2, given.rounds // 10)
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        for tenant in ("bench", "plain", "other"):
            connection.execute(
                "select bss.provision_tenant(%s, %s)", [tenant, typical_model("Bench", entities=1)]
            )
        connection.execute(PREPARE)
        peers: dict[str, tuple[str, Drain]] = {
            name: (table, drain) for name, table, drain in drains(connection, given.node)
        }
        for name in {"pgmq", "graphile-worker"} - peers.keys():
            print(f"no {name}: see tests/bench/peer_queues.py", file=sys.stderr)
        found: dict[str, float] = latency(dsn)
        found["events drained a second"] = best(lambda: drained(connection), rounds)
        found["behind 200,000 of another tenant, ms"] = round(
            min(behind_a_flood(connection) for _ in range(rounds))
        )
        for name, (_, drain) in peers.items():
            found[f"messages drained a second, {name}"] = round(drain(DRAINED // 10))
        comparisons = [bulk(connection, rounds)]
        tables = {name: table for name, (table, _) in peers.items()}
        comparisons += [writers(dsn, clients, rounds, tables) for clients in (1, 4, 16)]
        report(dsn, comparisons, given.json)
        print()
        for name, value in found.items():
            print(f"{name:45} {value}")
        if given.json:
            content = json.loads(given.json.read_text())
            given.json.write_text(json.dumps(content | {"machine": machine(dsn)} | found, indent=2))


if __name__ == "__main__":
    main()
