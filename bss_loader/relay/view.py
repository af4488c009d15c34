"""Turns what a relay has done so far into a line that changes, or into lines where none can."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.text import Text

from bss_loader import console
from bss_loader.breaker import State
from bss_loader.relay.loop import Relay

QUIET = 10.0  # seconds between two lines where there is no terminal


@contextmanager
def progress(relay: Relay) -> Iterator[Callable[[], None]]:
    """Give what shows how far a relay is, on standard error: call it often."""
    if not sys.stderr.isatty():
        yield _lines(relay)
        return
    with Live(console=Console(stderr=True), refresh_per_second=4) as live:
        yield lambda: live.update(Text(said(relay)))


def said(relay: Relay) -> str:
    """Say in one line what was done, and what is in the way."""
    parts = [f"{relay.total.delivered} delivered"]
    if relay.total.refused:
        parts.append(f"{relay.total.refused} refused")
    if relay.state is not State.CLOSED:
        parts.append(f"breaker {relay.state.replace('_', ' ')}")
    if relay.trouble:
        parts.append(relay.trouble)
    return f"{relay.consumer.name}: {', '.join(parts)}"


def _lines(relay: Relay) -> Callable[[], None]:
    console.progress(f"{relay.consumer.name} to {relay.endpoint.address}")
    last, said_at = said(relay), time.monotonic()

    def watch() -> None:
        nonlocal last, said_at
        line, now = said(relay), time.monotonic()
        if line != last and (now - said_at > QUIET or relay.is_stopped):
            last, said_at = line, now
            console.progress(line)

    return watch
