"""What a path becomes decides as the server's own jsonpath does, over the record as jsonb.

The record leaves out what its row has no value for; the path is strict, so that this is unknown
there too. `exists` alone is asked in lax mode, where what is absent is no error.
"""

import json
import random
from typing import Any

import psycopg
from psycopg import sql

from bss_compiler.lowering.path import parse
from bss_compiler.model import Check
from tests.unit.compiling import entity, parts, table

PROPERTIES: dict[str, Any] = {
    "i": {"type": "integer"},
    "n": {"type": "number"},
    "t": {"type": "string"},
    "u": {"type": "string"},
    "b": {"type": "boolean"},
    "day": {"type": "string", "format": "date"},
    "j": {"type": "object"},
}
RECORDS: list[dict[str, Any]] = [
    {},
    {"i": 0, "n": 0, "t": "", "u": "a", "b": False, "day": "2024-02-29", "j": {}},
    {"i": 3, "n": 1.5, "t": "a", "u": "B", "b": True, "day": "2020-01-01", "j": {"x": 1}},
    {"i": -7, "n": -2, "t": "Z", "u": "Z", "b": True, "j": {"x": "a", "y": [1, "b", None]}},
    {"i": 2, "t": "é", "u": "z", "j": {"x": None, "y": {"a b": [2, 3]}}},
    {"n": 3, "t": "a%", "b": False, "day": "1999-12-31", "j": {"x": [], "y": [5]}},
]
NUMBERS = ["$.i", "$.n", "1", "2.5", "-3"]
INSIDE = ["$.j.x", "$.j.y", "$.j.y[0]", "$.j.y[*]", '$.j.y."a b"[1]']
OPERATORS = ["==", "!=", "<>", "<", "<=", ">", ">="]


def number(chance: random.Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.4:
        return chance.choice(NUMBERS)
    if chance.random() < 0.2:
        return f"-({number(chance, depth - 1)})"
    left, right = number(chance, depth - 1), number(chance, depth - 1)
    operator = chance.choice("+-*/%")
    return f"({left} {operator} {right})"


def comparison(chance: random.Random) -> str:
    operator = chance.choice(OPERATORS)
    match chance.randrange(7):
        case 0 | 1:
            return f"$.{chance.choice('in')} + {number(chance, 2)} {operator} {number(chance, 2)}"
        case 2:
            return f"$.{chance.choice('tu')} {operator} " + chance.choice(
                ["$.t", "$.u", '"a"', '"Z"', '"é"', '""']
            )
        case 3:
            return f"$.b {chance.choice(OPERATORS[:3])} {chance.choice(['true', 'false'])}"
        case 4:
            return f'$.day {operator} "{chance.choice(["2020-01-01", "2024-02-29"])}"'
        case 5:
            return f'$.{chance.choice("tu")} starts with "{chance.choice(["a", "Z", "é"])}"'
    right = chance.choice(["1", '"a"', "null", "true", "$.j.x", "$.j.y[0] * 2"])
    return f"{chance.choice(INSIDE)} {operator} {right}"


def predicate(chance: random.Random, depth: int) -> str:
    if depth == 0:
        return comparison(chance)
    match chance.randrange(6):
        case 0 | 1:
            return f"{predicate(chance, depth - 1)} && ({predicate(chance, depth - 1)})"
        case 2:
            return f"({predicate(chance, depth - 1)} || {predicate(chance, depth - 1)})"
        case 3:
            return f"!({predicate(chance, depth - 1)})"
        case 4:
            return f"(({predicate(chance, depth - 1)}) is unknown)"
    return comparison(chance)


def conditions(paths: list[str]) -> list[str]:
    stated = [{"name": f"c{number:04}", "path": path} for number, path in enumerate(paths)]
    checks = parts(table(entity(PROPERTIES, **{"x-bss": {"checks": stated}})).constraints, Check)
    return [item.expression for item in checks if item.name.startswith("items_c")]


ROWS = sql.SQL(
    "from jsonb_array_elements(%s) with ordinality as record (value, number), "
    "jsonb_to_record(record.value) as row "
    "(i bigint, n numeric, t text, u text, b boolean, day date, j jsonb) order by record.number"
)


def test_path_decides_as_the_server_does(connection: psycopg.Connection) -> None:
    chance = random.Random(12)  # noqa: S311  not for secrets
    paths = [predicate(chance, chance.randrange(4)) for _ in range(600)]
    paths = [path for path in paths if len(path) < 1_000]
    lowered = conditions(paths)
    assert len(lowered) == len(paths)
    decided = set()
    for path, condition in zip(paths, lowered, strict=True):
        query = sql.SQL("select {}, record.value @@ %s::jsonpath {}").format(
            sql.SQL(condition.replace("%", "%%")), ROWS
        )
        rows = connection.execute(query, [f"strict {path}", json.dumps(RECORDS)]).fetchall()
        for record, (ours, theirs) in zip(RECORDS, rows, strict=True):
            assert ours == theirs, (path, condition, record)
            decided.add(ours)
    assert decided == {True, False, None}


def test_path_that_we_read_is_one_that_the_server_reads(connection: psycopg.Connection) -> None:
    from tests.unit.test_path import SEEDS, damaged, position_of

    chance = random.Random(5)  # noqa: S311  not for secrets
    paths = [damaged(chance.choice(SEEDS), chance) for _ in range(2_000)]
    read = [path for path in paths if position_of(path)[1]]
    assert len(read) > 20
    for path in read:
        # what is no predicate or value of a column is refused later; the syntax is the same
        connection.execute("select %s::jsonpath", [path])
    assert parse(read[0])


def test_path_to_what_may_be_absent_exists_or_not(connection: psycopg.Connection) -> None:
    paths = ["exists($.i)", "!exists($.t)", "exists($.j.y)", "exists($.j.y[*])", "!exists($.j.x.z)"]
    for path, condition in zip(paths, conditions(paths), strict=True):
        query = sql.SQL("select {}, record.value @@ %s::jsonpath {}").format(
            sql.SQL(condition), ROWS
        )
        for ours, theirs in connection.execute(query, [path, json.dumps(RECORDS)]):
            assert ours == theirs, path
