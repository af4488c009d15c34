"""Turns the outline of an entity into a table with all its parts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document
from bss_compiler.document.limits import Limits
from bss_compiler.lowering import archive
from bss_compiler.lowering.access import ACCESS, TRIGGERS
from bss_compiler.lowering.capture import capture
from bss_compiler.lowering.column import lower_column
from bss_compiler.lowering.comment import comment
from bss_compiler.lowering.embedding import embedding
from bss_compiler.lowering.generated import generated_expression
from bss_compiler.lowering.index import indexes
from bss_compiler.lowering.key import Keys, unique_keys
from bss_compiler.lowering.outline import Outline
from bss_compiler.lowering.partition import partitioning
from bss_compiler.lowering.placement import OWNER, check_placement, ties
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.record import RecordLowering
from bss_compiler.lowering.rule import Rules
from bss_compiler.lowering.search import search
from bss_compiler.lowering.secret import (
    Plain,
    check_encrypted,
    is_encrypted,
    lower_secrets,
    secret_column,
)
from bss_compiler.lowering.sensitive import with_sensitive
from bss_compiler.lowering.value.unit import Units
from bss_compiler.model import (
    Check,
    Column,
    Constraint,
    Function,
    Index,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.naming import hashed_name, object_name

_Item = TypeVar("_Item", bound=Constraint)

_TIMESTAMP = "timestamp with time zone"
_KEPT = (
    Column(name="created_at", type=_TIMESTAMP, nullable=False, default="now()"),
    Column(name="updated_at", type=_TIMESTAMP, nullable=False, default="now()"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredTable:
    """A table, what its checks call, and what to ask the server about its columns."""

    table: Table
    functions: tuple[Function, ...]
    probes: tuple[Probe, ...]


def lower_table(
    outline: Outline, *, keys: Keys, document: Document, limits: Limits, findings: Findings
) -> LoweredTable:
    """Give the table of an entity, with all that goes with it."""
    check_placement(outline, findings)
    columns: list[Column] = []
    checks: list[Check] = []
    functions: list[Function] = []
    probes: list[Probe] = []
    secrets: dict[str, Plain] = {}
    types = {field.column: keys.type_of(field) for field in outline.columns.values()}
    rules = Rules(outline, keys=keys, document=document, limits=limits, findings=findings)
    units = Units(reader=document.reader)
    for field in outline.columns.values():
        type_ = types[field.column]
        lowered = lower_column(
            field,
            type_,
            table=outline.table,
            in_key=field.column in outline.key,
            generated=generated_expression(field, type_, rules, findings),
            scope=units.root(outline.entity.schema).scope,
            document=document,
            limits=limits,
            findings=findings,
        )
        if is_encrypted(field):
            plain = Plain(field=field, type=type_, column=lowered.column, checks=lowered.checks)
            check_encrypted(plain, outline, findings)
            secrets[field.column] = plain
            columns.append(secret_column(lowered.column))
        else:
            columns.append(lowered.column)
            checks += lowered.checks
        functions += lowered.functions
        probes += lowered.probes
    added_names = {column.name for column in (*OWNER[outline.placement], *_KEPT)}
    nullable = {column.name for column in columns if column.nullable} - added_names
    record = RecordLowering(
        outline, types, nullable, document=document, limits=limits, findings=findings
    )
    whole = tuple(record.checks())
    checks += whole
    functions += record.functions(whole)
    of_unique = (
        partial(record.predicate, within=archive.LIVE) if outline.archives else record.predicate
    )
    unique_rows = list(unique_keys(outline, of_unique, findings))
    unique = _by_name(item for item in unique_rows if isinstance(item, Unique))
    some_rows = [item for item in unique_rows if isinstance(item, Index)]
    checks += ties(outline)
    if outline.archives:
        checks.append(archive.check(outline))
    parted = partitioning(outline, keys, unique_rows, limits, findings)
    constraints: list[Constraint] = [
        PrimaryKey(
            name=object_name(outline.table, suffix="pkey"),
            columns=outline.key,
            pointer=outline.entity.schema.pointer,
        ),
        *(() if outline.archives else unique),
        *keys.foreign_keys(outline),
        *checks,
        *rules.checks(checks),
    ]
    if outline.archives:
        # what is a key of all records comes first, so that it keeps its name
        some_rows = [*archive.indexes(outline, unique), *some_rows]
    its_indexes = indexes(outline, constraints, some_rows, keys, record.predicate, findings)
    probes += [*record.probes, *rules.probes]
    for added in (embedding(outline, findings), search(outline, keys, findings)):
        if added is not None:
            columns.append(added[0])
            its_indexes += added[1]
    kept = lower_secrets(outline, secrets, columns, constraints, its_indexes, types, findings)
    functions += kept.functions
    columns = _with_added(with_sensitive(kept.columns, outline), outline, findings)
    _check_count(outline, columns, limits, findings)
    triggers = (
        *TRIGGERS,
        *kept.triggers,
        *capture(outline, columns, findings),
        *(archive.TRIGGERS if outline.archives else ()),
    )
    schema = outline.entity.schema
    table = Table(
        name=outline.table,
        placement=outline.placement,
        columns=tuple(columns),
        constraints=tuple(_by_name(kept.constraints)),
        indexes=tuple(sorted(kept.indexes, key=lambda index: index.name)),
        policies=ACCESS[outline.placement].policies,
        grants=ACCESS[outline.placement].grants,
        triggers=tuple(sorted(triggers, key=lambda trigger: trigger.name)),
        partition_by=parted.by if parted else None,
        partitions=parted.partitions if parted else (),
        interval=parted.interval if parted else None,
        secrets=kept.secrets,
        comment=comment(schema.keywords, name=outline.entity.name),
        entity=outline.entity.name,
        renamed_from=outline.entity.options.get("renamedFrom"),
        pointer=schema.pointer,
    )
    return LoweredTable(
        table=table,
        functions=tuple(functions),
        probes=tuple(probes),
    )


def _by_name(constraints: Iterable[_Item]) -> list[_Item]:
    """Sort by name; of two that say the same, such as a key that is stated twice, one is kept.

    One that only has the name of another, as those on (a_b) and on (a, b) would, gets its own.
    """
    kept: dict[str, _Item] = {}
    for item in constraints:
        if kept.setdefault(item.name, item) != item:
            name = hashed_name(item.name, of=repr(replace(item, pointer=None)))
            kept[name] = replace(item, name=name)
    return [item for _, item in sorted(kept.items())]


def _with_added(columns: Iterable[Column], outline: Outline, findings: Findings) -> list[Column]:
    """Put whose a row is before the declared columns, and what else BSS keeps behind them.

    A document that declares one of them itself keeps its declaration, if the type agrees.
    """
    declared = {column.name: column for column in columns}
    first = OWNER[outline.placement]
    last = (*_KEPT, *(archive.COLUMNS if outline.archives else ()))
    added = {column.name: column for column in (*first, *last)}
    for name, own in added.items():
        column = declared.pop(name, None)
        if column is None:
            continue
        if column.type != own.type:
            findings.report(
                Code.WRONG_TYPE, column.pointer or "",
                f'property "{column.property}" becomes column "{name}", which has another type',
                detail=f'BSS keeps the column with type "{own.type}"; here it is "{column.type}".',
                hint="Leave the property out, or give it that type, or another column name.",
            )  # fmt: skip
        else:
            added[name] = replace(
                own,
                comment=column.comment,
                property=column.property,
                renamed_from=column.renamed_from,
                pointer=column.pointer,
            )
    found = list(added.values())
    return [*found[: len(first)], *declared.values(), *found[len(first) :]]


def _check_count(
    outline: Outline, columns: list[Column], limits: Limits, findings: Findings
) -> None:
    if len(columns) > limits.columns:
        findings.report(
            Code.TOO_MANY_COLUMNS, outline.entity.schema.pointer,
            f'entity "{outline.entity.name}" has too many columns',
            detail=f"It has {len(columns)}; the limit is {limits.columns}.",
            hint="Split the entity, or move properties into one of type object.",
        )  # fmt: skip
