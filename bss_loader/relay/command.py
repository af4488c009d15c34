"""The command `bss relay`: a consumer, an endpoint and their relay; or how all of them are."""

import signal
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from psycopg.rows import dict_row

from bss_loader import console
from bss_loader.breaker import Breaker
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError
from bss_loader.installation import reading, require_installation
from bss_loader.relay import view
from bss_loader.relay.consumer import Consumer
from bss_loader.relay.loop import Relay
from bss_loader.relay.opening import SECRETS, TO, Wanted, open_endpoint

STATUS = """
    select
        c.name as consumer, r.endpoint, r.breaker, r.failures, r.open_until, r.reason,
        r.delivered, r.refused, c.lag_events, c.lag_seconds, c.waiting, c.dead, r.delivered_at,
        r.reported_at
    from bss.consumers as c
    left join bss.relays as r on r.consumer = c.name
    where %(consumer)s in ('', c.name)
    order by c.name
"""
COLUMNS = (
    "consumer", "endpoint", "breaker", "delivered", "refused", "lag_events", "waiting", "dead",
    "reason",
)  # fmt: skip


def relay(
    consumer: Annotated[
        str, typer.Argument(help="The consumer whose events are delivered.", show_default=False)
    ] = "",
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help=f"Where to: https://, redis:// or nats://; {TO} if absent.",
            show_default=False,
        ),
    ] = "",
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK",
            help="An address or network that a webhook may be at though it is not public, in clear "
            "as well; may be repeated.",
            show_default=False,
        ),
    ] = None,
    secret_file: Annotated[
        Path | None,
        typer.Option(
            help=f"A file with the secrets that a webhook is signed with; {SECRETS} if absent.",
            show_default=False,
        ),
    ] = None,
    batch: Annotated[
        int, typer.Option(min=1, max=500, help="How many events one request to a webhook has.")
    ] = 1,
    parallel: Annotated[
        int, typer.Option(min=1, max=64, help="How many requests to a webhook are under way.")
    ] = 4,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="The wait for an answer.")
    ] = 10.0,
    rest: Annotated[
        float,
        typer.Option(
            min=0.1, metavar="SECONDS", help="How long an endpoint that keeps failing is let alone."
        ),
    ] = 30.0,
    once: Annotated[
        bool, typer.Option("--once", help="Stop when there is nothing left to deliver now.")
    ] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Say how relays are doing, and deliver nothing.")
    ] = False,
    dsn: Dsn = "",
    as_json: Json = False,
) -> None:
    """Deliver the events of a consumer to a webhook or a broker, until it is stopped."""
    if status:
        show_status(dsn, consumer, as_json=as_json)
        return
    if not consumer:
        raise LoaderError(Exit.USAGE, "no consumer is named", hint="bss.consumers lists them.")
    endpoint = open_endpoint(
        Wanted(
            to=to,
            allow=tuple(allow or ()),
            secret_file=secret_file,
            batch=batch,
            parallel=parallel,
            timeout=timeout,
        )
    )
    connect(dsn).close()
    relaying = Relay(
        consumer=Consumer(dsn, consumer), endpoint=endpoint, breaker=Breaker(rest=rest)
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: relaying.stop())
    with closing(relaying), view.progress(relaying) as watch:
        relaying.run(watch, once=once)
    if as_json:
        total = relaying.total
        console.result_json({"delivered": total.delivered, "refused": total.refused})


def show_status(dsn: str, consumer: str, *, as_json: bool) -> None:
    """Say how relays and their consumers are; exit 1 if a breaker is not closed."""
    with connect(dsn) as connection, reading(connection):
        require_installation(connection)
        cursor = connection.cursor(row_factory=dict_row)
        found = cursor.execute(STATUS, {"consumer": consumer}).fetchall()
    if as_json:
        console.result_json({"relays": found})
    else:
        rows = [["" if row[name] is None else str(row[name]) for name in COLUMNS] for row in found]
        console.result_table(COLUMNS, rows)
    if any(row["breaker"] not in (None, "closed") for row in found):
        raise typer.Exit(Exit.FINDINGS)
