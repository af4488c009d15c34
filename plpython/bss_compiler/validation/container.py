"""Rules of the keywords about objects and arrays."""

import operator
from collections.abc import Callable, Iterator, Mapping, Sized

from bss_compiler.document import Schema
from bss_compiler.document.pointer import child
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.validation.evaluated import evaluated
from bss_compiler.validation.evaluator import Evaluator, Fault, Rule, violated
from bss_compiler.validation.violation import Place

_COUNTS: Mapping[str, tuple[Callable[[int, int], bool], str]] = {
    "minProperties": (operator.ge, "object should have at least {} properties"),
    "maxProperties": (operator.le, "object should have at most {} properties"),
    "minItems": (operator.ge, "array should have at least {} elements"),
    "maxItems": (operator.le, "array should have at most {} elements"),
}
_SHOWN = 80


def _inner(place: Place, token: str | int) -> Place:
    return Place(pointer=child(place.pointer, token), value=place.value[token])


def _missing(unit: Unit, place: Place, keyword: str, name: str) -> Fault:
    message = f'property "{name[:_SHOWN]}" is missing'
    return violated(unit, place, keyword, message, child(place.pointer, name))


def _required(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    names = unit.keywords["required"]
    evaluator.spend(len(names))
    for name in names:
        if name not in place.value:
            yield _missing(unit, place, "required", name)


def _dependent_required(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    for name, needed in unit.keywords["dependentRequired"].items():
        evaluator.spend(1 + len(needed))
        if name in place.value:
            for other in needed:
                if other not in place.value:
                    yield _missing(unit, place, "dependentRequired", other)


def _dependent_schemas(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    for name, schema in unit.keywords["dependentSchemas"].items():
        evaluator.spend(1)
        if name in place.value:
            yield from evaluator.inside(unit, schema, place, "dependentSchemas")


def _properties(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    schemas: Mapping[str, Schema] = unit.keywords["properties"]
    evaluator.spend(len(place.value))
    for name in place.value:
        if name in schemas:
            yield from evaluator.inside(unit, schemas[name], _inner(place, name), "properties")


def _pattern_properties(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    patterns = evaluator.context.name_patterns(unit)
    for source, schema in unit.keywords["patternProperties"].items():
        if source not in patterns:
            continue
        for name in place.value:
            if evaluator.matches_pattern(patterns[source], name) is not False:
                inner = _inner(place, name)
                yield from evaluator.inside(unit, schema, inner, "patternProperties")


def _additional_properties(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    named = unit.get("properties", {})
    patterns = tuple(evaluator.context.name_patterns(unit).values())
    evaluator.spend(len(place.value))
    for name in place.value:
        if name in named or any(evaluator.matches_pattern(each, name) for each in patterns):
            continue
        schema = unit.keywords["additionalProperties"]
        yield from evaluator.inside(unit, schema, _inner(place, name), "additionalProperties")


def _unevaluated_properties(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    known = evaluated(evaluator, unit, place, "properties")
    schema = unit.keywords["unevaluatedProperties"]
    for name in place.value:
        if name not in known:
            yield from evaluator.inside(unit, schema, _inner(place, name), "unevaluatedProperties")


def _property_names(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    inner = evaluator.context.units.child(unit, "propertyNames")
    for name in place.value:
        pointer = child(place.pointer, name)
        named = Place(pointer=pointer, value=name, is_name=True)
        if not evaluator.outcome(inner, named, by="propertyNames").valid:
            message = "name of the property is not allowed"
            yield violated(unit, place, "propertyNames", message, pointer)


def _count(keyword: str) -> Rule:
    holds, message = _COUNTS[keyword]

    def rule(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:  # noqa: ARG001
        bound = int(unit.keywords[keyword])
        found: Sized = place.value
        if not holds(len(found), bound):
            yield violated(unit, place, keyword, message.format(bound))

    return rule


def _prefix_items(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    schemas = unit.keywords["prefixItems"]
    for position, schema in enumerate(schemas[: len(place.value)]):
        yield from evaluator.inside(unit, schema, _inner(place, position), "prefixItems")


def _items(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    for position in range(len(unit.get("prefixItems", ())), len(place.value)):
        schema = unit.keywords["items"]
        yield from evaluator.inside(unit, schema, _inner(place, position), "items")


def _unevaluated_items(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    known = evaluated(evaluator, unit, place, "items")
    schema = unit.keywords["unevaluatedItems"]
    for position in range(len(place.value)):
        if position not in known:
            yield from evaluator.inside(unit, schema, _inner(place, position), "unevaluatedItems")


def _contains(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    inner = evaluator.context.units.child(unit, "contains")
    found = sum(
        evaluator.outcome(inner, _inner(place, position), by="contains").valid
        for position in range(len(place.value))
    )
    least, most = int(unit.get("minContains", 1)), unit.get("maxContains")
    if found < least:
        keyword = "minContains" if "minContains" in unit.keywords else "contains"
        message = f"array should have at least {least} elements of the kind it has to contain"
        yield violated(unit, place, keyword, message)
    if most is not None and found > most:
        message = f"array should have at most {int(most)} elements of the kind it has to contain"
        yield violated(unit, place, "maxContains", message)


def _unique_items(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    if not unit.keywords["uniqueItems"]:
        return
    seen = set()
    for position, value in enumerate(place.value):
        element = evaluator.canonical(value)
        if element in seen:
            pointer = child(place.pointer, position)
            yield violated(unit, place, "uniqueItems", "element repeats an earlier one", pointer)
        seen.add(element)


RULES: Mapping[str, tuple[str | None, Rule]] = {
    "required": ("object", _required),
    "dependentRequired": ("object", _dependent_required),
    "dependentSchemas": ("object", _dependent_schemas),
    "properties": ("object", _properties),
    "patternProperties": ("object", _pattern_properties),
    "additionalProperties": ("object", _additional_properties),
    "unevaluatedProperties": ("object", _unevaluated_properties),
    "propertyNames": ("object", _property_names),
    **{name: ("object" if name.endswith("Properties") else "array", _count(name))
       for name in _COUNTS},
    "prefixItems": ("array", _prefix_items),
    "items": ("array", _items),
    "unevaluatedItems": ("array", _unevaluated_items),
    "contains": ("array", _contains),
    "uniqueItems": ("array", _unique_items),
}  # fmt: skip
