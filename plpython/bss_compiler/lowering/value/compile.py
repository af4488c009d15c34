"""Turns the schema of a jsonb column into the check on it, and the functions that the check calls.

A path predicate where one can decide; else a function, made of paths and of what they cannot do.
"""

from dataclasses import dataclass
from typing import Literal

from bss_compiler import quoting
from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits, Schema
from bss_compiler.document.budget import Budget, Work
from bss_compiler.document.schema import Reader
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.value import applicator, clause, container, scalar
from bss_compiler.lowering.value.context import Context, NotAPathError, PathWriter
from bss_compiler.lowering.value.demand import DemandWriter
from bss_compiler.lowering.value.function import finished, named, needed
from bss_compiler.lowering.value.place import Target
from bss_compiler.lowering.value.routine import Routines
from bss_compiler.lowering.value.spelling import CHECK
from bss_compiler.lowering.value.unit import Scope, Units
from bss_compiler.model import Function

RULES = {**scalar.RULES, **container.RULES, **applicator.RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCheck:
    """The check of a jsonb column, in the server's spelling; it passes where the column is null.

    `condition` is what it demands of a value that is there. The functions come before those that
    call them, as far as they do not call each other.
    """

    expression: str
    condition: str
    functions: tuple[Function, ...]
    probes: tuple[Probe, ...]


def compile_value(
    schema: Schema,
    column: str,
    *,
    reader: Reader,
    limits: Limits,
    budget: Budget,
    findings: Findings,
    formats: Literal["assert", "annotate"] = "assert",
    options_read: frozenset[str] = frozenset(),
    is_sql_array: bool = False,
    scope: Scope = (),
) -> ValueCheck | None:
    """Give the check of a column that holds values of a schema; None where all are valid.

    An SQL array is checked as the JSON that it stands for: of text, numbers, booleans and uuids
    that is the same in every session. `scope` is where the schema is reached from.
    """
    units = Units(reader=reader)
    context = Context(
        units=units,
        limits=limits,
        budget=budget,
        findings=findings,
        formats=formats,
        options_read=options_read,
    )
    paths = PathWriter(context, RULES)
    routines = Routines(paths=paths, rules=clause.RULES)
    unit = units.inner(schema, scope)
    name = quoting.ident(column)
    value = f"to_jsonb({name})" if is_sql_array else name
    writer = DemandWriter(
        paths=paths,
        target=Target(spelling=CHECK, value=value),
        call=lambda unit, _: routines.function(unit),
    )
    try:
        conditions = routines.conditions(writer.demands(unit), CHECK, value)
    except NotAPathError:
        conditions = [f"{routines.function(unit)}({value})"]
    if not conditions:
        return None
    routines.write()
    routines.report_expansion()
    made = named(needed(" ".join(conditions), routines.bodies))
    if not budget.grants(Work.FUNCTIONS, len(made), schema.pointer):
        return None
    names = {number: function.name for number, function in made.items()}
    condition = finished(" AND ".join(conditions), names)
    if len(conditions) > 1:
        condition = f"({condition})"
    expression = f"(({name} IS NULL) OR {condition})"
    return ValueCheck(
        expression=expression,
        condition=condition,
        functions=tuple(dict.fromkeys(made.values())),
        probes=tuple(context.probes.values()),
    )
