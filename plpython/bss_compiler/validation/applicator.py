"""Rules of the keywords that apply other schemas to the same value."""

from collections.abc import Iterator, Mapping, Sequence

from bss_compiler.lowering.value.unit import Unit
from bss_compiler.validation.evaluator import Evaluator, Fault, Rule, violated
from bss_compiler.validation.violation import Outcome, Place

_OF_THE_WHOLE = frozenset({"type", "const", "enum", "false"})


def _all_of(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    for schema in unit.keywords["allOf"]:
        yield from evaluator.inside(unit, schema, place, "allOf")


def _branches(evaluator: Evaluator, unit: Unit, place: Place, keyword: str) -> list[Outcome]:
    return [
        evaluator.outcome(branch, place, by="false")
        for branch in evaluator.context.units.children(unit, keyword)
    ]


def _none_matches(
    unit: Unit, place: Place, keyword: str, branches: Sequence[Outcome]
) -> Iterator[Fault]:
    """Tell what is wrong by the one branch that can have been meant, if there is just one."""
    message = f"value matches none of the {len(branches)} schemas"
    yield violated(unit, place, keyword, message)
    meant = [each for each in branches if _can_be_meant(each, place)]
    if len(meant) == 1:
        yield meant[0]


def _can_be_meant(branch: Outcome, place: Place) -> bool:
    return not any(
        violation.pointer == place.pointer and violation.keyword in _OF_THE_WHOLE
        for violation in branch.violations
    )


def _any_of(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    branches = _branches(evaluator, unit, place, "anyOf")
    if not any(branch.valid for branch in branches):
        yield from _none_matches(unit, place, "anyOf", branches)


def _one_of(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    branches = _branches(evaluator, unit, place, "oneOf")
    count = sum(branch.valid for branch in branches)
    if count == 0:
        yield from _none_matches(unit, place, "oneOf", branches)
    elif count > 1:
        message = f"value matches {count} of the schemas, and should match one"
        yield violated(unit, place, "oneOf", message)


def _not(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    inner = evaluator.context.units.child(unit, "not")
    if evaluator.outcome(inner, place, by="not").valid:
        yield violated(unit, place, "not", "value matches the schema that it must not match")


def _if(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
    condition = evaluator.outcome(evaluator.context.units.child(unit, "if"), place, by="if")
    for keyword, holds in (("then", True), ("else", False)):
        if keyword in unit.keywords and (condition.valid is holds or not condition.certain):
            yield from evaluator.inside(unit, unit.keywords[keyword], place, keyword)


def _reference(keyword: str) -> Rule:
    def rule(evaluator: Evaluator, unit: Unit, place: Place) -> Iterator[Fault]:
        target = evaluator.context.units.target(unit, keyword)
        if target is not None:
            outcome = evaluator.outcome(target, place, by=keyword)
            if not outcome.valid:
                yield outcome

    return rule


RULES: Mapping[str, tuple[str | None, Rule]] = {
    "allOf": (None, _all_of),
    "anyOf": (None, _any_of),
    "oneOf": (None, _one_of),
    "not": (None, _not),
    "if": (None, _if),
    "$ref": (None, _reference("$ref")),
    "$dynamicRef": (None, _reference("$dynamicRef")),
}
