"""For each diagnostic that the compiler can give, a document that has this fault and no other.

A document is JSON text or a JSON value; beside it is the pointer that the diagnostic has. Faults
that need more than a document are in `test_diagnostic.py`.
"""

from collections.abc import Mapping
from typing import Any

from bss_compiler.diagnostic import Code
from tests.unit.compiling import UUID, entity, model_document, object_schema

SHARED = {"scope": "shared"}

FAULT_DOCUMENTS: Mapping[Code, tuple[Any, str]] = {
    Code.DOCUMENT_TOO_LARGE: (f'{{"title": "{"x" * 1_048_576}"}}', ""),
    Code.NOT_JSON: ('{"title": "Item",}', ""),
    Code.DUPLICATE_MEMBER: ('{"$defs": {"Item": {}, "Item": {}}}', "/$defs/Item"),
    Code.INVALID_STRING: ('{"title": "nothing\\u0000more"}', "/title"),
    Code.NUMBER_OUT_OF_RANGE: ('{"default": [1, 1e1001]}', "/default/1"),
    Code.TOO_MANY: ("[" * 65, ""),
    Code.WRONG_SHAPE: (
        entity({"price": {"type": "number", "minimum": "0"}}),
        "/properties/price/minimum",
    ),
    Code.UNKNOWN_KEYWORD: (
        entity({"price": {"type": "number", "minimun": 0}}),
        "/properties/price/minimun",
    ),
    Code.NOT_SUPPORTED_YET: (entity({}, **{"x-bss": {"versioned": {}}}), "/x-bss/versioned"),
    Code.NOT_ENFORCEABLE: (
        entity({"parent": {"$ref": "#", "minLength": 1}}),
        "/properties/parent/minLength",
    ),
    Code.NO_ENTITY: ({"type": "object", "properties": {"id": UUID}}, ""),
    Code.UNRESOLVED_REFERENCE: (
        entity({"owner": {"$ref": "#/$defs/Person"}}),
        "/properties/owner/$ref",
    ),
    Code.CIRCULAR_REFERENCE: (
        entity({"self": {"$ref": "#/properties/self"}}),
        "/properties/self/$ref",
    ),
    Code.CONFLICTING_KEYWORDS: (
        entity(
            {"code": {"$ref": "#/$defs/Code", "maxLength": 3}},
            **{"$defs": {"Code": {"type": "string", "maxLength": 4}}},
        ),
        "/properties/code/maxLength",
    ),
    Code.UNSATISFIABLE: (entity({"nothing": False}), "/properties/nothing"),
    Code.INVALID_NAME: (entity({"ö" * 32: {"type": "string"}}), "/properties/" + "ö" * 32),
    Code.NAME_COLLISION: (
        entity({"unitPrice": {"type": "number"}, "unit_price": {"type": "number"}}),
        "/properties/unit_price",
    ),
    Code.RESERVED_NAME: (entity({"ctid": {"type": "string"}}), "/properties/ctid"),
    Code.UNKNOWN_FORMAT: (
        entity({"note": {"type": "string", "format": "markdown"}}),
        "/properties/note/format",
    ),
    Code.UNKNOWN_PROPERTY: (entity({}, required=["name"]), "/required/0"),
    Code.UNKNOWN_ENTITY: (
        entity({"owner": {**UUID, "x-bss": {"references": {"entity": "Person"}}}}),
        "/properties/owner/x-bss/references",
    ),
    Code.WRONG_TYPE: (
        entity({"price": {"type": "number", "x-bss": {"type": "money"}}}),
        "/properties/price/x-bss/type",
    ),
    Code.INVALID_DEFAULT: (
        entity({"size": {"type": "string", "enum": ["S", "M"], "default": "L"}}),
        "/properties/size/default",
    ),
    Code.PATTERN_NOT_TRANSLATABLE: (
        entity({"code": {"type": "string", "pattern": r"(a)\1"}}),
        "/properties/code/pattern",
    ),
    Code.VALUE_OUT_OF_TYPE: (
        entity({"size": {"type": "integer", "enum": [1, "two"]}}),
        "/properties/size/enum/1",
    ),
    Code.PATH_NOT_LOWERED: (
        entity({}, **{"x-bss": {"checks": [{"name": "rule", "path": "$.id ="}]}}),
        "/x-bss/checks/0/path",
    ),
    Code.STILL_THERE: (
        entity({"a": {"type": "string"}, "b": {"type": "string", "x-bss": {"renamedFrom": "a"}}}),
        "/properties/b/x-bss/renamedFrom",
    ),
    Code.CLAIMED_TWICE: (
        entity({name: {"type": "string", "x-bss": {"renamedFrom": "c"}} for name in "ab"}),
        "/properties/b/x-bss/renamedFrom",
    ),
    Code.SHARED_REFERS_TO_TENANT: (
        model_document(
            Maker=object_schema({"maker_id": UUID}),
            Brand=object_schema({"brand_id": UUID, "maker_id": UUID}, **{"x-bss": SHARED}),
        ),
        "/$defs/Brand/properties/maker_id",
    ),
    Code.NOT_ENCRYPTABLE: (
        entity({"a": {"type": "string", "default": "b", "x-bss": {"encrypted": True}}}),
        "/properties/a/x-bss/encrypted",
    ),
    Code.NOT_FOR_SHARED: (
        entity({}, **{"x-bss": {**SHARED, "softDelete": True}}),
        "/x-bss/softDelete",
    ),
    Code.TOO_MANY_COLUMNS: (
        model_document(
            Small=object_schema({"id": UUID}),
            Large=object_schema(
                {"id": UUID, **{f"c{number}": {"type": "boolean"} for number in range(1_500)}}
            ),
        ),
        "/$defs/Large",
    ),
}
