"""Turns a unit into the members or elements that its keywords evaluate: what `unevaluated*` skips.

What is known while compiling is a set; what depends on the value is a set under a test (Core
2020-12, sections 11.2 and 11.3).
"""

from dataclasses import dataclass
from functools import reduce
from typing import Literal

from bss_compiler.diagnostic import Code
from bss_compiler.document.budget import Work
from bss_compiler.document.draft import Draft
from bss_compiler.lowering.value.context import MAX_DEPTH, Context
from bss_compiler.lowering.value.unit import Unit

Kind = Literal["properties", "items"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What a value has to do: be valid, or not, for a unit; or have a member."""

    unit: Unit | None = None
    member: str | None = None
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """What is evaluated: of an object names and patterns, of an array a prefix and what matches."""

    everything: bool = False
    names: frozenset[str] = frozenset()
    patterns: frozenset[str] = frozenset()
    prefix: int = 0
    matching: tuple[Unit, ...] = ()
    conditional: "tuple[tuple[Test, Evaluated], ...]" = ()


_NOTHING = Evaluated()
_EVERYTHING = Evaluated(everything=True)


def properties(context: Context, unit: Unit) -> Evaluated:
    """Give the members that the keywords beside `unevaluatedProperties` evaluate."""
    return _gather(context, unit, "properties", (unit,), own=True)


def items(context: Context, unit: Unit) -> Evaluated:
    """Give the elements that the keywords beside `unevaluatedItems` evaluate."""
    return _gather(context, unit, "items", (unit,), own=True)


def _gather(
    context: Context, unit: Unit, kind: Kind, path: tuple[Unit, ...], *, own: bool = False
) -> Evaluated:
    """Give what a unit evaluates. `path` are the units on the way, so that a cycle ends."""

    def inside(other: Unit | None) -> Evaluated:
        if (
            other is None
            or other in path
            or not context.budget.grants(Work.SCHEMAS, 1, other.schema.pointer)
        ):
            return _NOTHING
        if len(path) > MAX_DEPTH:
            context.report(
                Code.TOO_MANY, unit.schema.pointer, "schemas are applied to each other too deeply",
                detail=f"The limit is {MAX_DEPTH}, references followed.",
                hint="Refer to the schema that is meant, without so many in between.",
            )  # fmt: skip
            return _NOTHING
        return _gather(context, other, kind, (*path, other))

    if kind == "properties":
        found = [_members(context, unit, own=own)]
    else:
        found = [_elements(context, unit, own=own)]
    found += [inside(each) for each in context.units.children(unit, "allOf")]
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in unit.keywords:
            found.append(inside(context.units.target(unit, keyword)))
    for keyword in ("anyOf", "oneOf"):
        for each in context.units.children(unit, keyword):
            found.append(_under(Test(unit=each), inside(each)))
    for name, each in context.units.members(unit, "dependentSchemas").items():
        found.append(_under(Test(member=name), inside(each)))
    if "if" in unit.keywords:
        condition = context.units.child(unit, "if")
        found.append(_under(Test(unit=condition), inside(condition)))
        for keyword, holds in (("then", True), ("else", False)):
            if keyword in unit.keywords:
                branch = inside(context.units.child(unit, keyword))
                found.append(_under(Test(unit=condition, holds=holds), branch))
    return reduce(_joined, found)


def _members(context: Context, unit: Unit, *, own: bool) -> Evaluated:
    if "additionalProperties" in unit.keywords or (
        "unevaluatedProperties" in unit.keywords and not own
    ):
        return _EVERYTHING
    return Evaluated(
        names=frozenset(unit.get("properties", ())),
        patterns=frozenset(context.name_patterns(unit).values()),
    )


def _elements(context: Context, unit: Unit, *, own: bool) -> Evaluated:
    if "items" in unit.keywords or ("unevaluatedItems" in unit.keywords and not own):
        return _EVERYTHING
    counts = "contains" in unit.keywords and unit.schema.draft >= Draft.DRAFT_2020_12
    matching = (context.units.child(unit, "contains"),) if counts else ()
    return Evaluated(prefix=len(unit.get("prefixItems", ())), matching=matching)


def _under(test: Test, found: Evaluated) -> Evaluated:
    return _NOTHING if found == _NOTHING else Evaluated(conditional=((test, found),))


def _joined(left: Evaluated, right: Evaluated) -> Evaluated:
    if left.everything or right.everything:
        return _EVERYTHING
    return Evaluated(
        names=left.names | right.names,
        patterns=left.patterns | right.patterns,
        prefix=max(left.prefix, right.prefix),
        matching=left.matching + right.matching,
        conditional=left.conditional + right.conditional,
    )
