"""The table of contents of the command `bss`: every command, in the order a user meets them."""

import sys
from typing import Annotated

import psycopg
import typer

from bss_loader import (
    bundle,
    console,
    demo,
    dev,
    dispatch,
    doctor,
    fleet,
    harden,
    install,
    metrics,
    migrate,
    plan,
    status,
    uninstall,
    verify,
    work,
)
from bss_loader.compile import compile_file
from bss_loader.exit import LoaderError
from bss_loader.manifest import read_manifest
from bss_loader.relay.command import relay

app = typer.Typer(
    name="bss",
    help="The Business Store Service: business data of many tenants inside PostgreSQL.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        console.result(f"bss {read_manifest().version}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version, and exit."
        ),
    ] = False,
) -> None:
    """Take the options that stand before a command."""


app.command()(doctor.doctor)
app.command()(harden.harden)
app.command()(install.install)
app.command()(install.upgrade)
app.command()(uninstall.uninstall)
app.command()(bundle.bundle)
app.command()(status.status)
app.command()(verify.verify)
app.command()(migrate.migrate)
app.command("compile")(compile_file)
app.command()(dispatch.dispatch)
app.command()(work.work)
app.command()(metrics.metrics)
app.command()(relay)
app.command()(plan.plan)
app.command()(demo.demo)
app.add_typer(fleet.app, name="fleet")
app.add_typer(dev.app, name="dev")


def main() -> None:
    """Run a command; whatever stops it leaves here, once, with its exit code."""
    try:
        app()
    except LoaderError as error:
        stop(error)
    except psycopg.Error as error:
        stop(LoaderError.from_database(error))


def stop(error: LoaderError) -> None:
    console.failure(error, as_json="--json" in sys.argv)
    sys.exit(error.code)
