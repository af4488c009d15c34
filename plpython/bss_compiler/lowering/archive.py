"""Turns `x-bss.softDelete` into columns, a check, an index and the triggers that archive rows.

An archived row is still a row: the primary key counts it, and references to it hold. What is unique
otherwise is so among the rows that are not archived, so a name is free again once its row is.
"""

from collections.abc import Iterable

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Outline
from bss_compiler.lowering.record.condition import atom
from bss_compiler.model import Check, Column, ForeignKey, Index, IndexKey, Trigger, Unique
from bss_compiler.model.index import unique_index
from bss_compiler.naming import object_name

COLUMNS = (
    Column(name="is_archived", type="boolean", nullable=False, default="false"),
    Column(name="archived_at", type="timestamp with time zone"),
)
TRIGGERS = (
    Trigger(
        name="archive_on_delete",
        timing="BEFORE",
        events=("DELETE",),
        level="ROW",
        function="bss_internal.archive_row",
    ),
    Trigger(
        name="archive_what_refers_to_it",
        timing="AFTER",
        events=("UPDATE",),
        level="ROW",
        condition="(new.is_archived AND (NOT old.is_archived))",
        function="bss_internal.archive_referring_rows",
    ),
)

_ARCHIVED = "is_archived"
LIVE = atom("(NOT is_archived)", "is_archived")
"""What holds of the rows that are not archived."""
_DATED = "(is_archived = (archived_at IS NOT NULL))"


def check(outline: Outline) -> Check:
    """Give the check that an archived row, and no other, says when it was archived."""
    place = child(child(outline.entity.schema.pointer, "x-bss"), "softDelete")
    name = object_name(outline.table, _ARCHIVED, suffix="check")
    return Check(name=name, expression=_DATED, pointer=place)


def indexes(outline: Outline, keys: Iterable[Unique]) -> Iterable[Index]:
    """Give the index by which archived rows are purged, and one for each key among the others."""
    yield Index(
        name=object_name(outline.table, "archived_at", suffix="idx"),
        method="btree",
        keys=(IndexKey(column="archived_at"),),
        where=_ARCHIVED,
    )
    for key in keys:
        yield unique_index(key, LIVE.sql)


def check_reference(
    outline: Outline, target: Outline, key: ForeignKey, pointer: str, findings: Findings
) -> None:
    """Report a reference whose action does not go with what is archived and what is deleted."""
    if key.on_delete != "CASCADE" or outline.archives == target.archives:
        return
    place = child(pointer, "onDelete")
    own, other = outline.entity.name, target.entity.name
    if outline.archives:
        findings.report(
            Code.CONFLICTING_KEYWORDS, place,
            f'entity "{own}" is archived, and should be deleted together with "{other}"',
            detail=f'The rows of "{other}" are deleted, and nothing can refer to them any more.',
            hint=f'Set x-bss.softDelete on "{other}" too, or choose another onDelete.',
        )  # fmt: skip
    else:
        findings.warn(
            Code.CONFLICTING_KEYWORDS, place,
            f'entity "{own}" is deleted when what it refers to in "{other}" is archived',
            detail="A row that is taken back from the archive will not have them any more.",
            hint=f'Set x-bss.softDelete on "{own}" too, or choose another onDelete.',
        )  # fmt: skip
