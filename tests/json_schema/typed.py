"""Asks the server about the scalar groups of the suite a second time, as typed columns.

Which types a group is tried as, and which of its values a column of one can be asked about, is
decided by rule: a keyword goes with the types that it says something about, and a value is
comparable if it is of the column's JSON type. A whole number is written without a fraction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from bss_compiler.boundary import compile_document
from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits
from bss_compiler.document.shape import is_number
from bss_compiler.model import Table
from tests.json_schema.public_suite import Case, Group, spell

ANY = ("string", "integer", "number", "boolean")
TYPES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("type", "enum", "const"), ANY),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), ("string",)),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        ("integer", "number"),
    ),
}
"""The scalar keywords, each with the types that it says something about."""

TENANT = "typed"
REFUSALS = (psycopg.errors.CheckViolation, psycopg.DataError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A group as the property of an entity: `sql` is the type of its column."""

    group: Group
    table: str
    sql: str | None
    cases: tuple[Case, ...]


def columns(groups: Sequence[Group]) -> tuple[list[Typed], str]:
    """Give the groups that a typed column can hold, and the model with a table for each.

    Where the compiler refuses the property there is no table, and no type.
    """
    found: list[Typed] = []
    definitions = {}
    for group in groups:
        for property_ in _properties(group):
            table = f"case_{len(found)}"
            entity = _entity(property_, table)
            findings = Findings()
            lowered = compile_document(spell({"$defs": {"Case": entity}}), Limits(), findings)
            type_ = None
            if lowered is not None and not findings.errors:
                type_ = _type_of(lowered.model.tables[0])
                definitions[f"Case{len(found)}"] = entity
            if type_ == "jsonb":
                continue
            cases = tuple(each for each in group.cases if _goes_with(each.value, property_["type"]))
            found.append(Typed(group=group, table=table, sql=type_, cases=cases))
    return found, spell({"$defs": definitions})


def _properties(group: Group) -> Iterator[Any]:
    """Give the group's schema with each type that it may have in a column."""
    schema = group.schema
    if not isinstance(schema, dict):
        return
    keywords = schema.keys() - {"$schema", "$comment", "type"}
    if not (schema.keys() & TYPES.keys()) or not keywords <= TYPES.keys():
        return
    listed = [schema["const"]] if "const" in schema else schema.get("enum", ())
    for type_ in [schema["type"]] if "type" in schema else ANY:
        if (
            isinstance(type_, str)
            and all(type_ in TYPES[name] for name in keywords)
            and all(_goes_with(value, type_) for value in listed)
        ):
            yield {**schema, "type": type_}


def _entity(property_: Any, table: str) -> Any:
    properties = {"id": {"type": "integer"}, "value": property_}
    return {"type": "object", "properties": properties, "x-bss": {"table": table}}


def _type_of(table: Table) -> str:
    return next(column.type for column in table.columns if column.name == "value")


def _goes_with(value: Any, type_: str) -> bool:
    match type_:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return is_number(value) and value == int(value)
    return is_number(value)


def accepts(connection: psycopg.Connection, typed: Typed) -> list[bool]:
    """Say of the values of a group whether its table takes them."""
    table = sql.Identifier(f"tenant_{TENANT}", typed.table)
    insert = sql.SQL("insert into {} (id, value) values (%s, %s)").format(table)
    return [
        _goes_in(connection, insert, number, _text(case.value))
        for number, case in enumerate(typed.cases)
    ]


def _goes_in(connection: psycopg.Connection, insert: sql.Composed, number: int, value: str) -> bool:
    try:
        connection.execute(insert, [number, value])
    except REFUSALS:
        return False
    return True


def _text(value: Any) -> str:
    if isinstance(value, Decimal) and value == int(value):
        return str(int(value))
    return value if isinstance(value, str) else spell(value)
