"""Turns the schema of a jsonb column into the check on it, and the functions that the check calls.

A path predicate where one can decide; else a function, made of paths and of what they cannot do.
"""

from dataclasses import dataclass
from typing import Literal

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits, Schema
from bss_compiler.document.budget import Budget
from bss_compiler.document.schema import Reader
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.value import applicator, clause, container, scalar
from bss_compiler.lowering.value.context import Context, NotAPathError, PathWriter
from bss_compiler.lowering.value.demand import DemandWriter
from bss_compiler.lowering.value.function import Function, finished, named, needed
from bss_compiler.lowering.value.place import Target
from bss_compiler.lowering.value.routine import Routines
from bss_compiler.lowering.value.spelling import CHECK
from bss_compiler.lowering.value.unit import Units

RULES = {**scalar.RULES, **container.RULES, **applicator.RULES}


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCheck:
    """The check of a jsonb column, in the server's spelling; it passes where the column is null.

    The functions come in the order in which they can be created.
    """

    expression: str
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
    functions: bool = True,
    options_read: frozenset[str] = frozenset(),
) -> ValueCheck | None:
    """Give the check of a column that holds values of a schema; None where all are valid.

    Without functions, a schema that needs one is refused. Where formats annotate, what is said of
    contents does, too.
    """
    units = Units(reader=reader)
    context = Context(
        units=units,
        limits=limits,
        budget=budget,
        findings=findings,
        formats=formats,
        functions=functions,
        options_read=options_read,
    )
    paths = PathWriter(context, RULES)
    routines = Routines(paths=paths, rules=clause.RULES)
    unit = units.root(schema)
    name = quoting.ident(column)
    writer = DemandWriter(
        paths=paths,
        target=Target(spelling=CHECK, value=name, loops=functions),
        call=lambda unit, _: routines.function(unit),
    )
    try:
        conditions = routines.conditions(writer.demands(unit), CHECK, name)
    except NotAPathError as reason:
        if not functions:
            _refuse(context, reason)
            return None
        conditions = [f"{routines.function(unit)}({name})"]
    if not conditions:
        return None
    routines.write()
    routines.report_expansion()
    made = named(needed(" ".join(conditions), routines.bodies))
    names = {number: function.name for number, function in made.items()}
    condition = finished(" AND ".join(conditions), names)
    if len(conditions) > 1:
        condition = f"({condition})"
    expression = f"(({name} IS NULL) OR {condition})"
    unique = {function.name: function for function in made.values()}
    return ValueCheck(
        expression=expression,
        functions=tuple(unique.values()),
        probes=tuple(context.probes.values()),
    )


def _refuse(context: Context, reason: NotAPathError) -> None:
    if not context.budget.exceeded:
        context.report(
            Code.NOT_SUPPORTED_YET, reason.pointer,
            f"{reason.reason} takes a function to decide, which is not supported yet",
            detail="A path of the server cannot count, compare elements with each other, recur, or "
            "know which other schemas a value has matched.",
            hint="Leave it out; it would not be enforced. Or make the value a property, or its "
            "elements an entity.",
        )  # fmt: skip
