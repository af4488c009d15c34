"""The command `bss compile`: the compiler without a database."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from bss_compiler.boundary import compile_document, statements
from bss_compiler.diagnostic import Diagnostic, Findings
from bss_compiler.diff import Renames, conversions, replace_tables, retain
from bss_compiler.document import Limits
from bss_compiler.model import SHARED_SCHEMA, Model
from bss_compiler.plan import stated_renames
from bss_compiler.quoting import fill
from bss_loader import console
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError

NO_TENANT = UUID(int=0)


def compile_file(
    file: Annotated[Path, typer.Argument(help="The document, or - for standard input.")],
    before: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="FILE", help="Migrate from this document.", show_default=False
        ),
    ] = None,
    schema: Annotated[str, typer.Option(help="The tenant's schema.")] = "tenant_example",
    tenant: Annotated[UUID, typer.Option(help="The tenant's uuid.")] = NO_TENANT,
    extension: Annotated[str, typer.Option(help="The schema that pgvector is in.")] = "public",
    as_json: Json = False,
) -> None:
    """Print the statements that a document becomes; needs no database and changes nothing."""
    findings = Findings()
    base = _model(before, findings) if before is not None else Model()
    target = _model(file, findings)
    found = []
    if base is not None and target is not None and not findings.errors:
        own, meant = base.placed("tenant"), target.placed("tenant")
        done = conversions(own, meant, stated_renames(own, meant, findings))
        found = [
            fill(statement, schema=where, tenant=str(tenant), extension=extension)
            for where, old, new, its in _placed(base, target, schema, done)
            for _, statement in statements(old, new, findings, its)
        ]
    if as_json:
        diagnostics = [_plain(item) for item in findings.diagnostics]
        console.result_json({"diagnostics": diagnostics, "statements": found})
    else:
        for item in findings.diagnostics:
            _show(item)
        for statement in found if not findings.errors else ():
            console.result(f"{statement};\n")
    if findings.errors:
        raise typer.Exit(Exit.FINDINGS)


def _model(file: Path, findings: Findings) -> Model | None:
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LoaderError(Exit.USAGE, f'could not read "{file}"', f"{error}.") from error
    lowered = compile_document(text, Limits(), findings)
    return None if lowered is None else lowered.model


def _placed(
    base: Model, target: Model, schema: str, done: Renames
) -> Iterator[tuple[str, Model, Model, Renames]]:
    """Give the schemas with what is in them and what is to be: the shared tables come first."""
    shared = base.placed("shared")
    yield SHARED_SCHEMA, shared, replace_tables(shared, target.placed("shared")), Renames()
    own = base.placed("tenant")
    yield schema, own, retain(own, target.placed("tenant"), done), done


def _plain(item: Diagnostic) -> Mapping[str, Any]:
    names = ("code", "severity", "pointer", "message", "detail", "hint")
    return {name: getattr(item, name) for name in names}


def _show(item: Diagnostic) -> None:
    place = item.pointer or "the root"
    typer.echo(f"{item.code} {item.severity} at {place}: {item.message}", err=True)
    for label, text in (("DETAIL", item.detail), ("HINT", item.hint)):
        if text:
            typer.echo(f"  {label}:  {text}", err=True)
