"""What a check found, as a value."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor's report; `remedy` is a command for a shell or for psql, or empty."""

    check: str
    state: State
    finding: str
    remedy: str = ""


def verdict(
    check: str, healthy: bool, good: str, bad: str, remedy: str, *, state: State = "fail"
) -> Finding:
    """Choose between two findings; the remedy and the state belong to the bad one."""
    if healthy:
        return Finding(check=check, state="ok", finding=good)
    return Finding(check=check, state=state, finding=bad, remedy=remedy)
