"""Turns `default` into the default of a column.

A default that the property's own schema refuses would make every insert that leaves the column out
fail, so it is validated here, by python-jsonschema. Patterns are left to the server: see `probe`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Schema
from bss_compiler.document.budget import Work, characters, values
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.constant import NotOfTypeError, constant
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.type import ColumnType

_LEFT_OUT = ANNOTATIONS | {
    "pattern", "format", "x-bss", "$id", "$schema", "$defs", "$ref", "default", "$anchor",
    "$dynamicAnchor", "$dynamicRef",
}  # fmt: skip
_OF_SERVER = frozenset({"pattern", "patternProperties", "format", "$dynamicRef"})
"""What python-jsonschema cannot, or must not, decide inside a value."""
_APPLIED = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else"})


def default_expression(
    facets: Facets, type_: ColumnType, *, document: Document, is_sound: bool, findings: Findings
) -> str | None:
    """Give the default of the column, or None; reports one that does not fit.

    Where the schema is not sound, the value is read as one of the type and not validated further.
    """
    value = facets.get("default")
    if value is None:
        if "default" in facets.keywords and not facets.nullable:
            _report(facets, "null is not among the types of the property", findings)
        return None
    place = facets.pointer_to("default")
    if not document.budget.grants(Work.TEXT, characters(value), place):
        return None
    try:
        expression = constant(value, type_)
    except NotOfTypeError as reason:
        _report(facets, str(reason), findings)
        return None
    fault = _first_fault(value, facets, type_, document, findings) if is_sound else None
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


def _first_fault(
    value: Any, facets: Facets, type_: ColumnType, document: Document, findings: Findings
) -> str | None:
    if type_.json != "json" and not (facets.keywords.keys() - _LEFT_OUT - {"type"}):
        return None  # the constant has just been read as its type
    plain = _Plain(document=document)
    schema = plain.keywords(facets.keywords)
    effort = values(value) * (values(schema) + plain.is_quadratic * values(value))
    if not document.budget.grants(Work.DEFAULTS, effort, facets.pointer_to("default")):
        return None
    undecided = plain.of_server
    if type_.json != "json" and not type_.is_sql_array:
        # what stands beside the type is asked of the server; what is applied to it could be negated
        inside = _Plain(document=document)
        inside.keywords({name: facets.get(name) for name in _APPLIED & facets.keywords.keys()})
        undecided = inside.of_server
    if undecided:
        names = ", ".join(sorted(undecided))
        findings.report(
            Code.NOT_ENFORCEABLE, facets.pointer_to("default"),
            f"default of a value cannot be proven with {names} inside",
            detail="Whether the default satisfies them is not known before the server has tried.",
            hint="Leave the default out, or write the value with every row.",
        )  # fmt: skip
        return None
    # imported on use: it takes longer than everything else that the compiler imports
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema)
    error = next(iter(validator.iter_errors(plain.value(value))), None)
    return None if error is None else f'keyword "{error.validator}" refuses it'


@dataclass(slots=True, kw_only=True)
class _Plain:
    """Gives JSON values of schemas, references followed and patterns left out."""

    document: Document
    of_server: set[str] = field(default_factory=set)
    """The keywords met that the server has to decide."""
    is_quadratic: bool = False
    """Whether elements are compared with each other."""
    path: list[str] = field(default_factory=list)

    def value(self, value: Any) -> Any:
        match value:
            case Schema() if NEVER in value.keywords:
                return False
            case Schema():
                plain = self.keywords(value.keywords)
                if "$ref" in value.keywords:
                    plain["allOf"] = [*plain.get("allOf", ()), self._target(value)]
                return plain
            case dict():
                return {name: self.value(item) for name, item in value.items()}
            case list() | tuple():
                return [self.value(item) for item in value]
            case Decimal() if value == value // 1:
                return int(value)
        return value

    def keywords(self, keywords: Mapping[str, Any]) -> dict[str, Any]:
        self.of_server.update(_OF_SERVER & keywords.keys())
        self.is_quadratic |= keywords.get("uniqueItems") is True
        left_out = _LEFT_OUT if "if" in keywords else _LEFT_OUT | {"then", "else"}
        return {name: self.value(item) for name, item in keywords.items() if name not in left_out}

    def _target(self, schema: Schema) -> Any:
        target = self.document.reader.resolve(schema)
        if target is None:
            return True
        if target.pointer in self.path:
            self.of_server.add("a $ref to itself")
            return True
        self.path.append(target.pointer)
        try:
            return self.value(target)
        finally:
            self.path.pop()
