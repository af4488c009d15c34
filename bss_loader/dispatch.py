"""The command `bss dispatch`: stays awake, so that writers need not notify who waits for events.

All that it does is in the procedure `bss.dispatch()`; this keeps one at work, whatever happens to
its session or to the server.
"""

import time
from typing import Annotated

import psycopg
import typer

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.exit import Exit, LoaderError

TERM = "1 minute"
"""How long one call stays awake: then a changed setting is noticed, and another may take over."""


def dispatch(
    dsn: Dsn = "",
    pause: Annotated[
        str, typer.Option(metavar="INTERVAL", help="The wait between two looks for new events.")
    ] = "2 ms",
    retry: Annotated[
        float, typer.Option(metavar="SECONDS", help="The wait before it tries again.")
    ] = 1.0,
) -> None:
    """Stay awake, and wake those who wait for events, until it is stopped."""
    connect(dsn).close()
    while True:
        started = time.monotonic()
        try:
            with connect(dsn) as connection:
                connection.execute("call bss.dispatch(%s, %s)", [TERM, pause])
        except (LoaderError, psycopg.OperationalError) as error:
            if isinstance(error, LoaderError) and error.code != Exit.UNREACHABLE:
                raise
            console.progress(str(error).strip())
        if time.monotonic() - started < retry:
            # another one is awake, or nobody is to be, or the server is away
            time.sleep(retry)
