"""Turns JSON values into schemas: every keyword known and well-shaped, every sub-schema in place.

Schemas are registered by their pointer as they are read, and resources and anchors by their URI, so
that a reference can be resolved afterwards (JSON Schema Core 2020-12, section 8.2). Nothing is
fetched: other documents are those that the reader was given.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote, urljoin

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import shape
from bss_compiler.document.keyword import VOCABULARY
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child

_GUESSES = 20
_MAX_URI = 1_024

DRAFT = "https://json-schema.org/draft/2020-12/schema"

NEVER = "false"
"""The one entry of `keywords` in the schema `false`, which accepts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schema:
    """A schema that has been read.

    `keywords` has the keywords in their order; a sub-schema is a Schema, a list of them a tuple, an
    object of them a mapping. `base` is the URI of the resource that it stands in.
    """

    pointer: str
    base: str
    keywords: Mapping[str, Any]

    @property
    def properties(self) -> Mapping[str, "Schema"]:
        """Give the schemas of the properties, by name."""
        found: Mapping[str, Schema] = self.keywords.get("properties", {})
        return found

    @property
    def required(self) -> frozenset[str]:
        """Give the names of the required properties."""
        return frozenset(self.keywords.get("required", ()))


@dataclass(slots=True, kw_only=True)
class Reader:
    """Reads schemas and keeps where they are.

    `documents` are the other documents, parsed, by their URI; one is read when something refers to
    it, and a pointer into it begins with its URI and "#". `anchors` and `dynamic_anchors` lead from
    the URI of a resource and a name in it to a pointer.
    """

    limits: Limits
    findings: Findings
    documents: Mapping[str, Any] = field(default_factory=dict)
    unknown_keywords: Literal["refuse", "ignore"] = "refuse"
    schemas: dict[str, Schema] = field(default_factory=dict)
    resources: dict[str, str] = field(default_factory=dict)
    anchors: dict[tuple[str, str], str] = field(default_factory=dict)
    dynamic_anchors: dict[str, dict[str, str]] = field(default_factory=dict)
    definitions: list[str] = field(default_factory=list)
    nodes: int = 0

    def read(self, value: object, pointer: str, base: str = "") -> Schema:
        """Give the schema of a JSON value of which the shape has been checked."""
        self.nodes += 1
        if self.nodes == self.limits.schema_nodes + 1:
            self.findings.report(
                Code.TOO_MANY, pointer, "document has too many sub-schemas",
                detail=f"The limit is {self.limits.schema_nodes}.",
                hint="Split the model, or raise the setting limit.schema_nodes.",
            )  # fmt: skip
        if not isinstance(value, dict) or self.nodes > self.limits.schema_nodes:
            keywords = {NEVER: True} if value is False else {}
            schema = Schema(pointer=pointer, base=base, keywords=keywords)
        else:
            identifier = value.get("$id")
            if isinstance(identifier, str):
                base = self._identify(identifier, pointer, base)
            self._name(value, pointer, base)
            schema = Schema(
                pointer=pointer, base=base, keywords=self._keywords(value, pointer, base)
            )
            self._check_draft(schema)
        self.schemas[pointer] = schema
        if pointer.startswith("/$defs/") and pointer.count("/") == 2:
            self.definitions.append(f"#{pointer}")
        return schema

    def resolve(self, schema: Schema, keyword: str = "$ref") -> Schema | None:
        """Follow a reference, `$dynamicRef` as if it were a `$ref`.

        Gives None, with a finding, if it leads nowhere.
        """
        reference = schema.keywords[keyword]
        uri, fragment = _split(schema.base, reference)
        target = self._find(uri, fragment)
        if target is None:
            self.findings.report(
                Code.UNRESOLVED_REFERENCE, child(schema.pointer, keyword),
                f'reference "{reference}" leads to no schema',
                detail="A reference is resolved inside the document and among the registered ones; "
                "nothing is ever fetched.",
                hint=self._known_definitions(self.resources.get(uri), uri),
            )  # fmt: skip
        return target

    def dynamic_anchor(self, schema: Schema) -> str | None:
        """Give the anchor that a `$dynamicRef` looks up in the dynamic scope.

        None if it does not lead to a `$dynamicAnchor`: then it is a plain reference (Core 2020-12,
        section 8.2.3.2).
        """
        uri, name = _split(schema.base, schema.keywords["$dynamicRef"])
        return name if name in self.dynamic_anchors.get(uri, {}) else None

    def external_references(self) -> frozenset[str]:
        """Give the URIs of the documents that the schemas refer to and that were not read."""
        references = (
            _split(schema.base, schema.keywords[keyword])[0]
            for schema in self.schemas.values()
            for keyword in ("$ref", "$dynamicRef")
            if keyword in schema.keywords
        )
        return frozenset(references) - self.resources.keys() - {""}

    def _find(self, uri: str, fragment: str) -> Schema | None:
        if uri not in self.resources and uri in self.documents:
            self.resources[uri] = f"{uri}#"
            self.read(self.documents[uri], f"{uri}#", uri)
        root = self.resources.get(uri, "" if uri == "" else None)
        if root is None:
            return None
        if fragment and not fragment.startswith("/"):
            place = self.anchors.get((self.schemas[root].base, fragment))
            return None if place is None else self.schemas.get(place)
        return self.schemas.get(root + fragment)

    def _check_draft(self, schema: Schema) -> None:
        draft = schema.keywords.get("$schema", DRAFT)
        if draft.rstrip("#") != DRAFT:
            self.findings.report(
                Code.WRONG_SHAPE, child(schema.pointer, "$schema"),
                f'dialect "{draft}" is not supported',
                detail="Its keywords may mean something else.", hint=f"Write it for {DRAFT}.",
            )  # fmt: skip

    def _name(self, value: Mapping[str, Any], pointer: str, base: str) -> None:
        """Register the anchors of a schema that is about to be read."""
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = value.get(keyword)
            if isinstance(name, str):
                self.anchors.setdefault((base, name), pointer)
        if isinstance(value.get("$dynamicAnchor"), str):
            names = self.dynamic_anchors.setdefault(base, {})
            names.setdefault(value["$dynamicAnchor"], pointer)

    def _identify(self, identifier: str, pointer: str, base: str) -> str:
        """Register a resource; gives its URI, which is the base of all that it holds."""
        uri = _join(base, identifier.partition("#")[0])
        if len(uri) > _MAX_URI:
            self.findings.report(
                Code.WRONG_SHAPE, child(pointer, "$id"), "identifier is too long",
                detail=f"The limit is {_MAX_URI} characters, what it is relative to included.",
                hint="Give a shorter identifier, or leave it out.",
            )  # fmt: skip
            return base
        self.resources.setdefault(uri, pointer)
        return uri

    def _keywords(self, value: Mapping[str, Any], pointer: str, base: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for name, item in value.items():
            keyword = VOCABULARY.get(name)
            place = child(pointer, name)
            if keyword is None:
                if self.unknown_keywords == "refuse":
                    self._refuse(name, place)
            elif (problem := keyword.shape(item)) is not None:
                self.findings.report(
                    Code.WRONG_SHAPE, place, f'value of "{name}" should be {problem}',
                    hint=f"Give {problem}, or leave the keyword out.",
                )  # fmt: skip
            elif keyword.shape is shape.schema:
                result[name] = self.read(item, place, base)
            elif keyword.shape is shape.schemas:
                result[name] = tuple(
                    self.read(each, child(place, position), base)
                    for position, each in enumerate(item)
                )
            elif keyword.shape is shape.schema_members:
                result[name] = self._members(item, place, base)
            else:
                result[name] = item
        return result

    def _members(self, value: Mapping[str, Any], pointer: str, base: str) -> dict[str, Schema]:
        result = {}
        for name, item in value.items():
            place = child(pointer, name)
            problem = shape.schema(item)
            if problem is None:
                result[name] = self.read(item, place, base)
            else:
                self.findings.report(
                    Code.WRONG_SHAPE, place, f'"{name}" should be {problem}',
                    hint=f"Give {problem}.",
                )  # fmt: skip
        return result

    def _refuse(self, name: str, pointer: str) -> None:
        near = []
        if len(self.findings.diagnostics) < _GUESSES:  # a guess takes a millisecond
            near = difflib.get_close_matches(name[:40], VOCABULARY, n=1)
        self.findings.report(
            Code.UNKNOWN_KEYWORD, pointer, f'keyword "{name}" is not known',
            detail="It is no keyword of JSON Schema 2020-12, so it would not be enforced.",
            hint=f'Did you mean "{near[0]}"?' if near else "Remove it, or use $comment for a note.",
        )  # fmt: skip

    def _known_definitions(self, resource: str | None, uri: str) -> str:
        if resource is None and uri != "":
            return (
                "Register the document of that URI with bss.register_document(), or put the schema "
                "into $defs of this document."
            )
        if resource:
            return (
                "The reference is resolved inside the schema that has this $id, as an entity "
                "document does: refer to its own $defs. An entity is referred to by the name of "
                "its key, or by x-bss.references."
            )
        if not self.definitions:
            return "Put the schema into $defs of this document."
        return f"The definitions are {', '.join(self.definitions[:10])}."


def _split(base: str, reference: str) -> tuple[str, str]:
    """Give the URI and the fragment of a reference that stands in a resource."""
    uri, _, fragment = reference.partition("#")
    return _join(base, uri), unquote(fragment)


def _join(base: str, reference: str) -> str:
    if reference == "" or base == "" or len(reference) > _MAX_URI:
        return reference or base
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference
