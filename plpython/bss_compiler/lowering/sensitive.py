"""Marks the columns whose values no event, no log and no list may have."""

from collections.abc import Iterable
from dataclasses import replace

from bss_compiler.lowering.embedding import COLUMN as EMBEDDING
from bss_compiler.lowering.outline import Outline
from bss_compiler.model import Column
from bss_compiler.model.expression import columns_in


def with_sensitive(columns: Iterable[Column], outline: Outline) -> list[Column]:
    """Give the columns, marked as the document says; what tells of one of them is marked, too."""
    columns = [*columns]
    stated = {
        field.column for field in outline.columns.values() if field.options.get("sensitive") is True
    }
    stated |= {column.name for column in columns if column.sensitive}
    sources = outline.entity.options.get("embedding", {}).get("source", ())
    fields = (outline.properties.get(name) for name in sources)
    if any(field is not None and field.column in stated for field in fields):
        stated.add(EMBEDDING)
    return [
        replace(column, sensitive=True)
        if column.name in stated or not stated.isdisjoint(columns_in(column.generated or ""))
        else column
        for column in columns
    ]
