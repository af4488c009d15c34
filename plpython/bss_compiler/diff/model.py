"""Compares two models, function by function, table by table and part by part.

What was renamed is compared by its new name; everything else by the one it has, but for a rule that
has another name only, because its table or a column has: that is the same rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bss_compiler.diff.change import Alter, Change, Create, Drop
from bss_compiler.diff.conversion import is_convertible
from bss_compiler.diff.rename import Renames, followed
from bss_compiler.model import Column, Model, Part, Partition, PrimaryKey, Table
from bss_compiler.model.function import SCHEMA

_Named = TypeVar("_Named", bound=Table | Part)

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
    old, displaced = _by_name(zip(before.tables, followed(before, done).tables, strict=True))
    new = {table.name: table for table in after.tables}
    names = _Names(before, after)
    for was in (*displaced, *(was for was, by in old.values() if by.name not in new)):
        yield Drop(table=was.name, part=was)
    for name, table in new.items():
        if name not in old:
            yield Create(table=name, part=table)
        elif table != old[name][0]:
            was, by = old[name]
            yield from _table(_Compared(before=was, followed=by, after=table, names=names))


def _by_name(
    pairs: Iterable[tuple[_Named, _Named]],
) -> tuple[dict[str, tuple[_Named, _Named]], list[_Named]]:
    """Give what there was by its new name, and that whose name goes to something else."""
    pairs = tuple(pairs)
    renamed = {by.name for was, by in pairs if was.name != by.name}
    stay = [(was, by) for was, by in pairs if was.name != by.name or by.name not in renamed]
    gone = [was for was, by in pairs if was.name == by.name and by.name in renamed]
    return {by.name: (was, by) for was, by in stay}, gone


class _Names:
    """The names of all relations and rules, before and after."""

    def __init__(self, before: Model, after: Model) -> None:
        self._models = before, after
        self._sets: tuple[Set[str], ...] = ()

    def are_free(self, old: str, new: str) -> bool:
        """Say whether a rule may have another name: nothing has it before, or the old one after."""
        if not self._sets:
            self._sets = tuple(frozenset(_names(model)) for model in self._models)
        before, after = self._sets
        return new not in before and old not in after


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
    old, displaced = _by_name(each.parts(field))
    new = {part.name: part for part in getattr(each.after, field)}
    moved = _moved(each, old, new) if field in _FOLLOWING else {}
    stay = new.keys() | moved.values()
    for was in (*displaced, *(was for was, by in old.values() if by.name not in stay)):
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
    gone = {_nameless(by): name for name, (_, by) in old.items() if name not in new}
    found: dict[str, str] = {}
    for name, part in new.items() if gone else ():
        of = gone.get(_nameless(part)) if name not in old else None
        if of is not None and each.names.are_free(of, name):
            found[name] = of
            del gone[_nameless(part)]
    return found


def _nameless(part: Any) -> Any:
    return replace(part, name="")


def _changed(each: _Compared, was: Any, by: Any, after: Any) -> Iterable[Change]:
    if isinstance(after, Column):
        if by != after or was.name != after.name:
            yield each.altered(was, after)
    elif by != after:
        yield Drop(table=each.before.name, part=was)
        yield Create(table=each.after.name, part=after)
