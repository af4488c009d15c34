"""The command `bss plan`: what a document would do to a tenant, for a person to read."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from psycopg.rows import dict_row
from rich.text import Text

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError

Step = Mapping[str, Any]

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def plan(
    file: Annotated[Path, typer.Argument(help="The document, or - for standard input.")],
    tenant: Annotated[str, typer.Option(help="The tenant, by its external id or uuid.")],
    dsn: Dsn = "",
    entity: Annotated[
        bool, typer.Option("--entity", help="The document is one entity of the tenant's model.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the steps that would take a tenant to a document, and change nothing."""
    steps = _planned(_read(file), tenant, dsn, entity=entity)
    if as_json:
        console.result_json({"tenant": tenant, "steps": steps})
        return
    for step in steps:
        console.result_text(shown(step))
    console.result(summary(steps))


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LoaderError(Exit.USAGE, f'could not read "{file}"', f"{error}.") from error


def _planned(document: str, tenant: str, dsn: str, *, entity: bool) -> Sequence[Step]:
    query = "select * from bss.plan_schema(%s, %s::json) order by step"
    if entity:
        query = "select * from bss.plan_entity(%s, %s::json) order by step"
    with connect(dsn) as connection, connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, [tenant, document]).fetchall()


def shown(step: Step) -> Text:
    """Give a step as a paragraph: what it is, its statement, its lock and hazards, and why."""
    rows = f"{step['estimated_rows']:,} rows" if step["estimated_rows"] else "no rows known"
    text = Text(f"{step['step']:>3}. ", style="bold")
    text.append(step["kind"].replace("_", " "), style="bold cyan")
    text.append(f" on {step['relation']} ({rows}, {size(step['estimated_bytes'])})\n")
    for line in step["statement"].splitlines():
        text.append(f"     {line}\n")
    text.append("     locks    ", style="dim")
    text.append(f"{_lock(step)}\n", style="yellow" if step["blocks"] else "")
    if step["hazards"]:
        text.append("     hazards  ", style="dim")
        text.append(f"{', '.join(step['hazards'])}\n", style="red")
    if not step["reversible"]:
        text.append("     undo     ", style="dim")
        text.append("not to what there was\n", style="red")
    text.append("     because  ", style="dim")
    text.append(f"{step['reason']}\n")
    return text


def _lock(step: Step) -> str:
    if step["lock"] == "none":
        return "nothing that anybody uses"
    waits = " and ".join(step["blocks"])
    lasts = "while all rows are rewritten" if step["rewrites"] else "while all rows are read"
    when = lasts if step["scans"] or step["rewrites"] else "for a moment"
    return f"{step['lock']}, {when}: {waits + ' wait' if waits else 'nobody waits'}"


def size(count: int) -> str:
    """Give a number of bytes in the largest unit of which there is at least one."""
    amount, unit = float(count), 0
    while amount >= 1024 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{amount:.0f} {_UNITS[unit]}"


def summary(steps: Sequence[Step]) -> str:
    """Give the whole plan in a line."""
    if not steps:
        return "Nothing to do: the tenant is there already."
    hazards = Counter(hazard for step in steps for hazard in step["hazards"])
    found = ", ".join(f"{name} ({count})" for name, count in sorted(hazards.items()))
    count = "1 step" if len(steps) == 1 else f"{len(steps)} steps"
    return f"{count}; hazards: {found or 'none'}. Nothing has been changed."
