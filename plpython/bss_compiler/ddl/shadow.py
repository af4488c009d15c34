"""Statements about a column that is to take the place of another."""

from bss_compiler.ddl import column as columns
from bss_compiler.ddl import constraint as constraints
from bss_compiler.ddl import conversion
from bss_compiler.ddl import index as indexes
from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Column, Index, Unique
from bss_compiler.plan import Shadow, Stage, not_null_check
from bss_compiler.quoting import SCHEMA, template, text

Statements = tuple[list[str], list[str]]


def add(stage: Stage, column: Column) -> Statements:
    """Add the shadow, which is empty in all rows that are there."""
    table = qualified(stage.table)
    empty = Column(name=column.name, type=column.type)
    statements = columns.add(stage.table, empty)
    if column.default is not None:
        statements += columns.set_default(stage.table, column, column)
    return statements, [
        *(f"DROP TRIGGER IF EXISTS {quoted(name)} ON {table}" for name in stage.shadow.triggers),
        f"ALTER TABLE {table} DROP COLUMN IF EXISTS {quoted(column.name)}",
    ]


def keep_in_step(stage: Stage, column: Column) -> Statements:
    """Make the triggers that write to one of the columns what is written to the other.

    What is filled in is no write. It is told by its mark, not by who writes: what a foreign key
    does is done as the owner of the table as well.
    """
    shadow: Shadow = stage.shadow
    sensitive = column.sensitive or shadow.before.sensitive
    arguments = (
        shadow.before.name, column.name, shadow.before.type, column.type, shadow.after.name,
        _boolean(not column.nullable), _boolean(sensitive), *shadow.key,
    )  # fmt: skip
    given = ", ".join(template(text(argument)) for argument in arguments)
    before, after = shadow.triggers
    return [
        f"CREATE TRIGGER {quoted(name)} {timing} INSERT OR UPDATE ON {qualified(stage.table)} "
        "FOR EACH ROW WHEN ((pg_catalog.current_setting('backtrace_functions') "
        "OPERATOR(pg_catalog.<>) 'filling_of_bss')) "
        f"EXECUTE FUNCTION bss_internal.{function}({given})"
        for name, timing, function in (
            (before, "BEFORE", "keep_in_step"), (after, "AFTER", "list_lost_value"),
        )
    ], []  # fmt: skip


def fill(stage: Stage, column: Column) -> Statements:
    """Render the values of the rows that are there, between two locations."""
    shadow: Shadow = stage.shadow
    between = " AND ctid >= $1 AND ctid < $2"
    return [
        conversion.write(
            stage.table, column, shadow.before, shadow.key, listed_as=shadow.after.name,
            more=between,
        )
    ], []  # fmt: skip


def swap(stage: Stage, column: Column) -> Statements:
    """Give the shadow the name, and all that is built on it its name, in one transaction."""
    shadow: Shadow = stage.shadow
    table = qualified(stage.table)
    statements = [f"DROP TRIGGER {quoted(name)} ON {table}" for name in shadow.triggers]
    for rule in shadow.dropped:
        if isinstance(rule, Index):
            statements += indexes.drop(stage.table, rule)
        else:
            statements += constraints.drop(stage.table, rule)
    statements += _put_away(stage.table, shadow)
    statements.append(_rename(stage.table, column.name, shadow.after.name))
    if not column.nullable:
        check = not_null_check(stage.table, column.name)
        statements.append(
            f"ALTER TABLE {table} ALTER COLUMN {quoted(shadow.after.name)} SET NOT NULL, "
            f"DROP CONSTRAINT {quoted(check.name)}"
        )
    for rule, made in shadow.made:
        match rule:
            case Unique():
                statements.append(
                    f"ALTER TABLE {table} ADD CONSTRAINT {quoted(rule.name)} "
                    f"UNIQUE USING INDEX {quoted(made.name)}"
                )
            case Index():
                statements.append(
                    f"ALTER INDEX {SCHEMA}.{quoted(made.name)} RENAME TO {quoted(rule.name)}"
                )
            case _:
                statements.append(
                    f"ALTER TABLE {table} RENAME CONSTRAINT {quoted(made.name)} "
                    f"TO {quoted(rule.name)}"
                )
    if shadow.after.comment is not None:
        statements.append(columns.comment(stage.table, shadow.after))
    return [";\n".join(statements)], []


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _put_away(table: str, shadow: Shadow) -> list[str]:
    if shadow.kept is None:
        return [f"ALTER TABLE {qualified(table)} DROP COLUMN {quoted(shadow.before.name)}"]
    return [
        _rename(table, shadow.before.name, shadow.kept.name),
        *columns.deprecate(table, shadow.before, shadow.kept),
    ]


def _rename(table: str, old: str, new: str) -> str:
    return f"ALTER TABLE {qualified(table)} RENAME COLUMN {quoted(old)} TO {quoted(new)}"
