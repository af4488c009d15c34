"""From a database to findings, in the order in which one would mend what they name."""

from collections.abc import Callable, Iterator

import psycopg

from bss_loader.checks import database, public, python, server
from bss_loader.checks.finding import Finding

CHECKS: tuple[Callable[[psycopg.Connection], Iterator[Finding]], ...] = (
    server.version,
    server.extensions,
    python.environment,
    server.caller,
    server.locks,
    server.connections,
    server.settings,
    server.logged_values,
    database.encoding,
    public.public_privileges,
    database.roles,
    database.owner_may_create,
    database.columns_used,
)


def examine(connection: psycopg.Connection) -> Iterator[Finding]:
    """Yield what every check finds."""
    for check in CHECKS:
        yield from check(connection)
