"""Asks the server about values as a tenant does: a table from a document, and inserts into it.

A value is the member `it` of a jsonb column, so that no schema becomes a typed column. The
documents that schemas refer to are registered.
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

import psycopg
from psycopg import sql

from tests.json_schema.public_suite import REMOTES, Group, spell

CHECK = "select severity from bss.check_schema(%s)"
REGISTER = "select bss.register_document(%s, %s)"
PROVISION = "select bss.provision_tenant(%s, %s)"
REFUSALS = (psycopg.errors.CheckViolation, psycopg.errors.UntranslatableCharacter)


def register(connection: psycopg.Connection, documents: Mapping[str, Any]) -> None:
    """Register what the suite of the draft refers to, as far as BSS takes it."""
    for uri, document in documents.items():
        if uri.startswith(REMOTES) and "/draft" in uri.removeprefix(f"{REMOTES}draft2020-12"):
            continue
        try:
            connection.execute(REGISTER, [uri, spell(document)])
        except psycopg.Error as error:
            if not str(error.sqlstate).startswith("SB"):
                raise


def verdicts(
    connection: psycopg.Connection, groups: Iterable[Group], *, prefix: str
) -> list[tuple[Group, list[bool | None]]]:
    """Say of each group's values whether they go in; None where the schema is refused.

    The groups of a file are a tenant, of which the name begins with the prefix.
    """
    found = []
    for number, (_, part) in enumerate(groupby(groups, lambda group: group.file)):
        tenant, entities = f"{prefix}-{number}", dict[str, Any]()
        tables = [(group, f"case_{position}") for position, group in enumerate(part)]
        for group, table in tables:
            entity = _entity(group.schema, table)
            if _is_accepted(connection, entity):
                entities[f"Case{table}"] = entity
        connection.execute(PROVISION, [tenant, spell({"$defs": entities}) if entities else None])
        for group, table in tables:
            name = sql.Identifier(f"tenant_{tenant}".replace("-", "_"), table)
            known = f"Case{table}" in entities
            found.append((group, _insert(connection, name, group) if known else _unasked(group)))
    return found


def _entity(schema: Any, table: str) -> Any:
    value = {"type": "object", "properties": {"it": schema}, "required": ["it"]}
    properties = {"id": {"type": "integer"}, "value": value}
    return {"type": "object", "properties": properties, "x-bss": {"table": table}}


def _is_accepted(connection: psycopg.Connection, entity: Any) -> bool:
    rows = connection.execute(CHECK, [spell({"$defs": {"Case": entity}})])
    return ("error",) not in rows.fetchall()


def _unasked(group: Group) -> list[bool | None]:
    return [None] * len(group.cases)


def _insert(
    connection: psycopg.Connection, table: sql.Identifier, group: Group
) -> list[bool | None]:
    insert = sql.SQL("insert into {} (id, value) values (%s, %s)").format(table)
    found: list[bool | None] = []
    for number, case in enumerate(group.cases):
        try:
            connection.execute(insert, [number, spell({"it": case.value})])
        except REFUSALS:
            found.append(False)
        else:
            found.append(True)
    return found
