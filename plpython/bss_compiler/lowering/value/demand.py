"""Turns what a value must have outright into whole paths, and into operators where they are faster.

Where a schema demands a type, what it says of required members and of elements holds for all that a
path leads to. So one comparison of the path decides for a thousand elements: it must find no value
that is wrong, and strict paths make it unknown where one is missing or not of the kind that was
asked for. Unlike the predicates of `context`, these must not be negated.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.value.context import (
    MAX_DEPTH,
    NotAPathError,
    PathWriter,
    in_order,
)
from bss_compiler.lowering.value.leaf import ScalarWriter, type_of
from bss_compiler.lowering.value.place import Demands, Place, Target, is_all, is_there
from bss_compiler.lowering.value.unit import Unit

MAX_TIMES = 4
"""How often a schema is written out in one check; after that it is a function."""


_COUNTS = {"minItems": ">=", "maxItems": "<="}


@dataclass(slots=True, kw_only=True)
class DemandWriter:
    """Writes the demands of one unit on a value.

    `call` gives the name of a unit's function, told whether it is given this very value.
    `fallback` writes a keyword of this unit that no path can; without one, NotAPathError is raised.
    """

    paths: PathWriter
    target: Target
    call: Callable[[Unit, bool], str]
    fallback: Callable[[Unit, str], str | None] | None = None
    _open: list[Unit] = field(default_factory=list)
    _times: Counter[Unit] = field(default_factory=Counter)

    @property
    def _scalars(self) -> ScalarWriter:
        return ScalarWriter(context=self.paths.context, target=self.target)

    def demands(self, unit: Unit) -> Demands:
        """Give what the unit demands of the value. Raises NotAPathError."""
        return self._demands(unit, Place())

    def _inner(self, unit: Unit, place: Place) -> Demands:
        """Give what a schema demands at a place, if need be by a call of its function."""
        self._times[unit] += 1
        try:
            if self._times[unit] > MAX_TIMES:
                raise NotAPathError
            return self._demands(unit, place)
        except NotAPathError:
            function = self.call(unit, place.is_root)
            return self.target.condition(place, lambda spelling, value: (
                f"({function}({spelling.at(value, place.keys)}) IS TRUE)"
            ))  # fmt: skip

    def _demands(self, unit: Unit, place: Place) -> Demands:
        if unit.accepts_nothing:
            there = Predicate(f"exists ({place.path})", 6)
            return Demands(predicates=[jsonpath.negated(there)])
        if unit in self._open or len(self._open) >= MAX_DEPTH:
            raise NotAPathError
        if not self.paths.context.spend(unit, place.path):
            return Demands()
        self._open.append(unit)
        try:
            match type_of(unit):
                case "object":
                    return self._object(unit, place)
                case "array" if place.array is None:
                    return self._array(unit, place)
                case "string" | "number" | "integer":
                    return self._scalar(unit, place)
            return self._keywords(unit, in_order(unit), place)
        finally:
            self._open.pop()

    def _keywords(self, unit: Unit, names: list[str], place: Place) -> Demands:
        """Give what keywords demand that have no faster form: a predicate of every value."""
        found = Demands()
        for name in names:
            match name:
                case "allOf":
                    for each in self.paths.units.children(unit, "allOf"):
                        found.add(self._inner(each, place))
                case "$ref" | "$dynamicRef":
                    target = self.paths.units.target(unit, name)
                    if target is not None:
                        found.add(self._inner(target, place))
                case _:
                    found.add(self._keyword(unit, name, place))
        return found

    def _keyword(self, unit: Unit, name: str, place: Place) -> Demands:
        try:
            if place.array is None and name in ("const", "enum"):
                predicate = self.paths.keyword(unit, name, place.path)
                scalars = _values(unit, name)
                if scalars and predicate is not None:
                    tests = (jsonpath.compare(place.path, "==", value) for value in scalars)
                    predicate = jsonpath.either(*tests)
            elif place.array is None:
                predicate = self.paths.keyword(unit, name, place.path)
            else:
                predicate = self.paths.keyword(unit, name, "@")
                if predicate is not None:
                    predicate = jsonpath.none(place.path, jsonpath.negated(predicate))
        except NotAPathError:
            if self.fallback is None or not place.is_root or len(self._open) > 1:
                raise
            condition = self.fallback(unit, name)
            return Demands(conditions=[condition] if condition is not None else [])
        return Demands(predicates=[predicate] if predicate is not None else [])

    def _object(self, unit: Unit, place: Place) -> Demands:
        found = Demands()
        members = self.paths.units.members(unit, "properties")
        required = dict.fromkeys(unit.get("required", ()))
        for name in required:
            schema = members.get(name)
            demanded = Demands() if schema is None else self._inner(schema, place.member(name))
            if not demanded.predicates:
                demanded.predicates.append(is_there(place.member(name), place))
            found.add(demanded)
        if not required:
            found.predicates.append(is_all(place, "object"))
        found.add(self._optional(unit, place))
        handled = {"type", "properties", "required"}
        if self._is_closed(unit):
            names = sorted(members)
            found.add(self.target.condition(place, lambda spelling, value: (
                spelling.is_closed(spelling.at(value, place.keys), names)
            )))  # fmt: skip
            handled.add("additionalProperties")
        rest = [name for name in unit.keywords if name not in handled]
        found.add(self._keywords(unit, rest, place))
        return found

    def _is_closed(self, unit: Unit) -> bool:
        if "additionalProperties" not in unit.keywords or unit.get("patternProperties"):
            return False
        return self.paths.units.child(unit, "additionalProperties").accepts_nothing

    def _optional(self, unit: Unit, place: Place) -> Demands:
        """Give what members demand that may be absent: no object has one that is wrong."""
        found = Demands()
        violations = []
        for name, schema in self.paths.units.members(unit, "properties").items():
            if name in unit.schema.required:
                continue
            lax = self._scalars.lax(schema, place.member(name))
            if lax is not None:
                found.add(lax)
                continue
            try:
                inner = self.paths.predicate(schema, jsonpath.member("@", name))
                if inner is not None and ".keyvalue()" in inner.text:
                    raise NotAPathError
            except NotAPathError:
                found.add(self._optional_call(schema, place.member(name)))
            else:
                violations += [jsonpath.negated(inner)] if inner is not None else []
        if violations:
            found.predicates.append(jsonpath.none(place.path, jsonpath.either(*violations)))
        return found

    def _optional_call(self, unit: Unit, place: Place) -> Demands:
        function = self.call(unit, False)
        return self.target.condition(replace(place, optional=True), lambda spelling, value: (
            f"{function}({spelling.at(value, place.keys)})"
        ))  # fmt: skip

    def _array(self, unit: Unit, place: Place) -> Demands:
        found = Demands()
        handled = {"type"}
        if "items" in unit.keywords and not unit.get("prefixItems"):
            handled.add("items")
            found.add(self._inner(self.paths.units.child(unit, "items"), place.elements()))
        if not found.predicates:  # a strict path has the elements of nothing else
            found.predicates.append(is_all(place, "array"))
        for name, operator in _COUNTS.items():
            if name in unit.keywords:
                handled.add(name)
                found.add(self._count(place, operator, int(unit.get(name))))
        rest = [name for name in unit.keywords if name not in handled]
        found.add(self._keywords(unit, rest, place))
        return found

    def _count(self, place: Place, operator: str, bound: int) -> Demands:
        """Compare the number of elements of what is known to be an array."""
        return self.target.condition(place, lambda spelling, value: (
            spelling.count(spelling.at(value, place.keys), operator, min(bound, 2**31 - 1))
        ))  # fmt: skip

    def _scalar(self, unit: Unit, place: Place) -> Demands:
        found, handled = self._scalars.demands(unit, place)
        rest = [name for name in unit.keywords if name not in handled]
        found.add(self._keywords(unit, rest, place))
        return found


def _values(unit: Unit, keyword: str) -> list[Any]:
    """Give the values of `const` or `enum` if all are scalars: those equal only their like."""
    values = [unit.get("const")] if keyword == "const" else unit.get("enum")
    return [] if any(isinstance(value, list | dict) for value in values) else values
