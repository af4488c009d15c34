"""Turns what a document declares of shared tables into what is to become of those that there are.

Documents of many tenants declare the same tables. What they declare is compared as a definition: a
table as JSON, without what only tells where in a document it comes from.
"""

from collections.abc import Callable
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.diff import Alter, Change, Create, Drop, diff, rebuilt, replace_tables
from bss_compiler.model import Model, PrimaryKey, Table, Trigger, Unique
from bss_compiler.model.codec import to_json_compared

_MAX_NAMED = 10
_DIFFERS = (
    "An operator takes the shared tables to another declaration with bss.apply_shared(); or "
    "declare the entity as it is, or as another one, with another x-bss.table."
)


def definition(table: Table) -> dict[str, Any]:
    """Give what has to be equal for two documents to declare the same table.

    The order in which they name its columns does not.
    """
    value: dict[str, Any] = to_json_compared(table)
    return value | {"columns": sorted(value["columns"], key=lambda column: str(column["name"]))}


def check_hidden(own: Model, shared: Model, findings: Findings) -> None:
    """Report shared tables that a tenant would not see, for a table of its own of that name."""
    names = {table.name for table in own.tables}
    for table in shared.tables:
        if table.name in names:
            findings.report(
                Code.SHARED_IS_HIDDEN, table.pointer or "",
                f'table "{table.name}" of the tenant hides the shared one',
                detail="It is kept, with its rows, although the document has it no more; a name "
                "without a schema means it.",
                hint="Give the shared entity another table name with x-bss.table.",
            )  # fmt: skip


def extend(base: Model, declared: Model, findings: Findings) -> Model:
    """Give the shared tables with those that are declared for the first time; none may be there."""
    there = {table.name: table for table in base.tables}
    for table in declared.tables:
        if table.name in there:
            findings.report(
                Code.SHARED_OTHERWISE, table.pointer or "",
                f'shared table "{table.name}" is declared otherwise than it is',
                detail=_told(there[table.name], table),
                hint=_DIFFERS,
            )  # fmt: skip
    return replace_tables(base, declared)


def evolve(base: Model, declared: Model, findings: Findings) -> Model:
    """Give the shared tables with those that a document declares as it declares them."""
    if not declared.tables:
        findings.report(
            Code.NOTHING_SHARED, "", "document declares no shared entity",
            hint='Set "x-bss": {"scope": "shared"} on an entity.',
        )  # fmt: skip
    target = replace_tables(base, declared)
    _check_keys_stay(base, target, findings)
    return target


def _check_keys_stay(base: Model, target: Model, findings: Findings) -> None:
    """Report a key that would go, or be made anew: tables of any tenant may refer to it."""
    dropped = {
        (change.table, change.part.name)
        for change in rebuilt(diff(base, target), base, target)
        if isinstance(change, Drop) and isinstance(change.part, Unique)
    }
    for table in target.tables:
        there = next((other for other in base.tables if other.name == table.name), table)
        keys = {item.columns for item in table.constraints if isinstance(item, PrimaryKey | Unique)}
        for key in there.constraints:
            if not isinstance(key, PrimaryKey | Unique):
                continue
            if key.columns not in keys or (table.name, key.name) in dropped:
                findings.report(
                    Code.SHARED_LOSES_KEY, table.pointer or "",
                    f'shared table "{table.name}" would lose key "{key.name}"',
                    detail="Tables of any tenant may refer to it.",
                    hint="Keep what is unique as it is, and add another property.",
                )  # fmt: skip


def _told(there: Table, declared: Table) -> str:
    """Name the parts in which two tables differ."""
    changes = [
        change
        for change in diff(Model(tables=(there,)), Model(tables=(declared,)))
        if not (isinstance(change, Drop) and getattr(change.part, "deprecated", False))
    ]
    # captures name columns: where these differ, nothing else is said by those
    changes = [
        change
        for change in changes
        if not (isinstance(change, Alter) and isinstance(change.after, Trigger))
    ] or changes
    kinds: tuple[tuple[str, Callable[[Change], bool]], ...] = (
        ("The shared table lacks", lambda change: _is_only(change, Create, changes)),
        ("The document lacks", lambda change: _is_only(change, Drop, changes)),
        ("They differ in", lambda change: not _is_only(change, Create | Drop, changes)),
    )
    told = []
    for words, is_of_kind in kinds:
        names = list(dict.fromkeys(_name(change) for change in changes if is_of_kind(change)))
        if names:
            shown = ", ".join(f'"{name}"' for name in names[:_MAX_NAMED])
            told.append(f"{words} {shown}{', …' if len(names) > _MAX_NAMED else ''}.")
    return " ".join(told)


def _is_only(change: Change, kind: Any, changes: list[Change]) -> bool:
    """Say whether a part is in one table alone; one that is made anew is dropped and created."""
    same = [other for other in changes if _name(other) == _name(change)]
    return isinstance(change, kind) and len(same) == 1


def _name(change: Change) -> str:
    part = change.after if isinstance(change, Alter) else change.part
    return part.name
