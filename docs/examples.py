"""Turns an example of each keyword into what the compiler makes of it.

An example is a property, or keywords on the entity. It is compiled twice, with and without, and
what is shown is the difference. What the compiler refuses is shown with its diagnostic.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bss_compiler.boundary import compile_document, statements
from bss_compiler.diagnostic import Findings
from bss_compiler.document.limits import Limits
from bss_compiler.model import Model

Json = dict[str, Any]

PROPERTIES: Json = {
    "item_id": {"type": "integer"},
    "code": {"type": "string"},
    "price": {"type": "number"},
    "amount": {"type": "number"},
}
DEFINITIONS: Json = {
    "#/$defs/Color": {"enum": ["red", "green"]},
    "#color": {"enum": ["red", "green"], "$anchor": "color"},
    "#shade": {"enum": ["red", "green"], "$dynamicAnchor": "shade"},
}
"""What some examples refer to, by the reference."""

MAKER: Json = {"type": "object", "properties": {"maker_id": {"type": "integer"}}}
"""An entity that one refers to."""


STRING, NUMBER, ARRAY, OBJECT = ({"type": t} for t in ("string", "number", "array", "object"))

ON_PROPERTY: Mapping[str, tuple[Json, ...]] = {
    "$schema": (),
    "$id": ({"$id": "https://example.com/size", "type": "string"},),
    "$anchor": ({"$ref": "#color"},),
    "$defs": ({"$ref": "#/$defs/Color"},),
    "$ref": ({"$ref": "#/$defs/Color"}, {"$ref": "#/$defs/Maker"}),
    "properties": ({**OBJECT, "properties": {"width": NUMBER}},),
    "x-bss": ({**STRING, "x-bss": {"unique": True}},),
    "type": ({"type": ["integer", "null"]}, {"type": ["string", "integer"]}),
    "required": ({**OBJECT, "required": ["width"]},),
    "default": ({**STRING, "default": "new"},),
    "format": ({**STRING, "format": "date-time"}, {**STRING, "format": "hostname"}),
    "contentEncoding": ({**STRING, "contentEncoding": "base64"},),
    "enum": ({"enum": ["small", "large"]}, {**ARRAY, "items": {"enum": [1, "one"]}}),
    "const": ({"const": "fixed"}, {"const": {"a": 1}}),
    "minimum": ({**NUMBER, "minimum": 0}, {**ARRAY, "items": {**NUMBER, "minimum": 0}}),
    "maximum": ({**NUMBER, "maximum": 9.5}, {**ARRAY, "items": {**NUMBER, "maximum": 9.5}}),
    "exclusiveMinimum": ({"type": "integer", "exclusiveMinimum": 0},),
    "exclusiveMaximum": ({**NUMBER, "exclusiveMaximum": 10},),
    "multipleOf": ({**NUMBER, "multipleOf": 0.01}, {**ARRAY, "items": {"multipleOf": 5}}),
    "minLength": ({**STRING, "minLength": 1}, {**ARRAY, "items": {**STRING, "minLength": 1}}),
    "maxLength": ({**STRING, "maxLength": 40}, {**ARRAY, "items": {**STRING, "maxLength": 40}}),
    "pattern": ({**STRING, "pattern": r"^\d{5}$"}, {**ARRAY, "items": {"pattern": "^[a-z]"}}),
    "items": (
        {**ARRAY, "items": STRING},
        {**ARRAY, "items": STRING, "x-bss": {"type": "text[]"}},
    ),
    "minItems": (
        {**ARRAY, "minItems": 1},
        {**ARRAY, "items": STRING, "minItems": 1, "x-bss": {"type": "text[]"}},
    ),
    "maxItems": ({**ARRAY, "maxItems": 9},),
    "additionalProperties": (
        {**OBJECT, "properties": {"a": STRING}, "additionalProperties": False},
        {**OBJECT, "additionalProperties": NUMBER},
    ),
    "$comment": ({**STRING, "$comment": "Ask Ada."},),
    "title": ({**STRING, "title": "Size"},),
    "description": ({**STRING, "description": "As on the label."},),
    "examples": ({**STRING, "examples": ["XL"]},),
    "deprecated": ({**STRING, "deprecated": True},),
    "readOnly": ({**STRING, "readOnly": True},),
    "writeOnly": ({**STRING, "writeOnly": True},),
    "contentMediaType": ({**STRING, "contentMediaType": "text/html"},),
    "contentSchema": ({**STRING, "contentSchema": OBJECT},),
    "$vocabulary": ({"$vocabulary": {}},),
    "$dynamicRef": ({**ARRAY, "items": {"$dynamicRef": "#shade"}},),
    "$dynamicAnchor": ({**ARRAY, "$dynamicAnchor": "list", "items": {"$dynamicRef": "#list"}},),
    "prefixItems": ({**ARRAY, "prefixItems": [STRING, NUMBER]},),
    "contains": ({**ARRAY, "contains": {"const": "main"}},),
    "minContains": ({**ARRAY, "contains": NUMBER, "minContains": 2},),
    "maxContains": ({**ARRAY, "contains": NUMBER, "maxContains": 2},),
    "uniqueItems": (
        {**ARRAY, "uniqueItems": True},
        {**ARRAY, "items": STRING, "uniqueItems": True, "x-bss": {"type": "text[]"}},
    ),
    "patternProperties": ({**OBJECT, "patternProperties": {"^n_": NUMBER}},),
    "propertyNames": ({**OBJECT, "propertyNames": {"maxLength": 9}},),
    "minProperties": ({**OBJECT, "minProperties": 1},),
    "maxProperties": ({**OBJECT, "maxProperties": 9},),
    "dependentRequired": ({**OBJECT, "dependentRequired": {"a": ["b"]}},),
    "dependentSchemas": ({**OBJECT, "dependentSchemas": {"a": {"required": ["b"]}}},),
    "unevaluatedProperties": (
        {"allOf": [{"properties": {"a": STRING}}], "unevaluatedProperties": False},
    ),
    "unevaluatedItems": ({"allOf": [{"prefixItems": [STRING]}], "unevaluatedItems": False},),
    "allOf": ({"allOf": [{"required": ["a"]}, {"maxProperties": 0}]},),
    "anyOf": ({"anyOf": [STRING, {**NUMBER, "minimum": 0}]},),
    "oneOf": ({"oneOf": [{"multipleOf": 3}, {"multipleOf": 5}]},),
    "not": ({"not": {"const": "none"}},),
    "if": ({"if": NUMBER, "then": {"minimum": 0}, "else": STRING},),
    "then": ({"if": NUMBER, "then": {"minimum": 0}},),
    "else": ({"if": NUMBER, "else": STRING},),
}
"""Examples of each keyword as that of the property `size`."""

PRICED = {"properties": {"price": {"minimum": 1}}}
ON_ENTITY: Mapping[str, Json] = {
    "required": {"required": ["price"]},
    "additionalProperties": {"additionalProperties": False},
    "minProperties": {"minProperties": 2},
    "maxProperties": {"maxProperties": 3},
    "dependentRequired": {"dependentRequired": {"price": ["code"]}},
    "dependentSchemas": {"dependentSchemas": {"code": PRICED}},
    "allOf": {"allOf": [PRICED]},
    "anyOf": {"anyOf": [{"required": ["price"]}, {"required": ["amount"]}]},
    "oneOf": {"oneOf": [{"required": ["price"]}, {"required": ["amount"]}]},
    "not": {"not": {"required": ["price", "amount"]}},
    "if": {"if": {"required": ["code"]}, "then": PRICED, "else": {"required": ["amount"]}},
}
"""Examples of a keyword on the entity itself, which speaks of its records."""

_CAPTURES = "CREATE TRIGGER capture_"
_HOLDER = re.compile(r"%%|%1\$I|%2\$L|%3\$I")
_FILLED = {"%%": "%", "%1$I": "tenant_acme", "%2$L": "'…'", "%3$I": "public"}


def lines(keyword: str) -> Iterator[str]:
    """Give the examples of a keyword."""
    for property_ in ON_PROPERTY[keyword]:
        yield from _example("A property", {"size": property_}, {})
    if keyword in ON_ENTITY:
        yield from _example("An entity", {}, ON_ENTITY[keyword])


def _example(subject: str, property_: Json, keywords: Json) -> Iterator[str]:
    shown = property_.get("size", keywords)
    yield from (f"{subject} with `{json.dumps(shown)}`:", "")
    after, findings = _compiled(property_, keywords)
    if after is None:
        fault = next(item for item in findings.diagnostics if item.severity == "error")
        yield from (f"refused, `{fault.code}`: {fault.message}.", "")
        return
    before, _ = _compiled({}, {})
    made = [line for line in after if line not in (before or ())]
    yield from ("```sql", *(made or ["-- nothing"]), "```", "")
    for warning in findings.diagnostics:
        yield from (f"With a warning, `{warning.code}`: {warning.message}.", "")


def _compiled(property_: Json, keywords: Json) -> tuple[list[str] | None, Findings]:
    """Give the lines of the statements for an entity; None if it is refused."""
    entity = {"type": "object", "properties": {**PROPERTIES, **property_}, **keywords}
    named = {
        reference.removeprefix("#").rpartition("/")[2].title(): definition
        for reference, definition in DEFINITIONS.items()
        if f'"{reference}"' in json.dumps(property_)
    }
    document = json.dumps({"$defs": {"Item": entity, "Maker": MAKER, **named}})
    findings = Findings()
    lowered = compile_document(document, Limits(), findings)
    if lowered is None or findings.errors:
        return None, findings
    made = statements(Model(tables=()), lowered.model, findings)
    return [
        line
        for _, statement in made
        # what captures changes follows from the columns, whichever keyword they are of
        if not statement.startswith(_CAPTURES)
        for line in _split(_filled(statement))
    ], findings


def _split(statement: str) -> list[str]:
    """Give the columns and constraints of a table one by one; another statement is one piece."""
    if not statement.startswith("CREATE TABLE"):
        return [f"{statement};"]
    return [line.strip().rstrip(",") for line in statement.split("\n")[1:-1]]


def _filled(template: str) -> str:
    return _HOLDER.sub(lambda match: _FILLED[match[0]], template)
