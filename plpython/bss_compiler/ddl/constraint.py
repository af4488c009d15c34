"""Statements about constraints."""

from typing import assert_never

from bss_compiler.ddl.name import expression, listed, qualified, quoted
from bss_compiler.model import Check, Constraint, ForeignKey, PrimaryKey, Unique


def definition(constraint: Constraint) -> str:
    """Render a constraint as it stands in CREATE TABLE."""
    return f"CONSTRAINT {quoted(constraint.name)} {_rule(constraint)}"


def _rule(constraint: Constraint) -> str:
    match constraint:
        case PrimaryKey():
            return f"PRIMARY KEY ({listed(constraint.columns)})"
        case Unique():
            nulls = "NULLS NOT DISTINCT " if constraint.nulls_not_distinct else ""
            return f"UNIQUE {nulls}({listed(constraint.columns)})"
        case Check():
            return f"CHECK ({expression(constraint.expression)})"
        case ForeignKey():
            return (
                f"FOREIGN KEY ({listed(constraint.columns)}) "
                f"REFERENCES {qualified(constraint.table, constraint.placement)}"
                f"({listed(constraint.referenced)}){_on_delete(constraint)}"
            )
        case _:
            assert_never(constraint)


def _on_delete(key: ForeignKey) -> str:
    """Render the action; one that sets columns leaves alone the one that says whose the row is."""
    action = key.on_delete
    if action == "NO ACTION":
        return ""
    sets_some = action in ("SET NULL", "SET DEFAULT") and key.columns[0] == "tenant_id"
    return f" ON DELETE {action}" + (f" ({listed(key.columns[1:])})" if sets_some else "")


def add(table: str, constraint: Constraint) -> list[str]:
    """Add a constraint, which proves that the rows satisfy it."""
    return [f"ALTER TABLE {qualified(table)} ADD {definition(constraint)}"]


def drop(table: str, constraint: Constraint) -> list[str]:
    """Drop a constraint."""
    return [f"ALTER TABLE {qualified(table)} DROP CONSTRAINT {quoted(constraint.name)}"]


def rename(table: str, before: Constraint, after: Constraint) -> list[str]:
    """Give a constraint another name, and its index with it."""
    names = f"{quoted(before.name)} TO {quoted(after.name)}"
    return [f"ALTER TABLE {qualified(table)} RENAME CONSTRAINT {names}"]
