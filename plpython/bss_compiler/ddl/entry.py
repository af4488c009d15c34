"""Turns steps into the entries of a plan: JSON objects, one for each statement, with its facts.

The first entry of a step has the stages in which the step is made to a large table, and the others
none; which form it is, is decided when the plan is carried out. That of a trigger which captures
changes has the body of its function, which is provided before.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bss_compiler.ddl.online import render_stage
from bss_compiler.ddl.render import render
from bss_compiler.diff import Alter, Create, Renames
from bss_compiler.model import ForeignKey, Model, Trigger, Unique
from bss_compiler.plan import Facts, Stage, Step, online, shadow_stages

Json = dict[str, Any]


def entries(steps: Iterable[Step], target: Model, done: Renames) -> list[Json]:
    """Give the entries of a plan that leads to a model; `done` are the renames among its steps.

    The `origin` of an entry is the name that its table has before; one that `awaits` a table cannot
    be carried out before the stages of that one are.
    """
    steps = tuple(steps)
    tables = {table.name: table for table in target.tables}
    origins = {new: old for old, new in done.tables}
    new_keys = {
        (step.table, step.change.part.columns)
        for step in steps
        if isinstance(step.change, Create) and isinstance(step.change.part, Unique)
    }
    made: list[Json] = []
    shadows = shadow_stages(steps, tables, done)
    for place, step in enumerate(steps):
        table = tables.get(step.table)
        more = {"origin": origins.get(step.table, step.table)}
        # the stages of partitions are made before a rename gives these other names
        is_renamed = table is not None and table.partition_by and table.name in origins
        stages = None if is_renamed else shadows.get(place, online(step, table))
        if isinstance(step.change, Create) and isinstance(step.change.part, ForeignKey):
            key = step.change.part
            if (key.table, key.referenced) in new_keys:
                more["awaits"] = origins.get(key.table, key.table)
        for position, entry in enumerate(_whole(step)):
            entry |= more
            if stages is not None:
                entry["online"] = [] if position else list(_stages(stages, more))
            made.append(entry)
    return made


def plain_entries(steps: Iterable[Step]) -> list[Json]:
    """Give the entries of steps to tables that keep their names, whatever size these have."""
    return [entry | {"origin": step.table} for step in steps for entry in _whole(step)]


def _whole(step: Step) -> Iterator[Json]:
    """Give the entries of the one form that a step has if its table is small."""
    match step.change:
        case Create(part=Trigger(body=str() as body)) | Alter(after=Trigger(body=str() as body)):
            more = {"body": body}
        case _:
            more = {}
    for statement in render(step):
        yield _entry(step.kind, step.table, statement, step.facts_of(statement)) | more


def _stages(stages: Iterable[Stage], more: Mapping[str, str]) -> Iterator[Json]:
    for stage in stages:
        statements, undo = render_stage(stage)
        for position, statement in enumerate(statements):
            yield {
                **_entry(stage.kind, stage.table, statement, stage.facts),
                **more,
                "object": stage.part.name,
                "mode": stage.mode,
                "each_partition": stage.each_partition,
                "undo": [] if position else undo,
            }


def _entry(kind: str, relation: str, statement: str, facts: Facts) -> Json:
    return {
        "kind": kind,
        "relation": relation,
        "statement": statement,
        "lock": facts.lock,
        "blocks": list(facts.blocks),
        "scans": facts.scans,
        "rewrites": facts.rewrites,
        "reversible": facts.reversible,
        "hazards": list(facts.hazards),
        "reason": facts.reason,
    }
