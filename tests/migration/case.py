"""What a case of the matrix is, and the words that its documents are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

UUID: Json = {"type": "string", "format": "uuid"}
TEXT: Json = {"type": "string"}
INTEGER: Json = {"type": "integer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A change from one document to another.

    `rows` are put in before, each as a table and its values; `found` are queries of what is there
    after, with what they give. `undo` is the SQLSTATE with which going back is refused where there
    are rows, or None where it restores everything.
    """

    before: Json
    after: Json
    rows: Sequence[tuple[str, Json]] = ()
    found: Mapping[str, list[tuple[Any, ...]]]
    undo: str | None = None


def item(properties: Json, *required: str, options: Json | None = None, **keywords: Any) -> Json:
    """Give a document of one entity, with the table `items`."""
    document: Json = {"title": "Item", "type": "object", "properties": {"id": UUID, **properties}}
    if required:
        document["required"] = list(required)
    if options is not None:
        document["x-bss"] = options
    return document | keywords


def model(**entities: Json) -> Json:
    """Give a document of several entities."""
    return {"$defs": entities}


def entity(properties: Json, *required: str, **options: Any) -> Json:
    """Give one of several entities."""
    schema: Json = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    return schema | ({"x-bss": options} if options else {})


def with_(schema: Json, **options: Any) -> Json:
    """Give a property with something that `x-bss` says of it."""
    return {**schema, "x-bss": options}
