"""How large a document may be. The defaults are those of the installation's settings."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from decimal import Context, localcontext

MAX_DEPTH = 100
"""The levels that the compiler can walk down by recursion, whatever the setting says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one compilation; each is exceeded with an error of its own."""

    document_bytes: int = 1_048_576
    depth: int = 64
    entities: int = 500
    columns: int = 1_500
    partitions: int = 1_000
    enum_values: int = 1_000
    schema_nodes: int = 10_000
    pattern_length: int = 1_000
    number_digits: int = 1_000
    expanded_characters: int = 4_194_304
    constants: int = 50_000
    pattern_work: int = 250_000
    default_work: int = 200_000
    functions: int = 2_000
    validation_work: int = 500_000

    @property
    def levels(self) -> int:
        """Give the limit of nesting: the setting, as far as the compiler can follow it."""
        return min(self.depth, MAX_DEPTH)


def exact(limits: Limits) -> AbstractContextManager[Context]:
    """Compute with numbers to their last digit, in all that is done with a document or a value."""
    # the remainder of the largest number by the smallest is exact with so many digits
    return localcontext(prec=4 * limits.number_digits + 4)


def read_limits(settings: Mapping[str, int]) -> Limits:
    """Give the limits that the settings state, and the default for each that they do not."""
    known = {item.name for item in fields(Limits)}
    return Limits(**{name: int(value) for name, value in settings.items() if name in known})
