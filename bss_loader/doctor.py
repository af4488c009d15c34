"""The command `bss doctor`: is this database fit for BSS, and what mends it if not."""

from collections.abc import Iterator
from dataclasses import asdict

import typer
from rich.text import Text

from bss_loader import console
from bss_loader.checks import examine
from bss_loader.checks.finding import Finding
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit

COLOURS = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def doctor(dsn: Dsn = "", as_json: Json = False) -> None:
    """Examine a database; each finding comes with the command that mends it."""
    with connect(dsn) as connection:
        findings = list(examine(connection))
    if as_json:
        console.result_json([asdict(found) for found in findings])
    else:
        console.result_table(
            ("state", "check", "finding and remedy"),
            (row for found in findings for row in _rows(found)),
        )
    if any(found.state == "fail" for found in findings):
        raise typer.Exit(Exit.FINDINGS)


def _rows(found: Finding) -> Iterator[tuple[Text | str, str, str]]:
    yield Text(found.state, COLOURS[found.state]), found.check, found.finding
    if found.remedy:
        yield "", "", found.remedy
