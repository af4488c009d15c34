"""Turns the compiler's vocabulary into the page of keywords, by asking the compiler.

Where a keyword holds is not written down here: each is tried on a property of every kind, and the
compiler accepts it or does not. What it means is, in a sentence each.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bss_compiler.boundary import compile_document
from bss_compiler.diagnostic import Findings
from bss_compiler.document.draft import REWRITES, SINCE, Draft
from bss_compiler.document.extension import (
    CHECK_KEYS,
    COMPOSITE_KEYS,
    EMBEDDING_KEYS,
    ENTITY_KEYS,
    INDEX_COLUMN_KEYS,
    INDEX_KEYS,
    NOT_YET,
    PARTITION_KEYS,
    PROPERTY_KEYS,
    REFERENCES_KEYS,
    SEARCH_KEYS,
    UNIQUE_KEYS,
)
from bss_compiler.document.keyword import FOREIGN_ANNOTATIONS, VOCABULARY, Outcome
from bss_compiler.document.limits import Limits
from bss_compiler.lowering.format import VALUE_FORMATS, function_of
from bss_compiler.lowering.type import STRING_FORMATS, TEXT_FORMATS
from docs import examples

PLACES: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "string": ({"type": "string"},),
    "integer": ({"type": "integer"},),
    "number": ({"type": "number"},),
    "boolean": ({"type": "boolean"},),
    "array": ({"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}},),
    "jsonb": ({"type": "object"}, {"type": "array"}, {}),
}
"""Properties of each kind."""

APPLIED: tuple[Any, ...] = (
    {"required": ["value"]},
    *({"const": value} for value in ("a", 1, True, {})),
)
"""Schemas to apply to a record, and to a value of each kind."""

SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "required": (["value"],),
    "default": ("a", 1, True, {}, []),
    "format": ("email", "int32", "double"),
    "contentEncoding": ("base64",),
    "enum": (["a"], [1], [True], [["a"]], [{"value": 1}]),
    "const": ("a", 1, True, ["a"], {"value": 1}),
    "multipleOf": (2,),
    "items": ({"type": "string"},),
    "additionalProperties": (False, {"type": "string"}),
    "pattern": ("^a",),
    "$dynamicRef": ("#/$defs/Value", "#/$defs/Any"),
    "$dynamicAnchor": ("value",),
    "uniqueItems": (True,),
    "prefixItems": ([{"type": "string"}],),
    **dict.fromkeys(("allOf", "anyOf", "oneOf"), tuple([schema] for schema in APPLIED)),
    **dict.fromkeys(
        ("contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems"),
        (False, {"type": "string"}),
    ),
    **dict.fromkeys(("not", "if", "then", "else"), APPLIED),
    "patternProperties": ({"^v": True}, {"a": {"type": "string"}}),
    "dependentSchemas": ({"value": {}}, {"a": {"type": "string"}}),
    "dependentRequired": ({"value": ["value"]}, {"a": ["b"]}),
}
BESIDE: Mapping[str, Mapping[str, Any]] = {
    "if": {"then": {}},
    "then": {"if": {}},
    "else": {"if": {}},
}
"""What a keyword says nothing without."""
COUNT = (1,)

MEANINGS: Mapping[str, str] = {
    "$schema": "Names the draft that the document is written for: 2020-12 if it does not say.",
    "$id": "Names the document; references resolve against it.",
    "$anchor": "Names a schema of the document, for references.",
    "$defs": "Holds entities and value types.",
    "$ref": "Takes over a schema of the document; one to an entity becomes a foreign key.",
    "properties": "Become the columns of an entity, and the members of a value.",
    "x-bss": "Says what JSON Schema has no words for; its keys are below.",
    "type": "Chooses the type of the column; with `null`, the column may be null.",
    "required": "Makes columns NOT NULL, unless `null` is among their types; in a value, a check.",
    "default": "Becomes the default of the column; it has to satisfy the property.",
    "format": "Chooses the type of the column, or adds a check to text.",
    "contentEncoding": "With `base64`, makes the column `bytea`; anywhere else, an annotation.",
    "enum": "Lists the values that are accepted.",
    "const": "Gives the one value that is accepted.",
    "minimum": "Bounds a number from below.",
    "maximum": "Bounds a number from above.",
    "exclusiveMinimum": "Bounds a number from below, the bound itself excluded.",
    "exclusiveMaximum": "Bounds a number from above, the bound itself excluded.",
    "multipleOf": "Accepts multiples of a number.",
    "minLength": "Bounds the characters of a string from below.",
    "maxLength": "Bounds the characters of a string from above.",
    "pattern": "Is translated from ECMA-262 to the server's regular expressions.",
    "items": "Describes every element of an array.",
    "minItems": "Bounds the elements of an array from below.",
    "maxItems": "Bounds the elements of an array from above.",
    "additionalProperties": "Describes, or forbids, the members that `properties` does not name.",
    "$dynamicRef": "Takes over the schema with the `$dynamicAnchor` that was met first.",
    "$dynamicAnchor": "Names a schema of the document, for dynamic references.",
    "prefixItems": "Describes the first elements of an array, one by one.",
    "contains": "Describes an element that an array has to have.",
    "minContains": "Bounds the elements that `contains` describes from below.",
    "maxContains": "Bounds the elements that `contains` describes from above.",
    "uniqueItems": "Demands of an array that no two of its elements are equal.",
    "patternProperties": "Describes the members with names that match a pattern.",
    "propertyNames": "Describes the names of all members.",
    "minProperties": "Bounds the members of an object from below.",
    "maxProperties": "Bounds the members of an object from above.",
    "dependentRequired": "Requires members where another one is there.",
    "dependentSchemas": "Describes an object where a member is there.",
    "unevaluatedProperties": "Describes, or forbids, the members that no other keyword describes.",
    "unevaluatedItems": "Describes, or forbids, the elements that no other keyword describes.",
    "allOf": "Applies all of some schemas.",
    "anyOf": "Applies some schemas, of which one has to hold or more.",
    "oneOf": "Applies some schemas, of which exactly one has to hold.",
    "not": "Applies a schema that must not hold.",
    "if": "Applies a schema that decides between `then` and `else`.",
    "then": "Applies a schema where that of `if` holds.",
    "else": "Applies a schema where that of `if` does not hold.",
    "$comment": "Is a note of the author.",
    "title": "Names an entity document; becomes the comment of a table or column.",
    "description": "Becomes the comment of a table or column, before the title.",
    "examples": "Shows values.",
    "deprecated": "Says that something should not be used any more.",
    "readOnly": "Says that a client does not write it.",
    "writeOnly": "Says that a client does not read it.",
    "contentMediaType": "Says what a string contains.",
    "contentSchema": "Describes what a string contains.",
    "$vocabulary": "Says of a meta-schema which keywords it has; of a value, nothing.",
}

REFUSED = (
    "", "## What cannot be enforced", "",
    "Every keyword is understood. Where one could not be enforced, it is refused (`SB018`), and "
    "will be:", "",
    "| what | because | instead |",
    "| --- | --- | --- |",
    "| a keyword beside a `$ref` to an entity | It is about the other record, of which the column "
    "has the key alone. | Say it of the entity itself. |",
    "| a keyword about the elements of a `vector(n)` | They are numbers of another kind than those "
    "of JSON, rounded to 24 bits. | Leave out the `x-bss` type: in `jsonb`, they are checked. |",
    "| a `default` of a value with a pattern or a format inside, or with a `$ref` to itself | "
    "Only the server could tell whether it is valid, and is not asked before the column is there. "
    "| Leave the default out. |",
    "| a condition of an index on what takes a function to decide | Functions of checks are "
    "dropped with the last check that calls them. | Make what is inside the value a property. |",
    "", "## Contents", "",
    "`contentEncoding`, `contentMediaType` and `contentSchema` are annotations in draft 2020-12, "
    "and so they are here: no text is decoded to see what is in it. One makes a column: a property "
    "of type `string` with `contentEncoding: base64` is `bytea`, and holds what base64 decodes to. "
    "Inside a `jsonb` value, in the branches of a record, and with another encoding than base64, "
    "the text is kept as it is.",
)  # fmt: skip
"""The part about what is refused, and about contents."""

KEYS: Mapping[str, Mapping[str, object]] = {
    "of an entity": ENTITY_KEYS,
    "of a property": PROPERTY_KEYS,
    "in `unique`": UNIQUE_KEYS,
    "in `indexes`": INDEX_KEYS,
    "in `columns` of `indexes`": INDEX_COLUMN_KEYS,
    "in `references` of a property": REFERENCES_KEYS,
    "in `references` of an entity": COMPOSITE_KEYS,
    "in `checks`": CHECK_KEYS,
    "in `search`": SEARCH_KEYS,
    "in `embedding`": EMBEDDING_KEYS,
    "in `partitionBy`": PARTITION_KEYS,
}


def page() -> str:
    """Give the page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield from (
        "# Keywords", "",
        "What becomes of each keyword of JSON Schema 2020-12 in this release, with examples at the "
        "end. The page is made from the compiler. How it decides the public test suite is on the "
        "page of [conformance](conformance.md).", "",
        "A *column* keyword makes the column what it is. A *constraint* becomes a check, a key or "
        "NOT NULL, which the server enforces. An *annotation* constrains nothing. A *structure* "
        "keyword holds the document together. A *check of a value* is one inside a `jsonb` column: "
        "SQL/JSON paths, and functions in `bss_checks` for what no path can decide. A *check of "
        "records and values* is also one on the table, if it stands on an entity, and on the "
        "column, if what it applies is about a column's value. Everything else is refused, and "
        "nothing is ignored.",
        "",
        "Where: `string`, `integer`, `number`, `boolean` are properties with a column of that "
        "type; `array` is one that `x-bss.type` makes an SQL array; `jsonb` is every other array, "
        "every object, and whatever has several types or none.", "",
        "| keyword | becomes | where | meaning |",
        "| --- | --- | --- | --- |",
    )  # fmt: skip
    if VOCABULARY.keys() != MEANINGS.keys():
        others = sorted(VOCABULARY.keys() ^ MEANINGS.keys())
        raise ValueError(f"keywords and meanings differ: {others}")
    for name, item in VOCABULARY.items():
        yield f"| `{name}` | {item.outcome} | {_where(name, item.outcome)} | {MEANINGS[name]} |"
    yield from REFUSED
    yield from _formats()
    yield from _keys()
    yield from _drafts()
    yield from _examples()


def _examples() -> Iterator[str]:
    yield from (
        "",
        "## Examples",
        "",
        "What the compiler makes of a property `size`, or of an entity.",
    )
    for name in VOCABULARY:
        shown = list(examples.lines(name))
        if shown:
            yield from ("", f"### `{name}`", "", *shown[:-1])


def _formats() -> Iterator[str]:
    yield from ("", "## Formats", "", "| format | column |", "| --- | --- |")
    for name, type_ in STRING_FORMATS.items():
        check = (
            ", with a check that it is one address of the family" if name.startswith("ipv") else ""
        )
        yield f"| `{name}` | `{type_}`{check} |"
    for name in sorted(TEXT_FORMATS):
        function = function_of(name)
        by = f" by `bss_checks.{function}(text)`" if function else ""
        yield f"| `{name}` | `text`, with a check{by} |"
    for name, type_ in (("int32", "integer"), ("int64", "bigint")):
        yield f"| `{name}` (of an integer) | `{type_}` |"
    for name, type_ in (("float", "real"), ("double", "double precision")):
        yield f"| `{name}` (of a number) | `{type_}` |"
    inside = VALUE_FORMATS.keys() - STRING_FORMATS.keys() - TEXT_FORMATS
    if inside:
        raise ValueError(f"formats that no column has: {sorted(inside)}")
    yield from (
        "", "Inside a `jsonb` value, each format of a string is checked by its grammar, and each "
        "of a number by its range.",
    )  # fmt: skip


def _keys() -> Iterator[str]:
    yield from ("", "## Keys of `x-bss`", "", "| where | keys |", "| --- | --- |")
    for where, keys in KEYS.items():
        yield f"| {where} | {', '.join(f'`{name}`' for name in keys)} |"
    later = ", ".join(f"`{name}`" for name in sorted(NOT_YET))
    yield from ("", f"Not supported yet: {later}.")


def _drafts() -> Iterator[str]:
    yield from (
        "", "## Older drafts", "",
        "A document, or a schema that is put whole into another one, may be written for an older "
        "draft and say so in `$schema`: " + ", ".join(f"`{draft.uri}`" for draft in Draft) + ". A "
        "keyword that has another name or form there is read as that of draft 2020-12:", "",
        "| keyword | drafts | is read as |", "| --- | --- | --- |",
    )  # fmt: skip
    for item in REWRITES:
        drafts = " to ".join(dict.fromkeys((item.first.label, item.last.label)))
        yield f"| `{item.keyword}` | {drafts} | {_as_code(item.becomes)} |"
    later: dict[Draft, list[str]] = {}
    for name, draft in SINCE.items():
        later.setdefault(draft, []).append(name)
    yield from (
        "", "Up to draft-07, what stands beside a `$ref` is ignored, with a warning, except for "
        "definitions and annotations. A keyword that came with a later draft than the one named is "
        "refused (`SB011`):", "",
        "| keywords | since |", "| --- | --- |",
    )  # fmt: skip
    for draft, names in later.items():
        yield f"| {', '.join(f'`{name}`' for name in names)} | {draft.label} |"
    yield from (
        "", "## Keywords that are not known", "",
        "A keyword that begins with `x-`, other than `x-bss`, is an annotation. So are those that "
        "OpenAPI 3.1 and Visual Studio Code define: "
        + ", ".join(f"`{name}`" for name in sorted(FOREIGN_ANNOTATIONS)) + ". Any other is refused "
        "on an entity and on a property that becomes a column. Inside a value it is refused if it "
        "is like a keyword, as `maxLenght` is; else it is warned of (`SB011`) and constrains "
        "nothing, as JSON Schema has it. Where references lead into it, it holds definitions.",
    )  # fmt: skip


def _as_code(words: str) -> str:
    return " ".join(f"`{word}`" if word in VOCABULARY else word for word in words.split())


def _where(name: str, outcome: Outcome) -> str:
    if outcome is Outcome.ANNOTATION:
        return "anywhere"
    if outcome is Outcome.STRUCTURE:
        of_documents = ("$schema", "$id", "$anchor", "$dynamicAnchor", "$defs")
        return "document" if name in of_documents else "entity, property"
    if name == "type":
        return "entity, every type"
    held = any(_faults({}, each) == (0, 0) for each in _samples(name))
    places = ["entity"] if held else []
    places += [place for place in PLACES if _holds(name, place)]
    return ", ".join(places)


def _holds(name: str, place: str) -> bool:
    """Try the keyword on a property of a kind: with some value, the compiler has no objection."""
    return any(
        _faults({**property_, **keywords}, {}) == (0, 0)
        for property_ in PLACES[place]
        for keywords in _samples(name)
    )


def _samples(name: str) -> list[dict[str, Any]]:
    return [{**BESIDE.get(name, {}), name: value} for value in SAMPLES.get(name, COUNT)]


def _faults(property_: Mapping[str, Any], on_entity: Mapping[str, Any]) -> tuple[int, int]:
    """Give the numbers of errors and of warnings."""
    document = {"title": "Item", "type": "object", "properties": {"value": property_}}
    document |= {"$defs": {"Value": {"type": "string"}, "Any": {}}, **on_entity}
    findings = Findings()
    compile_document(json.dumps(document), Limits(), findings)
    return findings.errors, len(findings.diagnostics) - findings.errors
