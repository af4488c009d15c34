"""Turns an entity's schema into the properties that it declares, and where.

An entity has the properties of its schema, and of every schema that is applied to the record as
well: by `$ref` and `allOf` for certain, by the branches of other keywords perhaps. What `if` and
`not` name is looked for, and not declared.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bss_compiler.document import Document, Schema
from bss_compiler.document.budget import Work
from bss_compiler.document.pointer import child
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.value.unit import Unit, Units

_BRANCHES = ("anyOf", "oneOf")
_BRANCH = ("then", "else")


@dataclass(slots=True, kw_only=True)
class Declarations:
    """The schemas that declare each property, and the pointers to what requires one, by name.

    `certain` schemas hold of every record that has the property; `possible` ones hold of some.
    """

    certain: dict[str, list[Schema]] = field(default_factory=dict)
    possible: dict[str, list[Schema]] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)


def declarations(schema: Schema, document: Document) -> Declarations:
    """Give what the schema of an entity declares; a reference that is broken is left out."""
    found = Declarations()
    units = Units(reader=document.reader)
    seen: set[tuple[Unit, bool]] = set()
    waiting = [(units.root(schema), True)]
    while waiting:
        current, is_certain = waiting.pop()
        if (current, is_certain) in seen:
            continue
        seen.add((current, is_certain))
        _add(found, current.schema, is_certain=is_certain)
        # the last is taken up first: properties come in the order of the document
        waiting += reversed(list(_applied(current, units, document, is_certain=is_certain)))
    return found


def _add(found: Declarations, schema: Schema, *, is_certain: bool) -> None:
    into = found.certain if is_certain else found.possible
    for name, property_ in schema.properties.items():
        if is_certain or NEVER not in property_.keywords:
            into.setdefault(name, []).append(property_)
    if is_certain:
        place = schema.place("required")
        for position, name in enumerate(schema.keywords.get("required", ())):
            found.required.setdefault(name, child(place, position))


def _applied(
    unit: Unit, units: Units, document: Document, *, is_certain: bool
) -> Iterable[tuple[Unit, bool]]:
    """Give the schemas that a schema applies to the same record, and whether for certain."""
    keywords = unit.keywords
    for name in ("$ref", "$dynamicRef"):
        if name in keywords and document.budget.grants(Work.SCHEMAS, 1, unit.schema.pointer):
            target = units.target(unit, name)
            if target is not None:
                yield target, is_certain
    for each in units.children(unit, "allOf"):
        yield each, is_certain
    for name in _BRANCHES:
        for each in units.children(unit, name):
            yield each, False
    if "if" in keywords:
        for name in _BRANCH:
            if name in keywords:
                yield units.child(unit, name), False
    for each in units.members(unit, "dependentSchemas").values():
        yield each, False
