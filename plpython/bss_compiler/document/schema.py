"""Turns JSON values into schemas: every keyword known and well-shaped, every sub-schema in place.

Schemas are registered by their pointer as they are read, and resources and anchors by their URI, so
that a reference can be resolved afterwards (JSON Schema Core 2020-12, section 8.2). Nothing is
fetched: other documents are those that the reader was given. A schema has the keywords of 2020-12,
whatever draft it is written for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import shape
from bss_compiler.document.complaint import (
    Guesser,
    complain_of_unknown,
    is_column,
    refuse_repeated,
    refuse_shape,
    warn_of_ignored,
)
from bss_compiler.document.draft import LATEST, RECURSIVE, Draft, Statement, draft_of, statements
from bss_compiler.document.keyword import VOCABULARY, is_foreign
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child, find, last_token, prefixes
from bss_compiler.document.reference import MAX_URI, join, references, split

NEVER = "false"
"""The one entry of `keywords` in the schema `false`, which accepts nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schema:
    """A schema that has been read.

    `keywords` has the keywords in their order; a sub-schema is a Schema, a list of them a tuple, an
    object of them a mapping. `base` is the URI of the resource that it stands in. `places` has the
    pointers to keywords that the document states by another name.
    """

    pointer: str
    base: str
    keywords: Mapping[str, Any]
    draft: Draft = LATEST
    places: Mapping[str, str] = field(default_factory=dict)

    def place(self, keyword: str) -> str:
        """Give the pointer to where the document states a keyword."""
        return self.places.get(keyword) or child(self.pointer, keyword)

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
    roots: dict[str, Any] = field(default_factory=dict)
    """The JSON values of resources, by their pointers."""
    _referred: dict[str, frozenset[str]] = field(default_factory=dict)
    _guesser: Guesser = field(default_factory=Guesser)

    def read(self, value: object, pointer: str, base: str = "", draft: Draft = LATEST) -> Schema:
        """Give the schema of a JSON value of which the shape has been checked.

        `draft` is what it is written for if it does not say.
        """
        self.nodes += 1
        if self.nodes == self.limits.schema_nodes + 1:
            self.findings.report(
                Code.TOO_MANY, pointer, "document has too many sub-schemas",
                detail=f"The limit is {self.limits.schema_nodes}.",
                hint="Split the model, or raise the setting limit.schema_nodes.",
            )  # fmt: skip
        named = self._draft(value, pointer, draft) if isinstance(value, dict) else None
        if not isinstance(value, dict) or named is None or self.nodes > self.limits.schema_nodes:
            keywords = {NEVER: True} if value is False else {}
            schema = Schema(pointer=pointer, base=base, keywords=keywords, draft=draft)
        else:
            schema = self._schema(value, pointer, base, named)
        self.schemas[pointer] = schema
        if pointer.startswith(("/$defs/", "/definitions/")) and pointer.count("/") == 2:
            self.definitions.append(f"#{pointer}")
        return schema

    def _schema(self, value: Mapping[str, Any], pointer: str, base: str, draft: Draft) -> Schema:
        stated = statements(value, pointer, draft)
        base = self._identify(stated, pointer, base)
        if "$schema" in value and self.resources.get(base, "") != pointer:
            # only a resource names its draft: this one is a whole document, put there as it was
            base = f"urn:bss:at:{pointer}"
            self.resources[base] = pointer
        if self.resources.get(base, "") == pointer:
            self.roots[pointer] = value
        self._name(stated, pointer, base)
        if self.unknown_keywords == "refuse":
            self._complain(value, stated, pointer, base, draft)
        keywords = self._keywords(stated, base, draft)
        places = {
            item.keyword: item.place
            for item in stated
            if item.place != child(pointer, item.keyword)
        }
        return Schema(pointer=pointer, base=base, keywords=keywords, draft=draft, places=places)

    def resolve(self, schema: Schema, keyword: str = "$ref") -> Schema | None:
        """Follow a reference, `$dynamicRef` as if it were a `$ref`.

        Gives None, with a finding, if it leads nowhere.
        """
        reference = schema.keywords[keyword]
        uri, fragment = split(schema.base, reference)
        target = self._find(uri, fragment, schema.draft)
        if target is None:
            self.findings.report(
                Code.UNRESOLVED_REFERENCE, schema.place(keyword),
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
        uri, name = split(schema.base, schema.keywords["$dynamicRef"])
        return name if name in self.dynamic_anchors.get(uri, {}) else None

    def external_references(self) -> frozenset[str]:
        """Give the URIs of the documents that the schemas refer to and that were not read."""
        references = (
            split(schema.base, schema.keywords[keyword])[0]
            for schema in self.schemas.values()
            for keyword in ("$ref", "$dynamicRef")
            if keyword in schema.keywords
        )
        return frozenset(references) - self.resources.keys() - {""}

    def _find(self, uri: str, fragment: str, draft: Draft) -> Schema | None:
        if uri not in self.resources and uri in self.documents:
            self.resources[uri] = f"{uri}#"
            self.read(self.documents[uri], f"{uri}#", uri, draft)
        root = self.resources.get(uri, "" if uri == "" else None)
        if root is None:
            return None
        if fragment and not fragment.startswith("/"):
            place = self.anchors.get((self.schemas[root].base, fragment))
            return None if place is None else self.schemas.get(place)
        return self.schemas.get(root + fragment) or self._read_later(root, fragment)

    def _read_later(self, root: str, fragment: str) -> Schema | None:
        """Read what stands where no keyword expects a schema, because a reference leads to it."""
        value = find(self.roots.get(root), fragment)
        if not isinstance(value, dict | bool):
            return None
        around = next(
            self.schemas[root + place]
            for place in reversed([*prefixes(fragment)])
            if root + place in self.schemas
        )
        return self.read(value, root + fragment, around.base, around.draft)

    def _draft(self, value: Mapping[str, Any], pointer: str, draft: Draft) -> Draft | None:
        """Give the draft that a schema is written for; None, with a finding, if it is another."""
        uri = value.get("$schema")
        found = draft_of(uri) if isinstance(uri, str) else draft
        if found is None:
            self.findings.report(
                Code.WRONG_SHAPE, child(pointer, "$schema"), f'dialect "{uri}" is not supported',
                detail="Its keywords may mean something else.",
                hint=f"Name the draft that comes nearest: {', '.join(each.uri for each in Draft)}.",
            )  # fmt: skip
        return found

    def _name(self, stated: Sequence[Statement], pointer: str, base: str) -> None:
        """Register the anchors of a schema that is about to be read."""
        for item in stated:
            name = item.value
            if item.keyword not in ("$anchor", "$dynamicAnchor") or not isinstance(name, str):
                continue
            if name == RECURSIVE and self.resources.get(base, "") != pointer:
                continue  # it has a meaning at the root of a resource only
            self.anchors.setdefault((base, name), pointer)
            if item.keyword == "$dynamicAnchor":
                self.dynamic_anchors.setdefault(base, {}).setdefault(name, pointer)

    def _identify(self, stated: Sequence[Statement], pointer: str, base: str) -> str:
        """Register a resource; gives its URI, which is the base of all that it holds."""
        for item in stated:
            if item.keyword != "$id" or not item.known or not isinstance(item.value, str):
                continue
            uri = join(base, item.value.partition("#")[0])
            if len(uri) <= MAX_URI:
                self.resources.setdefault(uri, pointer)
                return uri
            self.findings.report(
                Code.WRONG_SHAPE, item.place, "identifier is too long",
                detail=f"The limit is {MAX_URI} characters, what it is relative to included.",
                hint="Give a shorter identifier, or leave it out.",
            )  # fmt: skip
        return base

    def _keywords(self, stated: Sequence[Statement], base: str, draft: Draft) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for item in stated:
            keyword = VOCABULARY.get(item.keyword) if item.known else None
            if keyword is None:
                continue
            if (problem := keyword.shape(item.value)) is not None:
                refuse_shape(item, problem, draft, self.findings)
            else:
                found = self._value(item, keyword.shape, base, draft)
                if keyword.name in result:
                    refuse_repeated(result[keyword.name], found, item, self.findings)
                    found = {**result[keyword.name], **found}
                result[keyword.name] = found
        return result

    def _value(self, item: Statement, form: shape.Shape, base: str, draft: Draft) -> Any:
        value, place = item.value, item.place
        if form is shape.schema:
            return self.read(value, place, base, draft)
        if form is shape.schemas:
            return tuple(
                self.read(each, child(place, position), base, draft)
                for position, each in enumerate(value)
            )
        if form is shape.schema_members:
            return self._members(value, place, base, draft)
        if value == f"#{RECURSIVE}" and (base, RECURSIVE) not in self.anchors:
            return "#"  # without its anchor, it is a plain reference
        return value

    def _members(
        self, value: Mapping[str, Any], pointer: str, base: str, draft: Draft
    ) -> dict[str, Schema]:
        result = {}
        for name, item in value.items():
            place = child(pointer, name)
            problem = shape.schema(item)
            if problem is None:
                result[name] = self.read(item, place, base, draft)
            else:
                self.findings.report(
                    Code.WRONG_SHAPE, place, f'"{name}" should be {problem}',
                    hint=f"Give {problem}.",
                )  # fmt: skip
        return result

    def _complain(
        self,
        schema: Mapping[str, Any],
        stated: Sequence[Statement],
        pointer: str,
        base: str,
        draft: Draft,
    ) -> None:
        """Report the keywords that are not known, and those that have no effect."""
        warn_of_ignored(schema, pointer, draft, self.findings)
        unknown = [
            item
            for item in stated
            if not (item.known and item.keyword in VOCABULARY)
            and not is_foreign(last_token(item.place))
        ]
        if any(isinstance(item.value, dict | bool) for item in unknown) and self._is_referred(
            [last_token(item.place) for item in unknown], pointer, base
        ):
            unknown = [item for item in unknown if not isinstance(item.value, dict | bool)]
        for item in unknown:
            complain_of_unknown(
                item, draft, self._guesser, self.findings, in_column=is_column(schema, pointer)
            )

    def _is_referred(self, names: Sequence[str], pointer: str, base: str) -> bool:
        """Say whether references lead to members of a schema that are no keywords: definitions."""
        document = pointer.partition("#")[0] + "#" if pointer[:1] not in ("", "/") else ""
        if document not in self._referred:
            self._referred[document] = references(self.roots.get(document))
        inside = pointer.removeprefix(self.resources.get(base, ""))
        return any(child(inside, name) in self._referred[document] for name in names)

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
