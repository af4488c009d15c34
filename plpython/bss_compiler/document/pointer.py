"""JSON pointers (RFC 6901)."""


def child(pointer: str, token: str | int) -> str:
    """Give the pointer to a member or an element of what `pointer` refers to."""
    return f"{pointer}/{str(token).replace('~', '~0').replace('/', '~1')}"


def last_token(pointer: str) -> str:
    """Give the last reference token, unescaped; the empty string for the whole document."""
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
