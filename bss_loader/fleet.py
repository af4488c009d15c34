"""The commands `bss fleet …`: all tenants that follow a blueprint, to one of its versions."""

from typing import Annotated, Any, LiteralString

import psycopg
import typer

from bss_loader import console, fleet_view
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError
from bss_loader.fleet_driver import Session, drive, session

app = typer.Typer(help="Migrate all tenants that follow a blueprint.", no_args_is_help=True)

Blueprint = Annotated[str, typer.Argument(help="The blueprint.")]
Version = Annotated[
    int | None, typer.Option(help="The version; the newest if absent.", show_default=False)
]
Canary = Annotated[
    list[str] | None,
    typer.Option(help="A tenant to begin with; can be given again.", show_default=False),
]
CanaryPercent = Annotated[
    float, typer.Option(min=0, max=100, help="How many of the tenants to begin with.")
]
Waves = Annotated[int, typer.Option(min=1, help="Into how many rings the others are split.")]
ErrorBudget = Annotated[
    int, typer.Option(min=0, help="How many tenants may fail before no other is begun.")
]
Workers = Annotated[int, typer.Option(min=1, max=64, help="How many tenants at a time.")]
Initiator = Annotated[
    str | None, typer.Option(help="On whose behalf, for the audit log.", show_default=False)
]

_PLAN: LiteralString = """
    select tenant, ring, outcome, plan, from_version, steps, hazards, estimated_rows, bytes,
        sqlstate, message
    from bss.plan_fleet(%s, %s, %s, %s::numeric, %s)
"""
_START: LiteralString = """
    select bss.start_fleet_migration(
        %s, %s, %s, %s::numeric, %s, %s, initiator => %s
    )
"""
_LATEST: LiteralString = """
    select id, version, status, error_budget, started_at, ended_at
    from bss.fleet_migrations where blueprint = %s order by id desc limit 1
"""


@app.command()
def plan(
    blueprint: Blueprint,
    version: Version = None,
    canary: Canary = None,
    canary_percent: CanaryPercent = 0,
    waves: Waves = 1,
    dsn: Dsn = "",
    as_json: Json = False,
) -> None:
    """Say what a migration would do to whom; change nothing."""
    with connect(dsn) as connection:
        cursor = connection.execute(_PLAN, [blueprint, version, canary, canary_percent, waves])
        names = [column.name for column in cursor.description or ()]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
    if as_json:
        console.result_json({"tenants": found})
    else:
        fleet_view.show_plans(found)


@app.command()
def migrate(
    blueprint: Blueprint,
    version: Version = None,
    canary: Canary = None,
    canary_percent: CanaryPercent = 0,
    waves: Waves = 1,
    error_budget: ErrorBudget = 0,
    workers: Workers = 4,
    dry_run: Annotated[bool, typer.Option(help="Only say what would happen.")] = False,
    initiator: Initiator = None,
    dsn: Dsn = "",
    as_json: Json = False,
) -> None:
    """Start a migration, or go on with one that was interrupted."""
    if dry_run:
        plan(blueprint, version, canary, canary_percent, waves, dsn, as_json)
        return
    connect(dsn).close()  # what is wrong from the start is not waited for
    with session(dsn) as watcher:
        arguments = [blueprint, version, canary, canary_percent, waves, error_budget, initiator]
        migration = _begin(watcher, blueprint, version, arguments)
        _drive(watcher, blueprint, migration, workers=workers, as_json=as_json)


@app.command()
def status(blueprint: Blueprint, dsn: Dsn = "", as_json: Json = False) -> None:
    """Say how far the latest migration is, ring by ring, and which tenants are not there."""
    with connect(dsn), session(dsn) as watcher:
        _show(watcher, blueprint, as_json=as_json)


@app.command()
def retry(blueprint: Blueprint, workers: Workers = 4, dsn: Dsn = "", as_json: Json = False) -> None:
    """Try the tenants again that failed, had drifted or were left out."""
    with connect(dsn) as connection, session(dsn) as watcher:
        migration = _require(watcher, blueprint)["id"]
        connection.execute("select bss.retry_fleet_migration(%s)", [migration])
        _drive(watcher, blueprint, migration, workers=workers, as_json=as_json)


@app.command()
def pause(blueprint: Blueprint, dsn: Dsn = "") -> None:
    """Begin no other tenant; those that are being migrated are finished."""
    with connect(dsn) as connection, session(dsn) as watcher:
        migration = _require(watcher, blueprint)["id"]
        connection.execute("select bss.pause_fleet_migration(%s)", [migration])


@app.command()
def resume(
    blueprint: Blueprint,
    error_budget: Annotated[
        int | None, typer.Option(min=0, help="Another error budget.", show_default=False)
    ] = None,
    workers: Workers = 4,
    dsn: Dsn = "",
    as_json: Json = False,
) -> None:
    """Go on with a migration that was paused, or that spent its error budget."""
    with connect(dsn) as connection, session(dsn) as watcher:
        migration = _require(watcher, blueprint)["id"]
        connection.execute("select bss.resume_fleet_migration(%s, %s)", [migration, error_budget])
        _drive(watcher, blueprint, migration, workers=workers, as_json=as_json)


@app.command()
def cancel(blueprint: Blueprint, dsn: Dsn = "") -> None:
    """Give a migration up; the tenants that it has not reached stay where they are."""
    with connect(dsn) as connection, session(dsn) as watcher:
        migration = _require(watcher, blueprint)["id"]
        connection.execute("select bss.cancel_fleet_migration(%s)", [migration])


def _latest(watcher: Session, blueprint: str) -> dict[str, Any] | None:
    names = ("id", "version", "status", "error_budget", "started_at", "ended_at")
    for row in watcher.rows(_LATEST, [blueprint]):
        return dict(zip(names, row, strict=True))
    return None


def _require(watcher: Session, blueprint: str) -> dict[str, Any]:
    found = _latest(watcher, blueprint)
    if found is None:
        raise LoaderError(
            Exit.STATE,
            f'there is no fleet migration of blueprint "{blueprint}"',
            hint='Start one with "bss fleet migrate".',
            sqlstate="SB637",
        )
    return found


def _begin(watcher: Session, blueprint: str, version: int | None, arguments: list[Any]) -> int:
    """Give the migration that goes on, or a new one; LoaderError if it leads elsewhere."""
    found = _latest(watcher, blueprint)
    if found is None or found["ended_at"] is not None:
        try:
            watcher.rows(_START, arguments)
        except psycopg.Error as error:
            # it was started, if not by somebody else then by us, and the answer was lost
            if error.sqlstate != "SB636":
                raise
        found = _require(watcher, blueprint)
    if version not in (None, found["version"]):
        raise LoaderError(
            Exit.STATE,
            f'a fleet migration of blueprint "{blueprint}" goes on',
            f"It leads to version {found['version']}.",
            'Let it finish, or give it up with "bss fleet cancel".',
            "SB636",
        )
    return int(found["id"])


def _drive(
    watcher: Session, blueprint: str, migration: int, *, workers: int, as_json: bool
) -> None:
    with fleet_view.progress(watcher, migration) as watch:
        drive(watcher.dsn, migration, workers=workers, watch=watch)
    _show(watcher, blueprint, as_json=as_json)


def _show(watcher: Session, blueprint: str, *, as_json: bool) -> None:
    found = _require(watcher, blueprint)
    rings = fleet_view.rings(watcher, found["id"])
    troubled = fleet_view.troubled(watcher, found["id"])
    if as_json:
        console.result_json({"migration": found, "rings": rings, "troubled": troubled})
    else:
        console.result(
            f'migration {found["id"]} of blueprint "{blueprint}" to version {found["version"]}: '
            f"{found['status']}"
        )
        fleet_view.show_rings(rings)
        fleet_view.show_troubled(troubled)
    if troubled or found["status"] != "finished":
        raise typer.Exit(Exit.FINDINGS)
