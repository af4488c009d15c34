"""Paths for the keywords about objects and arrays."""

from collections.abc import Mapping

from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.value import evaluated
from bss_compiler.lowering.value.context import (
    NotAPathError,
    PathRule,
    PathWriter,
    all_of,
    has,
    never,
)
from bss_compiler.lowering.value.scalar import is_one_of
from bss_compiler.lowering.value.unit import Unit


def required(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:  # noqa: ARG001
    """Write `required`."""
    names = dict.fromkeys(unit.keywords["required"])
    present = [Predicate(f"exists ({jsonpath.member('@', name)})", 6) for name in names]
    return jsonpath.exists(path, jsonpath.both(*present)) if present else None


def properties(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `properties`: no member violates its schema, in one filter."""
    violations = []
    for name, schema in writer.units.members(unit, "properties").items():
        inner = writer.predicate(schema, jsonpath.member("@", name))
        if inner is not None:
            violations.append(jsonpath.negated(inner))
    return jsonpath.none(path, jsonpath.either(*violations)) if violations else None


def pattern_properties(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `patternProperties`."""
    patterns = writer.context.name_patterns(unit)
    violations = []
    for source, schema in writer.units.members(unit, "patternProperties").items():
        inner = writer.predicate(schema, jsonpath.member("@", "value"))
        if inner is not None and source in patterns:
            named = jsonpath.like(jsonpath.member("@", "key"), patterns[source], "s")
            violations.append(jsonpath.both(named, jsonpath.negated(inner)))
    return jsonpath.none(f"{path}.keyvalue()", jsonpath.either(*violations)) if violations else None


def additional_properties(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `additionalProperties`."""
    names = tuple(unit.get("properties", ()))
    patterns = tuple(writer.context.name_patterns(unit).values())
    return _others(writer, writer.units.child(unit, "additionalProperties"), names, patterns, path)


def unevaluated_properties(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `unevaluatedProperties` where the names it leaves out do not depend on the value."""
    found = evaluated.properties(writer.context, unit)
    if found.everything:
        return None
    if found.conditional:
        raise NotAPathError
    schema = writer.units.child(unit, "unevaluatedProperties")
    return _others(writer, schema, tuple(sorted(found.names)), tuple(sorted(found.patterns)), path)


def _others(
    writer: PathWriter,
    schema: Unit,
    names: tuple[str, ...],
    patterns: tuple[str, ...],
    path: str,
) -> Predicate | None:
    """Demand of the members that are not among the names, and match none of the patterns."""
    inner = writer.predicate(schema, jsonpath.member("@", "value"))
    if inner is None:
        return None
    key = jsonpath.member("@", "key")
    known = [is_one_of(key, names)] if names else []
    known += [jsonpath.like(key, pattern, "s") for pattern in patterns]
    refused = jsonpath.negated(inner)
    if known:
        refused = jsonpath.both(jsonpath.negated(jsonpath.either(*known)), refused)
    return jsonpath.none(f"{path}.keyvalue()", refused)


def property_names(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `propertyNames`."""
    inner = writer.predicate(writer.units.child(unit, "propertyNames"), "@")
    if inner is None:
        return None
    return jsonpath.none(f'{path}.keyvalue()."key"', jsonpath.negated(inner))


def min_properties(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:  # noqa: ARG001
    """Write `minProperties`: a path cannot count members, only find one."""
    least = int(unit.keywords["minProperties"])
    if least > 1:
        raise NotAPathError
    return Predicate(f"exists ({path}.*)", 6) if least else None


def max_properties(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `maxProperties`."""
    if unit.keywords["maxProperties"] >= 1:
        raise NotAPathError
    return jsonpath.negated(Predicate(f"exists ({path}.*)", 6))


def dependent_required(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:  # noqa: ARG001
    """Write `dependentRequired`."""
    return all_of(
        [
            jsonpath.either(
                jsonpath.negated(has(path, name)), jsonpath.both(*(has(path, x) for x in needed))
            )
            for name, needed in unit.keywords["dependentRequired"].items()
            if needed
        ]
    )


def dependent_schemas(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `dependentSchemas`."""
    parts: list[Predicate | None] = []
    for name, schema in writer.units.members(unit, "dependentSchemas").items():
        inner = writer.predicate(schema, path)
        if inner is not None:
            parts.append(jsonpath.either(jsonpath.negated(has(path, name)), inner))
    return all_of(parts)


def min_items(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `minItems`."""
    return jsonpath.compare(f"{path}.size()", ">=", int(unit.keywords["minItems"]))


def max_items(writer: PathWriter, unit: Unit, path: str) -> Predicate:  # noqa: ARG001
    """Write `maxItems`."""
    return jsonpath.compare(f"{path}.size()", "<=", int(unit.keywords["maxItems"]))


def prefix_items(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `prefixItems`."""
    parts: list[Predicate | None] = []
    for index, schema in enumerate(writer.units.children(unit, "prefixItems")):
        inner = writer.predicate(schema, f"{path}[{index}]")
        if inner is not None:
            parts.append(jsonpath.either(_is_shorter(path, index), inner))
    return all_of(parts)


def items(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `items`: of the elements after those of `prefixItems`."""
    return _rest(writer, writer.units.child(unit, "items"), len(unit.get("prefixItems", ())), path)


def unevaluated_items(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `unevaluatedItems` where the elements it leaves out do not depend on the value."""
    found = evaluated.items(writer.context, unit)
    if found.everything:
        return None
    if found.conditional or found.matching:
        raise NotAPathError
    return _rest(writer, writer.units.child(unit, "unevaluatedItems"), found.prefix, path)


def _rest(writer: PathWriter, schema: Unit, first: int, path: str) -> Predicate | None:
    inner = writer.predicate(schema, "@")
    if inner is None:
        return None
    if first == 0:
        return jsonpath.none(f"{path}[*]", jsonpath.negated(inner))
    rest = jsonpath.none(f"{path}[{first} to last]", jsonpath.negated(inner))
    return jsonpath.either(_is_shorter(path, first), rest)


def _is_shorter(path: str, index: int) -> Predicate:
    """Say that an array has no element at an index: strict paths must not reach for it."""
    return jsonpath.compare(f"{path}.size()", "<=", index)


def contains(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:
    """Write `contains` where nothing has to be counted."""
    least = int(unit.get("minContains", 1))
    most = unit.get("maxContains")
    if least > 1 or (most is not None and most > 0):
        raise NotAPathError
    inner = writer.predicate(writer.units.child(unit, "contains"), "@")
    if least == 0 and most is None:
        return None
    if inner is None:
        found = jsonpath.compare(f"{path}.size()", ">", 0)
    else:
        found = jsonpath.exists(f"{path}[*]", inner)
    if most is None:
        return found
    return jsonpath.negated(found) if least == 0 else never(path)


def unique_items(writer: PathWriter, unit: Unit, path: str) -> Predicate | None:  # noqa: ARG001
    """Write `uniqueItems`: a path cannot compare elements with each other."""
    if unit.keywords["uniqueItems"]:
        raise NotAPathError
    return None


RULES: Mapping[str, tuple[str | None, PathRule]] = {
    "required": ("object", required),
    "properties": ("object", properties),
    "patternProperties": ("object", pattern_properties),
    "additionalProperties": ("object", additional_properties),
    "unevaluatedProperties": ("object", unevaluated_properties),
    "propertyNames": ("object", property_names),
    "minProperties": ("object", min_properties),
    "maxProperties": ("object", max_properties),
    "dependentRequired": ("object", dependent_required),
    "dependentSchemas": ("object", dependent_schemas),
    "minItems": ("array", min_items),
    "maxItems": ("array", max_items),
    "prefixItems": ("array", prefix_items),
    "items": ("array", items),
    "unevaluatedItems": ("array", unevaluated_items),
    "contains": ("array", contains),
    "uniqueItems": ("array", unique_items),
}
