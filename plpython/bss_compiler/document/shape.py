"""The shapes that a keyword's value can be required to have, each with the words for it.

A shape is a function from a JSON value to what it should have been, or None if it is that.
Sub-schemas are not looked into here; see `schema`.
"""

from collections.abc import Callable
from decimal import Decimal

Shape = Callable[[object], str | None]

TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


def is_number(value: object) -> bool:
    """Say whether a JSON value is a number; a Python bool is not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def anything(value: object) -> str | None:  # noqa: ARG001  every value will do
    """Accept any value."""
    return None


def string(value: object) -> str | None:
    """Accept a string."""
    return None if isinstance(value, str) else "a string"


def boolean(value: object) -> str | None:
    """Accept true or false."""
    return None if isinstance(value, bool) else "true or false"


def number(value: object) -> str | None:
    """Accept a number."""
    return None if is_number(value) else "a number"


def positive(value: object) -> str | None:
    """Accept a number greater than 0."""
    return None if is_number(value) and value > 0 else "a number greater than 0"  # type: ignore[operator]


def count(value: object) -> str | None:
    """Accept a whole number from 0 up; 3.0 is one."""
    if is_number(value) and 0 <= value <= 2**53 and value == int(value):  # type: ignore[operator, call-overload]
        return None
    return "a whole number from 0 to 2^53"


def positive_count(value: object) -> str | None:
    """Accept a whole number from 1 up; 3.0 is one."""
    return None if count(value) is None and value else "a whole number from 1 to 2^53"


def values(value: object) -> str | None:
    """Accept an array."""
    return None if isinstance(value, list) else "an array"


def strings(value: object) -> str | None:
    """Accept an array of strings, none of them twice."""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return None if len(set(value)) == len(value) else "an array in which no string is repeated"
    return "an array of strings"


def string_lists(value: object) -> str | None:
    """Accept an object whose members are arrays of strings."""
    if isinstance(value, dict) and all(strings(item) is None for item in value.values()):
        return None
    return "an object of arrays of strings"


def types(value: object) -> str | None:
    """Accept a JSON type, or an array of them."""
    names = value if isinstance(value, list) else [value]
    if (
        names
        and all(name in TYPES for name in names if isinstance(name, str))
        and all(isinstance(name, str) for name in names)
    ):
        return None if len(set(names)) == len(names) else "an array in which no type is repeated"
    return f"one of {', '.join(TYPES)}, or an array of them"


def schema(value: object) -> str | None:
    """Accept a schema."""
    return None if isinstance(value, dict | bool) else "a schema: an object, true or false"


def schemas(value: object) -> str | None:
    """Accept a non-empty array of schemas."""
    if isinstance(value, list) and value and all(schema(item) is None for item in value):
        return None
    return "a non-empty array of schemas"


def schema_members(value: object) -> str | None:
    """Accept an object whose members are schemas. Each member is checked on its own."""
    return None if isinstance(value, dict) else "an object whose members are schemas"


def object_(value: object) -> str | None:
    """Accept an object."""
    return None if isinstance(value, dict) else "an object"


def choice(*names: str) -> Shape:
    """Accept one of the given strings."""

    def check(value: object) -> str | None:
        return None if value in names else f"one of {', '.join(names)}"

    return check


def either(first: Shape, second: Shape) -> Shape:
    """Accept what one of two shapes accepts."""

    def check(value: object) -> str | None:
        problem = first(value)
        return (
            None if problem is None or second(value) is None else f"{problem}, or {second(value)}"
        )

    return check


def false(value: object) -> str | None:
    """Accept the value false."""
    return None if value is False else "false"
