"""Statements about tables."""

from bss_compiler.ddl import column as columns
from bss_compiler.ddl import constraint as constraints
from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import ForeignKey, Table
from bss_compiler.model.table import DEPRECATED
from bss_compiler.quoting import SCHEMA_NAME, template, text


def create(name: str, table: Table) -> list[str]:
    """Render the table, closed to everyone from its first moment, with comments."""
    lines = [columns.definition(column) for column in table.columns]
    lines += [
        constraints.definition(item)
        for item in table.constraints
        if not isinstance(item, ForeignKey)
    ]
    body = ",\n".join(f"    {line}" for line in lines)
    parted = f" PARTITION BY {template(table.partition_by)}" if table.partition_by else ""
    statements = [
        f"CREATE TABLE {qualified(name)} (\n{body}\n){parted}",
        *enable_row_security(name, table, table),
    ]
    if table.comment is not None or table.deprecated:
        statements.append(comment(name, table))
    statements += [
        columns.comment(name, column)
        for column in table.columns
        if column.comment is not None or column.deprecated
    ]
    return statements


def set_comment(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001  one shape
    """Render the table's comment, which also says whether it is deprecated."""
    return [comment(name, after)]


def rename(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001  one shape
    """Give the table another name."""
    return [f"ALTER TABLE {qualified(before.name)} RENAME TO {quoted(after.name)}"]


def drop(name: str, table: Table) -> list[str]:  # noqa: ARG001  one shape for all parts
    """Drop the table, with its rows."""
    return [f"DROP TABLE {qualified(name)}"]


def enable_row_security(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001
    """Put policies into force, for the owner too."""
    return [f"ALTER TABLE {qualified(name)} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"]


def disable_row_security(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001
    """Put policies out of force."""
    return [
        f"ALTER TABLE {qualified(name)} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
    ]


def comment(name: str, table: Table) -> str:
    """Render the statement that comments on a table."""
    words = (DEPRECATED if table.deprecated else "") + (table.comment or "")
    value = template(text(words)) if words else "NULL"
    return f"COMMENT ON TABLE {qualified(name)} IS {value}"


def drop_view(name: str, table: Table) -> list[str]:  # noqa: ARG001
    """Drop a view."""
    return [f"DROP VIEW {qualified(name)}"]


def drop_materialized_view(name: str, table: Table) -> list[str]:  # noqa: ARG001
    """Drop a materialized view."""
    return [f"DROP MATERIALIZED VIEW {qualified(name)}"]


def drop_foreign_table(name: str, table: Table) -> list[str]:  # noqa: ARG001
    """Drop a foreign table; what it shows is elsewhere."""
    return [f"DROP FOREIGN TABLE {qualified(name)}"]


def set_logged(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001
    """Render a table that survives a crash."""
    return [f"ALTER TABLE {qualified(name)} SET LOGGED"]


def drop_rules(name: str, before: Table, after: Table) -> list[str]:  # noqa: ARG001
    """Drop the rules of a table; a model has none, so it does not know their names."""
    return [f"SELECT bss_internal.drop_rules({SCHEMA_NAME}, {template(text(name))})"]
