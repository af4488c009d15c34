"""Turns a unit at a place into what is evaluated there: what `unevaluated*` leaves alone.

Members by their names, elements by their positions (Core 2020-12, sections 11.2 and 11.3).
"""

from collections.abc import Iterator
from typing import Any, Literal

from bss_compiler.document.pointer import child
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.validation.evaluator import Evaluator
from bss_compiler.validation.violation import Place

Kind = Literal["properties", "items"]


def evaluated(
    evaluator: Evaluator, unit: Unit, place: Place, kind: Kind, *, own: bool = True
) -> frozenset[Any]:
    """Give what a unit evaluates; without `own`, what its `unevaluated*` does, too."""
    key = (unit, place.pointer, kind, own)
    if key not in evaluator.evaluated:
        gather = _members if kind == "properties" else _elements
        found = set(gather(evaluator, unit, place, own))
        for other in _applied(evaluator, unit, place):
            found |= evaluated(evaluator, other, place, kind, own=False)
        evaluator.spend(1 + len(found))
        evaluator.evaluated[key] = frozenset(found)
    return evaluator.evaluated[key]


def _members(evaluator: Evaluator, unit: Unit, place: Place, own: bool) -> Iterator[str]:
    if "additionalProperties" in unit.keywords or (
        "unevaluatedProperties" in unit.keywords and not own
    ):
        yield from place.value
        return
    named = unit.get("properties", {})
    patterns = tuple(evaluator.context.name_patterns(unit).values())
    for name in place.value:
        if name in named or any(evaluator.matches_pattern(each, name) for each in patterns):
            yield name


def _elements(evaluator: Evaluator, unit: Unit, place: Place, own: bool) -> Iterator[int]:
    count = len(place.value)
    if "items" in unit.keywords or ("unevaluatedItems" in unit.keywords and not own):
        yield from range(count)
        return
    yield from range(min(count, len(unit.get("prefixItems", ()))))
    if "contains" in unit.keywords:
        inner = evaluator.context.units.child(unit, "contains")
        for position, value in enumerate(place.value):
            element = Place(pointer=child(place.pointer, position), value=value)
            if _holds(evaluator, inner, element):
                yield position


def _applied(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Unit]:
    """Give the units that are applied to the same value, if it is valid for them.

    Those that it has to be valid for count in any case: where it is not, they say so themselves.
    """
    units = evaluator.context.units
    yield from units.children(unit, "allOf")
    for keyword in ("$ref", "$dynamicRef"):
        target = units.target(unit, keyword) if keyword in unit.keywords else None
        if target is not None:
            yield target
    if isinstance(place.value, dict):
        for name, each in units.members(unit, "dependentSchemas").items():
            if name in place.value:
                yield each
    for each in (*units.children(unit, "anyOf"), *units.children(unit, "oneOf")):
        if _holds(evaluator, each, place):
            yield each
    if "if" in unit.keywords:
        condition = units.child(unit, "if")
        holds = _holds(evaluator, condition, place)
        if holds:
            yield condition
        branch = "then" if holds else "else"
        if branch in unit.keywords:
            yield units.child(unit, branch)


def _holds(evaluator: Evaluator, unit: Unit, place: Place) -> bool:
    outcome = evaluator.outcome(unit, place, by="false")
    return outcome.valid and outcome.certain
