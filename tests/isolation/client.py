"""A client of the server that keeps everything it is told.

Rows, what COPY sends, notices and notifications, and each field of an error: whatever a tenant
could be betrayed by is one text.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.pq.abc import PGresult

FIELDS = tuple(
    name
    for name in dir(psycopg.errors.Diagnostic)
    if not name.startswith("_") and name != "source_line"
)
_BINARY = re.compile(r"\\x((?:[0-9a-f]{2})+)")
NOTHING_DONE = ("0", "BEGIN", "COMMIT", "ROLLBACK", "SET", "RESET")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back of one statement: its text, and how it ended."""

    text: str
    rows: int
    sqlstate: str | None
    status: str

    @property
    def has_effect(self) -> bool:
        """Whether something was done: to some rows, or by a command that is not about rows."""
        return self.sqlstate is None and self.status.rpartition(" ")[2] not in NOTHING_DONE


class Client:
    """A connection, each statement of which gives a reply, whatever becomes of it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self._heard: list[str] = []
        connection.add_notice_handler(lambda notice: self._heard.append(_fields(notice)))
        connection.add_notify_handler(lambda notify: self._heard.append(str(notify)))

    def say(self, statement: str) -> Reply:
        self._heard.clear()
        sqlstate, status, rows = None, "", 0
        try:
            if " to stdout" in statement or " from stdin" in statement:
                status, rows = self._copy(statement)
            else:
                status, rows = self._execute(statement)
        except psycopg.Error as error:
            sqlstate = error.sqlstate or "08000"
            self._heard.append(_fields(error.diag))
        return Reply(text="\n".join(self._heard), rows=rows, sqlstate=sqlstate, status=status)

    def _execute(self, statement: str) -> tuple[str, int]:
        with self.connection.cursor() as cursor:
            cursor.execute(statement.encode())
            rows = [row for result in _results(cursor) for row in _rows(result)]
            self._heard.extend(rows)
            return cursor.statusmessage or "", len(rows)

    def _copy(self, statement: str) -> tuple[str, int]:
        with self.connection.cursor() as cursor:
            with cursor.copy(statement.encode()) as copy:
                sent = [bytes(block).decode() for block in copy] if "stdout" in statement else []
            self._heard.extend(sent)
            return cursor.statusmessage or "", len(sent)


def _results(cursor: psycopg.Cursor[Any]) -> Iterator[PGresult]:
    while True:
        if cursor.pgresult:
            yield cursor.pgresult
        if not cursor.nextset():
            return


def _rows(result: PGresult) -> Iterator[str]:
    """Give the rows as the server spells them; what is binary also as the text that it may be."""
    for row in range(result.ntuples):
        values = [result.get_value(row, column) for column in range(result.nfields)]
        text = " ".join(value.decode() for value in values if value is not None)
        yield _BINARY.sub(lambda found: f"{found[0]} {bytes.fromhex(found[1])!r}", text)


def _fields(diagnostic: psycopg.errors.Diagnostic) -> str:
    return "\n".join(str(value) for name in FIELDS if (value := getattr(diagnostic, name)))


@contextmanager
def client(dsn: str, **changes: Any) -> Iterator[Client]:
    # PgBouncer before 1.21 does not know the prepared statements of the protocol
    with psycopg.connect(dsn, autocommit=True, prepare_threshold=None, **changes) as connection:
        yield Client(connection)
