"""From a database to what it records about the installation in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg

from bss_loader.exit import Exit, LoaderError

# Definitions are printed by the server in words that depend on these; whoever records or compares
# them has to say the same things first.
SETTINGS: tuple[LiteralString, ...] = (
    "set local search_path = pg_catalog, pg_temp;",
    "set local quote_all_identifiers = off;",
    "set local datestyle = iso;",
    "set local intervalstyle = postgres;",
    "set local timezone = utc;",
    "set local bytea_output = hex;",
    "set local extra_float_digits = 1;",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is installed: the version, the release, and the names of the state files that ran."""

    version: str
    release: str
    installed_at: datetime
    upgraded_at: datetime | None
    state: frozenset[str]


@contextmanager
def reading(connection: psycopg.Connection) -> Iterator[None]:
    """Hold a read-only snapshot in which definitions are printed as they were recorded."""
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        for setting in SETTINGS:
            connection.execute(setting)
        yield


def find_installation(connection: psycopg.Connection) -> Installation | None:
    """Read what is installed in this database, None if nothing is."""
    found = connection.execute("select to_regclass('bss_internal.installation')").fetchone()
    if found is None or found[0] is None:
        return None
    row = connection.execute("""
        select i.version, i.release, i.installed_at, i.upgraded_at,
            array(select f.name from bss_internal.state_files as f)
        from bss_internal.installation as i
    """).fetchone()
    if row is None:
        return None
    version, release, installed_at, upgraded_at, state = row
    return Installation(
        version=version,
        release=release,
        installed_at=installed_at,
        upgraded_at=upgraded_at,
        state=frozenset(state),
    )


def require_installation(connection: psycopg.Connection) -> Installation:
    """Read what is installed in this database; LoaderError if nothing is."""
    found = find_installation(connection)
    if found is None:
        raise LoaderError(
            Exit.STATE,
            f'BSS is not installed in database "{connection.info.dbname}"',
            hint='Install it with "bss install".',
            sqlstate="SB902",
        )
    return found
