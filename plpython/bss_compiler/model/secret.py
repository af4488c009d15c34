"""What is known of an encrypted column, and not to be seen in the catalog."""

from dataclasses import dataclass

from bss_compiler.model.constraint import Check

ENCRYPTED = "bss.secret"
"""The type of an encrypted column."""

OF_ENCRYPTED = "bss_checks.is_secret_of("
"""What the check begins with that such a column has nothing that is not encrypted for its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """An encrypted column: the type of its values, and what is checked before they are encrypted.

    `digest` is the column with the keyed hashes by which values are found, or None.
    """

    column: str
    type: str
    digest: str | None = None
    checks: tuple[Check, ...] = ()
