"""Turns whatever stops a command into one exception with an exit code a script can act on."""

from enum import IntEnum
from typing import Self

import psycopg


class Exit(IntEnum):
    """The exit codes of `bss`; they are interface and keep their numbers."""

    OK = 0
    FINDINGS = 1  # the command did its work and found something: doctor, verify, status, fleet
    USAGE = 2
    REFUSED = 3  # the database refused; the SQLSTATE says why
    UNREACHABLE = 4
    STATE = 5  # not installed, installed already, or at odds with this release
    MISSING = 6  # this machine lacks a program or a package


class LoaderError(Exception):
    """An error in the form Postgres gives its own; `sqlstate` may be empty."""

    def __init__(
        self, code: Exit, message: str, detail: str = "", hint: str = "", sqlstate: str = ""
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint
        self.sqlstate = sqlstate

    @classmethod
    def from_database(cls, error: psycopg.Error) -> Self:
        """Keep what the server said, field by field."""
        said = error.diag
        return cls(
            Exit.REFUSED,
            said.message_primary or str(error).strip(),
            said.message_detail or "",
            said.message_hint or "",
            error.sqlstate or "",
        )
