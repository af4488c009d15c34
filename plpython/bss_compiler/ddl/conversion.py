"""Statements that convert the values of a column to another type.

A value that does not convert is listed by the key of its row, in bss_metadata.quarantined_values;
one that is sensitive is nowhere but in the column that had it.
"""

from bss_compiler.ddl import column as columns
from bss_compiler.ddl.name import expression, qualified, quoted
from bss_compiler.diff import Create
from bss_compiler.model import Column
from bss_compiler.quoting import TENANT, template, text


def convert(change: Create) -> list[str]:
    """Add the column with what the values of the other one become."""
    column, source = change.part, change.source
    if not isinstance(column, Column) or source is None:
        raise AssertionError("what is converted is a column, and comes from one")
    table = change.table
    empty = Column(name=column.name, type=column.type, comment=column.comment)
    statements = [*columns.add(table, empty), write(table, column, source, change.key)]
    if column.default is not None:
        statements += columns.set_default(table, column, column)
    if not column.nullable:
        statements += columns.set_not_null(table, column, column)
    return statements


def write(
    table: str,
    column: Column,
    source: Column,
    key: tuple[str, ...],
    *,
    listed_as: str = "",
    more: str = "",
) -> str:
    """Render what writes the converted values into a column, of the rows that satisfy `more`.

    Where there must be a value, one that does not convert, or is not there, becomes the default.
    Those that do not convert are `listed_as` those of another column, if that is given.
    """
    name, old = quoted(column.name), quoted(source.name)
    of_key = ", ".join(f"{template(text(each))}, {quoted(each)}" for each in key)
    reason = template(text(f"{source.type} does not convert to {column.type}"))
    value, is_lost = converted(column, source), f"{name} IS NULL"
    shown = "'null'::jsonb" if column.sensitive or source.sensitive else "value"
    rows = f"{name} IS NULL AND {old} IS NOT NULL{more}"
    if column.default is not None and not column.nullable:
        is_lost = f"{value} IS NULL AND {old} IS NOT NULL"
        value = f"COALESCE({value}, {expression(column.default)})"
        rows = f"{name} IS NULL{more}"
    return (
        f"WITH written AS (UPDATE {qualified(table)} SET {name} = {value} WHERE {rows} "  # noqa: S608
        f"RETURNING jsonb_build_object({of_key}) AS row_key, to_jsonb({old}) AS value, "
        f"{is_lost} AS is_lost) "
        "INSERT INTO bss_metadata.quarantined_values "
        "(tenant_id, relation, column_name, row_key, value, reason) "
        f"SELECT {TENANT}, {template(text(table))}, {template(text(listed_as or column.name))}, "
        f"row_key, {shown}, {reason} FROM written WHERE is_lost AND value <> 'null' "
        "ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE "
        "SET value = excluded.value, reason = excluded.reason, quarantined_at = now()"
    )


def converted(column: Column, source: Column) -> str:
    """Render what the value of a column is in the type of another; null if it is nothing there."""
    types = f"{template(text(source.type))}, {template(text(column.type))}"
    value = f"bss_internal.convert_value(to_jsonb({quoted(source.name)}), {types})"
    if column.type == "jsonb":
        return value
    return f"({value} #>> '{{}}')::{columns.type_name(column.type)}"
