"""Turns the references of a document into URIs and pointers. Nothing is fetched."""

from collections.abc import Iterator
from urllib.parse import unquote, urljoin

from bss_compiler.document.pointer import prefixes

MAX_URI = 1_024


def split(base: str, reference: str) -> tuple[str, str]:
    """Give the URI and the fragment of a reference that stands in a resource."""
    uri, _, fragment = reference.partition("#")
    return join(base, uri), unquote(fragment)


def join(base: str, reference: str) -> str:
    if reference == "" or base == "" or len(reference) > MAX_URI:
        return reference or base
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def references(value: object) -> frozenset[str]:
    """Give the places, as pointers, that the references in a document lead to or through."""
    return frozenset(
        place
        for reference in _references(value)
        for place in prefixes(unquote(reference.partition("#")[2]))
    )


def _references(value: object) -> Iterator[str]:
    match value:
        case dict():
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for item in value.values():
                yield from _references(item)
        case list():
            for item in value:
                yield from _references(item)
