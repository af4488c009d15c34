"""What is wrong with a value, as values: violations, and the outcomes that they are gathered in."""

from dataclasses import dataclass
from typing import Any

MAX_VIOLATIONS = 1_000
"""The violations that are told of one value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A keyword that a part of a value violates.

    `pointer` leads to that part; for a member that is missing, to where it should be.
    `schema_pointer` leads to the keyword. The message never quotes the value.
    """

    pointer: str
    keyword: str
    schema_pointer: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of a value, or with `is_name` the name of the member that is there."""

    pointer: str
    value: Any
    is_name: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What came of one schema at one place.

    `causes` are the outcomes of other schemas that make this one invalid. It is not certain while
    a question that it depends on has no answer.
    """

    violations: tuple[Violation, ...] = ()
    causes: "tuple[Outcome, ...]" = ()
    certain: bool = True

    @property
    def valid(self) -> bool:
        """Say whether the value has no violation here."""
        return not self.violations and not self.causes


def listed(outcome: Outcome) -> tuple[Violation, ...]:
    """Give the violations of an outcome and its causes, each once, in the order of evaluation."""
    found: dict[Violation, None] = {}
    seen: set[int] = set()
    waiting = [outcome]
    while waiting and len(found) < MAX_VIOLATIONS:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            found.update(dict.fromkeys(current.violations))
            waiting += reversed(current.causes)
    return tuple(found)[:MAX_VIOLATIONS]
