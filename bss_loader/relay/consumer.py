"""What a relay asks of the database: batches, what became of them, and to be woken.

A connection that is lost is opened again. The token of the lease survives that, and is given up
only when the database says that it is an old one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, LiteralString

import psycopg
from psycopg.rows import class_row

from bss_loader.relay.endpoint import Event, Receipt

_POLL = """
    select token, id, tenant, topic, event::text as text, event ->> 'source' as source
    from bss.poll(%s, %s, %s)
"""
_REPORT = """
    select extract(epoch from bss.report_relay(
        %s, %s, %s, %s, %s, %s, %s::float8 * interval '1 s', %s
    ))
"""
LIMIT = 500
_LOST = "SB705"
_IN_USE = "SB704"


class AwayError(Exception):
    """The database cannot be reached now, or another relay has the lease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    token: int
    id: int
    tenant: str | None
    topic: str
    text: str
    source: str

    def event(self) -> Event:
        return Event(
            id=self.id, source=self.source, tenant=self.tenant, topic=self.topic, text=self.text
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is told of an endpoint: counts since the last report, and its breaker."""

    endpoint: str
    delivered: int
    refused: int
    failures: int
    rest: float | None
    reason: str | None


class Consumer:
    """A consumer of events, for the one who has its lease."""

    def __init__(self, dsn: str, name: str) -> None:
        self.dsn, self.name = dsn, name
        self.lease = 0.0  # seconds; not known before the first report
        self._token: int | None = None  # of the lease
        self._connection: psycopg.Connection | None = None

    def poll(self) -> list[Event]:
        """Give what is handed out and not acknowledged, else what comes next."""
        with self._session() as connection:
            return self._poll(connection)

    def settle(self, events: Sequence[Event], receipt: Receipt) -> Sequence[Event]:
        """Put off what was refused; acknowledge what was taken up to the first that was not.

        Gives the rest if the lease was prolonged by that; it need not be polled again.
        """
        with self._session() as connection, connection.transaction():
            for event_id, reason in receipt.refused.items():
                self._call(connection, "select bss.nack(%s, %s, %s, %s)", event_id, reason)
            # what was refused has taken others with it: the database knows which
            left = self._poll(connection) if receipt.refused else events
            taken = list(takewhile(lambda event: event.id in receipt.taken, left))
            if not taken:
                return ()
            self._call(connection, "select bss.ack(%s, %s, %s)", taken[-1].id)
            return left[len(taken) :]

    def report(self, said: Report) -> bool:
        """Tell of the endpoint, and learn how long a lease is; false without one."""
        if self._token is None:
            return False
        with self._session() as connection:
            lease = self._call(
                connection,
                _REPORT,
                *(said.endpoint, said.delivered, said.refused),
                *(said.failures, said.rest, said.reason),
            )
        self.lease = float(lease)
        return True

    def wait(self, seconds: float) -> None:
        """Wait until there may be events, or so long."""
        with self._session() as connection:
            list(connection.notifies(timeout=seconds, stop_after=1))

    def release(self) -> None:
        """Give the lease back, so that whoever comes next need not wait for its end."""
        if self._token is not None:
            with self._session() as connection:
                self._call(connection, "select bss.release(%s, %s)")
            self._token = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def _poll(self, connection: psycopg.Connection) -> list[Event]:
        with connection.cursor(row_factory=class_row(_Row)) as cursor:
            rows = cursor.execute(_POLL, [self.name, LIMIT, self._token], prepare=True).fetchall()
        if rows:
            self._token = rows[0].token
        return [row.event() for row in rows]

    def _call(
        self, connection: psycopg.Connection, call: LiteralString, *values: int | float | str | None
    ) -> Any:
        [(value,)] = connection.execute(call, [self.name, self._token, *values]).fetchall()
        return value

    @contextmanager
    def _session(self) -> Iterator[psycopg.Connection]:
        """Give the connection, open; AwayError for what will pass."""
        try:
            if self._connection is None or self._connection.closed:
                self._connection = psycopg.connect(
                    self.dsn, autocommit=True, fallback_application_name="bss relay"
                )
                # what a crash of the server forgets is delivered again
                self._connection.execute("set synchronous_commit = off")
                self._connection.execute("listen bss_events")
            yield self._connection
        except psycopg.OperationalError as error:
            raise AwayError(str(error).strip()) from error
        except psycopg.Error as error:
            if error.sqlstate == _LOST:
                self._token = None
            elif error.sqlstate != _IN_USE:
                raise
            raise AwayError(str(error.diag.message_primary)) from error
