"""Turns a document into the model of its tables."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Limits
from bss_compiler.lowering.key import Keys
from bss_compiler.lowering.outline import Outline, outline
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.rename import check_renames
from bss_compiler.lowering.table import lower_table
from bss_compiler.model import Constraint, Index, Model, PrimaryKey, Table, Unique
from bss_compiler.naming import hashed_name

_Item = TypeVar("_Item", Constraint, Index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """The model of a document, and the questions that the server has to answer about it."""

    model: Model
    probes: tuple[Probe, ...]


def lower(document: Document, limits: Limits, findings: Findings) -> Lowered:
    """Give the model of a document; what has a fault is left out, with a finding."""
    outlines = _distinct(
        [outline(entity, document, findings) for entity in document.entities], findings
    )
    check_renames(outlines, findings)
    keys = Keys(outlines, findings)
    lowered = [
        lower_table(each, keys=keys, document=document, limits=limits, findings=findings)
        for each in outlines
    ]
    functions = {function.name: function for each in lowered for function in each.functions}
    model = Model(
        tables=tuple(_separate([each.table for each in lowered])),
        functions=tuple(function for _, function in sorted(functions.items())),
    )
    return Lowered(model=model, probes=tuple(probe for each in lowered for probe in each.probes))


def _distinct(outlines: Iterable[Outline], findings: Findings) -> list[Outline]:
    kept: dict[str, Outline] = {}
    for each in outlines:
        other = kept.setdefault(each.table, each)
        if other is not each:
            findings.report(
                Code.NAME_COLLISION, each.entity.schema.pointer,
                f'entity "{each.entity.name}" becomes table "{each.table}", and so does another',
                detail=f"The other is at {other.entity.schema.pointer or 'the root'}.",
                hint='Set "x-bss": {"table": …} on one of them.',
            )  # fmt: skip
    return list(kept.values())


def _separate(tables: list[Table]) -> Iterable[Table]:
    """Give a made-up name to each index that would have the name of another relation.

    Tables, indexes and the indexes behind keys share one name space in a schema: the index on b_c
    of table a, and that on c of table a_b, would both be a_b_c_idx.
    """
    names = Counter(
        (table.placement, name)
        for table in tables
        for name in (table.name, *(item.name for item in _own(table)))
    )
    for table in tables:
        renamed = {
            item.name: hashed_name(item.name, of=table.name)
            for item in _own(table)
            if names[table.placement, item.name] > 1
        }
        yield (
            table
            if not renamed
            else replace(
                table,
                constraints=tuple(_renamed(item, renamed) for item in table.constraints),
                indexes=tuple(_renamed(item, renamed) for item in table.indexes),
            )
        )


def _own(table: Table) -> Iterable[PrimaryKey | Unique | Index]:
    yield from (item for item in table.constraints if isinstance(item, PrimaryKey | Unique))
    yield from table.indexes


def _renamed(item: _Item, names: dict[str, str]) -> _Item:
    return replace(item, name=names.get(item.name, item.name))
