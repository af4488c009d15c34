"""The compiled checks agree with python-jsonschema on schemas and values drawn at random.

Schemas are drawn with types more often than without, so that the faster forms are met; values are
drawn along their schema, with a fault now and then. BSS_TEST_SCHEMAS asks for more than the few
hundred schemas of a usual run.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

import jsonschema
import pytest

NAMES = ("a", "b", "c", "d e", "q\"'x", "é", "{}", "null", "n,m")
STRINGS = ("", "a", "b", "ab", "aé𝄞", "x\ny", "null", "5", "abcdef", "a" * 30, "{}", '"')
NUMBERS = (0, 1, -1, 2, 3, 1.0, 1.5, -0.5, 10, 5, 100)
SCALARS = (None, True, False, *NUMBERS, *STRINGS)
PATTERNS = ("^a", "b$", "^[a-z]*$", "^.{0,2}$", "é", "\\d")
TYPES = (
    "object", "object", "object", "array", "array", "string", "string", "number", "integer",
    "boolean", "null", None, None, ["string", "null"], ["object", "array"],
)  # fmt: skip
SCALAR_TYPES = ("string", "string", "number", "integer", "boolean", "null", None)
VALUES_EACH = 15
SCHEMAS = int(os.environ.get("BSS_TEST_SCHEMAS", "250"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """Draws schemas and values."""

    random: Random

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def names(self, most: int) -> list[str]:
        return self.random.sample(NAMES, self.random.randint(0, most))

    def some(self, probability: float, **keywords: Callable[[], Any]) -> dict[str, Any]:
        return {name: draw() for name, draw in keywords.items() if self.chance(probability)}

    def value(self, depth: int) -> Any:
        kind = self.random.random()
        if depth == 0 or kind < 0.45:
            return self.random.choice(SCALARS)
        if kind < 0.75:
            return {name: self.value(depth - 1) for name in self.names(4)}
        return [self.value(depth - 1) for _ in range(self.random.randint(0, 4))]

    def document(self) -> dict[str, Any]:
        definitions = {"x": self.schema(1), "y": self.schema(2)}
        return {**self.keywords(3), "$defs": definitions}

    def schema(self, depth: int) -> Any:
        if self.chance(0.03):
            return self.chance(0.5)
        if depth > 0 and self.chance(0.1):
            return {"$ref": self.random.choice(("#", "#/$defs/x", "#/$defs/x", "#/$defs/y"))}
        return self.keywords(depth)

    def keywords(self, depth: int) -> dict[str, Any]:
        type_ = self.random.choice(TYPES if depth > 0 else SCALAR_TYPES)
        found: dict[str, Any] = {} if type_ is None else {"type": type_}
        kinds = set(type_) if isinstance(type_, list) else {type_}
        if type_ is None or self.chance(0.08):
            kinds = {"object", "array", "string", "number"}
        if "object" in kinds and depth > 0:
            found |= self.of_objects(depth)
        if "array" in kinds and depth > 0:
            found |= self.of_arrays(depth)
        if "string" in kinds:
            length = (0, 1, 1, 2, 3, 5, 300)
            found |= self.some(
                0.3,
                minLength=lambda: self.random.choice(length[:5]),
                maxLength=lambda: self.random.choice(length),
                pattern=lambda: self.random.choice(PATTERNS),
            )
        if kinds & {"number", "integer"}:
            bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
            found |= self.some(0.25, **dict.fromkeys(bounds, lambda: self.random.choice(NUMBERS)))
            found |= self.some(0.15, multipleOf=lambda: self.random.choice((1, 2, 0.5, 3)))
        found |= self.some(
            0.08,
            enum=lambda: [self.value(1) for _ in range(self.random.randint(1, 4))],
            const=lambda: self.value(1),
        )
        found |= self.some(0.06, enum=lambda: self.random.sample(STRINGS, 3))
        return found | (self.applied(depth) if depth > 0 else {})

    def of_objects(self, depth: int) -> dict[str, Any]:
        found = {"properties": {name: self.schema(depth - 1) for name in self.names(4)}}
        known = [*found["properties"], *NAMES[:2]]
        return found | {
            **self.some(0.6, required=lambda: list({*self.random.sample(known, 2)})),
            **self.some(
                0.35, additionalProperties=lambda: self.chance(0.4) and self.schema(depth - 1)
            ),
            **self.some(
                0.1,
                patternProperties=lambda: {
                    self.random.choice(PATTERNS): self.schema(depth - 1),
                },
                propertyNames=lambda: self.schema(0),
                minProperties=lambda: self.random.randint(0, 3),
                maxProperties=lambda: self.random.randint(0, 3),
                dependentRequired=lambda: {name: self.names(2) for name in self.names(1)},
                dependentSchemas=lambda: {name: self.schema(depth - 1) for name in self.names(1)},
                unevaluatedProperties=lambda: self.chance(0.3) and self.schema(0),
            ),
        }

    def of_arrays(self, depth: int) -> dict[str, Any]:
        return {
            **self.some(0.8, items=lambda: self.schema(depth - 1)),
            **self.some(
                0.15,
                prefixItems=lambda: [
                    self.schema(depth - 1) for _ in range(self.random.randint(1, 2))
                ],
                minItems=lambda: self.random.randint(0, 3),
                maxItems=lambda: self.random.randint(0, 4),
                uniqueItems=lambda: True,
                contains=lambda: self.schema(depth - 1),
                minContains=lambda: self.random.randint(0, 2),
                maxContains=lambda: self.random.randint(0, 2),
                unevaluatedItems=lambda: self.chance(0.3) and self.schema(0),
            ),
        }

    def applied(self, depth: int) -> dict[str, Any]:
        def schemas() -> list[Any]:
            return [self.schema(depth - 1) for _ in range(self.random.randint(1, 3))]

        def one() -> Any:
            return self.schema(depth - 1)

        return self.some(0.06, allOf=schemas, anyOf=schemas, oneOf=schemas) | self.some(
            0.05, **{"not": one, "if": one, "then": one, "else": one}
        )

    def sample(self, root: Any, schema: Any, depth: int = 6) -> Any:
        """Draw a value that is not far from valid."""
        schema = followed(root, schema)
        if not isinstance(schema, dict) or depth == 0 or self.chance(0.07):
            return self.value(2)
        for values in (schema.get("enum"), [schema["const"]] if "const" in schema else None):
            if values and self.chance(0.8):
                return self.random.choice(values)
        type_ = schema.get("type")
        match self.random.choice(type_) if isinstance(type_, list) else type_:
            case "object":
                return self.object_of(root, schema, depth)
            case "array":
                prefix = schema.get("prefixItems", [])
                count = self.random.choice((0, 1, 1, 2, 2, 3))
                kinds = [*prefix, *[schema.get("items", {})] * count][:count]
                return [self.sample(root, kind, depth - 1) for kind in kinds]
            case "string":
                return self.random.choice(STRINGS)
            case "integer" | "number":
                return self.random.choice(NUMBERS)
            case "boolean":
                return True
            case "null":
                return None
        return self.value(2)

    def object_of(self, root: Any, schema: Any, depth: int) -> dict[str, Any]:
        required = schema.get("required", ())
        members: Iterable[tuple[str, Any]] = schema.get("properties", {}).items()
        found = {
            name: self.sample(root, member, depth - 1)
            for name, member in members
            if self.chance(0.96 if name in required else 0.6)
        }
        missing = {name: self.value(1) for name in required if self.chance(0.9)}
        return {**missing, **found, **self.some(0.1, c=lambda: self.value(1))}


def followed(root: Any, schema: Any) -> Any:
    if not isinstance(schema, dict) or "$ref" not in schema:
        return schema
    name = schema["$ref"].rpartition("/")[2]
    return root["$defs"][name] if name != "#" else root


def expected(validator: Any, value: Any) -> bool | None:
    try:
        return bool(validator.is_valid(value))
    except RecursionError:
        return None


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_check_decides_as_python_jsonschema_does(judge: Callable[..., Any], seed: int) -> None:
    draw, ask = Draw(random=Random(seed)), judge()  # noqa: S311  not for secrets
    decided = 0
    for _ in range(SCHEMAS // 4):
        document = draw.document()
        check, diagnostics = ask.compile(json.loads(json.dumps(document), parse_float=Decimal))
        if diagnostics:
            assert {item.code for item in diagnostics} == {"SB015"}, document
            continue
        decided += 1
        values = [draw.sample(document, document) for _ in range(VALUES_EACH)]
        validator = jsonschema.Draft202012Validator(document)
        verdicts = ask.verdicts(check, [json.dumps(value) for value in values])
        for value, verdict in zip(values, verdicts, strict=True):
            assert expected(validator, value) in (verdict, None), (document, value)
    assert decided > SCHEMAS // 8
