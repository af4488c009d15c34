"""The command `bss harden`: takes from PUBLIC what no tenant should have, and says what it took."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import psycopg
import typer

from bss_loader import console
from bss_loader.checks.public import MEASURES, Measure, missing
from bss_loader.checks.server import is_superuser
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError

OPTIONAL = tuple(measure.name for measure in MEASURES if measure.optional)
NAMES = tuple(measure.name for measure in MEASURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a measure; `statements` are those that were executed, or would have been."""

    measure: str
    state: Literal["closed", "closed before", "open"]
    consequence: str
    statements: tuple[str, ...]


def harden(
    dsn: Dsn = "",
    also: Annotated[
        list[str] | None,
        typer.Option("--also", help=f"Take an optional measure: {', '.join(OPTIONAL)}."),
    ] = None,
    leave: Annotated[
        list[str] | None,
        typer.Option("--leave", help=f"Leave a measure out: {', '.join(NAMES)}."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Say what would be done, and end with 1 if anything would."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take from PUBLIC what no tenant should have; touches no privilege of a named role."""
    measures = _chosen(also or (), leave or ())
    with connect(dsn) as connection:
        if not dry_run and not is_superuser(connection):
            raise LoaderError(
                Exit.REFUSED,
                f'"{connection.info.user}" is no superuser',
                hint="Give a superuser's DSN, or --dry-run.",
            )
        with connection.transaction():
            results = [_take(connection, measure, dry_run=dry_run) for measure in measures]
    if as_json:
        console.result_json([asdict(result) for result in results])
    else:
        rows = (row for result in results for row in _rows(result))
        console.result_table(("state", "measure", "statement and consequence"), rows)
    if any(result.state == "open" for result in results):
        raise typer.Exit(Exit.FINDINGS)


def _chosen(also: Sequence[str], leave: Sequence[str]) -> list[Measure]:
    for name in (*also, *leave):
        if name not in NAMES:
            raise LoaderError(
                Exit.USAGE, f'there is no measure "{name}"', hint=f"There are {', '.join(NAMES)}."
            )
    return [
        measure
        for measure in MEASURES
        if measure.name not in leave and (not measure.optional or measure.name in also)
    ]


def _take(connection: psycopg.Connection, measure: Measure, *, dry_run: bool) -> Result:
    statements = missing(connection, measure)
    if not dry_run:
        for statement in statements:
            connection.execute(statement.encode())
    return Result(
        measure=measure.name,
        state="closed before" if not statements else "open" if dry_run else "closed",
        consequence=measure.consequence if statements else "",
        statements=statements,
    )


def _rows(result: Result) -> Iterator[tuple[str, str, str]]:
    first, *others = result.statements or ("",)
    yield result.state, result.measure, f"{first};" if first else ""
    for statement in others:
        yield "", "", f"{statement};"
    if result.consequence:
        yield "", "", f"-- {result.consequence}"
