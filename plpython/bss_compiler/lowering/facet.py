"""Turns a property's schema, with everything that its references say, into one set of keywords.

JSON Schema lets keywords stand beside a `$ref`; both sides hold. A column has one type and one
check of a kind, so a keyword that constrains may be said on one side only, unless both agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Entity, Schema
from bss_compiler.document.budget import Work
from bss_compiler.document.extension import VALUE_KEYS, check_keys
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.pointer import child

_NOT_INHERITED = frozenset({"$schema", "$ref", "$id", "$anchor", "$defs", "x-bss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """The keywords that hold for a property, and where each was said.

    `entity` is the entity that the property refers to, if a `$ref` led to one. `chain` are the
    pointers to the schemas that were gone through.
    """

    pointer: str
    keywords: Mapping[str, Any]
    pointers: Mapping[str, str]
    entity: Entity | None = None
    chain: frozenset[str] = frozenset()

    def get(self, keyword: str) -> Any:
        """Give the value of a keyword, or None."""
        return self.keywords.get(keyword)

    def pointer_to(self, keyword: str) -> str:
        """Give the pointer to a keyword; to the property where the keyword is not said."""
        return self.pointers.get(keyword, self.pointer)

    @property
    def types(self) -> frozenset[str]:
        """Give the JSON types that `type` names; empty where it is absent."""
        declared = self.keywords.get("type", ())
        return frozenset([declared] if isinstance(declared, str) else declared)

    @property
    def nullable(self) -> bool:
        """Say whether null is among the types, or among the values where there is no type."""
        if self.types:
            return "null" in self.types
        return "const" not in self.keywords and None in self.keywords.get("enum", ())


def collect(schema: Schema, document: Document, findings: Findings) -> Facets | None:
    """Give the facets of a property's schema; None, with a finding, if a `$ref` is broken."""
    keywords: dict[str, Any] = {}
    pointers: dict[str, str] = {}
    seen = {schema.pointer}
    current: Schema | None = schema
    while current is not None:
        entity = document.by_pointer.get(current.pointer)
        if entity is not None:
            _refuse_beside_entity(keywords, pointers, findings)
            return Facets(
                pointer=schema.pointer, keywords=keywords, pointers=pointers, entity=entity
            )
        if current is not schema and not _is_property(current, document):
            options = current.keywords.get("x-bss", {})
            check_keys(options, VALUE_KEYS, child(current.pointer, "x-bss"), findings)
        _merge(current, keywords, pointers, findings)
        if "$ref" not in current.keywords:
            break
        place = child(current.pointer, "$ref")
        current = document.reader.resolve(current)
        if current is None or not document.budget.grants(Work.SCHEMAS, 1, place):
            return None
        if current.pointer in seen:
            findings.report(
                Code.CIRCULAR_REFERENCE, place, "reference leads back to itself",
                hint="Let one of the schemas on the way say what the value is.",
            )  # fmt: skip
            return None
        seen.add(current.pointer)
    if "x-bss" in schema.keywords:
        keywords["x-bss"] = schema.keywords["x-bss"]
        pointers["x-bss"] = child(schema.pointer, "x-bss")
    return Facets(
        pointer=schema.pointer, keywords=keywords, pointers=pointers, chain=frozenset(seen)
    )


def _is_property(schema: Schema, document: Document) -> bool:
    """Say whether a schema is a property of an entity, of which `x-bss` has been read as such."""
    parent, properties, _ = schema.pointer.rpartition("/properties/")
    return properties != "" and parent in document.by_pointer


def _refuse_beside_entity(
    keywords: Mapping[str, Any], pointers: Mapping[str, str], findings: Findings
) -> None:
    for name in keywords:
        if name not in ANNOTATIONS:
            findings.report(
                Code.NOT_ENFORCEABLE, pointers[name],
                f'keyword "{name}" cannot stand beside a reference to an entity',
                detail="It is about the other record, of which the column has the key alone.",
                hint="Say it of the entity itself, or leave the keyword out.",
            )  # fmt: skip


def _merge(
    schema: Schema, keywords: dict[str, Any], pointers: dict[str, str], findings: Findings
) -> None:
    for name, value in schema.keywords.items():
        if name in _NOT_INHERITED:
            continue
        place = schema.place(name)
        if name not in keywords:
            keywords[name] = value
            pointers[name] = place
        elif name not in ANNOTATIONS and name != "default" and keywords[name] != value:
            findings.report(
                Code.CONFLICTING_KEYWORDS, pointers[name],
                f'keyword "{name}" is said here and by what $ref refers to',
                detail=f"The other is at {place}.",
                hint="Say it in one place.",
            )  # fmt: skip
