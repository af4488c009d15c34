"""Turns the schemas that declare a property into the facets and the type of its one column.

Schemas that hold of every record are put together as far as one column can have them all; what is
left over is checked with the keyword that it stands under. Where a property is declared in branches
only, the column is no more than wide enough for each of them: what a branch says holds in it alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Schema
from bss_compiler.document.extension import PROPERTY_KEYS, check_keys
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.facet import Facets, collect
from bss_compiler.lowering.type import JSONB, ColumnType, column_type, json_types

_APPLICATORS = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Declared:
    """What is said of a property as a column.

    `enforced` are the pointers to the schemas that the column itself enforces; `read` is the
    pointer to the one whose `x-bss` counts.
    """

    facets: Facets
    type: ColumnType | None
    options: Mapping[str, Any]
    enforced: frozenset[str] = frozenset()
    read: str
    in_branches: bool = False


def is_annotation(schema: Schema) -> bool:
    """Say whether a schema constrains nothing."""
    return schema.keywords.keys() <= ANNOTATIONS


def declare(
    name: str, schemas: Sequence[Schema], document: Document, findings: Findings
) -> Declared | None:
    """Give a property that the schemas declare for certain; None, with a finding, if none can be.

    There is at least one schema.
    """
    first = next((schema for schema in schemas if not is_annotation(schema)), schemas[0])
    facets = collect(first, document, findings)
    if facets is None:
        return None
    if any(NEVER in schema.keywords for schema in schemas) or NEVER in facets.keywords:
        findings.report(
            Code.UNSATISFIABLE, first.pointer, f'property "{name}" accepts no value',
            hint="Remove the property.",
        )  # fmt: skip
        return None
    read = _stating(schemas, findings) or first
    options = _options(read, facets, findings)
    alone = Declared(
        facets=facets,
        type=_type(facets, options, findings),
        options=options,
        enforced=frozenset([first.pointer]),
        read=read.pointer,
    )
    others = [schema for schema in schemas if schema is not first]
    return _with_others(alone, others, document, findings) if others else alone


def _with_others(
    declared: Declared, others: Iterable[Schema], document: Document, findings: Findings
) -> Declared:
    """Add what other schemas say, unless it contradicts or takes the schema of a value."""
    facets, enforced = declared.facets, set(declared.enforced)
    for schema in others:
        added = collect(schema, document, findings)
        if added is not None and _go_together(facets, added):
            facets = replace(
                facets,
                keywords={**added.keywords, **facets.keywords},
                pointers={**added.pointers, **facets.pointers},
                chain=facets.chain | added.chain,
            )
            enforced.add(schema.pointer)
    type_ = _type(facets, declared.options, findings)
    if type_ is None or type_.json == "json" or type_.is_sql_array:
        return declared
    return replace(declared, facets=facets, type=type_, enforced=frozenset(enforced))


def _go_together(facets: Facets, added: Facets) -> bool:
    return (facets.entity, added.entity) == (None, None) and all(
        name in ANNOTATIONS or facets.keywords.get(name, value) == value
        for name, value in added.keywords.items()
        if name != "x-bss"
    )


def _stating(schemas: Iterable[Schema], findings: Findings) -> Schema | None:
    """Give the schema that has `x-bss`; only one may."""
    stating = [schema for schema in schemas if "x-bss" in schema.keywords]
    for other in stating[1:]:
        findings.report(
            Code.CONFLICTING_KEYWORDS, other.place("x-bss"),
            "x-bss is said of the property more than once",
            detail=f"The other is at {stating[0].place('x-bss')}.",
            hint="Say it in one place.",
        )  # fmt: skip
    return stating[0] if stating else None


def _options(schema: Schema, facets: Facets, findings: Findings) -> dict[str, Any]:
    return check_keys(
        schema.keywords.get("x-bss", facets.keywords.get("x-bss", {})),
        PROPERTY_KEYS, schema.place("x-bss"), findings,
    )  # fmt: skip


def _type(facets: Facets, options: Mapping[str, Any], findings: Findings) -> ColumnType | None:
    if facets.entity is not None:
        return None
    return column_type(facets, options.get("type"), findings)


def declare_in_branches(
    name: str, schemas: Sequence[Schema], document: Document, findings: Findings
) -> Declared | None:
    """Give a property that only branches declare; None, with a finding, if it has no type."""
    found = [
        (schema, facets)
        for schema in schemas
        if (facets := collect(schema, document, findings)) is not None
    ]
    if len(found) < len(schemas):
        return None
    for schema, facets in found:
        if facets.entity is not None:
            options = _options(schema, facets, findings)
            return Declared(
                facets=facets, type=None, options=options, read=schema.pointer, in_branches=True
            )
    typed = [(schema, facets) for schema, facets in found if _has_type(facets)]
    if not typed:
        findings.report(
            Code.UNKNOWN_PROPERTY, schemas[0].pointer,
            f'property "{name}" is declared only where it may not apply, and without a type',
            detail="Without a type it has no column.",
            hint="Declare it under the properties of the entity, or give it a type.",
        )  # fmt: skip
        return None
    read = _stating(schemas, findings) or typed[0][0]
    options = _options(read, typed[0][1], findings)
    types = [_type(facets, options, findings) for _, facets in typed]
    known = [type_ for type_ in types if type_ is not None]
    if len(known) < len(types):
        return None
    return Declared(
        facets=_of_branches(typed[0][1], [facets for _, facets in typed]),
        type=_widest(known),
        options=options,
        read=read.pointer,
        in_branches=True,
    )


def _has_type(facets: Facets) -> bool:
    return bool(json_types(facets)) or any(name in facets.keywords for name in _APPLICATORS)


def _of_branches(first: Facets, all_: Sequence[Facets]) -> Facets:
    """Keep of the facets what no branch denies: the annotations, and all types."""
    keywords: dict[str, Any] = {
        name: value for name, value in first.keywords.items() if name in ANNOTATIONS
    }
    if any(facets.nullable for facets in all_):
        keywords["type"] = sorted({"null"}.union(*map(json_types, all_)))
    return Facets(pointer=first.pointer, keywords=keywords, pointers=first.pointers)


def _widest(types: Sequence[ColumnType]) -> ColumnType:
    """Give the type that holds the values of all: jsonb, if they are of several JSON types."""
    kinds = {type_.json for type_ in types}
    if len({type_.sql for type_ in types}) == 1 and len(kinds) == 1:
        return replace(types[0], checked_format=None)
    if kinds == {"string"}:
        return ColumnType(sql="text", json="string")
    if kinds <= {"integer", "number"}:
        wide = kinds == {"integer"} and all(type_.sql != "numeric" for type_ in types)
        json = "integer" if kinds == {"integer"} else "number"
        return ColumnType(sql="bigint" if wide else "numeric", json=json)
    return JSONB
