"""Says in SQL, for the body of a function, what a keyword demands that no path can decide."""

from collections.abc import Callable, Mapping

from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.format import function_of
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.value import evaluated, sql
from bss_compiler.lowering.value.context import NotAPathError
from bss_compiler.lowering.value.evaluated import Evaluated, Test
from bss_compiler.lowering.value.routine import Body, SqlRule, V
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.model.function import SCHEMA


def _joined(conditions: list[str | None]) -> str | None:
    demanded = [condition for condition in conditions if condition is not None]
    return sql.both(demanded) if demanded else None


def _length(keyword: str, operator: str) -> SqlRule:
    def rule(body: Body, unit: Unit) -> str:  # noqa: ARG001
        characters = f"pg_catalog.char_length({V} operator(pg_catalog.#>>) '{{}}')"
        bound = int(unit.keywords[keyword])
        return sql.of_type(V, "string", sql.compare(characters, operator, bound))

    return rule


def _format(body: Body, unit: Unit) -> str:  # noqa: ARG001
    held = f"{SCHEMA}.{function_of(unit.keywords['format'])}({V} operator(pg_catalog.#>>) '{{}}')"
    return sql.of_type(V, "string", held)


def _member_count(keyword: str, operator: str) -> SqlRule:
    def rule(body: Body, unit: Unit) -> str:  # noqa: ARG001
        compared = sql.compare(sql.count_members(V), operator, int(unit.keywords[keyword]))
        return sql.of_type(V, "object", compared)

    return rule


def _properties(body: Body, unit: Unit) -> str | None:
    """Members that are absent give null, which is not false."""
    conditions: list[str | None] = []
    paths: list[Predicate] = []
    for name, schema in body.paths.units.members(unit, "properties").items():
        try:
            inner = body.paths.predicate(schema, jsonpath.member("@", name))
            paths += [jsonpath.negated(inner)] if inner is not None else []
        except NotAPathError:
            held = body.condition(schema, sql.member(V, name))
            conditions.append(f"({held}) is not false")
    if paths:
        # what is no object has no members, so the filter leaves it out
        conditions.insert(0, sql.matches(V, jsonpath.none("$", jsonpath.either(*paths))))
    return _joined(conditions)


def _pattern_properties(body: Body, unit: Unit) -> str | None:
    patterns = body.paths.context.name_patterns(unit)
    violations = []
    for source, schema in body.paths.units.members(unit, "patternProperties").items():
        violation = body.violation(schema, "m.value")
        if violation is not None and source in patterns:
            violations.append(f"({sql.like('m.key', patterns[source])} and {violation})")
    return sql.none_of_members(V, sql.either(violations)) if violations else None


def _additional_properties(body: Body, unit: Unit) -> str | None:
    patterns = frozenset(body.paths.context.name_patterns(unit).values())
    known = Evaluated(names=frozenset(unit.get("properties", ())), patterns=patterns)
    return _other_members(body, body.paths.units.child(unit, "additionalProperties"), known)


def _unevaluated_properties(body: Body, unit: Unit) -> str | None:
    known = evaluated.properties(body.paths.context, unit)
    return _other_members(body, body.paths.units.child(unit, "unevaluatedProperties"), known)


def _other_members(body: Body, schema: Unit, known: Evaluated) -> str | None:
    violation = "true" if schema.accepts_nothing else body.violation(schema, "m.value")
    if violation is None or known.everything:
        return None
    skipped = _is_evaluated(body, known, _is_named)
    left = violation if skipped is None else f"not {skipped} and {violation}"
    return sql.none_of_members(V, left)


def _property_names(body: Body, unit: Unit) -> str | None:
    schema = body.paths.units.child(unit, "propertyNames")
    violation = body.violation(schema, "pg_catalog.to_jsonb(m.key)")
    return None if violation is None else sql.none_of_members(V, violation)


def _is_named(body: Body, known: Evaluated) -> list[str]:  # noqa: ARG001
    tests = [sql.is_one_of("m.key", sorted(known.names))] if known.names else []
    return tests + [sql.like("m.key", pattern) for pattern in sorted(known.patterns)]


def _is_placed(body: Body, known: Evaluated) -> list[str]:
    tests = [sql.compare("m.position", "<=", known.prefix)] if known.prefix else []
    return tests + [body.condition(schema, "m.value") or "true" for schema in known.matching]


def _is_evaluated(
    body: Body, known: Evaluated, tests_of: Callable[[Body, Evaluated], list[str]]
) -> str | None:
    """Say in SQL that a member or an element is evaluated; None where none is."""
    tests = ["true"] if known.everything else tests_of(body, known)
    for test, found in known.conditional:
        inner = _is_evaluated(body, found, tests_of)
        if inner is not None:
            tests.append(f"({_test(body, test)} and {inner})")
    return sql.either(tests) if tests else None


def _test(body: Body, test: Test) -> str:
    if test.member is not None:
        return body.variable(f"{sql.is_type(V, 'object')} and {sql.has(V, test.member)}")
    condition = (test.unit and body.condition(test.unit, V)) or "true"
    return body.variable(condition if test.holds else f"not {condition}")


def _prefix_items(body: Body, unit: Unit) -> str | None:
    conditions: list[str | None] = []
    array = sql.guarded(V, "array", "[]")
    for index, schema in enumerate(body.paths.units.children(unit, "prefixItems")):
        held = body.condition(schema, f"({array} operator(pg_catalog.->) {index})")
        conditions.append(None if held is None else f"({held}) is not false")
    return _joined(conditions)


def _items(body: Body, unit: Unit) -> str | None:
    known = Evaluated(prefix=len(unit.get("prefixItems", ())))
    return _other_elements(body, body.paths.units.child(unit, "items"), known)


def _unevaluated_items(body: Body, unit: Unit) -> str | None:
    known = evaluated.items(body.paths.context, unit)
    return _other_elements(body, body.paths.units.child(unit, "unevaluatedItems"), known)


def _other_elements(body: Body, schema: Unit, known: Evaluated) -> str | None:
    violation = "true" if schema.accepts_nothing else body.violation(schema, "m.value")
    if violation is None or known.everything:
        return None
    skipped = _is_evaluated(body, known, _is_placed)
    left = violation if skipped is None else f"not {skipped} and {violation}"
    return sql.none_of_elements(V, left)


def _contains(body: Body, unit: Unit) -> str | None:
    least, most = int(unit.get("minContains", 1)), unit.get("maxContains")
    if least == 0 and most is None:
        return None
    held = body.condition(body.paths.units.child(unit, "contains"), "m.value") or "true"
    bounded = sql.count_is(V, held, least, None if most is None else int(most))
    return sql.of_type(V, "array", bounded)


def _unique_items(body: Body, unit: Unit) -> str:  # noqa: ARG001
    array = sql.guarded(V, "array", "[]")
    return (
        f"not exists (select from pg_catalog.jsonb_array_elements({array}) as m (value)"
        " group by m.value having pg_catalog.count(*) operator(pg_catalog.>) 1)"
    )


def _all_of(body: Body, unit: Unit) -> str | None:
    return _joined([body.condition(each, V) for each in body.paths.units.children(unit, "allOf")])


def _any_of(body: Body, unit: Unit) -> str | None:
    conditions = [body.condition(each, V) for each in body.paths.units.children(unit, "anyOf")]
    demanded = [condition for condition in conditions if condition is not None]
    return sql.either(demanded) if len(demanded) == len(conditions) else None


def _one_of(body: Body, unit: Unit) -> str:
    conditions = [body.condition(each, V) for each in body.paths.units.children(unit, "oneOf")]
    held = " operator(pg_catalog.+) ".join(
        f"({condition or 'true'})::pg_catalog.int4" for condition in conditions
    )
    return sql.compare(f"({held})", "=", 1)


def _not(body: Body, unit: Unit) -> str:
    return body.violation(body.paths.units.child(unit, "not"), V) or "false"


def _if(body: Body, unit: Unit) -> str | None:
    condition = body.condition(body.paths.units.child(unit, "if"), V) or "true"
    then, otherwise = (
        body.condition(body.paths.units.child(unit, name), V) if name in unit.keywords else None
        for name in ("then", "else")
    )
    if then is None and otherwise is None:
        return None
    return f"case when {condition} then {then or 'true'} else {otherwise or 'true'} end"


def _dependent_schemas(body: Body, unit: Unit) -> str | None:
    conditions: list[str | None] = []
    for name, schema in body.paths.units.members(unit, "dependentSchemas").items():
        held = body.condition(schema, V)
        if held is not None:
            present = f"{sql.is_type(V, 'object')} and {sql.has(V, name)}"
            conditions.append(f"case when {present} then {held} else true end")
    return _joined(conditions)


def _reference(keyword: str) -> SqlRule:
    def rule(body: Body, unit: Unit) -> str | None:
        target = body.paths.units.target(unit, keyword)
        return None if target is None else body.condition(target, V)

    return rule


RULES: Mapping[str, SqlRule] = {
    "minLength": _length("minLength", ">="),
    "maxLength": _length("maxLength", "<="),
    "format": _format,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "unevaluatedProperties": _unevaluated_properties,
    "propertyNames": _property_names,
    "minProperties": _member_count("minProperties", ">="),
    "maxProperties": _member_count("maxProperties", "<="),
    "dependentSchemas": _dependent_schemas,
    "prefixItems": _prefix_items,
    "items": _items,
    "unevaluatedItems": _unevaluated_items,
    "contains": _contains,
    "uniqueItems": _unique_items,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "$ref": _reference("$ref"),
    "$dynamicRef": _reference("$dynamicRef"),
}
