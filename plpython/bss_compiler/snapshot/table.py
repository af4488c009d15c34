"""Turns the snapshot of a schema, JSON values read from the catalog, into a model.

The snapshot is written by SQL in the model's own JSON form, so there is little to turn: a comment
says whether a column or a table is deprecated, and keywords that are newer than the oldest
supported server are quoted, which an older server does not do.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bss_compiler.model import Check, Column, Model, Table
from bss_compiler.model.codec import from_json
from bss_compiler.model.table import DEPRECATED
from bss_compiler.quoting import NEWER_KEYWORDS, ident

_BARE_WORD = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w$]+""")


def read_snapshot(snapshot: Mapping[str, Any]) -> Model:
    """Give the model of what is there."""
    model = from_json(dict(snapshot))
    return replace(model, tables=tuple(_table(table) for table in model.tables))


def _table(table: Table) -> Table:
    comment, deprecated = _marked(table.comment)
    newer = NEWER_KEYWORDS.intersection(column.name for column in table.columns)
    return replace(
        table,
        columns=tuple(_column(column, newer) for column in table.columns),
        constraints=tuple(
            replace(item, expression=_requoted(item.expression, newer))
            if newer and isinstance(item, Check)
            else item
            for item in table.constraints
        ),
        indexes=tuple(
            replace(item, where=_requoted(item.where, newer))
            if newer and item.where is not None
            else item
            for item in table.indexes
        ),
        partition_by=table.partition_by and _requoted(table.partition_by, newer),
        comment=comment,
        deprecated=deprecated,
    )


def _column(column: Column, newer: frozenset[str]) -> Column:
    if newer and column.generated is not None:
        column = replace(column, generated=_requoted(column.generated, newer))
    comment, deprecated = _marked(column.comment)
    if not deprecated:
        return column
    return replace(column, comment=comment, deprecated=True)


def _marked(comment: str | None) -> tuple[str | None, bool]:
    if comment is None or not comment.startswith(DEPRECATED):
        return comment, False
    return comment.removeprefix(DEPRECATED) or None, True


def _requoted(expression: str, newer: frozenset[str]) -> str:
    return _BARE_WORD.sub(
        lambda match: ident(match[0]) if match[0] in newer else match[0], expression
    )
