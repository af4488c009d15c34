"""Paths for the keywords that apply other schemas to the same value."""

from collections.abc import Mapping, Sequence

from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.value.context import (
    NotAPathError,
    PathRule,
    PathWriter,
    all_of,
    never,
)
from bss_compiler.lowering.value.unit import Unit

MAX_REPEATED = 2_000
"""Bytes of a path; what is larger is not written out more than once."""


def all_of_(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `allOf`."""
    return all_of([writer.predicate(each, path) for each in writer.units.children(unit, "allOf")])


def any_of(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `anyOf`."""
    parts = [writer.predicate(each, path) for each in writer.units.children(unit, "anyOf")]
    tests = [part for part in parts if part is not None]
    return jsonpath.either(*tests) if len(tests) == len(parts) else None


def one_of(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `oneOf`."""
    parts = [writer.predicate(each, path) for each in writer.units.children(unit, "oneOf")]
    tests = [part for part in parts if part is not None]
    _check_repeated(writer, unit, "oneOf", tests)
    match len(parts) - len(tests):
        case 0:
            return _exactly_one(tests)
        case 1:
            return jsonpath.negated(jsonpath.either(*tests)) if tests else None
    return never(path)


def _check_repeated(
    writer: PathWriter, unit: Unit, keyword: str, tests: Sequence[Predicate]
) -> None:
    """Leave to a function what is long, or else pay for writing it out again (in halves)."""
    size = sum(len(test.text) for test in tests)
    if size > MAX_REPEATED:
        raise NotAPathError
    pointer = unit.schema.place(keyword)
    if not writer.context.spend_again(0, size * len(tests).bit_length(), pointer):
        raise NotAPathError


def _exactly_one(tests: Sequence[Predicate]) -> Predicate:
    """Divide in halves: the one is in this half and none in the other, or the other way round."""
    if len(tests) == 1:
        return tests[0]
    middle = len(tests) // 2
    left, right = tests[:middle], tests[middle:]
    return jsonpath.either(
        jsonpath.both(_exactly_one(left), jsonpath.negated(jsonpath.either(*right))),
        jsonpath.both(jsonpath.negated(jsonpath.either(*left)), _exactly_one(right)),
    )


def not_(writer: PathWriter, unit: Unit, path: str) -> Predicate:
    """Write `not`."""
    inner = writer.predicate(writer.units.child(unit, "not"), path)
    return never(path) if inner is None else jsonpath.negated(inner)


def if_(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `if` with its `then` and its `else`."""
    condition = writer.predicate(writer.units.child(unit, "if"), path)
    then, otherwise = (
        writer.predicate(writer.units.child(unit, name), path) if name in unit.keywords else None
        for name in ("then", "else")
    )
    if condition is None:
        return then
    _check_repeated(writer, unit, "if", [condition])
    parts: list[Predicate | None] = []
    if then is not None:
        parts.append(jsonpath.either(jsonpath.negated(condition), then))
    if otherwise is not None:
        parts.append(jsonpath.either(condition, otherwise))
    return all_of(parts)


def reference(keyword: str) -> PathRule:
    """Give the rule of a keyword that refers to a schema."""

    def rule(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
        target = writer.units.target(unit, keyword)
        return None if target is None else writer.predicate(target, path)

    return rule


RULES: Mapping[str, tuple[str | None, PathRule]] = {
    "allOf": (None, all_of_),
    "anyOf": (None, any_of),
    "oneOf": (None, one_of),
    "not": (None, not_),
    "if": (None, if_),
    "$ref": (None, reference("$ref")),
    "$dynamicRef": (None, reference("$dynamicRef")),
}
