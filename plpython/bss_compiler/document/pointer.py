"""JSON pointers (RFC 6901)."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any


def child(pointer: str, token: str | int) -> str:
    """Give the pointer to a member or an element of what `pointer` refers to."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def last_token(pointer: str) -> str:
    """Give the last reference token, unescaped; the empty string for the whole document."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def prefixes(pointer: str) -> Iterator[str]:
    """Give the pointers to all that holds what a pointer refers to, from the root, and itself."""
    return accumulate(pointer.split("/"), lambda inside, token: f"{inside}/{token}")


def find(value: object, pointer: str) -> Any:
    """Give what a pointer refers to in a JSON value, or None."""
    for token in pointer.split("/")[1:]:
        match value:
            case dict():
                value = value.get(last_token(f"/{token}"))
            case list() if token.isascii() and token.isdigit() and int(token[:9]) < len(value):
                value = value[int(token[:9])]
            case _:
                return None
    return value
