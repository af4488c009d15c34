"""Compares two models, function by function, table by table and part by part.

What was renamed is compared by its new name; everything else by the one it has, but for a rule that
has another name only, because its table or a column has: that is the same rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.diff.change import Alter, Change, Create, Drop, is_computed_anew
from bss_compiler.diff.conversion import is_convertible, is_widening
from bss_compiler.diff.rename import Renames, followed
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    Model,
    Partition,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.model.expression import columns_in
from bss_compiler.model.function import SCHEMA

_PARTS = ("columns", "constraints", "indexes", "policies", "grants", "triggers", "partitions")
_FOLLOWING = frozenset({"constraints", "indexes", "partitions"})
"""The parts that are named after their tables and columns."""

Key = tuple[str, frozenset[str]]
"""What a foreign key can refer to: a table, and some of its columns."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """A table as it was, as it is with its new names, and as it should be."""

    before: Table
    followed: Table
    after: Table

    @property
    def origin(self) -> str | None:
        return self.before.name if self.before.name != self.after.name else None

    def parts(self, field: str) -> Iterator[tuple[Any, Any]]:
        """Give the parts of a kind as they were, each with what it is by the new names."""
        return zip(getattr(self.before, field), getattr(self.followed, field), strict=True)


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
    by_name = {
        table.name: (was, table)
        for was, table in zip(before.tables, followed(before, done).tables, strict=True)
    }
    new = {table.name for table in after.tables}
    both = [
        _Compared(before=by_name[table.name][0], followed=by_name[table.name][1], after=table)
        for table in after.tables
        if table.name in by_name
    ]
    context = _Context(before, after, both)
    for was, table in by_name.values():
        if table.name not in new:
            yield Drop(table=was.name, part=was)
    compared = {each.after.name: each for each in both}
    for table in after.tables:
        if table.name not in compared:
            yield Create(table=table.name, part=table)
        elif context.anew or context.keys or table != compared[table.name].before:
            yield from _table(compared[table.name], context)


class _Context:
    """What one table has to know of all: the columns computed anew, the keys that go, the names."""

    def __init__(self, before: Model, after: Model, both: Sequence[_Compared]) -> None:
        self.models = before, after
        self.anew = frozenset(
            (each.after.name, column) for each in both for column in _computed_anew(each)
        )
        self.keys = frozenset(key for each in both for key in self._keys_that_go(each))
        self._names: tuple[Set[str], ...] = ()

    def _keys_that_go(self, each: _Compared) -> Iterator[Key]:
        if each.followed == each.after and not self.anew:
            return
        stay = {_nameless(part) for part in _keys(each.after)}
        for part in _keys(each.followed):
            if _nameless(part) not in stay or self.is_made_again(part, each.after.name):
                yield each.after.name, frozenset(part.columns)

    def is_made_again(self, part: Any, table: str) -> bool:
        """Say whether a part goes with something that it is built on, and so has to come again."""
        if isinstance(part, ForeignKey) and (part.table, frozenset(part.referenced)) in self.keys:
            return True
        return bool(self.anew) and any(read in self.anew for read in _reads(part, table))

    def is_free(self, old: str, new: str) -> bool:
        """Say whether a rule may get another name: nothing else has it now, or the old one then."""
        if not self._names:
            self._names = tuple(frozenset(_names(model)) for model in self.models)
        before, after = self._names
        return new not in before and old not in after


def _computed_anew(each: _Compared) -> Iterable[str]:
    old = {column.name: column for column in each.followed.columns}
    for column in each.after.columns:
        was = old.get(column.name)
        if was is not None and (
            is_computed_anew(was, column) or is_widening(was.type, column.type)
        ):
            yield column.name


def _keys(table: Table) -> Iterator[PrimaryKey | Unique | Index]:
    yield from (item for item in table.constraints if isinstance(item, PrimaryKey | Unique))
    yield from (item for item in table.indexes if item.unique)


def _names(model: Model) -> Iterator[str]:
    for table in model.tables:
        yield table.name
        for part in (*table.constraints, *table.indexes, *table.partitions):
            yield part.name


def _nameless(part: Any) -> Any:
    return replace(part, name="")


def _reads(part: Any, table: str) -> Iterator[tuple[str, str]]:
    """Give the columns that a rule is about, each with its table."""
    match part:
        case PrimaryKey() | Unique():
            names: Iterable[str] = part.columns
        case ForeignKey():
            names = part.columns
            yield from ((part.table, name) for name in part.referenced)
        case Index():
            names = (*part.columns, *part.include, *columns_in(part.where or ""))
        case Check():
            names = columns_in(part.expression)
        case _:
            names = ()
    yield from ((table, name) for name in names)


def _table(each: _Compared, context: _Context) -> Iterable[Change]:
    if each.origin is not None or _own(each.followed) != _own(each.after):
        yield _altered(each, each.before, each.after)
    for field in _PARTS:
        for change in _parts(each, field, context):
            yield change
            match change:
                case Drop(part=Partition() as gone):
                    yield from (Drop(table=gone.name, part=item) for item in each.before.policies)
                case Create(part=Partition() as new):
                    yield from (Create(table=new.name, part=item) for item in each.after.policies)


def _own(table: Table) -> Table:
    return replace(table, **dict.fromkeys(_PARTS, ()))  # type: ignore[arg-type]


def _altered(each: _Compared, before: Any, after: Any) -> Alter:
    return Alter(table=each.after.name, before=before, after=after, origin=each.origin)


def _parts(each: _Compared, field: str, context: _Context) -> Iterable[Change]:
    old = {by.name: (was, by) for was, by in each.parts(field)}
    new = {part.name: part for part in getattr(each.after, field)}
    moved = _moved(each, old, new, context) if field in _FOLLOWING else {}
    stay = new.keys() | moved.values()
    for name, (was, _) in old.items():
        if name not in stay:
            yield Drop(table=each.before.name, part=was)
    for name, part in new.items():
        if name in moved:
            yield _altered(each, old[moved[name]][0], part)
        elif name in old:
            yield from _changed(each, *old[name], part, context)
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
    each: _Compared, old: Mapping[str, tuple[Any, Any]], new: Mapping[str, Any], context: _Context
) -> Mapping[str, str]:
    """Give the old names, by new ones, of the rules that have another name and nothing else."""
    gone = {
        _nameless(by): name
        for name, (_, by) in old.items()
        if name not in new and not context.is_made_again(by, each.after.name)
    }
    found: dict[str, str] = {}
    for name, part in new.items() if gone else ():
        of = gone.get(_nameless(part)) if name not in old else None
        if of is not None and context.is_free(of, name):
            found[name] = of
            del gone[_nameless(part)]
    return found


def _changed(each: _Compared, was: Any, by: Any, after: Any, context: _Context) -> Iterable[Change]:
    if isinstance(after, Column):
        if by != after or was.name != after.name:
            yield _altered(each, was, after)
    elif by != after or context.is_made_again(by, each.after.name):
        yield Drop(table=each.before.name, part=was)
        yield Create(table=each.after.name, part=after)
