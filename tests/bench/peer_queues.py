"""Two queues in PostgreSQL as peers: pgmq, by its SQL alone, and graphile-worker.

pgmq comes with the Python package of the same name; graphile-worker is an npm package, in the
directory that is given. Each gets the same rows by a trigger, as somebody would write it.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
Drain = Callable[[int], float]

TABLE = """
    create schema {name};
    create table {name}.record0 (like tenant_bench.record0 including all);
    create function {name}.tell() returns trigger language plpgsql as $$
    begin
        perform {call};
        return null;
    end $$;
    create trigger tell after insert on {name}.record0 for each row execute function {name}.tell();
"""
EVENT = "jsonb_build_object('resource', 'record0', 'recordId', new.record0_id)"
WORKER = """
    const { Logger, run } = require("graphile-worker");
    let done = 0, started;
    const total = Number(process.argv[2]);
    run({
        connectionString: process.argv[1], concurrency: 24, noHandleSignals: true,
        localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0,
        logger: new Logger(() => () => {}),
        taskList: { tell: () => {
            started ??= performance.now();
            if (++done === total) {
                console.log(total / ((performance.now() - started) / 1000));
                process.exit(0);
            }
        } },
    });
"""


def pgmq(connection: Connection) -> Drain | None:
    found = importlib.util.find_spec("pgmq")
    if found is None or found.origin is None:
        return None
    connection.execute(Path(found.origin).with_name("sql").joinpath("pgmq.sql").read_text())
    connection.execute("select pgmq.create('bench')")
    connection.execute(TABLE.format(name="by_pgmq", call=f"pgmq.send('bench', {EVENT})"))

    def drain(count: int) -> float:
        connection.execute("select pgmq.purge_queue('bench')")
        _fill(connection, "by_pgmq", count)
        left, started = count, time.perf_counter()
        while left:
            rows = connection.execute("select msg_id, message from pgmq.read('bench', 30, 5000)")
            ids = [row[0] for row in rows]
            connection.execute("select count(*) from pgmq.delete('bench', %s)", [ids])
            left -= len(ids)
        return count / (time.perf_counter() - started)

    return drain


def graphile_worker(connection: Connection, directory: Path | None) -> Drain | None:
    node = shutil.which("node")
    if directory is None or node is None:
        return None
    modules = {**os.environ, "NODE_PATH": str(directory / "node_modules")}
    program = directory / "node_modules/.bin/graphile-worker"
    info = connection.info
    url = f"postgres:///{info.dbname}?host={info.host}&port={info.port}&user={info.user}"
    subprocess.run([program, "-c", url, "--schema-only"], env=modules, check=True)
    call = f"graphile_worker.add_job('tell', {EVENT}::json)"
    connection.execute(TABLE.format(name="by_worker", call=call))

    def drain(count: int) -> float:
        connection.execute("delete from graphile_worker._private_jobs")
        _fill(connection, "by_worker", count)
        done = subprocess.run(
            [node, "-e", WORKER, url, str(count)],
            env=modules, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return float(json.loads(done.stdout))

    return drain


def _fill(connection: Connection, schema: str, count: int) -> None:
    connection.execute(
        f"insert into {schema}.record0 (number, amount) "
        f"select n::text, n from generate_series(1, {count}) as n"
    )


def drains(connection: Connection, directory: Path | None) -> Iterator[tuple[str, str, Drain]]:
    """Give each peer that can be had: its name, its table, and how fast it is emptied."""
    if (found := pgmq(connection)) is not None:
        yield "pgmq", "by_pgmq.record0", found
    if (found := graphile_worker(connection, directory)) is not None:
        yield "graphile-worker", "by_worker.record0", found
