"""Turns `--dsn`, or libpq's environment where it is absent, into a connection."""

from typing import Annotated

import psycopg
import typer

from bss_loader.exit import Exit, LoaderError

Dsn = Annotated[
    str,
    typer.Option(
        "--dsn",
        metavar="DSN",
        help="Connection URI or string; libpq's environment (PGHOST, PGSERVICE, …) if absent.",
        show_default=False,
    ),
]


def connect(dsn: str = "", *, autocommit: bool = True) -> psycopg.Connection:
    """Open a connection that names itself `bss` to the server's administrator."""
    try:
        return psycopg.connect(dsn, autocommit=autocommit, fallback_application_name="bss")
    except psycopg.OperationalError as error:
        raise LoaderError(
            Exit.UNREACHABLE,
            "could not connect to the database",
            detail=str(error).strip(),
            hint="Give --dsn, or set PGHOST, PGPORT, PGUSER and PGDATABASE; "
            '"bss dev up" starts a private cluster and prints its DSN.',
        ) from error
    except psycopg.ProgrammingError as error:
        raise LoaderError(Exit.USAGE, "invalid connection string", str(error).strip()) from error
