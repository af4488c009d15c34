"""Questions that only the server can answer, handed back beside the model.

Whether it accepts a regular expression, and whether a default matches one: a tenant's pattern is
never run by Python, which could not be interrupted.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A translated pattern, where it stands, and a value that has to match it, if there is one."""

    pointer: str
    pattern: str
    value: str | None = None
    value_pointer: str | None = None
