"""Compiling as these tests do it: a document in, its model or its faults out.

A document is JSON text or a JSON value; text where the spelling of a number matters.
"""

import json
from collections.abc import Mapping
from typing import Any

from bss_compiler.boundary import compile_document
from bss_compiler.diagnostic import Diagnostic, Findings
from bss_compiler.document import Limits
from bss_compiler.lowering import Lowered
from bss_compiler.model import Check, Column, Constraint, ForeignKey, Index, Model, Table

Json = dict[str, Any]

UUID = {"type": "string", "format": "uuid"}


def entity(properties: Mapping[str, Any], **keywords: Any) -> Json:
    """An entity document with the title `Item` and the key `id`."""
    all_properties = {"id": UUID, **properties}
    return {"title": "Item", "type": "object", "properties": all_properties, **keywords}


def model_document(**entities: Json) -> Json:
    return {"$defs": entities}


def object_schema(properties: Mapping[str, Any], **keywords: Any) -> Json:
    return {"type": "object", "properties": dict(properties), **keywords}


def compiled(document: Any, **limits: int) -> tuple[Lowered | None, list[Diagnostic]]:
    findings = Findings()
    text = document if isinstance(document, str) else json.dumps(document)
    lowered = compile_document(text, Limits(**limits), findings)
    return lowered, findings.diagnostics


def diagnosed(document: Any, **limits: int) -> list[Diagnostic]:
    return compiled(document, **limits)[1]


def faults(document: Any, **limits: int) -> list[tuple[str, str]]:
    """The code, by name, and the pointer of each diagnostic."""
    return [(item.code.name, item.pointer) for item in diagnosed(document, **limits)]


def lowered(document: Any) -> Lowered:
    result, diagnostics = compiled(document)
    assert diagnostics == []
    assert result is not None
    return result


def model(document: Any) -> Model:
    return lowered(document).model


def table(document: Any, name: str | None = None) -> Table:
    tables = {item.name: item for item in model(document).tables}
    return tables[name] if name is not None else next(iter(tables.values()))


def column(schema: Any, *, required: bool = False) -> Column:
    """The column of an entity's one property, `value`."""
    document = entity({"value": schema}, required=["value"] if required else [])
    return next(item for item in table(document).columns if item.name == "value")


def parts(constraints: tuple[Constraint, ...], kind: type) -> list[Any]:
    return [item for item in constraints if isinstance(item, kind)]


def checks(schema: Any) -> dict[str, str]:
    """The expressions of a property's checks, by what follows `items_value_` in their names."""
    constraints = table(entity({"value": schema})).constraints
    return {
        item.name.removeprefix("items_value_").removesuffix("_check"): item.expression
        for item in parts(constraints, Check)
        if item.name != "items_tenant_id_check"
    }


def predicate(schema: Any) -> str | None:
    """The path that a property's values in jsonb have to match; None where none is asked for."""
    found = checks(schema)
    if not found:
        return None
    before = "((value IS NULL) OR ((value @@ 'strict "
    after = "'::jsonpath) IS TRUE))"
    expression = found["value"]
    assert expression.startswith(before)
    assert expression.endswith(after)
    return expression[len(before) : -len(after)]


def property_faults(schema: Any) -> list[tuple[str, str]]:
    """The faults of an entity's one property, with pointers that begin there."""
    found = faults(entity({"value": schema}))
    return [(code, pointer.removeprefix("/properties/value")) for code, pointer in found]


def foreign_keys(table_: Table) -> dict[str, tuple[str, str, str]]:
    return {
        item.columns[0]: (item.table, item.referenced[0], item.on_delete)
        for item in parts(table_.constraints, ForeignKey)
    }


def indexes(table_: Table) -> dict[str, Index]:
    return {item.name: item for item in table_.indexes}
