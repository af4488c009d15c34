"""Turns the units that no path can decide into the bodies of functions.

A body decides with paths what they can, and the rest keyword by keyword. A schema inside that no
path can decide either is a function of its own, so that bodies stay as large as the schemas they
are made from, and recursion is recursion.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bss_compiler.diagnostic import Code
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.value import sql
from bss_compiler.lowering.value.context import NotAPathError, PathWriter
from bss_compiler.lowering.value.demand import DemandWriter
from bss_compiler.lowering.value.function import call, circles
from bss_compiler.lowering.value.place import Demands, Target
from bss_compiler.lowering.value.spelling import BODY, Spelling
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.model.function import SCHEMA

V = "v"
"""The parameter of every function."""

SqlRule = Callable[["Body", Unit], str | None]
"""Says in SQL what one keyword demands of the parameter; None if nothing."""


@dataclass(slots=True, kw_only=True)
class Routines:
    """The functions that are asked for, by number, and their bodies as they get written."""

    paths: PathWriter
    rules: Mapping[str, SqlRule]
    numbers: dict[Unit, int] = field(default_factory=dict)
    bodies: dict[int, str] = field(default_factory=dict)
    in_place: dict[int, Counter[int]] = field(default_factory=dict)
    """Who calls whom, how often, with the very value it was given."""
    count: int = 0
    _wanted: list[Unit] = field(default_factory=list)

    def function(self, unit: Unit) -> str:
        """Give the qualified name of the unit's function, which will be written."""
        if unit not in self.numbers:
            self.numbers[unit] = self.count
            self.count += 1
            self._wanted.append(unit)
        return f"{SCHEMA}.{call(self.numbers[unit])}"

    def write(self) -> None:
        """Write the bodies of all functions that were asked for, and of those that they ask for."""
        while self._wanted:
            unit = self._wanted.pop(0)
            number = self.numbers[unit]
            self.in_place[number] = Counter()
            self.bodies[number] = Body(routines=self, number=number).write(unit)

    def conditions(self, demands: Demands, spelling: Spelling, value: str) -> list[str]:
        """Say in SQL what is demanded of a value, the paths first: they tell what is there."""
        found = []
        if demands.predicates:
            path = jsonpath.strict(jsonpath.both(*demands.predicates))
            found.append(spelling.matches(value, path))
        if demands.lax:
            found.append(spelling.matches(value, jsonpath.lax(jsonpath.both(*demands.lax))))
        for keys, conditions in demands.of_elements.items():
            found.append(f"{self.written(_loop(conditions))}({spelling.at(value, keys)})")
        return found + demands.conditions

    def written(self, body: str) -> str:
        """Give the qualified name of a function that has its body already."""
        number = self.count
        self.count += 1
        self.bodies[number] = body
        self.in_place[number] = Counter()
        return f"{SCHEMA}.{call(number)}"

    def report_expansion(self) -> None:
        """Refuse schemas that apply themselves to the same value, or too many others."""
        context = self.paths.context
        pointers = {number: unit.schema.pointer for unit, number in self.numbers.items()}
        applied: dict[int, int] = {}
        for circle in circles({number: sorted(called) for number, called in self.in_place.items()}):
            first = circle[0]
            calls = self.in_place[first]
            if len(circle) > 1 or first in calls:
                context.report(
                    Code.CIRCULAR_REFERENCE, pointers[first], "schema refers back to itself",
                    detail="It would be applied to the same value without end.",
                    hint="Let one of the schemas on the way go into a property or an element.",
                )  # fmt: skip
                return
            applied[first] = 1 + sum(times * applied[other] for other, times in calls.items())
            if applied[first] > context.limits.schema_nodes:
                context.report(
                    Code.TOO_MANY, pointers[first], "property expands to too many sub-schemas",
                    detail=f"The limit is {context.limits.schema_nodes}, references followed.",
                    hint="Refer to fewer schemas, or raise the setting limit.schema_nodes.",
                )  # fmt: skip
                return


@dataclass(slots=True, kw_only=True)
class Body:
    """Writes one body."""

    routines: Routines
    number: int
    variables: list[str] = field(default_factory=list)

    @property
    def paths(self) -> PathWriter:
        """Give the writer of paths."""
        return self.routines.paths

    def write(self, unit: Unit) -> str:
        """Give the body of the unit's function."""
        writer = DemandWriter(
            paths=self.paths,
            target=Target(spelling=BODY, value=V),
            call=self.call,
            fallback=lambda unit, name: self.routines.rules[name](self, unit),
        )
        conditions = self.routines.conditions(writer.demands(unit), BODY, V)
        declared = "".join(f"    {line};\n" for line in self.variables)
        result = "\n        and ".join(conditions) or "true"
        return f"{'declare' if declared else ''}\n{declared}begin\n    return {result};\nend"

    def call(self, unit: Unit, in_place: bool) -> str:
        """Give the name of a unit's function, and note whether it gets the value of this one."""
        name = self.routines.function(unit)
        if in_place:
            self.routines.in_place[self.number][self.routines.numbers[unit]] += 1
        return name

    def condition(self, unit: Unit, value: str) -> str | None:
        """Say in SQL that a value, not null, is valid; None where every value is."""
        try:
            predicate = self.paths.predicate(unit, "$")
        except NotAPathError:
            return f"{self.call(unit, value == V)}({value})"
        return None if predicate is None else sql.matches(value, predicate)

    def violation(self, unit: Unit, value: str) -> str | None:
        """Say in SQL that a value, not null, is not valid; None where none is."""
        condition = self.condition(unit, value)
        return None if condition is None else f"not {condition}"

    def variable(self, condition: str) -> str:
        """Keep a condition about the whole value for several uses."""
        name = f"c{len(self.variables)}"
        self.variables.append(f"{name} constant pg_catalog.bool := {condition}")
        return name


def _loop(conditions: list[str]) -> str:
    """Give the body of a function about elements of what is known to be an array.

    A query over the elements would be no faster for thousands, and half as fast for a few.
    """
    return (
        "\nbegin\n"
        f"    for i in 0 .. pg_catalog.jsonb_array_length({V}) operator(pg_catalog.-) 1 loop\n"
        f"        if ({sql.both(conditions)}) is not true then\n"
        "            return false;\n"
        "        end if;\n"
        "    end loop;\n"
        "    return true;\n"
        "end"
    )
