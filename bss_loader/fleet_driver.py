"""Turns a fleet migration into calls of bss.migrate_next(), by several workers at a time.

A call migrates one tenant in one transaction, which says of the tenant what came of it. So a worker
has nothing to clean up: one whose connection is lost opens another, and goes on.
"""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString

import psycopg

from bss_loader.exit import Exit, LoaderError

NEXT = "select outcome from bss.migrate_next(%s)"
GOING_ON = frozenset({"migrated", "current", "drifted", "failed", "skipped", "pending"})
TRANSIENT = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.QueryCanceled,
    psycopg.errors.SerializationFailure,
)
PAUSE = 0.2  # seconds until a worker asks again that found every tenant of its ring taken
LONGEST_DELAY = 5.0
PATIENCE = 120.0  # seconds without a server after which a worker gives up


@dataclass(slots=True, kw_only=True)
class Session:
    """A connection that is opened again when it is lost; every statement is a transaction."""

    dsn: str
    patience: float = PATIENCE
    stopped: threading.Event = field(default_factory=threading.Event)
    _connection: psycopg.Connection | None = None

    def rows(self, query: LiteralString, parameters: Sequence[Any] = ()) -> list[Any]:
        """Give the rows of a statement, which may run twice: again, if its outcome was lost."""
        started, delay = time.monotonic(), 0.05
        while True:
            try:
                return self._open().execute(query, parameters).fetchall()
            except psycopg.OperationalError as error:
                is_lost = self._connection is None or self._connection.closed
                if not (is_lost or isinstance(error, TRANSIENT)):
                    raise
                if time.monotonic() - started > self.patience or self.stopped.is_set():
                    raise unreachable(error) from error
            # so that the workers of a server that was restarted do not come all at once
            self.stopped.wait(delay * random.uniform(0.5, 1))  # noqa: S311
            delay = min(delay * 2, LONGEST_DELAY)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _open(self) -> psycopg.Connection:
        if self._connection is not None and not self._connection.closed:
            return self._connection
        self._connection = psycopg.connect(
            self.dsn, autocommit=True, fallback_application_name="bss fleet"
        )
        self._connection.execute("set statement_timeout = 0")
        return self._connection


def unreachable(error: psycopg.Error) -> LoaderError:
    return LoaderError(
        Exit.UNREACHABLE,
        "the database cannot be reached any more",
        detail=str(error).strip(),
        hint='Tenants that were migrated are; "bss fleet migrate" goes on with the others.',
    )


@contextmanager
def session(dsn: str, stopped: threading.Event | None = None) -> Iterator[Session]:
    opened = Session(dsn=dsn, stopped=stopped or threading.Event())
    try:
        yield opened
    finally:
        opened.close()


def work(dsn: str, migration: int, stopped: threading.Event) -> str:
    """Migrate one tenant after the other; gives the status of the migration when there is none."""
    with session(dsn, stopped) as worker:
        while not stopped.is_set():
            [(outcome,)] = worker.rows(NEXT, [migration])
            if outcome == "waiting":
                stopped.wait(PAUSE)
            elif outcome not in GOING_ON:
                return str(outcome)
    return "running"


def drive(
    dsn: str, migration: int, *, workers: int, watch: Callable[[], None], interval: float = 0.5
) -> None:
    """Let workers migrate until none is left or the migration is stopped; `watch` is called often.

    LoaderError and psycopg.Error are those of the first worker that gave up. An interrupt lets
    every worker finish its tenant.
    """
    stopped = threading.Event()
    with ThreadPoolExecutor(max_workers=workers) as pool:
        running: set[Future[str]] = {
            pool.submit(work, dsn, migration, stopped) for _ in range(workers)
        }
        try:
            while running:
                done, running = wait(running, timeout=interval)
                for future in done:
                    future.result()
                watch()
        finally:
            stopped.set()
