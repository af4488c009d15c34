"""What the place of a table adds to what its entity says, and what it does not go with."""

from collections.abc import Mapping

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Outline
from bss_compiler.model import Check, Column, Placement
from bss_compiler.model.placement import OF_TENANT, TENANT_ID
from bss_compiler.naming import object_name

OWNER: Mapping[Placement, tuple[Column, ...]] = {
    "tenant": (Column(name="tenant_id", type="uuid", nullable=False, default=TENANT_ID),),
    "shared": (),
}
"""The columns that say whose a row is; they stand before all others."""


def ties(outline: Outline) -> tuple[Check, ...]:
    """Give what ties a table to its tenant, if it has one.

    The policy shows the whole table to its tenant: this is what makes every row its own, whoever
    wrote it, bss_owner and superusers included.
    """
    return () if outline.placement == "shared" else (tie(outline.table),)


def tie(table: str) -> Check:
    """Give the check that a table has the rows of one tenant."""
    return Check(name=object_name(table, "tenant_id", suffix="check"), expression=OF_TENANT)


def check_placement(outline: Outline, findings: Findings) -> None:
    """Report what an entity asks for and cannot have where its table is."""
    if outline.placement == "tenant":
        return
    options = outline.entity.options
    place = child(outline.entity.schema.pointer, "x-bss")
    if outline.archives:
        findings.report(
            Code.NOT_FOR_SHARED, child(place, "softDelete"),
            f'shared entity "{outline.entity.name}" cannot be archived',
            detail="What refers to a record is in the tables of all tenants, which whoever "
            "archives it may not write.",
            hint='Leave out softDelete; a property such as "retired" says what is no longer used.',
        )  # fmt: skip
    if options.get("partitionBy", {}).get("strategy") == "range":
        findings.report(
            Code.NOT_FOR_SHARED, child(child(place, "partitionBy"), "strategy"),
            f'shared entity "{outline.entity.name}" cannot be parted by a range',
            detail="Partitions are made as time goes by for tenants alone.",
            hint='Choose strategy "list" or "hash", or leave out partitionBy.',
        )  # fmt: skip
    stated = [(options, place)]
    stated += [
        (field.options, child(field.read or field.pointer, "x-bss"))
        for field in outline.properties.values()
    ]
    for said, where in stated:
        if "renamedFrom" in said:
            findings.report(
                Code.NOT_FOR_SHARED, child(where, "renamedFrom"),
                f'shared entity "{outline.entity.name}" cannot be renamed, nor its properties',
                detail="Documents of other tenants have it by the name that it has.",
                hint="Leave out renamedFrom; keep the name, or declare what is new beside it.",
            )  # fmt: skip
