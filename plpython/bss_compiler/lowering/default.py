"""Turns `default` into the default of a column.

A default that the property's own schema refuses would make every insert that leaves the column out
fail, so it is validated here, by python-jsonschema. Patterns are left to the server: see `probe`.
"""

from decimal import Decimal
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Schema
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.constant import NotOfTypeError, constant
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.type import ColumnType

_LEFT_OUT = frozenset({"pattern", "format", "x-bss", "$id", "$schema", "$defs", "default"})


def default_expression(
    facets: Facets, type_: ColumnType, document: Document, findings: Findings
) -> str | None:
    """Give the default of the column, or None; reports one that does not fit."""
    value = facets.get("default")
    if value is None:
        if "default" in facets.keywords and not facets.nullable:
            _report(facets, "null is not among the types of the property", findings)
        return None
    try:
        expression = constant(value, type_)
    except NotOfTypeError as reason:
        _report(facets, str(reason), findings)
        return None
    if findings:
        return expression  # a schema that has faults is not one to validate with
    fault = _first_fault(value, facets, document)
    if fault is not None:
        _report(facets, fault, findings)
    return expression


def _report(facets: Facets, reason: str, findings: Findings) -> None:
    findings.report(
        Code.INVALID_DEFAULT, facets.pointer_to("default"),
        "default does not satisfy its own property",
        detail=f"As a value of the property, {reason}.",
        hint="Correct the default, or what the property requires.",
    )  # fmt: skip


def _first_fault(value: Any, facets: Facets, document: Document) -> str | None:
    if not (facets.keywords.keys() - _LEFT_OUT - {"type", "title", "description"}):
        return None  # the constant has just been read as its type
    # imported on use: it takes longer than everything else that the compiler imports
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(_plain(dict(facets.keywords), document, 0))
    error = next(iter(validator.iter_errors(_plain(value, document, 0))), None)
    return None if error is None else f'keyword "{error.validator}" refuses it'


def _plain(value: Any, document: Document, depth: int) -> Any:
    """Give JSON values of schemas, references followed and patterns left out."""
    match value:
        case Schema() if NEVER in value.keywords:
            return False
        case Schema():
            return _plain_schema(value, document, depth)
        case dict():
            return {
                name: _plain(item, document, depth)
                for name, item in value.items()
                if depth or name not in _LEFT_OUT
            }
        case list() | tuple():
            return [_plain(item, document, depth) for item in value]
        case Decimal() if value == value // 1:
            return int(value)
    return value


def _plain_schema(schema: Schema, document: Document, depth: int) -> Any:
    plain = {
        name: _plain(item, document, depth + 1)
        for name, item in schema.keywords.items()
        if name not in _LEFT_OUT and name != "$ref"
    }
    if "$ref" in schema.keywords:
        target = document.reader.resolve(schema)
        plain["allOf"] = [_plain(target, document, depth + 1)]
    return plain
