"""Evaluates units at places of a value: each pair once, within a bound.

A rule yields the violations of its keyword, and the outcomes of other schemas that are not valid.
Where a question has no answer yet, a rule goes both ways, so that one round asks all there is.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bss_compiler.document import Schema
from bss_compiler.document.budget import values
from bss_compiler.lowering.value.context import Context
from bss_compiler.lowering.value.unit import Unit
from bss_compiler.validation.equality import canonical
from bss_compiler.validation.question import Answers, Tests
from bss_compiler.validation.violation import Outcome, Place, Violation

MAX_NESTING = 200
"""Schemas evaluated inside each other; each takes a few frames of Python's thousand."""

TEXT_PER_WORK = 16
"""The characters of a question that count as one step."""

_KINDS: Mapping[type, str] = {
    bool: "boolean", str: "string", int: "number", Decimal: "number", list: "array",
    type(None): "null",
}  # fmt: skip

Fault = Violation | Outcome
Rule = Callable[["Evaluator", Unit, Place], Iterable[Fault]]


class TooMuchWorkError(Exception):
    """The value takes more work than the limit, or its schemas go too deep into each other."""


@dataclass(slots=True, kw_only=True)
class Evaluator:
    """Evaluates by rules; each has the kind of value that its keyword is about, None for all."""

    context: Context
    rules: Mapping[str, tuple[str | None, Rule]]
    answers: Answers
    evaluated: dict[Hashable, frozenset[Any]] = field(default_factory=dict)
    _work: int = 0
    _unanswered: int = 0
    _nesting: int = 0
    _outcomes: dict[Hashable, Outcome] = field(default_factory=dict)
    _listed: dict[Schema, frozenset[Hashable]] = field(default_factory=dict)

    def outcome(self, unit: Unit, place: Place, *, by: str) -> Outcome:
        """Evaluate a unit at a place. `by` is the keyword that a schema `false` speaks for.

        Raises TooMuchWorkError.
        """
        if unit.accepts_nothing:
            refused = Violation(
                pointer=place.pointer,
                keyword=by,
                schema_pointer=unit.schema.pointer,
                message="no value is allowed here",
            )
            return Outcome(violations=(refused,))
        key = (unit, place.pointer, place.is_name)
        found = self._outcomes.get(key)
        if found is None:
            found = self._outcomes[key] = self._evaluate(unit, place)
        self._unanswered += not found.certain
        return found

    def _evaluate(self, unit: Unit, place: Place) -> Outcome:
        self.spend(1 + len(unit.keywords))
        if self._nesting >= MAX_NESTING:
            raise TooMuchWorkError
        unanswered = self._unanswered
        kind = kind_of(place.value)
        violations: list[Violation] = []
        causes: list[Outcome] = []
        self._nesting += 1
        for name in unit.keywords:
            of_kind, rule = self.rules.get(name, _NO_RULE)
            if of_kind is not None and of_kind != kind:
                continue
            for fault in rule(self, unit, place):
                if isinstance(fault, Violation):
                    violations.append(fault)
                else:
                    causes.append(fault)
        self._nesting -= 1
        return Outcome(
            violations=tuple(violations),
            causes=tuple(causes),
            certain=unanswered == self._unanswered,
        )

    def spend(self, work: int) -> None:
        """Count work. Raises TooMuchWorkError."""
        self._work += work
        if self._work > self.context.limits.validation_work:
            raise TooMuchWorkError

    def inside(self, unit: Unit, schema: Schema, place: Place, by: str) -> Iterator[Outcome]:
        """Give the outcome of a schema inside the unit, if it is not valid."""
        outcome = self.outcome(self.context.units.inner(schema, unit.scope), place, by=by)
        if not outcome.valid:
            yield outcome

    def matches(self, tests: Tests, text: str) -> bool | None:
        """Say whether a text matches; None if that is not known yet."""
        self.spend(1 + len(text) // TEXT_PER_WORK)
        answer = self.answers.ask(tests, text)
        self._unanswered += answer is None
        return answer

    def matches_pattern(self, pattern: str, text: str) -> bool | None:
        """Say whether a text matches a pattern of the server's; None if that is not known yet."""
        return self.matches(((("~", pattern),),), text)

    def canonical(self, value: Any) -> Hashable:
        """Give what is equal for equal JSON values."""
        self.spend(values(value))
        return canonical(value)

    def listed(self, schema: Schema) -> frozenset[Hashable]:
        """Give the values of `enum`, as canonical() has them."""
        if schema not in self._listed:
            self._listed[schema] = frozenset(map(self.canonical, schema.keywords["enum"]))
        return self._listed[schema]


def _nothing(evaluator: Evaluator, unit: Unit, place: Place) -> Iterable[Fault]:  # noqa: ARG001
    return ()


_NO_RULE: tuple[str | None, Rule] = (None, _nothing)


def kind_of(value: Any) -> str:
    """Name the JSON type of a value; a whole number is a number."""
    return _KINDS.get(type(value), "object")


def violated(unit: Unit, place: Place, keyword: str, message: str, pointer: str = "") -> Violation:
    """Give the violation of a keyword of the unit, at the place or what is named inside it."""
    return Violation(
        pointer=pointer or place.pointer,
        keyword=keyword,
        schema_pointer=unit.schema.place(keyword),
        message=message,
    )
