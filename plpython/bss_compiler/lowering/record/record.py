"""Turns what a schema says of a record into conditions about the columns of its row.

The members of a record are the properties that the entity declares and whose columns are not null;
what BSS adds to a table is no member. There are no others, because there is no column for them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bss_compiler.diagnostic import Code
from bss_compiler.document import Schema
from bss_compiler.document.pointer import child
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.property import is_annotation
from bss_compiler.lowering.record.condition import (
    FALSE,
    TRUE,
    Condition,
    all_of,
    any_of,
    atom,
    negated,
)
from bss_compiler.lowering.record.member import Member
from bss_compiler.lowering.record.null import Nulls
from bss_compiler.lowering.record.value import Name, matched
from bss_compiler.lowering.record.writer import Writer
from bss_compiler.quoting import idents

_MAX_ARGUMENTS = 100
"""The arguments that a function of the server can have; its FUNC_MAX_ARGS."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Record:
    """The record of an entity: its members by the names of their properties.

    `declared` has the names of those, too, that have a fault: nothing more is said about them.
    """

    members: Mapping[str, Member]
    declared: frozenset[str]
    nulls: Nulls

    @property
    def key(self) -> str:
        """Tell the record from its values and names."""
        return "record"

    def keyword(self, writer: Writer, schema: Schema, name: str) -> Condition:
        """Give what a keyword demands of the record."""
        rule = _RULES.get(name)
        if rule is not None:
            value = schema.keywords[name]
            times = len(self.members) * (len(value) if name == "patternProperties" else 1)
            if name in _OF_ALL and not writer.pays_for(times, schema.place(name)):
                return TRUE
            return rule(self, writer, schema)
        return writer.idle(name, schema, "about a record")

    def present(self, writer: Writer, name: str, pointer: str) -> Condition:
        """Say that a member is there; FALSE, with a finding, if it never can be."""
        member = self.members.get(name)
        if member is not None:
            return member.present
        if name in self.declared:
            return TRUE
        writer.findings.report(
            Code.UNKNOWN_PROPERTY, pointer, f'property "{name}" is not declared',
            detail="Without a declaration it has no column.",
            hint="Declare it under the properties of the entity, or in a branch with its type.",
        )  # fmt: skip
        return FALSE

    def demanded(self, writer: Writer, schema: Schema, name: str, *, required: bool) -> Condition:
        """Say that a schema holds of a member, if it is there; that it is, if it is required."""
        member = self.members.get(name)
        if member is None:
            if NEVER not in schema.keywords and not is_annotation(schema):
                self.present(writer, name, schema.pointer)
            return TRUE
        of_null = self.nulls.ask(writer.unit(schema))
        if schema.pointer in member.enforced:
            return member.present if required and not of_null.accepted else TRUE
        held = member.condition(writer, schema)
        if of_null.rejected or (required and not of_null.accepted):
            return all_of([member.present, held])
        return any_of([negated(member.present), held])


def _type(record: Record, writer: Writer, schema: Schema) -> Condition:  # noqa: ARG001
    declared = schema.keywords["type"]
    return TRUE if "object" in ([declared] if isinstance(declared, str) else declared) else FALSE


def _properties(record: Record, writer: Writer, schema: Schema) -> Condition:
    return all_of(
        [
            record.demanded(writer, each, name, required=name in schema.required)
            for name, each in schema.properties.items()
        ]
    )


def _required(record: Record, writer: Writer, schema: Schema) -> Condition:
    """Require what `properties` beside it does not describe: there it has been said."""
    place = schema.place("required")
    return all_of(
        [
            record.present(writer, name, child(place, position))
            for position, name in enumerate(schema.keywords["required"])
            if name not in schema.properties or name not in record.members
        ]
    )


def _dependent_required(record: Record, writer: Writer, schema: Schema) -> Condition:
    place = schema.place("dependentRequired")
    rules: Mapping[str, list[str]] = schema.keywords["dependentRequired"]
    conditions = []
    for name, others in rules.items():
        its_place = child(place, name)
        present = record.present(writer, name, its_place)
        demanded = [
            record.present(writer, other, child(its_place, position))
            for position, other in enumerate(others)
        ]
        conditions.append(any_of([negated(present), all_of(demanded)]))
    return all_of(conditions)


def _dependent_schemas(record: Record, writer: Writer, schema: Schema) -> Condition:
    conditions = []
    for name, each in schema.keywords["dependentSchemas"].items():
        present = record.present(writer, name, each.pointer)
        conditions.append(any_of([negated(present), writer.condition(each, record)]))
    return all_of(conditions)


def _min_properties(record: Record, writer: Writer, schema: Schema) -> Condition:  # noqa: ARG001
    return _at_least(record, int(schema.keywords["minProperties"]))


def _max_properties(record: Record, writer: Writer, schema: Schema) -> Condition:  # noqa: ARG001
    return negated(_at_least(record, int(schema.keywords["maxProperties"]) + 1))


def _at_least(record: Record, least: int) -> Condition:
    members = list(record.members.values())
    if least <= sum(member.present is TRUE for member in members):
        return TRUE
    if least > len(members):
        return FALSE
    columns = [member.column for member in members]
    counts = [
        f"num_nonnulls({idents(columns[first : first + _MAX_ARGUMENTS])})"
        for first in range(0, len(columns), _MAX_ARGUMENTS)
    ]
    count = counts[0]
    for each in counts[1:]:
        count = f"({count} + {each})"
    return atom(f"({count} >= {least})", f"({count} < {least})")


def _property_names(record: Record, writer: Writer, schema: Schema) -> Condition:
    names: Schema = schema.keywords["propertyNames"]
    return _if_present(record, lambda name: writer.condition(names, Name(name=name)))


def _pattern_properties(record: Record, writer: Writer, schema: Schema) -> Condition:
    conditions = []
    for pattern, each in schema.keywords["patternProperties"].items():
        for name in record.members:
            unmatched = negated(matched(writer, name, pattern, each.pointer))
            if unmatched is not TRUE:
                held = record.demanded(writer, each, name, required=False)
                conditions.append(any_of([unmatched, held]))
    return all_of(conditions)


def _additional_properties(record: Record, writer: Writer, schema: Schema) -> Condition:
    others: Schema = schema.keywords["additionalProperties"]
    return _others(record, writer, others, lambda name: described(writer, schema, name))


def described(writer: Writer, schema: Schema, name: str) -> Condition:
    """Say that `properties` or `patternProperties` of a schema describe a member."""
    if name in schema.properties:
        return TRUE
    patterns: Mapping[str, Any] = schema.keywords.get("patternProperties", {})
    return any_of(
        [matched(writer, name, pattern, each.pointer) for pattern, each in patterns.items()]
    )


def _unevaluated_properties(record: Record, writer: Writer, schema: Schema) -> Condition:
    others: Schema = schema.keywords["unevaluatedProperties"]
    return _others(
        record, writer, others, lambda name: _evaluated(record, writer, schema, name, own=True)
    )


def _evaluated(
    record: Record, writer: Writer, schema: Schema, name: str, *, own: bool = False
) -> Condition:
    """Say that a schema, if it holds, evaluates a member (Core 2020-12, section 11.3)."""
    keywords = schema.keywords
    if "additionalProperties" in keywords or ("unevaluatedProperties" in keywords and not own):
        return TRUE
    own_words = described(writer, schema, name)
    if own_words is TRUE or not writer.enters(schema):
        return TRUE
    ways = [own_words]
    for each, test in _applied(record, writer, schema):
        inside = _evaluated(record, writer, each, name)
        if inside is not FALSE:
            ways.append(all_of([test(), inside]))
    writer.leaves()
    return any_of(ways)


def _applied(
    record: Record, writer: Writer, schema: Schema
) -> Iterable[tuple[Schema, Callable[[], Condition]]]:
    """Give the schemas that a schema applies to the record, and when what they evaluate counts."""
    keywords = schema.keywords

    def always() -> Condition:
        return TRUE

    for keyword in ("$ref", "$dynamicRef"):
        target = writer.target(schema, keyword) if keyword in keywords else None
        if target is not None:
            yield target, always
    for each in keywords.get("allOf", ()):
        yield each, always
    for keyword in ("anyOf", "oneOf"):
        for each in keywords.get(keyword, ()):
            yield each, partial(writer.condition, each, record)
    for name, each in keywords.get("dependentSchemas", {}).items():
        yield each, partial(record.present, writer, name, each.pointer)
    if "if" in keywords:
        test = partial(writer.condition, keywords["if"], record)
        yield keywords["if"], test
        if "then" in keywords:
            yield keywords["then"], test
        if "else" in keywords:
            yield keywords["else"], lambda: negated(test())


def _others(
    record: Record, writer: Writer, schema: Schema, known: Callable[[str], Condition]
) -> Condition:
    """Say that a schema holds of each member that is not known otherwise."""
    return all_of(
        any_of([is_known, record.demanded(writer, schema, name, required=False)])
        for name in record.members
        if (is_known := known(name)) is not TRUE
    )


def _if_present(record: Record, write: Callable[[str], Condition]) -> Condition:
    return all_of(
        [any_of([negated(member.present), write(name)]) for name, member in record.members.items()]
    )


def _const(record: Record, writer: Writer, schema: Schema) -> Condition:
    return _equals(record, writer, schema, schema.keywords["const"], schema.place("const"))


def _enum(record: Record, writer: Writer, schema: Schema) -> Condition:
    place = schema.place("enum")
    values = schema.keywords["enum"]
    if not writer.pays_for(len(values) * len(record.members), place):
        return TRUE
    return any_of(
        [
            _equals(record, writer, schema, value, child(place, position))
            for position, value in enumerate(values)
        ]
    )


def _equals(record: Record, writer: Writer, schema: Schema, value: Any, place: str) -> Condition:
    """Say that the record is a value; a null in it is what an absent member is to a column."""
    if not isinstance(value, dict):
        return FALSE
    given = {name: item for name, item in value.items() if item is not None}
    conditions = [record.present(writer, name, child(place, name)) for name in given]
    reader = writer.document.reader
    for name, member in record.members.items():
        if name in given:
            equal = {"const": given[name]}
            read = reader.read(equal, child(place, name), schema.base, schema.draft)
            conditions.append(member.condition(writer, read))
        else:
            conditions.append(negated(member.present))
    return all_of(conditions)


_Rule = Callable[[Record, Writer, Schema], Condition]

_OF_ALL = frozenset(
    {"propertyNames", "patternProperties", "additionalProperties", "unevaluatedProperties"}
)
"""The keywords that say something of each member."""

_RULES: Mapping[str, _Rule] = {
    "type": _type,
    "properties": _properties,
    "required": _required,
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
    "propertyNames": _property_names,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "unevaluatedProperties": _unevaluated_properties,
    "const": _const,
    "enum": _enum,
}
