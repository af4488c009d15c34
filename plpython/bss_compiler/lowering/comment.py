"""Turns title and description into a comment."""

from collections.abc import Mapping
from typing import Any

from bss_compiler.model.table import DEPRECATED


def comment(keywords: Mapping[str, Any], *, name: str | None = None) -> str | None:
    """Give the comment for a table or a column; a title that only repeats the name is left out."""
    title = keywords.get("title")
    parts = [title if title != name else None, keywords.get("description")]
    text = ": ".join(part.strip() for part in parts if part and part.strip())
    start = 0
    while text.startswith(DEPRECATED, start):
        start += len(DEPRECATED)
    return text[start:] or None
