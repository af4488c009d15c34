"""From a server to findings about its own Python, which the compiler runs in."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
from psycopg import sql

from bss_loader.checks.database import is_installed
from bss_loader.checks.finding import Finding, verdict
from bss_loader.checks.server import is_superuser

# What to find, the least version, how Python is asked for it, and Debian's package.
PROBES: tuple[tuple[str, str, LiteralString, str], ...] = (
    ("Python", "3.11", "import sys; assert sys.version_info >= (3, 11)", "python3"),
    ("jsonschema", "4.10", "from jsonschema import Draft202012Validator", "python3-jsonschema"),
)


def environment(connection: psycopg.Connection) -> Iterator[Finding]:
    """Ask BSS where it is installed; before that try as a superuser, in what is rolled back."""
    if is_installed(connection):
        yield from _reported(connection)
    elif is_superuser(connection) and _offers_plpython(connection):
        for probe in PROBES:
            yield _probed(connection, *probe)
    else:
        yield Finding(
            check="server's Python",
            state="warn",
            finding="not examined: this takes a superuser and the extension plpython3u",
        )


def _reported(connection: psycopg.Connection) -> Iterator[Finding]:
    try:
        [(found,)] = connection.execute("select bss_internal.python_environment()").fetchall()
    except psycopg.errors.InsufficientPrivilege as error:
        said = f"not examined: {error.diag.message_primary}"
        yield Finding(check="server's Python", state="warn", finding=said)
        return
    for (name, least, _, package), key in zip(PROBES, ("version", "jsonschema"), strict=True):
        yield verdict(
            f"server's {name}",
            _at_least(found[key], least),
            found[key],
            f"{found[key] or 'absent'}; {least} or later is needed",
            f"apt-get install {package}",
        )


def _at_least(found: str | None, least: str) -> bool:
    numbers = [[int(part) for part in version.split(".")[:2]] for version in (found or "0", least)]
    return numbers[0] >= numbers[1]


def _offers_plpython(connection: psycopg.Connection) -> bool:
    query = "select from pg_available_extensions where name = 'plpython3u'"
    return bool(connection.execute(query).rowcount)


def _probed(
    connection: psycopg.Connection, name: str, least: str, probe: LiteralString, package: str
) -> Finding:
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("create extension if not exists plpython3u")
            connection.execute(sql.SQL("do language plpython3u {}").format(sql.Literal(probe)))
    except psycopg.errors.ExternalRoutineException as error:
        said, works = error.diag.message_primary or "", False
    else:
        said, works = "", True
    return verdict(
        f"server's {name}",
        works,
        f"{least} or later",
        f"{said}; {least} or later is needed",
        f"apt-get install {package}",
    )
