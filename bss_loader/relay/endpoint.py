"""The one interface of everything that events are delivered to, and what comes of a delivery.

At least once and in order: of one tenant, an event is sent when the one before it is confirmed.
What an endpoint was given and did not take is refused; it is tried again later, and the other
tenants go on. Where the endpoint itself fails, events stay where they are.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

FUTILE = 5
"""So many refusals without a success, and a delivery ends: the fault is not in the events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An event; `text` is the CloudEvent as the database wrote it, which nobody writes anew."""

    id: int
    source: str
    tenant: str | None
    topic: str
    text: str

    @property
    def identity(self) -> str:
        """What no other event has, of whichever cluster."""
        return f"{self.source}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """Why an endpoint could take nothing.

    `retry_after`: the seconds it asked for. `is_unclear`: it was given an event, and the fault
    could be in that.
    """

    reason: str
    retry_after: float = 0.0
    is_unclear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a batch, by the ids of events; what is in neither was not sent, or unclear."""

    taken: frozenset[int]
    refused: Mapping[int, str]
    unavailable: Unavailable | None = None


class Endpoint(Protocol):
    """Where events go. `address` is what may be shown of it."""

    address: str

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        """Send events, none later than `until` on the monotonic clock, and wait for the answers."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(slots=True)
class Tally:
    """Gathers what becomes of a batch from those who deliver parts of it at the same time."""

    until: float
    taken: set[int] = field(default_factory=set)
    refused: dict[int, str] = field(default_factory=dict)
    unavailable: Unavailable | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_over(self) -> bool:
        return (
            self.unavailable is not None
            or time.monotonic() >= self.until
            or (len(self.refused) >= FUTILE and not self.taken)
        )

    def take(self, events: Sequence[Event]) -> None:
        with self._lock:
            self.taken.update(event.id for event in events)

    def refuse(self, event: Event, reason: str) -> None:
        with self._lock:
            self.refused[event.id] = reason

    def receipt(self) -> Receipt:
        return Receipt(
            taken=frozenset(self.taken), refused=dict(self.refused), unavailable=self.unavailable
        )


def lanes(events: Sequence[Event], count: int) -> list[list[Event]]:
    """Part events into at most `count` sequences, each tenant's in one of them and in its order."""
    lane_of: dict[str | None, int] = {}
    parts: list[list[Event]] = [[] for _ in range(count)]
    for event in events:
        lane = lane_of.setdefault(event.tenant, len(lane_of) % count)
        parts[lane].append(event)
    return [part for part in parts if part]
