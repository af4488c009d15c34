"""The triggers of a table."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger. `timing`, `events` and `level` are spelled as in CREATE TRIGGER.

    `condition` is that of its WHEN clause, or None. `old_table` and `new_table` are the names that
    the function has for the rows before and after. `body` is that of a function that is made with
    the trigger; the function's name is its hash. One that encrypts is about a `column`.
    """

    name: str
    timing: str
    events: tuple[str, ...]
    level: str
    function: str
    condition: str | None = None
    old_table: str | None = None
    new_table: str | None = None
    body: str | None = field(default=None, compare=False)
    column: str | None = field(default=None, compare=False)
