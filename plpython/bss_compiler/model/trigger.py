"""The triggers of a table."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger. `timing`, `events` and `level` are spelled as in CREATE TRIGGER.

    `condition` is that of its WHEN clause, or None. One that encrypts is about a `column`.
    """

    name: str
    timing: str
    events: tuple[str, ...]
    level: str
    function: str
    condition: str | None = None
    column: str | None = field(default=None, compare=False)
