"""The checks of a table agree with python-jsonschema on what is said of whole records.

Schemas are drawn at random over the properties of one entity, records along them; a member that is
null in the row is absent in the record. BSS_TEST_RECORD_SCHEMAS asks for more schemas than the few
hundred of a usual run.
"""

import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import jsonschema
import psycopg
import pytest

from bss_compiler.ddl.function import definition
from bss_compiler.diagnostic import Code
from bss_compiler.model import Check, Table
from tests.unit.compiling import compiled

PROPERTIES: dict[str, Any] = {
    "s": {"type": "string"},
    "t": {"type": "string"},
    "i": {"type": "integer"},
    "j": {"type": "integer", "format": "int32"},
    "n": {"type": "number"},
    "d": {"type": "number", "format": "double"},
    "f": {"type": "boolean"},
    "o": {"type": "object"},
    "it's": {"type": ["string", "array"]},
    "l": {"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}},
}
REQUIRED = ("t",)
NAMES = tuple(PROPERTIES)
STRINGS = ("", "a", "b", "ab", "aé𝄞", "x\ny", "5", "abcdef")
NUMBERS = (0, 1, -1, 2, 3, 5, 10)
FRACTIONS = (*NUMBERS, 1.5, -0.5, 2.25)
LISTS: tuple[list[str], ...] = ([], ["a"], ["a", "b"], ["ab", "ab"], ["", "5", "b"])
OBJECTS: tuple[dict[str, Any], ...] = ({}, {"a": 1}, {"a": "x", "b": [1]}, {"b": None})
VALUES: dict[str, tuple[Any, ...]] = {
    "s": STRINGS, "t": STRINGS, "i": NUMBERS, "j": NUMBERS, "n": FRACTIONS, "d": FRACTIONS,
    "f": (True, False), "o": OBJECTS, "it's": (*STRINGS, [], [1], ["a", "b"]),
    "l": LISTS,
}  # fmt: skip
CONSTANTS = (*STRINGS, *FRACTIONS, True, False, *OBJECTS, [1], *LISTS)
TYPES = ("string", "integer", "number", "boolean", "object", ["string", "integer"])
REFERENCE = re.compile(r'"\$(ref|dynamicRef)"')
PATTERNS = ("^a", "b$", "^[a-z]$", "s", "\\d", "'")
ROW = """
    s text, t text, i bigint, j integer, n numeric, d double precision, f boolean, o jsonb,
    "it's" jsonb, l text[]
"""
NOT_OF_SCHEMAS = ("items_tenant_id_check", "items_l_items_check")
ROWS_EACH = 25
SCHEMAS = int(os.environ.get("BSS_TEST_RECORD_SCHEMAS", "125"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draws schemas of records, and records."""

    random: Random

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def names(self, most: int) -> list[str]:
        return self.random.sample(NAMES, self.random.randint(0, most))

    def some(self, probability: float, **keywords: Callable[[], Any]) -> dict[str, Any]:
        return {name: draw() for name, draw in keywords.items() if self.chance(probability)}

    def record_schema(self, depth: int) -> Any:
        if self.chance(0.04):
            return self.chance(0.5)
        if self.chance(0.08):
            return {"$ref": "#/$defs/R"}
        found = self.some(0.35, required=lambda: self.names(3), properties=self.properties)
        found |= self.some(
            0.05,
            type=lambda: "object",
            minProperties=lambda: self.random.randint(0, 7),
            maxProperties=lambda: self.random.randint(1, 8),
            dependentRequired=lambda: {name: self.names(2) for name in self.names(2)},
            propertyNames=lambda: self.value_schema("s", 1),
            patternProperties=lambda: {self.pattern(): self.value_schema(self.name(), 0)},
            additionalProperties=lambda: self.chance(0.4) and self.value_schema(self.name(), 0),
            const=self.record,
            enum=lambda: [self.record(), self.record(), 5],
        )
        if depth > 0:
            found |= self.some(
                0.05,
                dependentSchemas=lambda: {
                    name: self.record_schema(depth - 1) for name in self.names(2)
                },
                unevaluatedProperties=lambda: (
                    self.chance(0.4) and self.value_schema(self.name(), 0)
                ),
            )
            found |= self.applied(0.25, lambda: self.record_schema(depth - 1))
        return found

    def closed_schema(self) -> dict[str, Any]:
        """Draw a schema that leaves no member to itself: most are evaluated somewhere in it."""
        rest = self.random.choice((False, False, {"type": "string"}, {"minimum": 2}))
        return {"unevaluatedProperties": rest, **self.evaluating(2)}

    def evaluating(self, depth: int) -> dict[str, Any]:
        names = self.random.sample(NAMES, self.random.randint(3, 7))
        found: dict[str, Any] = {"properties": dict.fromkeys(names, True)}
        found |= self.some(0.3, required=lambda: self.names(1))
        found |= self.some(
            0.06,
            patternProperties=lambda: {self.pattern(): True},
            additionalProperties=lambda: {"maximum": 2},
            unevaluatedProperties=lambda: {"maximum": 2},
        )
        if depth > 0:
            found |= self.some(
                0.4,
                dependentSchemas=lambda: {
                    name: self.evaluating(depth - 1) for name in self.names(2)
                },
            )
            found |= self.applied(0.6, lambda: self.evaluating(depth - 1))
        return found

    def properties(self) -> dict[str, Any]:
        return {name: self.value_schema(name, 2) for name in self.names(3)}

    def name(self) -> str:
        return self.random.choice(NAMES)

    def pattern(self) -> str:
        return self.random.choice(PATTERNS)

    def value_schema(self, name: str, depth: int) -> Any:
        """Draw a schema for a property; null is not among what it names."""
        if self.chance(0.06):
            return self.chance(0.5)
        if self.chance(0.06):
            return {self.random.choice(("$ref", "$dynamicRef")): "#/$defs/V"}
        if self.chance(0.03):
            return {"$dynamicRef": "#v"}
        values = VALUES[name] if self.chance(0.8) else CONSTANTS
        values = tuple(value for value in values if "None" not in str(value))
        found = self.some(
            0.2,
            type=lambda: self.random.choice(TYPES),
            const=lambda: self.random.choice(values),
            enum=lambda: self.random.sample(values, min(2, len(values))),
        )
        found |= self.some(
            0.15,
            minimum=lambda: self.random.choice((*FRACTIONS, 1e30, -1e30)),
            maximum=lambda: self.random.choice((*FRACTIONS, 1e30, -1e30)),
            exclusiveMinimum=lambda: self.random.choice(FRACTIONS),
            exclusiveMaximum=lambda: self.random.choice(FRACTIONS),
            multipleOf=lambda: self.random.choice((2, 0.5, 3, 10**30)),
            minLength=lambda: self.random.randint(0, 3),
            maxLength=lambda: self.random.randint(0, 3),
            pattern=self.pattern,
        )
        if name == "l":
            found |= self.some(
                0.2,
                items=lambda: self.value_schema("s", depth - 1) if depth > 0 else True,
                contains=lambda: {"const": "a"},
                prefixItems=lambda: [{"minLength": 1}],
                maxItems=lambda: 1,
            )
        if name in ("o", "it's", "l"):
            found |= self.some(
                0.3,
                required=lambda: ["a"],
                minItems=lambda: 1,
                minProperties=lambda: 2,
                uniqueItems=lambda: True,
            )
        if depth > 0:
            found |= self.applied(0.08, lambda: self.value_schema(name, depth - 1))
        return found

    def applied(self, probability: float, one: Callable[[], Any]) -> dict[str, Any]:
        def several() -> list[Any]:
            return [one() for _ in range(self.random.randint(1, 3))]

        return self.some(
            probability / 2, **dict.fromkeys(("allOf", "anyOf", "oneOf"), several)
        ) | self.some(
            probability / 2, **dict.fromkeys(("not", "if", "then", "else"), one)
        )  # fmt: skip

    def definitions(self) -> dict[str, Any]:
        """Draw what references lead to; there are none inside."""
        while True:
            rule, value = self.record_schema(0), self.value_schema("s", 1)
            if isinstance(value, dict) and not REFERENCE.search(json.dumps([rule, value])):
                return {"R": rule, "V": {"$dynamicAnchor": "v", **value}}

    def record(self) -> dict[str, Any]:
        return {
            name: self.random.choice(VALUES[name])
            for name in NAMES
            if name in REQUIRED or self.chance(0.6)
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The checks of a table, asked of the server."""

    connection: psycopg.Connection
    table: Table

    @property
    def expressions(self) -> list[str]:
        own = [item for item in self.table.constraints if isinstance(item, Check)]
        return [item.expression for item in own if item.name not in NOT_OF_SCHEMAS]

    def verdicts(self, records: list[dict[str, Any]]) -> list[bool]:
        """Say of records whether they pass; what is said of records is never null."""
        whole = " and ".join(self.expressions) or "true"
        query = f"""
            select {whole}
            from json_array_elements($1::json) with ordinality as e (record, position),
                json_to_record(e.record) as t({ROW})
            order by e.position
        """  # noqa: S608
        cursor = psycopg.RawCursor(self.connection)
        rows = cursor.execute(query.encode(), [json.dumps(records)]).fetchall()
        assert all(verdict is not None for (verdict,) in rows), whole
        return [verdict for (verdict,) in rows]

    def printed(self) -> list[str]:
        """What the server makes of the expressions, by their names."""
        clauses = ", ".join(f"check ({expression})" for expression in self.expressions)
        self.connection.execute(f"create temp table r ({ROW}, {clauses})".encode())
        rows = self.connection.execute(
            "select pg_get_expr(conbin, conrelid) from pg_constraint"
            " where conrelid = 'pg_temp.r'::regclass order by oid"
        ).fetchall()
        self.connection.execute("drop table r")
        return [expression for (expression,) in rows]


def document(schema: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """One branch, so that nothing of the schema becomes a check on a column alone."""
    return {
        "title": "Item",
        "type": "object",
        "properties": PROPERTIES,
        "required": list(REQUIRED),
        "anyOf": [schema],
        "$defs": definitions,
    }


@pytest.mark.tampers
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_checks_decide_as_python_jsonschema_does(connection: psycopg.Connection, seed: int) -> None:
    draw = Draw(random=Random(seed))  # noqa: S311  not for secrets
    decided = 0
    for number in range(SCHEMAS // 4):
        definitions = draw.definitions()
        schema = draw.record_schema(3) if draw.chance(0.8) else draw.closed_schema()
        whole = document(schema, definitions)
        lowered, diagnostics = compiled(whole)
        errors = {item.code for item in diagnostics if item.severity == "error"}
        assert errors <= {Code.UNSATISFIABLE}, (whole, diagnostics)
        assert lowered is not None
        records = [draw.record() for _ in range(ROWS_EACH)]
        validator = jsonschema.Draft202012Validator(whole)
        expected = [validator.is_valid(record) for record in records]
        if errors:
            assert expected == [False] * ROWS_EACH, whole
            continue
        checks = Checks(connection=connection, table=lowered.model.tables[0])
        for function in lowered.model.functions:
            create = definition(function).replace("CREATE", "CREATE OR REPLACE", 1)
            connection.execute(create.encode())
        for record, valid, verdict in zip(records, expected, checks.verdicts(records), strict=True):
            assert verdict is valid, (schema, definitions, record, checks.expressions)
        decided += len(set(expected)) > 1
        if number % 5 == 0 and checks.expressions:
            assert checks.printed() == checks.expressions
    assert decided > SCHEMAS // 16


def chain(levels: int) -> dict[str, Any]:
    """Definitions that each apply the one before in another way."""
    found: dict[str, Any] = {"D0": {"required": ["s"]}}
    for level in range(1, levels + 1):
        inner = {"$ref": f"#/$defs/D{level - 1}"}
        a, b = {"required": [NAMES[level % 5]]}, {"required": [NAMES[level % 3 + 5]]}
        ways: tuple[dict[str, Any], ...] = (
            {"oneOf": [inner, a, b]}, {"anyOf": [a, {"not": inner}]}, {"allOf": [b, inner]},
            {"oneOf": [inner, b]}, {"if": a, "then": inner, "else": b},
        )  # fmt: skip
        found[f"D{level}"] = ways[level % len(ways)]
    return found


def test_server_takes_conditions_as_deep_as_they_can_become(
    connection: psycopg.Connection,
) -> None:
    lowered, diagnostics = compiled(document({"$ref": "#/$defs/D21"}, chain(21)))
    assert diagnostics == []
    assert lowered is not None
    checks = Checks(connection=connection, table=lowered.model.tables[0])
    assert checks.printed() == checks.expressions
    _, diagnostics = compiled(document({"$ref": "#/$defs/D24"}, chain(24)))
    assert {item.code for item in diagnostics} == {Code.TOO_MANY}
