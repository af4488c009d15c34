"""Checks what `x-bss.renamedFrom` says of entities and of properties, as far as the document tells.

Whether there was something of that name is known only with what is in force.
"""

from collections.abc import Collection, Iterable

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Outline

_Claim = tuple[str, str, str]
"""The new name, the old one, and the pointer to where that is said."""


def check_renames(outlines: Iterable[Outline], findings: Findings) -> None:
    """Report what is said to have been something that is still there, or that another was too."""
    outlines = tuple(outlines)
    entities = [
        (each.entity.name, each.entity.options["renamedFrom"], each.entity.schema.pointer)
        for each in outlines
        if "renamedFrom" in each.entity.options
    ]
    _check("entity", entities, {each.entity.name for each in outlines}, findings)
    for each in outlines:
        properties = [
            (name, field.options["renamedFrom"], field.read or field.pointer)
            for name, field in each.properties.items()
            if "renamedFrom" in field.options
        ]
        _check("property", properties, each.declared, findings)


def _check(
    what: str, claims: Iterable[_Claim], present: Collection[str], findings: Findings
) -> None:
    claimed: dict[str, str] = {}
    for name, old, pointer in claims:
        place = child(child(pointer, "x-bss"), "renamedFrom")
        if old != name and old in present:
            findings.report(
                Code.STILL_THERE, place,
                f'{what} "{name}" is said to have been "{old}", which is still there',
                detail="What is renamed has its old name no more.",
                hint=f'Take "{old}" out of the document, or leave out renamedFrom.',
            )  # fmt: skip
        elif (other := claimed.setdefault(old, name)) != name:
            findings.report(
                Code.CLAIMED_TWICE, place,
                f'{what} "{name}" is said to have been "{old}", and so is "{other}"',
                detail="Only one of them can have its data.",
                hint="Leave out renamedFrom on the other.",
            )  # fmt: skip
