"""What a backend of the server has used: processor time and memory.

Both are read where the server runs on this machine. A clock on the wall would tell of the machine's
other work as well; it is the second best.
"""

import os
from pathlib import Path
from time import perf_counter
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]


def seconds(connection: Connection) -> float:
    """The time that the backend has used a processor; differences mean something."""
    schedule = _process(connection, "schedstat")
    if schedule is not None:
        return int(schedule.split()[0]) / 1_000_000_000
    stat = _process(connection, "stat")
    if stat is None:
        return perf_counter()
    ticks = stat.rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def mebibytes(connection: Connection) -> int:
    """The most memory that the backend has had; 0 where that cannot be read."""
    status = _process(connection, "status")
    if status is None:
        return 0
    lines = dict(line.split(":\t", 1) for line in status.splitlines())
    return int(lines["VmHWM"].split()[0]) // 1024


def _process(connection: Connection, name: str) -> str | None:
    path = Path(f"/proc/{connection.info.backend_pid}/{name}")
    is_local = connection.info.host.startswith("/") and path.exists()
    return path.read_text() if is_local else None
