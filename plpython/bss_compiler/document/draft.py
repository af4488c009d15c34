"""Turns what a schema of an older draft states into keywords of draft 2020-12.

A keyword that means the same is handed on; one that has another name or form is given the new one,
with the place where the document says it. Nothing is moved: a pointer into the document stays one.
Sources: the change logs of JSON Schema Core and Validation, draft-05 to 2020-12.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.pointer import child

RECURSIVE = "$recursiveAnchor"
"""The dynamic anchor that `$recursiveAnchor` is; no document can give one of this name."""

_META_SCHEMA = re.compile(
    r"https?://json-schema\.org/"
    r"(?:draft-0(?P<number>[467])|(?:draft/)?(?P<year>2019-09|2020-12))/schema#?",
    re.ASCII,
)


class Draft(IntEnum):
    """A draft of JSON Schema; a later one is greater."""

    DRAFT_04 = 4
    DRAFT_06 = 6
    DRAFT_07 = 7
    DRAFT_2019_09 = 2019
    DRAFT_2020_12 = 2020

    @property
    def label(self) -> str:
        """Give the name by which people call the draft."""
        return _LABELS[self]

    @property
    def uri(self) -> str:
        """Give the URI of the draft's meta-schema, which `$schema` names."""
        if self <= Draft.DRAFT_07:
            return f"http://json-schema.org/{self.label}/schema#"
        return f"https://json-schema.org/draft/{self.label}/schema"


_04, _06, _07, _2019, _2020 = Draft
_LABELS = {
    _04: "draft-04", _06: "draft-06", _07: "draft-07", _2019: "2019-09", _2020: "2020-12",
}  # fmt: skip
LATEST = _2020
"""What a document is that does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A keyword of draft 2020-12, its value, and the pointer to where the document says so."""

    keyword: str
    value: Any
    place: str
    known: bool = True
    """False for a keyword that came with a later draft."""


Rule = Callable[[Mapping[str, Any]], Iterator[tuple[str, Any, str]]]
"""Says what a schema states by one keyword: new keyword, value, and the keyword it is said by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A keyword that has become another, in the drafts from `first` to `last`."""

    keyword: str
    first: Draft = Draft.DRAFT_04
    last: Draft
    becomes: str
    rule: Rule


def draft_of(uri: str) -> Draft | None:
    """Give the draft of which this is the meta-schema, in any of the spellings in use."""
    match = _META_SCHEMA.fullmatch(uri)
    if match is None:
        return None
    return Draft(int(match["number"] or match["year"][:4]))


def statements(schema: Mapping[str, Any], pointer: str, draft: Draft) -> list[Statement]:
    """Give what a schema states; an unknown keyword is handed on as it is."""
    rules = _RULES[draft]
    left_out = ignored(schema, draft)
    found: list[Statement] = []
    for name, value in schema.items():
        if name in left_out:
            continue
        if name not in rules:
            known = SINCE.get(name, draft) <= draft
            place = child(pointer, name)
            found.append(Statement(keyword=name, value=value, place=place, known=known))
            continue
        for keyword, new, source in rules[name](schema):
            found.append(Statement(keyword=keyword, value=new, place=child(pointer, source)))
    return found


def ignored(schema: Mapping[str, Any], draft: Draft) -> frozenset[str]:
    """Give the keywords that a draft ignores because they stand beside a `$ref`."""
    if draft > Draft.DRAFT_07 or not isinstance(schema.get("$ref"), str):
        return frozenset()
    return frozenset(schema) - _BESIDE_REFERENCE


def older_form(keyword: str, value: object, draft: Draft) -> str | None:
    """Say what to write for a keyword, or a form of one, that only older drafts have."""
    form = _OLDER_FORMS.get(keyword)
    for rewrite in REWRITES if form is not None and isinstance(value, form) else ():
        if rewrite.keyword == keyword and rewrite.last < draft:
            return (
                f"Up to {rewrite.last.label} it was written so: write {rewrite.becomes}, or name "
                'the draft that the document is written for in "$schema".'
            )
    return None


def _renamed(old: str, new: str) -> Rule:
    def rule(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        yield new, schema[old], old

    return rule


def _identifier(keyword: str) -> Rule:
    def rule(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        value = schema[keyword]
        if isinstance(value, str) and value.startswith("#") and len(value) > 1:
            yield "$anchor", value[1:], keyword
        else:
            yield "$id", value, keyword

    return rule


def _bound(bound: str, exclusive: str) -> Rule:
    def rule(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        keyword = exclusive if schema.get(exclusive) is True else bound
        yield keyword, schema[bound], bound

    return rule


def _exclusive(keyword: str) -> Rule:
    def rule(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
        if not isinstance(schema[keyword], bool):
            yield keyword, schema[keyword], keyword

    return rule


def _dependencies(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    value = schema["dependencies"]
    members = value.items() if isinstance(value, dict) else ()
    names = {name: item for name, item in members if isinstance(item, list)}
    if names:
        yield "dependentRequired", names, "dependencies"
    if not names or len(names) < len(value):
        schemas = {name: item for name, item in members if name not in names}
        yield "dependentSchemas", schemas if isinstance(value, dict) else value, "dependencies"


def _items(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    value = schema["items"]
    if value != []:
        yield "prefixItems" if isinstance(value, list) else "items", value, "items"


def _additional_items(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    if isinstance(schema.get("items"), list):
        yield "items", schema["additionalItems"], "additionalItems"


def _recursive_anchor(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    if schema[RECURSIVE] is not False:
        yield "$dynamicAnchor", RECURSIVE, RECURSIVE


def _recursive_reference(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    value = schema["$recursiveRef"]
    yield "$dynamicRef", f"#{RECURSIVE}" if value == "#" else value, "$recursiveRef"


REWRITES: tuple[Rewrite, ...] = (
    Rewrite(keyword="id", last=_04, becomes="$id", rule=_identifier("id")),
    Rewrite(
        keyword="$id", first=_06, last=_07, becomes="$anchor for a fragment",
        rule=_identifier("$id"),
    ),
    Rewrite(
        keyword="definitions", last=_2020, becomes="$defs", rule=_renamed("definitions", "$defs")
    ),
    Rewrite(
        keyword="minimum", last=_04, becomes="exclusiveMinimum beside a true one",
        rule=_bound("minimum", "exclusiveMinimum"),
    ),
    Rewrite(
        keyword="exclusiveMinimum", last=_04, becomes="the bound itself as exclusiveMinimum",
        rule=_exclusive("exclusiveMinimum"),
    ),
    Rewrite(
        keyword="maximum", last=_04, becomes="exclusiveMaximum beside a true one",
        rule=_bound("maximum", "exclusiveMaximum"),
    ),
    Rewrite(
        keyword="exclusiveMaximum", last=_04, becomes="the bound itself as exclusiveMaximum",
        rule=_exclusive("exclusiveMaximum"),
    ),
    Rewrite(
        keyword="items", last=_2019, becomes="prefixItems for an array of schemas", rule=_items
    ),
    Rewrite(
        keyword="additionalItems", last=_2019, becomes="items beside prefixItems",
        rule=_additional_items,
    ),
    Rewrite(
        keyword="dependencies", last=_2020, becomes="dependentRequired and dependentSchemas",
        rule=_dependencies,
    ),
    Rewrite(
        keyword="$recursiveRef", first=_2019, last=_2019, becomes="$dynamicRef",
        rule=_recursive_reference,
    ),
    Rewrite(
        keyword=RECURSIVE, first=_2019, last=_2019, becomes="$dynamicAnchor",
        rule=_recursive_anchor,
    ),
)  # fmt: skip

SINCE: Mapping[str, Draft] = {
    **dict.fromkeys(("$id", "const", "contains", "propertyNames"), _06),
    **dict.fromkeys(("if", "then", "else", "contentEncoding"), _07),
    **dict.fromkeys(
        ("$anchor", "$vocabulary", "contentSchema", "dependentRequired", "dependentSchemas",
         "minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties"), _2019,
    ),
    **dict.fromkeys(("$dynamicRef", "$dynamicAnchor", "prefixItems"), _2020),
}  # fmt: skip
"""The keywords that not every draft has. `$defs` and annotations are taken in each."""

_BESIDE_REFERENCE = ANNOTATIONS | {
    "$ref", "$schema", "$defs", "definitions", "default", "x-bss",
}  # fmt: skip


_OLDER_FORMS: Mapping[str, type] = {
    **dict.fromkeys(("id", "additionalItems", "$recursiveRef", RECURSIVE), object),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), bool),
    "items": list,
}
"""The keywords that are no longer known, and those of which a value has become another."""

_RULES: Mapping[Draft, Mapping[str, Rule]] = {
    draft: {item.keyword: item.rule for item in REWRITES if item.first <= draft <= item.last}
    for draft in Draft
}
