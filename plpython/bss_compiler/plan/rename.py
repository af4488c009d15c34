"""Finds what was renamed: as documents say it, or back again; nothing is ever guessed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.diff import Renames, composed, renames, taken_back
from bss_compiler.model import Column, Model, Table

_MAX_BYTES = 63


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Pair:
    """A table of the model in force, and what it is to become."""

    before: Table
    after: Table


_Claims = Callable[[_Pair], Iterable[tuple[Column, Column]]]
"""Gives the columns of a table that go on under another name, each with what it is to become."""

_Report = Callable[[str, str, str, str | None, Findings], None]
"""Reports a name that is not free: what has it, its old name, the new one, and the place."""


def stated_renames(before: Model, after: Model, findings: Findings) -> Renames:
    """Give what a document renames, by `x-bss.renamedFrom`.

    That stays in the document when it is done: it says nothing where the new name is there.
    """
    entities = {table.entity: table for table in before.tables if table.entity is not None}
    pairs = []
    for table in after.tables:
        old = table.renamed_from
        if old is None or _is_done(table.entity, old, entities):
            continue
        if old in entities:
            pairs.append(_Pair(before=entities[old], after=table))
        elif entities:
            _warn("entity", table.entity, old, table.pointer, findings)
    return _found(before, after, pairs, lambda pair: _stated(pair, findings), _taken, findings)


def _stated(pair: _Pair, findings: Findings) -> Iterator[tuple[Column, Column]]:
    properties = {
        column.property: column for column in pair.before.columns if column.property is not None
    }
    for column in pair.after.columns:
        old = column.renamed_from
        if old is None or _is_done(column.property, old, properties):
            continue
        if old in properties:
            yield properties[old], column
        # a key that nobody declared is named after its entity, and has no place of its own
        elif column.pointer != pair.after.pointer:
            _warn("property", column.property, old, column.pointer, findings)


def _is_done(name: str | None, old: str, there: Collection[str]) -> bool:
    """Say whether something has its new name already, though it may still get another in SQL."""
    return name in there and name != old


def renames_back(
    before: Model, after: Model, done: Iterable[Renames], findings: Findings
) -> Renames:
    """Give what takes back the renames that were made since, one after the other."""
    return _known(before, after, taken_back(composed(done)), _in_the_way, findings)


def renames_between(
    before: Model, after: Model, done: Iterable[Renames], findings: Findings
) -> Renames:
    """Give what the renames of versions that are passed over, one after the other, come to."""
    return _known(before, after, composed(done), _taken, findings)


def _known(
    before: Model, after: Model, known: Renames, report: _Report, findings: Findings
) -> Renames:
    origins = {table.name: table for table in before.tables}
    pairs = [
        _Pair(before=origins[old], after=table)
        for table in after.tables
        for old, new in known.tables
        if new == table.name and old in origins
    ]

    def claims(pair: _Pair) -> Iterator[tuple[Column, Column]]:
        kept = {column.name: column for column in pair.before.columns}
        meant = {column.name: column for column in pair.after.columns}
        for old, new in known.columns_of(pair.before.name).items():
            if old in kept and new in meant:
                yield kept[old], meant[new]

    return _found(before, after, pairs, claims, report, findings)


def _found(
    before: Model,
    after: Model,
    claimed: Iterable[_Pair],
    claims: _Claims,
    report: _Report,
    findings: Findings,
) -> Renames:
    there = {table.name: table for table in before.tables}
    pairs = {}
    for pair in claimed:
        old, new = pair.before.name, pair.after.name
        other = there.get(new, pair.before)
        if other is pair.before:
            pairs[new] = pair
        else:
            report("table", old, new, pair.after.pointer, findings)
    away = {pair.before.name for pair in pairs.values()}
    for table in after.tables:
        if table.name in there.keys() - away and table.name not in pairs:
            pairs[table.name] = _Pair(before=there[table.name], after=table)
    columns: dict[tuple[str, str], str] = {}
    for pair in pairs.values():
        found = _columns(pair, claims, report, findings)
        columns |= {(pair.before.name, old): new for old, new in found.items()}
    return renames({pair.before.name: new for new, pair in pairs.items()}, columns)


def _columns(
    pair: _Pair, claims: _Claims, report: _Report, findings: Findings
) -> Mapping[str, str]:
    there = {column.name: column for column in pair.before.columns}
    found = dict(_aside(pair, there, report, findings))
    for origin, column in claims(pair):
        other = there.get(column.name, origin)
        if origin.name in found or _is_vector(origin, column):
            continue
        if other is origin or other.name in found:
            found[origin.name] = column.name
        else:
            report("column", origin.name, column.name, column.pointer, findings)
    return found


def _aside(
    pair: _Pair, there: Mapping[str, Column], report: _Report, findings: Findings
) -> Iterator[tuple[str, str]]:
    """Set vectors aside that are to have other dimensions: there is no way from some to others.

    They are kept under a name with their dimensions, and are there again when these are back.
    """
    for column in pair.after.columns:
        other = there.get(column.name)
        if other is None or not _is_vector(other, column):
            continue
        aside, back = _with_dimensions(other), _with_dimensions(column)
        if aside in there or len(aside.encode()) > _MAX_BYTES:
            report("column", other.name, aside, column.pointer, findings)
            continue
        yield other.name, aside
        if back in there and there[back].deprecated and there[back].type == column.type:
            yield back, column.name


def _is_vector(before: Column, after: Column) -> bool:
    """Say whether both are vectors, and not of the same dimensions."""
    return before.type != after.type and all(
        column.type.startswith("vector(") for column in (before, after)
    )


def _with_dimensions(column: Column) -> str:
    return f"{column.name}_{column.type.removeprefix('vector(').removesuffix(')')}"


def _warn(what: str, name: str | None, old: str, pointer: str | None, findings: Findings) -> None:
    findings.warn(
        Code.NOTHING_TO_RENAME, pointer or "",
        f'{what} "{name}" is said to have been "{old}", which is not there',
        detail="It begins without data.",
        hint="Correct renamedFrom; or leave it out, if nothing is meant to be renamed any more.",
    )  # fmt: skip


def _taken(what: str, old: str, new: str, pointer: str | None, findings: Findings) -> None:
    findings.report(
        Code.NAME_TAKEN, pointer or "", f'{what} "{old}" cannot be renamed to "{new}"',
        detail=f'There is a {what} "{new}" already; one that is no longer in the schema counts.',
        hint="Choose another name, or drop what is no longer needed with bss.drop_deprecated().",
    )  # fmt: skip


def _in_the_way(what: str, old: str, new: str, pointer: str | None, findings: Findings) -> None:
    findings.report(
        Code.UNDO_REFUSED, pointer or "", f'{what} "{old}" cannot be called "{new}" again',
        detail=f'There is another {what} "{new}" since, and its data would be lost.',
        hint="Apply a document that gives one of them another name.",
    )  # fmt: skip
