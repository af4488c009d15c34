"""The compiled checks agree with python-jsonschema on what hypothesis-jsonschema draws.

Schemas are drawn from a schema of schemas, and values along them: valid ones, those with a fault
put into them, and any. hypothesis-jsonschema knows the drafts up to 7, so for the keywords that
came later its values are no more than likely to be valid; the two opinions are compared all the
same. BSS_TEST_PAIRS asks for more pairs of a schema and a value than a usual run, each time others.

No pair is left out but for what cannot be stored (U+0000, half of a surrogate pair) or has no
limit in Python alone (its recursion).
"""

import os
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable, UnsatisfiedAssumption
from hypothesis_jsonschema import from_schema

from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import parse, spell

Json = dict[str, Any]

VALUES_EACH = 10
PAIRS = os.environ.get("BSS_TEST_PAIRS")
SCHEMAS = int(PAIRS or 1_000) // VALUES_EACH

NAMES = ["a", "b", "ab", "", "null", "é", "q\"'", "$ref"]
TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"]
PATTERNS = ["^a", "b$", "^[a-z]*$", "^.{0,2}$", "é", "[0-9]", "a|b"]
COUNT: Json = {"type": "integer", "minimum": 0, "maximum": 4}
NUMBER: Json = {"type": "number", "minimum": -1e6, "maximum": 1e6}
SOME_NAMES: Json = {"type": "array", "items": {"enum": NAMES}, "uniqueItems": True, "maxItems": 3}
SCALAR: Json = {
    "anyOf": [
        NUMBER,
        {"type": ["null", "boolean", "integer"]},
        {"type": "string", "maxLength": 3},
        {"enum": [*NAMES, 0, 1, 1.0, -0.0, 1e20, [], {}, [1], [True], {"a": 0}, {"a": False}]},
    ]
}
OF_ANY: Json = {
    "type": {
        "anyOf": [
            {"enum": TYPES},
            {"type": "array", "items": {"enum": TYPES}, "minItems": 1, "uniqueItems": True},
        ]
    },
    "enum": {"type": "array", "items": SCALAR, "minItems": 1, "maxItems": 3},
    "const": SCALAR,
}
OF_NUMBERS: Json = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), NUMBER),
    "multipleOf": {"anyOf": [{"enum": [1, 2, 0.1, 0.5]}, {**NUMBER, "exclusiveMinimum": 0}]},
}
OF_STRINGS: Json = {
    "minLength": COUNT,
    "maxLength": {"anyOf": [COUNT, {"enum": [254, 255, 300]}]},
    "pattern": {"enum": PATTERNS},
}
OF_ARRAYS: Json = {
    **dict.fromkeys(("minItems", "maxItems", "minContains", "maxContains"), COUNT),
    "uniqueItems": {"type": "boolean"},
}
OF_OBJECTS: Json = {
    **dict.fromkeys(("minProperties", "maxProperties"), COUNT),
    "required": SOME_NAMES,
    "dependentRequired": {
        "type": "object",
        "propertyNames": {"enum": NAMES},
        "additionalProperties": SOME_NAMES,
        "maxProperties": 2,
    },
}
"""The keywords that hold no schema, each with the schema of what it is given."""


def some_of(keywords: Json, least: int, most: int, **given: Any) -> st.SearchStrategy[Json]:
    """Draw some keywords, beside those that are given."""
    schema: Json = {"type": "object", "properties": keywords, "additionalProperties": False}
    schema |= {"minProperties": least, "maxProperties": most}
    drawn: st.SearchStrategy[Any] = from_schema(schema)
    return drawn.map(lambda found: {**found, **given})


def with_schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Json]:
    """Extend the draw to the keywords that hold schemas."""
    named = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3)
    patterns = st.dictionaries(st.sampled_from(PATTERNS), inner, min_size=1, max_size=2)
    listed = st.lists(inner, min_size=1, max_size=3)
    of_objects = {
        **dict.fromkeys(("properties", "dependentSchemas"), named),
        "patternProperties": patterns,
        **dict.fromkeys(("additionalProperties", "propertyNames", "unevaluatedProperties"), inner),
    }
    of_arrays = {
        "prefixItems": listed,
        **dict.fromkeys(("items", "contains", "unevaluatedItems"), inner),
    }
    in_place = {
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), listed),
        **dict.fromkeys(("not", "if", "then", "else"), inner),
        "$ref": st.sampled_from(["#/$defs/a", "#/$defs/b"]),
    }

    return (
        st.builds(joined, beside_objects, chosen(of_objects))
        | st.builds(joined, beside_arrays, chosen(of_arrays))
        | st.builds(joined, beside_others, chosen(in_place))
        | st.builds(joined, beside_others, chosen({**of_objects, **of_arrays, **in_place}))
    )


def joined(plain: Json, applied: Json) -> Json:
    return {**plain, **applied}


def chosen(by_keyword: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Json]:
    """Draw a few of the keywords."""
    names = st.lists(st.sampled_from(sorted(by_keyword)), min_size=1, max_size=3, unique=True)
    return names.flatmap(
        lambda names: st.fixed_dictionaries({name: by_keyword[name] for name in names})
    )


OF_ALL: Json = {**OF_ANY, **OF_NUMBERS, **OF_STRINGS, **OF_ARRAYS, **OF_OBJECTS}
beside_objects = some_of(OF_OBJECTS, 0, 2, type="object")
beside_arrays = some_of(OF_ARRAYS, 0, 2, type="array")
beside_others = some_of(OF_ALL, 0, 2)
leaves = (
    some_of(OF_STRINGS, 0, 2, type="string")
    | some_of(OF_NUMBERS, 0, 2, type="number")
    | some_of(OF_NUMBERS, 0, 2, type="integer")
    | some_of(OF_ANY, 1, 1)
    | some_of(OF_ALL, 1, 4)
    | st.booleans()
)
schemas = st.recursive(leaves, with_schemas, max_leaves=8).filter(lambda it: isinstance(it, dict))
documents = st.builds(
    lambda root, a, b: {**root, "$defs": {"a": a, "b": b}}, schemas, leaves, leaves
)
anything = st.recursive(
    from_schema(SCALAR, allow_x00=False, codec="utf-8"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def along(draw: st.DrawFn, schema: Callable[[], st.SearchStrategy[Any]]) -> Any:
    """Draw a valid value; or any where hypothesis-jsonschema cannot, which it says when drawing."""
    try:
        return draw(schema())
    except (UnsatisfiedAssumption, Unsatisfiable):
        raise
    except Exception:  # whatever it met: InvalidArgument, AssertionError, SchemaError, ...
        return draw(anything)


def values(schema: Any) -> st.SearchStrategy[Any]:
    """Draw along a schema."""
    drawn = from_schema(schema, allow_x00=False, codec="utf-8")
    valid = along(lambda: drawn)
    near = st.builds(faulty, valid, anything, st.randoms(use_true_random=False))
    return (valid | near | anything).filter(lambda value: "\\u0000" not in spell(value))


def faulty(value: Any, other: Any, random: Any) -> Any:
    """Put a value in the place of a part of another one."""
    if not isinstance(value, dict | list) or not value or random.random() < 0.2:
        return other
    place = random.choice(sorted(value) if isinstance(value, dict) else range(len(value)))
    changed = value.copy()
    if random.random() < 0.3:
        del changed[place]
    else:
        changed[place] = faulty(changed[place], other, random)
    return changed


def exact(value: Any) -> Any:
    """Give a whole number as such: python-jsonschema knows 1.0 only as a float."""
    match value:
        case dict():
            return {name: exact(item) for name, item in value.items()}
        case list():
            return [exact(item) for item in value]
        case Decimal() if value == int(value):
            return int(value)
    return value


@pytest.fixture
def asked(judge: Callable[..., Judge]) -> Judge:
    return judge()


@settings(
    max_examples=SCHEMAS,
    deadline=None,
    derandomize=PAIRS is None,
    database=None,
    phases=[Phase.generate],  # to make a schema smaller takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_check_decides_as_python_jsonschema_does(asked: Judge, data: st.DataObject) -> None:
    document = data.draw(documents)
    drawn = data.draw(st.lists(values(document), min_size=VALUES_EACH, max_size=VALUES_EACH))
    check, diagnostics = asked.compile(parse(spell(document)))
    assert diagnostics == []
    texts = [spell(value) for value in drawn]
    verdicts = asked.verdicts(check, texts)
    with localcontext(prec=1_000):
        validator = jsonschema.Draft202012Validator(exact(parse(spell(document))))
        assert verdicts == [validator.is_valid(exact(parse(text))) for text in texts]
