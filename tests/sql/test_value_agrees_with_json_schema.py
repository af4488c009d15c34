"""What a jsonb column takes is what JSON Schema says of its property's schema.

The other opinion is python-jsonschema's. Numbers are halves, which a binary fraction can hold.
"""

import json
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bss_compiler import quoting
from bss_compiler.ddl.function import definition
from tests.unit.compiling import checks, entity, model

TAKEN = """
    select coalesce(jsonb_agg(value order by ordinality), '[]')
    from jsonb_array_elements({values}) with ordinality
    where {condition}
"""

names = st.sampled_from(["a", "b", 'it\'s "x"\n', "$", "Ö", "%s", "\\", ""])
numbers = st.integers(-4, 4) | st.integers(-9, 9).map(lambda number: number / 2)
strings = st.text(st.sampled_from("ab\n😀é\\\"' "), max_size=4)
scalars = st.none() | st.booleans() | numbers | strings
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
counts = st.integers(0, 3)
types = st.sampled_from(["string", "number", "integer", "boolean", "null", "object", "array"])
typed = st.fixed_dictionaries(
    {}, optional={"type": types | st.lists(types, min_size=1, max_size=3, unique=True)}
)
leaves = st.fixed_dictionaries(
    {},
    optional={
        "enum": st.lists(scalars, min_size=1, max_size=4),
        "const": scalars,
        "minimum": numbers,
        "maximum": numbers,
        "exclusiveMinimum": numbers,
        "exclusiveMaximum": numbers,
        "multipleOf": st.sampled_from([0.5, 1, 1.5, 2]),
        "minLength": counts,
        "maxLength": counts,
    },
)


def with_parts(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parts = st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(names, inner, max_size=3),
            "required": st.lists(names, max_size=2, unique=True),
            "additionalProperties": inner,
            "items": inner,
            "minItems": counts,
            "maxItems": counts,
        },
    )
    return st.builds(lambda a, b, c: {**a, **b, **c}, typed, leaves, parts)


schemas = st.recursive(
    st.booleans() | st.builds(lambda a, b: {**a, **b}, typed, leaves), with_parts, max_leaves=6
)


def condition(connection: psycopg.Connection, schema: Any) -> str:
    """The check of a jsonb column whose values have a member that matches the schema."""
    whole = {"type": "object", "properties": {"it": schema}}
    for function in model(entity({"value": whole})).functions:
        name = f"bss_checks.{function.name}"
        if connection.execute("select to_regproc(%s)", [name]).fetchone() == (None,):
            connection.execute(definition(function).encode())
    return checks(whole)["value"]


@pytest.mark.tampers
@settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(schema=schemas, candidates=st.lists(values, min_size=5, max_size=30))
def test_value_agrees_with_json_schema(
    connection: psycopg.Connection, schema: Any, candidates: list[Any]
) -> None:
    wholes = [{"it": candidate} for candidate in candidates]
    validator = Draft202012Validator({"type": "object", "properties": {"it": schema}})
    query = TAKEN.format(
        values=quoting.text(json.dumps(wholes)), condition=condition(connection, schema)
    )
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    assert row[0] == [whole for whole in wholes if validator.is_valid(whole)]
