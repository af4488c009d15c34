"""Statements of the stages that a step has where its table is large.

The fourth and fifth argument of such a template are a partition and the index that it gets; the
parameters $1 and $2 of one that is executed in batches are the row locations that it is between.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bss_compiler.ddl import column as columns
from bss_compiler.ddl import constraint as constraints
from bss_compiler.ddl import index as indexes
from bss_compiler.ddl import shadow
from bss_compiler.ddl.name import expression, qualified, quoted
from bss_compiler.model import Check, Column, ForeignKey, Index, Unique
from bss_compiler.model.index import unique_index
from bss_compiler.plan import Stage, filling, not_null_check
from bss_compiler.quoting import PARTITION, PARTITION_INDEX, SCHEMA, template, text

Statements = tuple[list[str], list[str]]
"""The statements of a stage, and those that take away what is in no model, if it is there."""


def render_stage(stage: Stage) -> Statements:
    """Give the statements of a stage, and those that take it away again, each in their order."""
    return _RENDERERS[stage.kind](stage, stage.part)


def _add_not_valid(stage: Stage, part: Check | ForeignKey) -> Statements:
    [statement] = constraints.add(stage.table, part)
    return [f"{statement} NOT VALID"], [_drop_constraint(stage.table, part.name)]


def _validate(stage: Stage, part: Check | ForeignKey) -> Statements:
    return [f"ALTER TABLE {qualified(stage.table)} VALIDATE CONSTRAINT {quoted(part.name)}"], []


def _set_not_null(stage: Stage, column: Column) -> Statements:
    check = not_null_check(stage.table, column.name)
    return [
        f"ALTER TABLE {qualified(stage.table)} ALTER COLUMN {quoted(column.name)} SET NOT NULL, "
        f"DROP CONSTRAINT {quoted(check.name)}"
    ], []


def _add_empty_column(stage: Stage, column: Column) -> Statements:
    empty = replace(column, default=None, nullable=True)
    return [*columns.add(stage.table, empty), *_set_default(stage.table, column)], []


def _restore_empty_column(stage: Stage, column: Column) -> Statements:
    return [*_set_default(stage.table, column), columns.comment(stage.table, column)], []


def _set_default(table: str, column: Column) -> list[str]:
    return columns.set_default(table, column, column)


def _fill_new_rows(stage: Stage, column: Column) -> Statements:
    table, trigger = qualified(stage.table), quoted(filling(stage.table, column.name))
    return [
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
        f"WHEN ((new.{quoted(column.name)} IS NULL)) "
        f"EXECUTE FUNCTION bss_internal.fill_new_rows({template(text(column.name))})"
    ], [f"DROP TRIGGER IF EXISTS {trigger} ON {table}"]


def _stop_filling(stage: Stage, column: Column) -> Statements:
    trigger = quoted(filling(stage.table, column.name))
    return [f"DROP TRIGGER {trigger} ON {qualified(stage.table)}"], []


def _fill_column(stage: Stage, column: Column) -> Statements:
    name, value = quoted(column.name), expression(column.default or "")
    return [
        f"UPDATE {qualified(stage.table)} SET {name} = {value} "  # noqa: S608  quoted
        f"WHERE {name} IS NULL AND ctid >= $1 AND ctid < $2"
    ], []


def _build_index(stage: Stage, part: Index | Unique) -> Statements:
    name = PARTITION_INDEX if stage.each_partition else quoted(part.name)
    table = f"{SCHEMA}.{PARTITION}" if stage.each_partition else qualified(stage.table)
    undo = [f"DROP INDEX IF EXISTS {SCHEMA}.{name}"]
    if isinstance(part, Unique):
        undo.insert(0, _drop_constraint(stage.table, part.name))
    return [indexes.build(_index(part), f"CONCURRENTLY {name} ON {table}")], undo


def _create_index_of_none(stage: Stage, index: Index) -> Statements:
    name = quoted(index.name)
    return [indexes.build(index, f"{name} ON ONLY {qualified(stage.table)}")], [
        f"DROP INDEX IF EXISTS {SCHEMA}.{name}"
    ]


def _add_unique_of_none(stage: Stage, key: Unique) -> Statements:
    return [f"ALTER TABLE ONLY {qualified(stage.table)} ADD {constraints.definition(key)}"], [
        _drop_constraint(stage.table, key.name)
    ]


def _adopt_index(stage: Stage, key: Unique) -> Statements:
    table = f"{SCHEMA}.{PARTITION}" if stage.each_partition else qualified(stage.table)
    name = PARTITION_INDEX if stage.each_partition else quoted(key.name)
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}"], []


def _attach_index(stage: Stage, part: Index | Unique) -> Statements:  # noqa: ARG001  one shape
    return [
        f"ALTER INDEX {SCHEMA}.{quoted(part.name)} ATTACH PARTITION {SCHEMA}.{PARTITION_INDEX}"
    ], []


def _index(part: Index | Unique) -> Index:
    return part if isinstance(part, Index) else unique_index(part, None)


def _drop_constraint(table: str, name: str) -> str:
    return f"ALTER TABLE {qualified(table)} DROP CONSTRAINT IF EXISTS {quoted(name)}"


_RENDERERS: Mapping[str, Callable[[Stage, Any], Statements]] = {
    "add_not_valid": _add_not_valid,
    "validate": _validate,
    "set_not_null": _set_not_null,
    "add_empty_column": _add_empty_column,
    "restore_empty_column": _restore_empty_column,
    "fill_new_rows": _fill_new_rows,
    "fill_column": _fill_column,
    "stop_filling": _stop_filling,
    "create_index_of_none": _create_index_of_none,
    "add_unique_of_none": _add_unique_of_none,
    "build_index": _build_index,
    "adopt_index": _adopt_index,
    "attach_index": _attach_index,
    "add_shadow": shadow.add,
    "keep_in_step": shadow.keep_in_step,
    "fill_shadow": shadow.fill,
    "swap_columns": shadow.swap,
}
