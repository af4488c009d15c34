"""Turns a model into the snapshot that bss_internal.snapshot() gives where its tables are made.

What the catalog then says can be compared as it is, without reading it. Where it is spelled in
another way, which an older server does, it has to be read: see `read_snapshot`.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bss_compiler.model import Column, Model, Part, Table
from bss_compiler.model.codec import to_json_compared
from bss_compiler.model.table import DEPRECATED

Json = dict[str, Any]


def meant_snapshot(model: Model) -> Json:
    """Give the snapshot of a schema that is as the model says."""
    tables = sorted(model.tables, key=lambda table: table.name)
    functions = {"functions": _parts(model.functions)} if model.functions else {}
    return {"tables": [_table(table) for table in tables], **functions}


def _table(table: Table) -> Json:
    return {
        "name": table.name,
        "placement": table.placement,
        "comment": _comment(table),
        "row_security": table.row_security,
        "columns": _parts(_column(column) for column in table.columns),
        "constraints": _parts(table.constraints),
        "indexes": _parts(table.indexes),
        "policies": _parts(table.policies),
        "grants": _parts(table.grants),
        "triggers": _parts(table.triggers),
        "partition_by": table.partition_by,
        "partitions": _parts(table.partitions),
    }


def _column(column: Column) -> Column:
    return replace(column, comment=_comment(column), deprecated=False)


def _comment(part: Table | Column) -> str | None:
    return DEPRECATED + (part.comment or "") if part.deprecated else part.comment


def _parts(parts: Iterable[Part]) -> list[Json]:
    return [to_json_compared(part) for part in sorted(parts, key=lambda part: part.name)]
