"""Turns what a value must have outright, where it is a scalar, into paths and operators.

The type is left to what is true of its values only, and what can be told from a string's text is
asked of that: a path would compile every pattern anew to match it.
"""

from dataclasses import dataclass, replace
from typing import Any

from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.pointer import child
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.format import function_of
from bss_compiler.lowering.pattern import masked
from bss_compiler.lowering.value.context import Context
from bss_compiler.lowering.value.place import Demands, Place, Target, is_all
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.model.function import SCHEMA

_OPPOSITES = {
    "minimum": "<", "maximum": ">", "exclusiveMinimum": "<=", "exclusiveMaximum": ">=",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalarWriter:
    """Writes what a scalar's keywords demand; those it does not handle are its caller's."""

    context: Context
    target: Target

    def demands(self, unit: Unit, place: Place) -> tuple[Demands, set[str]]:
        """Give what is demanded of a string or a number, and the keywords that say so."""
        if type_of(unit) == "string":
            return self._string(unit, place)
        return self._number(unit, place) if place.array is None else self._numbers(unit, place)

    def lax(self, unit: Unit, place: Place) -> Demands | None:
        """Give what a scalar demands where it may be absent; None if it takes more than this."""
        type_ = type_of(unit)
        if type_ not in ("string", "number", "boolean"):
            return None
        rest = unit.keywords.keys() - ANNOTATIONS - {"type", "default", "contentEncoding"}
        found = Demands(lax=[jsonpath.compare(f"{place.path}.type()", "!=", type_)])
        if type_ == "number" and rest <= _OPPOSITES.keys():
            found.lax += [
                jsonpath.compare(place.path, operator, unit.get(name))
                for name, operator in _OPPOSITES.items()
                if name in rest
            ]
        elif type_ == "string" and rest <= self._text_keywords(unit, place):
            if unit.get("minLength") == 1:
                found.lax.append(jsonpath.compare(place.path, "==", ""))
            found.add(self._of_text(unit, replace(place, optional=True), set(rest)))
        elif rest:
            return None
        found.lax = [jsonpath.negated(wrong) for wrong in found.lax]
        return found

    def _text_keywords(self, unit: Unit, place: Place) -> set[str]:
        """Give the keywords that are decided by the text of a string faster than by a path."""
        found = {"minLength", "maxLength"}
        if self._function(unit) is not None:
            found.add("format")
        if place.array is not None:
            return found
        if len(unit.get("enum", ())) <= self.context.limits.enum_values and _is_text(unit):
            found.add("enum")
        return found | {"pattern"}

    def _function(self, unit: Unit) -> str | None:
        """Give the function that decides the format, if it takes one."""
        asserted = self.context.formats == "assert"
        return function_of(unit.get("format", "")) if asserted else None

    def _string(self, unit: Unit, place: Place) -> tuple[Demands, set[str]]:
        """Leave the type to what is true of strings only: to come after the empty one, to equal."""
        found = Demands()
        least = int(unit.get("minLength", 0))
        if place.array is not None and least == 1 and "maxLength" in unit.keywords:
            # a null, which is not compared with a string, has no length that would do
            empty = jsonpath.compare(place.path, "<=", "")
            found.predicates.append(jsonpath.negated(empty))
        elif place.array is not None:
            found.predicates.append(is_all(place, "string"))
            if least == 1:
                empty = jsonpath.compare(place.path, "==", "")
                found.predicates.append(jsonpath.negated(empty))
        elif least == 1:
            found.predicates.append(jsonpath.compare(place.path, ">", ""))
        elif not _is_text(unit):
            found.predicates.append(is_all(place, "string"))
        handled = {"type"} | (self._text_keywords(unit, place) - {"enum"})
        found.add(self._of_text(unit, place, handled))
        return found, handled

    def _of_text(self, unit: Unit, place: Place, keywords: set[str]) -> Demands:
        """Give what some of the keywords demand of the text of what is known to be a string."""
        found = Demands()
        if "minLength" in keywords and unit.get("minLength", 0) > 1:
            found.add(self._length(place, ">=", int(unit.get("minLength"))))
        if "maxLength" in keywords and "maxLength" in unit.keywords:
            found.add(self._length(place, "<=", int(unit.get("maxLength"))))
        if "pattern" in keywords and "pattern" in unit.keywords:
            pointer = child(unit.schema.pointer, "pattern")
            pattern = self.context.pattern(unit.get("pattern"), pointer)
            if pattern is not None:
                found.add(self._matches(place, unit.get("pattern"), pattern))
        if "enum" in keywords and "enum" in unit.keywords:
            found.add(self.target.condition(place, lambda spelling, value: (
                spelling.is_one_of(spelling.text_at(value, place.keys), unit.get("enum"))
            )))  # fmt: skip
        function = self._function(unit) if "format" in keywords else None
        if function is not None:
            found.add(self.target.condition(place, lambda spelling, value: (
                f"{SCHEMA}.{function}({spelling.text_at(value, place.keys)})"
            )))  # fmt: skip
        return found

    def _matches(self, place: Place, pattern: str, translated: str) -> Demands:
        mask, expression = masked(pattern) or (None, translated)
        found = self.target.condition(place, lambda spelling, value: (
            spelling.like(spelling.text_at(value, place.keys), expression)
        ))  # fmt: skip
        if mask is not None:
            found.add(self.target.condition(place, lambda spelling, value: (
                spelling.has_mask(spelling.text_at(value, place.keys), mask)
            )))  # fmt: skip
        return found

    def _length(self, place: Place, operator: str, bound: int) -> Demands:
        return self.target.condition(place, lambda spelling, value: (
            spelling.length(spelling.text_at(value, place.keys), operator, min(bound, 2**31 - 1))
        ))  # fmt: skip

    def _number(self, unit: Unit, place: Place) -> tuple[Demands, set[str]]:
        """Leave the type to the comparisons: they are true of numbers only."""
        if unit.get("type") == "integer":
            whole = jsonpath.compare(f"{place.path} % 1", "==", 0)
            return Demands(predicates=[whole]), {"type"}
        bounds = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
        if bounds.isdisjoint(unit.keywords):
            return Demands(predicates=[is_all(place, "number")]), {"type"}
        return Demands(), {"type"}

    def _numbers(self, unit: Unit, place: Place) -> tuple[Demands, set[str]]:
        """Leave the type to the sign before a path: it fails on what is no number."""
        found = Demands()
        handled = {"type"}
        for name, operator in _OPPOSITES.items():
            if name in unit.keywords:
                sign = "" if found.predicates else "+"
                wrong = jsonpath.compare(sign + place.path, operator, unit.get(name))
                found.predicates.append(jsonpath.negated(wrong))
                handled.add(name)
        if not found.predicates:
            found.predicates.append(is_all(place, "number"))
        if unit.get("type") == "integer":
            found.add(self.target.condition(place, lambda spelling, value: (
                spelling.is_whole(spelling.text_at(value, place.keys))
            )))  # fmt: skip
        return found, handled


def type_of(unit: Unit) -> Any:
    """Give the type that is demanded, be it by the values that are allowed."""
    return unit.get("type", "string" if _is_text(unit) else None)


def _is_text(unit: Unit) -> bool:
    """Say whether `enum` allows strings and nothing else."""
    values = unit.get("enum", ())
    return len(values) > 0 and all(isinstance(value, str) for value in values)
