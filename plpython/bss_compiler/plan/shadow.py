"""Turns the steps that change the type of a column into the stages of a shadow column.

Rewriting a large table keeps everybody waiting. So a second column is added that a trigger keeps in
step with the first, in both directions; it is filled in batches and gets the constraints and
indexes of the new version, while readers and writers go on with the first. At the end, the two
change names, together with all that is built on them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.diff import Alter, Create, Drop, Renames, followed_part
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    Part,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.model.expression import columns_in
from bss_compiler.naming import hashed_name
from bss_compiler.plan.online import (
    Stage,
    constraint_stages,
    index_stages,
    required_stages,
    stage_of,
)
from bss_compiler.plan.step import Step

Rule = Check | ForeignKey | Index | Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class Shadow:
    """A column that is to take the place of another.

    `before` has the values, and is `kept` as another column or, if None, holds nothing more.
    `after` is what the shadow becomes; until then it goes by `name`. The rules that are `dropped`
    are about the column before; those that are `made` come in pairs, as they are to be and as they
    are made for the shadow.
    """

    name: str
    before: Column
    after: Column
    kept: Column | None
    key: tuple[str, ...]
    dropped: tuple[Rule, ...]
    made: tuple[tuple[Rule, Rule], ...]

    @property
    def triggers(self) -> tuple[str, str]:
        """Give the names of the triggers that keep the columns in step, and list what is lost."""
        return self.name, hashed_name(f"{self.name}_listing")

    @property
    def column(self) -> Column:
        """Give the shadow as a column of its own."""
        return replace(self.after, name=self.name)


def shadow_stages(
    steps: Sequence[Step], tables: Mapping[str, Table], done: Renames
) -> Mapping[int, tuple[Stage, ...]]:
    """Give, by their places, the stages of the steps that change a type, and none of those with it.

    Only of tables without partitions that keep their names, and of columns that nothing relies on
    but rules of the table itself.
    """
    found: dict[int, tuple[Stage, ...]] = {}
    renamed = {new for _, new in done.tables}
    for place, step in enumerate(steps):
        table = tables.get(step.table)
        if table is None or table.partition_by is not None or table.name in renamed:
            continue
        group = _group(steps, place, table)
        # of two columns that share a rule, it waits for the first; the other is changed at once
        if group is not None and not group[1] & found.keys():
            shadow, others = group
            found |= dict.fromkeys(others, ())
            found[place] = tuple(_stages(table, shadow))
    return found


def _group(steps: Sequence[Step], place: int, table: Table) -> tuple[Shadow, frozenset[int]] | None:
    """Give the shadow of a step, and the places of the steps that it does the work of."""
    change = steps[place].change
    kept: Column | None
    match change:
        case Create(part=Column() as after, source=Column() as source, key=key):
            kept, before = source, _renamed_to(steps, table.name, source)
        case Alter(before=Column() as before, after=Column() as after) if (
            steps[place].kind == "change_type" and steps[place].facts.rewrites
        ):
            kept, key = None, _key(table)
        case _:
            return None
    if before is None or before.name != after.name:
        return None
    dropped: list[Any] = []
    made: list[Any] = []
    others = {place}
    for position, other in enumerate(steps):
        match other.change:
            case Drop(part=part) if other.table == table.name and _reads(part, before.name):
                dropped.append(part)
            case Create(part=part) if (
                other.table == table.name and position != place and _reads(part, after.name)
            ):
                made.append(part)
            case Alter(after=Column(name=name)) if other.table == table.name and name in (
                after.name, kept.name if kept is not None else after.name
            ):  # fmt: skip
                pass
            case Drop(part=ForeignKey() as part) if (
                part.table == table.name and before.name in part.referenced
            ):
                return None
            case _:
                continue
        others.add(position)
    if not all(isinstance(part, Rule) for part in (*dropped, *made)):
        return None
    if any(before.name in columns_in(column.generated or "") for column in table.columns):
        return None
    name = _shadow_name(table, after)
    shadow = Shadow(
        name=name, before=before, after=after, kept=kept, key=key, dropped=tuple(dropped),
        made=tuple((part, _shadowed(part, after.name, name)) for part in made),
    )  # fmt: skip
    return shadow, frozenset(others)


def _renamed_to(steps: Iterable[Step], table: str, kept: Column) -> Column | None:
    """Give the column that is kept as it was before that."""
    for step in steps:
        change = step.change
        if (
            step.kind == "rename_column"
            and step.table == table
            and isinstance(change, Alter)
            and isinstance(change.before, Column)
            and change.after.name == kept.name
        ):
            return change.before
    return None


def _key(table: Table) -> tuple[str, ...]:
    return next(item.columns for item in table.constraints if isinstance(item, PrimaryKey))


def _reads(part: Part | Table, column: str) -> bool:
    match part:
        case PrimaryKey() | Unique() | ForeignKey():
            return column in part.columns
        case Index():
            return column in (*part.columns, *part.include, *columns_in(part.where or ""))
        case Check():
            return column in columns_in(part.expression)
        case Column():
            return column in columns_in(part.generated or "")
    return False


def _shadow_name(table: Table, column: Column) -> str:
    taken = {item.name for item in table.columns}
    number = 0
    while (name := hashed_name(f"{column.name}_shadow", of=f"{table.name}.{number}")) in taken:
        number += 1
    return name


def _shadowed(part: Rule, column: str, shadow: str) -> Rule:
    """Give a rule as it is made for the shadow, under a name of its own."""
    made: Rule = followed_part(part, {column: shadow}, Renames())
    return replace(made, name=hashed_name(part.name, of=shadow))


def _stages(table: Table, shadow: Shadow) -> Iterator[Stage]:
    def of_shadow(kind: str) -> Stage:
        return replace(stage_of(kind, table, shadow.column), shadow=shadow)

    yield of_shadow("add_shadow")
    yield of_shadow("keep_in_step")
    yield of_shadow("fill_shadow")
    if not shadow.after.nullable:
        # the last of them, which drops the check, is a part of the swap
        yield from _later(list(required_stages(table, shadow.column))[:-1])
    for _, rule in shadow.made:
        match rule:
            case Unique() | Index():
                yield from (
                    stage for stage in index_stages(table, rule) if stage.kind == "build_index"
                )
            case _:
                yield from _later(constraint_stages(table, rule))
    yield of_shadow("swap_columns")


def _later(stages: Iterable[Stage]) -> Iterator[Stage]:
    for stage in stages:
        yield replace(stage, mode="transaction")
