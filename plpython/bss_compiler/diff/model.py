"""Compares two models, function by function, table by table and part by part.

What was renamed is compared by its new name; everything else by the one it has, but for a rule that
has another name only, because its table or a column has: that is the same rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.diff.change import Alter, Change, Create, Drop
from bss_compiler.diff.conversion import is_convertible
from bss_compiler.diff.rename import Renames, followed
from bss_compiler.model import Column, Model, Partition, Policy, PrimaryKey, Table, Trigger
from bss_compiler.model.function import SCHEMA

_PARTS = ("columns", "constraints", "indexes", "policies", "grants", "triggers", "partitions")
_FOLLOWING = frozenset({"constraints", "indexes", "partitions"})
"""The parts that are named after their tables and columns."""


def diff(before: Model, after: Model, done: Renames | None = None) -> tuple[Change, ...]:
    """Give the changes from one model to the other, in the order of the models."""
    return (*_functions(before, after), *_tables(before, after, done or Renames()))


def _functions(before: Model, after: Model) -> Iterable[Change]:
    old, new = dict.fromkeys(before.functions), dict.fromkeys(after.functions)
    for function in old:
        if function not in new:
            yield Drop(table=f"{SCHEMA}.{function.name}", part=function)
    for function in new:
        if function not in old:
            yield Create(table=f"{SCHEMA}.{function.name}", part=function)


def _tables(before: Model, after: Model, done: Renames) -> Iterable[Change]:
    was_and_by = zip(before.tables, followed(before, done).tables, strict=True)
    old = {by.name: (was, by) for was, by in was_and_by}
    new = {table.name: table for table in after.tables}
    names = _Names(before, after)
    for name, (was, _) in old.items():
        if name not in new:
            yield Drop(table=was.name, part=was)
    for name, table in new.items():
        if name not in old:
            yield Create(table=name, part=table)
        elif done or table != old[name][0]:
            was, by = old[name]
            yield from _table(_Compared(before=was, followed=by, after=table, names=names))


class _Names:
    """The names of all relations and rules, before and after."""

    def __init__(self, before: Model, after: Model) -> None:
        self._models = before, after
        self._sets: tuple[Set[str], ...] = ()

    def is_left(self, name: str) -> bool:
        """Say whether a name is not in use any more."""
        return name not in self._used()[1]

    def is_new(self, name: str) -> bool:
        """Say whether a name was not in use before."""
        return name not in self._used()[0]

    def _used(self) -> tuple[Set[str], ...]:
        if not self._sets:
            self._sets = tuple(frozenset(_names(model)) for model in self._models)
        return self._sets


def _names(model: Model) -> Iterator[str]:
    for table in model.tables:
        yield table.name
        for part in (*table.constraints, *table.indexes, *table.partitions):
            yield part.name


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """A table as it was, as it is with its new names, and as it should be."""

    before: Table
    followed: Table
    after: Table
    names: _Names

    def parts(self, field: str) -> Iterator[tuple[Any, Any]]:
        """Give the parts of a kind as they were, each with what it is by the new names."""
        return zip(getattr(self.before, field), getattr(self.followed, field), strict=True)

    def altered(self, before: Any, after: Any) -> Alter:
        """Give the change of the table or of a part of it."""
        origin = self.before.name if self.before.name != self.after.name else None
        return Alter(table=self.after.name, before=before, after=after, origin=origin)


def _table(each: _Compared) -> Iterable[Change]:
    if each.before.name != each.after.name or _own(each.followed) != _own(each.after):
        yield each.altered(each.before, each.after)
    for field in _PARTS:
        for change in _parts(each, field):
            yield change
            match change:
                case Drop(part=Partition() as gone):
                    yield from (Drop(table=gone.name, part=item) for item in each.before.policies)
                case Create(part=Partition() as new):
                    yield from (Create(table=new.name, part=item) for item in each.after.policies)


def _own(table: Table) -> Table:
    return replace(table, **dict.fromkeys(_PARTS, ()))  # type: ignore[arg-type]


def _parts(each: _Compared, field: str) -> Iterable[Change]:
    old = {by.name: (was, by) for was, by in each.parts(field)}
    new = {part.name: part for part in getattr(each.after, field)}
    moved = _moved(each, old, new) if field in _FOLLOWING else {}
    stay = new.keys() | moved.values()
    for name, (was, _) in old.items():
        if name not in stay:
            yield Drop(table=each.before.name, part=was)
    for name, part in new.items():
        if name in moved:
            yield each.altered(old[moved[name]][0], part)
        elif name in old:
            yield from _changed(each, *old[name], part)
        else:
            yield _created(each, part)


def _created(each: _Compared, part: Any) -> Create:
    if isinstance(part, Column):
        kept = {column.name: column for column in each.after.columns}
        for was, by in each.parts("columns"):
            is_converted = was.name == part.name and is_convertible(was.type, part.type)
            if is_converted and kept[by.name].deprecated:
                key = next(item for item in each.after.constraints if isinstance(item, PrimaryKey))
                source = kept[by.name]
                return Create(table=each.after.name, part=part, source=source, key=key.columns)
    return Create(table=each.after.name, part=part)


def _moved(
    each: _Compared, old: Mapping[str, tuple[Any, Any]], new: Mapping[str, Any]
) -> Mapping[str, str]:
    """Give the old names, by new ones, of the rules that have another name and nothing else."""
    if old.keys() == new.keys():
        return {}
    gone = _alike(by for name, (_, by) in old.items() if each.names.is_left(name))
    come = _alike(part for name, part in new.items() if each.names.is_new(name))
    pairs = (zip(names, gone.get(rule, ()), strict=False) for rule, names in come.items())
    return {name: of for each_pair in pairs for name, of in each_pair}


def _alike(parts: Iterable[Any]) -> Mapping[Any, list[str]]:
    """Give the names of parts that are the same but for these, in an order that is always so."""
    names: dict[Any, list[str]] = {}
    for part in sorted(parts, key=lambda part: part.name):
        names.setdefault(_nameless(part), []).append(part.name)
    return names


def _nameless(part: Any) -> Any:
    return replace(part, name="")


def _changed(each: _Compared, was: Any, by: Any, after: Any) -> Iterable[Change]:
    if isinstance(after, Column):
        if by != after or was.name != after.name:
            yield each.altered(was, after)
    elif isinstance(after, Trigger) and after.column is None:
        if by != after:
            yield each.altered(was, after)
    elif isinstance(after, Policy) and _is_alterable(by, after):
        if by != after:
            is_parted = each.after.partition_by is not None
            yield replace(each.altered(was, after), is_parted=is_parted)
    elif by != after:
        yield Drop(table=each.before.name, part=was)
        yield Create(table=each.after.name, part=after)


def _is_alterable(before: Policy, after: Policy) -> bool:
    """Say whether ALTER POLICY leads from one to the other: it takes back no check."""
    return before.command == after.command and (before.check is None or after.check is not None)
