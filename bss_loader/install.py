"""From a release and a database to a database that runs the release, in one transaction."""

from typing import Annotated

import psycopg
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bss_loader import console
from bss_loader.bundle import BEGIN, COMMIT, Part, render
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError
from bss_loader.guard import Origin
from bss_loader.installation import (
    find_installation,
    require_installation,
)
from bss_loader.manifest import Manifest, read_manifest
from bss_loader.verify import verify_installation


def install(dsn: Dsn = "", as_json: Json = False) -> None:
    """Install BSS into a database, or say that it has it."""
    manifest = read_manifest()
    with connect(dsn) as connection:
        found = find_installation(connection)
        if found is None:
            execute(connection, render(manifest))
            _report(connection, manifest, "installed", as_json=as_json)
        elif found.release == manifest.release:
            _report(connection, manifest, "already installed", as_json=as_json)
        else:
            raise LoaderError(
                Exit.STATE,
                "another release of BSS is already installed",
                f"Installed is {_named(found.version, found.release)}; "
                f"this loader has {_named(manifest.version, manifest.release)}.",
                'Use "bss upgrade".',
                "SB901",
            )


def upgrade(
    dsn: Dsn = "",
    accept_drift: Annotated[
        bool,
        typer.Option("--accept-drift", help="Record changed tables, indexes … as they are."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take an installed BSS to this release; mend what has changed in its code and grants."""
    manifest = read_manifest()
    with connect(dsn) as connection:
        changed = upgrade_to(connection, manifest, accept_drift=accept_drift)
        outcome = "upgraded" if changed else "nothing to do"
        _report(connection, manifest, outcome, as_json=as_json)


def install_into(dsn: str) -> None:
    """Install the loader's own release into an empty database."""
    with connect(dsn) as connection:
        execute(connection, render(read_manifest()))


def upgrade_to(
    connection: psycopg.Connection, manifest: Manifest, *, accept_drift: bool = False
) -> bool:
    """Take what is installed to a release; False if that is what is there, to the last object."""
    found = require_installation(connection)
    if not verify_installation(connection, manifest):
        return False
    origin = Origin(version=found.version, state=found.state)
    execute(connection, render(manifest, origin, accept_drift=accept_drift))
    return True


def execute(connection: psycopg.Connection, parts: tuple[Part, ...]) -> None:
    """Execute all parts or none; LoaderError says which one the database refused."""
    with _progress() as progress:
        task = progress.add_task("", total=len(parts))
        connection.execute(BEGIN)
        for part in parts:
            progress.update(task, description=part.name)
            try:
                # sent as it is, without parameters: one message with many statements
                connection.execute(part.sql.encode())
            except psycopg.Error as error:
                if not connection.closed:
                    connection.rollback()
                raise _refused(part, error) from error
            progress.advance(task)
        connection.execute(COMMIT)


def _refused(part: Part, error: psycopg.Error) -> LoaderError:
    refused = LoaderError.from_database(error)
    if refused.sqlstate.startswith("SB9"):
        refused.code = Exit.STATE
    place = f'In part "{part.name}"'
    if error.diag.statement_position is not None:
        before = part.sql[: int(error.diag.statement_position) - 1]
        place += f", line {before.count(chr(10)) + 1 - part.offset}"
    refused.detail = f"{refused.detail} {place}.".strip()
    return refused


def _progress() -> Progress:
    stderr = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=stderr,
        transient=True,
        disable=not stderr.is_terminal,
    )


def _report(
    connection: psycopg.Connection, manifest: Manifest, outcome: str, *, as_json: bool
) -> None:
    database = connection.info.dbname
    if as_json:
        console.result_json(
            {
                "outcome": outcome,
                "database": database,
                "version": manifest.version,
                "release": manifest.release,
            }
        )
    else:
        named = _named(manifest.version, manifest.release)
        console.result(f'{outcome} in database "{database}": {named}')


def _named(version: str, release: str) -> str:
    return f"BSS {version}, release {release[:12]}"
