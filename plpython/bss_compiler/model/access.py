"""Who may do what with a table, and which rows they see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A permissive row-level security policy. `roles` is empty for PUBLIC."""

    name: str
    command: str
    roles: tuple[str, ...]
    using: str
    check: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Privileges of one role on the table, in alphabetical order."""

    role: str
    privileges: tuple[str, ...]

    @property
    def name(self) -> str:
        """Give the role: a table has one grant for each."""
        return self.role
