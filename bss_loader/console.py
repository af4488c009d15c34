"""Turns results into what stdout carries (text or JSON) and errors into what stderr carries."""

import json
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bss_loader.exit import LoaderError

UNBOUNDED = 100_000

Json = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]


def result(text: str) -> None:
    """Write a line of the result to stdout, exactly as it is."""
    typer.echo(text)


def result_json(value: Any) -> None:
    """Write the whole result to stdout as one JSON document."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def result_table(columns: Sequence[str], rows: Iterable[Sequence[Text | str]]) -> None:
    """Write rows to stdout: in colour and cut to the width of the terminal, if it is one."""
    table = Table(*columns, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = UNBOUNDED
    console.print(table)


def result_text(text: Text) -> None:
    """Write text to stdout: in colour if that is a terminal, and never cut."""
    Console(highlight=False, soft_wrap=True).print(text)


def progress(text: str) -> None:
    """Say on stderr what is being done."""
    typer.echo(f"bss: {text}", err=True)


def failure(error: LoaderError, *, as_json: bool) -> None:
    """Write an error to stderr in the server's own form, or to stdout as JSON."""
    if as_json:
        result_json(
            {
                "error": {
                    "code": int(error.code),
                    "sqlstate": error.sqlstate,
                    "message": error.message,
                    "detail": error.detail,
                    "hint": error.hint,
                }
            }
        )
        return
    state = f"{error.sqlstate}: " if error.sqlstate else ""
    typer.echo(f"bss: error: {state}{error.message}", err=True)
    if error.detail:
        typer.echo(f"DETAIL:  {error.detail}", err=True)
    if error.hint:
        typer.echo(f"HINT:  {error.hint}", err=True)
