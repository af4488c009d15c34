"""Rules of the keywords about any value, about strings and about numbers."""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bss_compiler import quoting
from bss_compiler.lowering.format import VALUE_FORMATS
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.validation.evaluator import Evaluator, Fault, Rule, kind_of, violated
from bss_compiler.validation.violation import Place

_BOUNDS: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    "minimum": (operator.ge, "at least"),
    "maximum": (operator.le, "at most"),
    "exclusiveMinimum": (operator.gt, "greater than"),
    "exclusiveMaximum": (operator.lt, "less than"),
}
_LENGTHS: Mapping[str, tuple[Callable[[Any, Any], bool], str]] = {
    "minLength": (operator.ge, "at least"),
    "maxLength": (operator.le, "at most"),
}
_SHOWN_DIGITS = 40


def is_of_type(value: Any, type_: str) -> bool:
    """Say whether a value is of a JSON type; 1.0 is an integer."""
    kind = kind_of(value)
    return kind == type_ or (type_ == "integer" and kind == "number" and value == value // 1)


def _type(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:  # noqa: ARG001
    declared = unit.keywords["type"]
    types = [declared] if isinstance(declared, str) else declared
    if not any(is_of_type(place.value, type_) for type_ in types):
        yield violated(unit, place, "type", f"value should be of type {' or '.join(types)}")


def _const(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    if evaluator.canonical(place.value) != evaluator.canonical(unit.keywords["const"]):
        yield violated(unit, place, "const", "value is not the one that it has to be")


def _enum(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    if evaluator.canonical(place.value) not in evaluator.listed(unit.schema):
        yield violated(unit, place, "enum", "value is none of those that it may be")


def _bound(keyword: str) -> Rule:
    holds, words = _BOUNDS[keyword]

    def rule(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:  # noqa: ARG001
        bound = unit.keywords[keyword]
        if not holds(place.value, bound):
            yield violated(unit, place, keyword, f"number should be {words} {_shown(bound)}")

    return rule


def _multiple_of(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:  # noqa: ARG001
    divisor = unit.keywords["multipleOf"]
    if place.value % divisor != 0:
        message = f"number should be a multiple of {_shown(divisor)}"
        yield violated(unit, place, "multipleOf", message)


def _shown(number: Any) -> str:
    digits = quoting.decimal(number)
    return digits if len(digits) <= _SHOWN_DIGITS else "the number that the schema says"


def _length(keyword: str) -> Rule:
    holds, words = _LENGTHS[keyword]

    def rule(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:  # noqa: ARG001
        bound = int(unit.keywords[keyword])
        if not holds(len(place.value), bound):
            yield violated(unit, place, keyword, f"text should have {words} {bound} characters")

    return rule


def _pattern(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    place_of = unit.schema.place("pattern")
    pattern = evaluator.context.pattern(unit.keywords["pattern"], place_of)
    if pattern is not None and evaluator.matches_pattern(pattern, place.value) is False:
        yield violated(unit, place, "pattern", "text does not match the pattern")


def _format(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    name = unit.keywords["format"]
    tests = VALUE_FORMATS.get(name) if evaluator.context.formats == "assert" else None
    if tests is not None and evaluator.matches(tests, place.value) is False:
        yield violated(unit, place, "format", f'text is not in the format "{name}"')


RULES: Mapping[str, tuple[str | None, Rule]] = {
    "type": (None, _type),
    "const": (None, _const),
    "enum": (None, _enum),
    **{keyword: ("number", _bound(keyword)) for keyword in _BOUNDS},
    "multipleOf": ("number", _multiple_of),
    **{keyword: ("string", _length(keyword)) for keyword in _LENGTHS},
    "pattern": ("string", _pattern),
    "format": ("string", _format),
}
