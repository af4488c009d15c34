"""Turns the field of an outline into a column with its checks."""

from dataclasses import dataclass

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document
from bss_compiler.document.budget import Budget, Work, characters
from bss_compiler.document.keyword import ANNOTATIONS, VOCABULARY, Outcome
from bss_compiler.document.limits import Limits
from bss_compiler.lowering.comment import comment
from bss_compiler.lowering.constraint import ITEM_COUNTS, OF_TYPE, ConstraintLowering
from bss_compiler.lowering.default import default_expression
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.outline import Field
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.record import NO_JSON, VALUE_APPLICATORS, Writer, column_checks
from bss_compiler.lowering.type import ColumnType
from bss_compiler.lowering.value import ValueCheck, compile_value
from bss_compiler.lowering.value.unit import Scope, Units
from bss_compiler.model import Check, Column, Function
from bss_compiler.naming import object_name

_ANY_TYPE = ANNOTATIONS | VALUE_APPLICATORS | {
    "type", "default", "x-bss", "enum", "const", "$dynamicAnchor",
}  # fmt: skip
_OF_VALUES = {"const", "enum"} | {
    name
    for name, keyword in VOCABULARY.items()
    if keyword.outcome in (Outcome.VALUE, Outcome.RECORD)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredColumn:
    """A column with its checks, what they call, and what to ask the server about it."""

    column: Column
    checks: tuple[Check, ...]
    functions: tuple[Function, ...]
    probes: tuple[Probe, ...]


def lower_column(
    field: Field,
    type_: ColumnType,
    *,
    table: str,
    in_key: bool,
    generated: str | None = None,
    scope: Scope,
    document: Document,
    limits: Limits,
    findings: Findings,
) -> LoweredColumn:
    """Give the column of a field, with all that goes with it.

    `scope` is that of the entity: where a `$dynamicRef` leads.
    """
    facets = field.facets
    checks: list[Check] = []
    probes: list[Probe] = []
    value: ValueCheck | None = None
    inner: tuple[Probe, ...] = ()
    default = None
    if facets is not None and facets.entity is None and not field.is_untyped():
        before = findings.errors
        is_value = _is_value(facets, type_)
        if is_value and not field.in_branches:
            value = _value_check(field, facets, type_, scope, document, limits, findings)
            if value is not None:
                name = object_name(table, field.column, "value", suffix="check")
                checks.append(Check(name=name, expression=value.expression, pointer=facets.pointer))
        if type_.json != "json":
            _check_keywords(facets, type_, findings)
            lowering = ConstraintLowering(
                table=table,
                column=field.column,
                type_=type_,
                limits=limits,
                budget=document.budget,
                findings=findings,
            )
            lowering.lower(facets)
            checks += lowering.checks
            probes += lowering.probes
        if not is_value:
            writer = Writer(
                document=document,
                units=Units(reader=document.reader),
                limits=limits,
                findings=findings,
                options_read=facets.chain,
                scope=scope,
            )
            checks += column_checks(writer, facets, table=table, column=field.column, type_=type_)
            inner = tuple(writer.probes.values())
        # a schema that has faults is not one to validate with
        is_sound = findings.errors == before
        default = default_expression(
            facets, type_, document=document, is_sound=is_sound, findings=findings
        )
        probes = [_with_default(probe, facets) for probe in probes]
        probes += value.probes if value is not None else inner
    is_given = _refers(field) or "generated" in field.options
    if default is None and in_key and type_.sql == "uuid" and not is_given:
        default = "gen_random_uuid()"
    column = Column(
        name=field.column,
        type=type_.sql,
        nullable=field.nullable(in_key=in_key),
        default=default,
        generated=generated,
        comment=_comment(facets, document.budget) if facets else None,
        property=field.property,
        renamed_from=field.options.get("renamedFrom"),
        pointer=field.pointer,
    )
    return LoweredColumn(
        column=column,
        checks=tuple(checks),
        functions=value.functions if value is not None else (),
        probes=tuple(probes),
    )


def _comment(facets: Facets, budget: Budget) -> str | None:
    size = sum(characters(facets.get(name)) for name in ("title", "description"))
    return comment(facets.keywords) if budget.grants(Work.TEXT, size, facets.pointer) else None


def _refers(field: Field) -> bool:
    return (field.facets is not None and field.facets.entity is not None) or isinstance(
        field.options.get("references"), dict
    )


def _with_default(probe: Probe, facets: Facets) -> Probe:
    value = facets.get("default")
    if not isinstance(value, str):
        return probe
    return Probe(
        pointer=probe.pointer,
        pattern=probe.pattern,
        value=value,
        value_pointer=facets.pointer_to("default"),
    )


def _is_value(facets: Facets, type_: ColumnType) -> bool:
    """Say whether the column is checked as JSON: an SQL array is, if much is said of it."""
    if not type_.is_sql_array:
        return type_.json == "json"
    items = facets.get("items")
    inner = items.keywords.keys() - ANNOTATIONS - {"type"} if items is not None else set()
    return bool(inner or facets.keywords.keys() & _OF_VALUES)


def _check_keywords(facets: Facets, type_: ColumnType, findings: Findings) -> None:
    for name in facets.keywords:
        if name in _ANY_TYPE or name in OF_TYPE[type_.json]:
            continue
        if type_.json == "array" and name in _OF_VALUES:
            continue
        findings.warn(
            Code.CONFLICTING_KEYWORDS, facets.pointer_to(name),
            f'keyword "{name}" says nothing about a value of type {type_.json}',
            hint="Remove the keyword, or correct the type.",
        )  # fmt: skip
    if type_.json == "array" and not type_.is_sql_array:
        _check_vector(facets, type_, findings)


def _check_vector(facets: Facets, type_: ColumnType, findings: Findings) -> None:
    items = facets.get("items")
    for name in items.keywords if items is not None else ():
        if name not in ANNOTATIONS and name != "type":
            findings.report(
                Code.NOT_ENFORCEABLE, f"{items.pointer}/{name}",
                f'keyword "{name}" cannot be checked on the elements of "{type_.sql}"',
                detail=NO_JSON,
                hint="Leave out the x-bss type: in jsonb, the elements are checked.",
            )  # fmt: skip
    for name in facets.keywords.keys() & _OF_VALUES - VALUE_APPLICATORS:
        findings.report(
            Code.NOT_ENFORCEABLE, facets.pointer_to(name),
            f'keyword "{name}" cannot be checked on type "{type_.sql}"',
            detail=NO_JSON, hint="Leave out the keyword, or the x-bss type.",
        )  # fmt: skip
    if not facets.keywords.keys().isdisjoint(ITEM_COUNTS):
        findings.report(
            Code.CONFLICTING_KEYWORDS, facets.pointer,
            "the number of elements of a vector is given by its type",
            hint="Remove minItems and maxItems.",
        )  # fmt: skip


def _value_check(
    field: Field,
    facets: Facets,
    type_: ColumnType,
    scope: Scope,
    document: Document,
    limits: Limits,
    findings: Findings,
) -> ValueCheck | None:
    return compile_value(
        document.reader.schemas[facets.pointer],
        field.column,
        is_sql_array=type_.is_sql_array,
        reader=document.reader,
        limits=limits,
        budget=document.budget,
        findings=findings,
        options_read=facets.chain,
        scope=scope,
    )
