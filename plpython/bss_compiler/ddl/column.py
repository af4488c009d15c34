"""Statements about columns."""

from bss_compiler.ddl.name import expression, qualified, quoted
from bss_compiler.model import Column
from bss_compiler.model.table import DEPRECATED
from bss_compiler.quoting import EXTENSION, template, text

_COMPUTED = "values are those that are computed"
"""The name of the constraint that proves it; the server shows it to who has other values."""


def definition(column: Column) -> str:
    """Render a column as it stands in CREATE TABLE."""
    parts = [quoted(column.name), type_name(column.type)]
    if column.default is not None:
        parts.append(f"DEFAULT {expression(column.default)}")
    if column.generated is not None:
        parts.append(f"GENERATED ALWAYS AS ({expression(column.generated)}) STORED")
    if not column.nullable:
        parts.append("NOT NULL")
    return " ".join(parts)


def type_name(type_: str) -> str:
    """Render the type; pgvector's is where its extension is."""
    return f"{EXTENSION}.{type_}" if type_.startswith("vector(") else type_


def add(table: str, column: Column) -> list[str]:
    """Render the column, with its comment."""
    statements = [f"ALTER TABLE {qualified(table)} ADD COLUMN {definition(column)}"]
    if column.comment is not None:
        statements.append(comment(table, column))
    return statements


def comment(table: str, column: Column) -> str:
    """Render the statement that comments on a column."""
    words = (DEPRECATED if column.deprecated else "") + (column.comment or "")
    value = template(text(words)) if words else "NULL"
    return f"COMMENT ON COLUMN {qualified(table)}.{quoted(column.name)} IS {value}"


def set_comment(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001  one shape
    """Render the column's comment."""
    return [comment(table, after)]


def deprecate(table: str, before: Column, after: Column) -> list[str]:
    """Keep the column, without what would stand in the way of rows that leave it out."""
    actions = []
    if before.default is not None:
        actions.append("DROP DEFAULT")
    if not before.nullable:
        actions.append("DROP NOT NULL")
    return [*_alter(table, after, actions), comment(table, after)]


def restore(table: str, before: Column, after: Column) -> list[str]:
    """Take the column back; where it must have a value, rows made without it get its default."""
    statements = []
    actions = []
    if before.generated is not None and after.generated is None:
        actions.append("DROP EXPRESSION")
    if after.default is not None:
        name, value = quoted(after.name), expression(after.default)
        if not after.nullable:
            update = f"UPDATE {qualified(table)} SET {name} = {value}"  # noqa: S608  quoted
            statements.append(f"{update} WHERE {name} IS NULL")
        actions.append(f"SET DEFAULT {value}")
    if before.nullable and not after.nullable:
        actions.append("SET NOT NULL")
    return [*statements, *_alter(table, after, actions), comment(table, after)]


def change_type(table: str, before: Column, after: Column) -> list[str]:
    """Take the values over into a type that has room for all of them, with its own default."""
    return write_anew(table, before, after, widened(before, after.type))


def write_anew(table: str, before: Column, after: Column, value: str | None) -> list[str]:
    """Give a column another type and default; each value becomes another, or None for a cast."""
    actions = ["DROP DEFAULT"] if before.default is not None else []
    actions.append(f"TYPE {type_name(after.type)}" + (f" USING {value}" if value else ""))
    if after.default is not None:
        actions.append(f"SET DEFAULT {expression(after.default)}")
    return _alter(table, after, actions)


def widened(column: Column, type_: str) -> str | None:
    """Render the value of a column in a type that has room for it; None for a mere cast."""
    name = quoted(column.name)
    if type_ == "jsonb":
        return f"to_jsonb({name})"
    if type_ == "text":
        return f"(to_jsonb({name}) #>> '{{}}')"
    if column.type == "date":
        return f"({name}::timestamp without time zone AT TIME ZONE 'UTC')"
    return None


def set_default(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Render the default of rows to come."""
    return _alter(table, after, [f"SET DEFAULT {expression(after.default or '')}"])


def drop_default(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """No default for rows to come."""
    return _alter(table, after, ["DROP DEFAULT"])


def drop_expression(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Keep the values that were computed, as those of a plain column."""
    return _alter(table, after, ["DROP EXPRESSION"])


def compute_anew(table: str, before: Column, after: Column) -> list[str]:
    """Put a new column in the place of one that holds nothing but what is computed."""
    name = quoted(before.name)
    return [
        f"ALTER TABLE {qualified(table)} DROP COLUMN {name}, ADD COLUMN {definition(after)}",
        *([comment(table, after)] if after.comment is not None or after.deprecated else []),
    ]


def compute(table: str, before: Column, after: Column) -> list[str]:
    """Compute a column that has values; one that is not what is computed stands in the way."""
    name, value = quoted(after.name), expression(after.generated or "")
    proof = f"CHECK ({name} IS NULL OR {name} IS NOT DISTINCT FROM {value})"
    return [
        f"ALTER TABLE {qualified(table)} ADD CONSTRAINT {quoted(_COMPUTED)} {proof}",
        *compute_anew(table, before, after),  # the constraint goes with the column
    ]


def rename(table: str, before: Column, after: Column) -> list[str]:
    """Give the column another name."""
    names = f"{quoted(before.name)} TO {quoted(after.name)}"
    return [f"ALTER TABLE {qualified(table)} RENAME COLUMN {names}"]


def drop(table: str, column: Column) -> list[str]:
    """Drop the column, with its values."""
    return [f"ALTER TABLE {qualified(table)} DROP COLUMN {quoted(column.name)}"]


def set_not_null(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Render a value in every row."""
    return _alter(table, after, ["SET NOT NULL"])


def drop_not_null(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Render a value or none."""
    return _alter(table, after, ["DROP NOT NULL"])


def drop_identity(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Count its values no longer."""
    return _alter(table, after, ["DROP IDENTITY"])


def reset_collation(table: str, before: Column, after: Column) -> list[str]:  # noqa: ARG001
    """Take back the collation of its type, which is that of a type without another."""
    return _alter(table, after, [f"TYPE {type_name(after.type)}"])


def _alter(table: str, column: Column, actions: list[str]) -> list[str]:
    if not actions:
        return []
    each = ", ".join(f"ALTER COLUMN {quoted(column.name)} {action}" for action in actions)
    return [f"ALTER TABLE {qualified(table)} {each}"]
