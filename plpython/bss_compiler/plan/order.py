"""Puts steps into an order that works: what a step needs is there, and what it takes is free.

Steps that do not need each other are in the order of their phases, and of the changes within one.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from bss_compiler.diff import Alter, Create, Drop
from bss_compiler.model import (
    Check,
    Column,
    Constraint,
    ForeignKey,
    Function,
    Grant,
    Index,
    Part,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.model.expression import columns_in
from bss_compiler.model.function import called_in
from bss_compiler.plan.step import Step

Thing = tuple[Any, ...]
"""What steps make, take away and rely on: its kind, and the names that tell it from others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What a step has to do with things that other steps have to do with too.

    What it `needs` must be there, unless it always was. What it `makes` must be free; what it
    `removes` is free from then on, and nothing may be `held` any more that is removed: a step that
    drops a rule has held what the rule is about.
    """

    needs: frozenset[Thing] = field(default=frozenset())
    makes: frozenset[Thing] = field(default=frozenset())
    removes: frozenset[Thing] = field(default=frozenset())
    held: frozenset[Thing] = field(default=frozenset())


def ordered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Give the steps in order. AssertionError if they need each other in a circle."""
    given = tuple(steps)
    waits_for, followers = _edges([ties(step) for step in given])
    ready = [(step.facts.phase, place) for place, step in enumerate(given) if not waits_for[place]]
    heapq.heapify(ready)
    result = []
    while ready:
        _, place = heapq.heappop(ready)
        result.append(given[place])
        for follower in followers[place]:
            waits_for[follower] -= 1
            if not waits_for[follower]:
                heapq.heappush(ready, (given[follower].facts.phase, follower))
    if len(result) < len(given):
        raise AssertionError("steps need each other in a circle")
    return tuple(result)


def _edges(all_ties: list[Ties]) -> tuple[list[int], list[set[int]]]:
    """Give for each step how many it waits for, and which wait for it."""
    makers, removers = defaultdict(set), defaultdict(set)
    for place, each in enumerate(all_ties):
        for thing in each.makes:
            makers[thing].add(place)
        for thing in each.removes:
            removers[thing].add(place)
    followers: list[set[int]] = [set() for _ in all_ties]
    for place, each in enumerate(all_ties):
        for thing in each.needs:
            for maker in makers.get(thing, ()):
                followers[maker].add(place)
        for thing in each.makes:
            for remover in removers.get(thing, ()):
                followers[remover].add(place)
        for thing in each.held:
            followers[place] |= removers.get(thing, set())
        followers[place].discard(place)
    waits_for = [0] * len(all_ties)
    for place, each_followers in enumerate(followers):
        each_followers.discard(place)
        for follower in each_followers:
            waits_for[follower] += 1
    return waits_for, followers


def ties(step: Step) -> Ties:
    """Give what a step has to do with other things than the rows of its table."""
    match step.change:
        case Create(part=Trigger() as trigger) if step.kind == "seal_secrets":
            return Ties(needs=frozenset(_named(step.table, trigger)))
        case Create(source=Column() as source) as change:
            made = _made(step.table, change.part)
            return replace(made, needs=made.needs | {_column(step.table, source.name)})
        case Create() as change:
            return _made(step.table, change.part)
        case Drop() as change:
            return _dropped(step.table, change.part)
        case Alter() as change if step.kind.startswith("rename_"):
            return _renamed(step.table, change)
        case Alter(after=Column() as after):
            column = frozenset({_column(step.table, after.name)})
            needs = frozenset(_needed(step.table, after))
            if step.kind in ("compute", "compute_anew"):
                return Ties(needs=needs, makes=column, removes=column)
            return Ties(needs=needs | column)
        case Alter() as change:
            return Ties(needs=frozenset({_relation(step.table)}))
        case _:
            assert_never(step.change)


def _made(table: str, part: Part | Table) -> Ties:
    return Ties(
        needs=frozenset(_needed(table, part)),
        makes=frozenset([*_named(table, part), *_offered(table, part)]),
    )


def _dropped(table: str, part: Part | Table) -> Ties:
    return Ties(
        removes=frozenset([*_named(table, part), *_offered(table, part)]),
        held=frozenset(_needed(table, part)),
    )


def _renamed(table: str, change: Alter) -> Ties:
    is_table = isinstance(change.after, Table)
    return Ties(
        needs=frozenset() if is_table else frozenset({_relation(table)}),
        removes=frozenset({next(_named(table, change.before))}),
        makes=frozenset({next(_named(table, change.after))}),
    )


def _named(table: str, part: Part | Table) -> Iterator[Thing]:
    """Give the names that a part takes."""
    match part:
        case Table():
            yield _relation(part.name)
            yield from (
                _relation(item.name)
                for item in part.constraints
                if isinstance(item, PrimaryKey | Unique)
            )
        case Column():
            yield _column(table, part.name)
        case PrimaryKey() | Unique() | Index() | Partition():
            yield _relation(part.name)
        case ForeignKey() | Check():
            yield "constraint", table, part.name
        case Policy():
            yield "policy", table, part.name
        case Trigger():
            yield "trigger", table, part.name
        case Grant():
            yield "grant", table, part.role
        case Function():
            yield "function", part.name
        case _:
            assert_never(part)


def _offered(table: str, part: Part | Table) -> Iterator[Thing]:
    """Give the keys that references may be to."""
    if isinstance(part, Table):
        for item in part.constraints:
            yield from _offered(table, item)
    elif isinstance(part, PrimaryKey | Unique) or (isinstance(part, Index) and part.unique):
        yield "key", table, frozenset(part.columns)


def _needed(table: str, part: Part | Table) -> Iterator[Thing]:
    """Give what a part is built on."""
    if isinstance(part, Table):
        return
    if not isinstance(part, Function):
        yield _relation(table)
    match part:
        case Column():
            yield from (_column(table, name) for name in columns_in(part.generated or ""))
        case ForeignKey():
            yield _relation(part.table)
            yield "key", part.table, frozenset(part.referenced)
        case Check():
            yield from (("function", name) for name in called_in(part.expression))
        case Trigger():
            yield from (("function", name) for name in called_in(f"{part.function}()"))
            if part.column is not None:
                yield _column(table, part.column)
    yield from (_column(table, name) for name in _read(part))


def _read(part: Part | Constraint) -> Iterable[str]:
    match part:
        case PrimaryKey() | Unique() | ForeignKey():
            return part.columns
        case Index():
            return (*part.columns, *part.include, *columns_in(part.where or ""))
        case Check():
            return columns_in(part.expression)
    return ()


def _relation(name: str) -> Thing:
    return "relation", name


def _column(table: str, name: str) -> Thing:
    return "column", table, name
