"""Brings a consumer and an endpoint together: delivers, says what came of it, and rests in between.

Three things can fail. An event: it is put off, by the rule of the consumer, and the others go on.
The endpoint: everything stays where it is, and the breaker says when to try again. The database:
what was delivered and not acknowledged is delivered again.
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from math import inf

from bss_loader.breaker import Backoff, Breaker, State
from bss_loader.exit import Exit, LoaderError
from bss_loader.relay.consumer import AwayError, Consumer, Report
from bss_loader.relay.endpoint import Endpoint, Event, Receipt

IDLE = 1.0  # seconds until it looks for events though nobody woke it
DOZE = 0.2  # seconds until it notices that it was stopped
TURN = 10.0  # seconds of delivering before it acknowledges
TELL = 5.0  # seconds between two reports
PATIENCE = 10
"""So often an event may be first when the endpoint fails; then it is put off, lest it be why."""


@dataclass(slots=True)
class Counts:
    """How many events were taken, and how often one was refused."""

    delivered: int = 0
    refused: int = 0

    def add(self, receipt: Receipt) -> None:
        self.delivered += len(receipt.taken)
        self.refused += len(receipt.refused)


@dataclass(slots=True, kw_only=True)
class Relay:
    """One consumer, one endpoint, and what is known of them. Times are monotonic, in seconds."""

    consumer: Consumer
    endpoint: Endpoint
    breaker: Breaker = field(default_factory=Breaker)
    is_stopped: bool = False
    total: Counts = field(default_factory=Counts)
    trouble: str | None = None
    _left: Sequence[Event] = ()  # what was handed out and not acknowledged
    _ahead: frozenset[int] = frozenset()  # what of that was taken, since other tenants are slower
    _untold: Counts = field(default_factory=Counts)
    _told_at: float = -inf
    _rest_until: float = -inf
    _first: int = 0  # the event that was first when the endpoint failed
    _times: int = 0  # how often in a row

    def run(self, watch: Callable[[], None], *, once: bool = False) -> None:
        """Deliver until it is stopped or, once, until nothing is left; `watch` is called often.

        LoaderError if the endpoint takes nothing and it is to be done once.
        """
        while not self.is_stopped:
            watch()
            if self.rest > 0:
                if once and self.state is not State.CLOSED:
                    raise self._given_up()
                time.sleep(min(self.rest, DOZE))
                continue
            try:
                if self._turn():
                    continue
                if once:
                    self.stop()
                else:
                    self.consumer.wait(IDLE)
            except AwayError as error:
                self.trouble = str(error)
                self._left = ()  # a crash may have forgotten that they were handed out
                self._rest_until = time.monotonic() + IDLE
        watch()

    def stop(self) -> None:
        """End what is under way, and begin nothing."""
        self.is_stopped = True

    def close(self) -> None:
        """Say the last, and let the next one have the lease at once."""
        self.endpoint.close()
        with suppress(AwayError):
            self._tell()
            self.consumer.release()
        self.consumer.close()

    @property
    def state(self) -> State:
        return self.breaker.state(time.monotonic())

    @property
    def rest(self) -> float:
        """The seconds until anything is tried again."""
        return max(self._rest_until - time.monotonic(), 0.0)

    def _turn(self) -> bool:
        """Deliver what there is; false if that is nothing."""
        events, self._left = self._left, ()
        if not events:
            events, self._ahead = self.consumer.poll(), frozenset()
        if time.monotonic() - self._told_at > TELL:
            self._tell()
        if not events:
            return False
        had_failed = self.breaker.failures > 0
        receipt = self._deliver(events[:1] if self.state is State.HALF_OPEN else events)
        known = replace(receipt, taken=receipt.taken | self._ahead)
        left = self.consumer.settle(events, known)
        if receipt.unavailable is None:
            # else the lease may end while it rests
            self._left, self._ahead = left, known.taken
        if had_failed or self.breaker.failures:
            self._tell()
        return True

    def _deliver(self, events: Sequence[Event]) -> Receipt:
        """Deliver what was not taken before what comes before it; note what comes of it."""
        left = [event for event in events if event.id not in self._ahead]
        lasts = min(TURN, self.consumer.lease / 2)
        receipt = self._examined(left, self.endpoint.deliver(left, time.monotonic() + lasts))
        self.total.add(receipt)
        self._untold.add(receipt)
        self._judge(receipt)
        return receipt

    def _examined(self, events: Sequence[Event], receipt: Receipt) -> Receipt:
        """Add the first event that was not taken to those refused if it is so every time."""
        failure = receipt.unavailable
        if failure is None or not failure.is_unclear:
            return receipt
        known = receipt.taken | receipt.refused.keys()
        first = next(event for event in events if event.id not in known)
        self._times = self._times + 1 if first.id == self._first else 1
        self._first = first.id
        if self._times < PATIENCE:
            return receipt
        self._times = 0
        return replace(receipt, refused={**receipt.refused, first.id: failure.reason})

    def _judge(self, receipt: Receipt) -> None:
        failure = receipt.unavailable
        self.trouble = failure.reason if failure else next(iter(receipt.refused.values()), None)
        if receipt.taken:
            self.breaker = self.breaker.succeeded()
        if failure or not receipt.taken:
            now = time.monotonic()
            self.breaker = self.breaker.failed(now)
            backoff = Backoff(attempts=self.breaker.threshold, longest=self.breaker.rest)
            delay = backoff.delay(self.breaker.failures, random.random())  # noqa: S311  spreads
            waits = self.breaker.rest if delay is None else delay
            self._rest_until = now + max(waits, failure.retry_after if failure else 0.0)

    def _tell(self) -> None:
        said = Report(
            endpoint=self.endpoint.address,
            delivered=self._untold.delivered,
            refused=self._untold.refused,
            failures=self.breaker.failures,
            rest=self.rest if self.breaker.failures else None,
            reason=self.trouble,
        )
        if self.consumer.report(said):
            self._untold, self._told_at = Counts(), time.monotonic()

    def _given_up(self) -> LoaderError:
        return LoaderError(
            Exit.UNREACHABLE,
            f'endpoint "{self.endpoint.address}" takes nothing',
            detail=f"Last, {self.trouble}." if self.trouble else "",
            hint="What it did not take is kept, and delivered when this is called again.",
        )
