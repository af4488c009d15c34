"""Equality of JSON values as JSON Schema has it: 1 and 1.0 are equal, 1 and true are not."""

from collections.abc import Hashable, Mapping
from typing import Any


def canonical(value: Any) -> Hashable:
    """Give what is equal, as a Python value, for values that are equal as JSON values."""
    match value:
        case bool():
            return ("boolean", value)
        case list():
            return ("array", tuple(map(canonical, value)))
        case Mapping():
            return ("object", frozenset((name, canonical(item)) for name, item in value.items()))
    unchanged: Hashable = value
    return unchanged
