"""The commands `bss dev …`: a private cluster to try, develop and test on."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from bss_loader import cluster as clusters
from bss_loader import console
from bss_loader.cluster import Cluster
from bss_loader.exit import Exit, LoaderError

app = typer.Typer(help="A private PostgreSQL cluster; touches no other.", no_args_is_help=True)

Directory = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        help="The cluster's directory: /var/lib/bss/dev as root, "
        "else ${XDG_STATE_HOME:-~/.local/state}/bss/dev.",
        show_default=False,
    ),
]
Port = Annotated[
    int,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        help="0: the port it had before, or the next free one from 54329 up.",
    ),
]
Unsafe = Annotated[
    bool | None,
    typer.Option(
        "--unsafe/--safe",
        help="Faster, but a crash of the machine may lose the cluster. Kept until changed.",
        show_default=False,
    ),
]


@app.command()
def up(
    directory: Directory = None,
    port: Port = 0,
    unsafe: Unsafe = None,
    as_json: console.Json = False,
) -> None:
    """Make the cluster if need be, start it, and print the DSN of its database "bss"."""
    where = directory or clusters.default_directory()
    cluster = clusters.find(where) or clusters.create(where, unsafe=bool(unsafe))
    wanted = replace(
        cluster,
        port=port or cluster.port,
        unsafe=cluster.unsafe if unsafe is None else unsafe,
    )
    if wanted != cluster:
        clusters.stop(cluster)
    if not clusters.running(wanted):
        wanted = clusters.start(wanted, pinned=bool(port))
    clusters.create_database(wanted)
    _print(wanted, as_json=as_json, running=True)


@app.command()
def down(
    directory: Directory = None,
    purge: Annotated[bool, typer.Option(help="Remove the cluster and its directory.")] = False,
) -> None:
    """Stop the cluster."""
    cluster = clusters.find(directory or clusters.default_directory())
    if cluster and purge:
        clusters.remove(cluster)
    elif cluster:
        clusters.stop(cluster)


@app.command()
def status(directory: Directory = None, as_json: console.Json = False) -> None:
    """Print the DSN and end with 0 if the cluster is running, with 1 if not."""
    cluster = clusters.find(directory or clusters.default_directory())
    running = cluster is not None and clusters.running(cluster)
    if cluster and (running or as_json):
        _print(cluster, as_json=as_json, running=running)
    elif as_json:
        console.result_json({"running": False})
    if not running:
        console.progress("the cluster is not running" if cluster else "there is no cluster")
        raise typer.Exit(Exit.FINDINGS)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    epilog="Example: bss dev psql -- -c 'select version()'",
)
def psql(context: typer.Context, directory: Directory = None) -> None:
    """Become psql, connected to the cluster; hand further arguments on, as those of psql."""
    cluster = clusters.find(directory or clusters.default_directory())
    if not cluster or not clusters.running(cluster):
        raise LoaderError(Exit.UNREACHABLE, "the cluster is not running", hint="bss dev up")
    program = cluster.binaries / "psql"
    # in the environment, as the arguments may name a database, which replaces a DSN among them
    os.execve(program, [str(program), *context.args], clusters.environment(cluster))  # noqa: S606


def _print(cluster: Cluster, *, as_json: bool, running: bool) -> None:
    if as_json:
        console.result_json(_described(cluster, running=running))
    else:
        console.result(clusters.dsn(cluster))


def _described(cluster: Cluster, *, running: bool) -> dict[str, Any]:
    return {
        "running": running,
        "dsn": clusters.dsn(cluster),
        "directory": cluster.directory,
        "socket": cluster.socket,
        "port": cluster.port,
        "binaries": cluster.binaries,
        "log": cluster.log,
        "pgpass": cluster.pgpass,
        "unsafe": cluster.unsafe,
    }
