"""Turns how calls went into when the next may be made: a wait before it is tried again, a breaker.

Pure: `now` is a number of seconds on whichever clock the caller goes by, `chance` one from 0 to 1.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How often something is tried, and the seconds between: they double, half of them by chance.

    By chance, so that what failed together does not come again together.
    """

    attempts: int = 10
    first: float = 1.0
    longest: float = 3600.0

    def delay(self, failures: int, chance: float) -> float | None:
        """Give the seconds to wait after `failures` in a row (from 1); None to give up."""
        if failures >= self.attempts:
            return None
        return min(self.first * 2.0 ** min(failures - 1, 30), self.longest) * (0.5 + chance / 2)


class State(StrEnum):
    """Whether calls are made: all, none, or one to see."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """What is known of one service; each outcome gives another value.

    `threshold` failures in a row open it for `rest` seconds. Then it is half open: one call is
    made, and its success closes it.
    """

    threshold: int = 5
    rest: float = 30.0
    failures: int = 0
    open_until: float = -inf

    def state(self, now: float) -> State:
        if self.failures < self.threshold:
            return State.CLOSED
        return State.OPEN if now < self.open_until else State.HALF_OPEN

    def permits(self, now: float) -> bool:
        """Say whether a call may be made; say `called` if one is."""
        return self.state(now) is not State.OPEN

    def called(self, now: float, timeout: float) -> Self:
        """Half open, keep others from calling until this one is over, or lost, in `timeout` s."""
        if self.state(now) is State.HALF_OPEN:
            return replace(self, open_until=now + timeout)
        return self

    def succeeded(self) -> Self:
        return replace(self, failures=0, open_until=-inf)

    def failed(self, now: float) -> Self:
        failures = self.failures + 1
        if failures < self.threshold:
            return replace(self, failures=failures)
        return replace(self, failures=failures, open_until=now + self.rest)
