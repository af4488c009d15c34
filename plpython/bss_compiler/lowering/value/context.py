"""What the rules of the keywords share: the schemas, the limits, and who writes a sub-schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Limits
from bss_compiler.document.budget import Budget, Work, characters
from bss_compiler.document.extension import VALUE_KEYS, check_keys
from bss_compiler.document.pointer import child
from bss_compiler.lowering import jsonpath
from bss_compiler.lowering.jsonpath import Predicate
from bss_compiler.lowering.pattern import Untranslatable, translate, work
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.value.unit import Unit, Units

MAX_DEPTH = 50
"""Schemas inside each other in one path; both Python and the server go into it by recursion."""

MAX_PATH = 16_000
"""Characters of a path; what is larger becomes a function, which is written once."""

_PATH = "\1"
"""Stands for a path in a predicate that is kept; no document contains it unescaped."""


_TEST = 30
"""About how many characters a test takes beside the path and the literal."""

_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


class NotAPathError(Exception):
    """A schema asks for what a SQL/JSON path cannot do; a function will."""


@dataclass(slots=True, kw_only=True)
class Context:
    """One compilation of one value.

    `options_read` are the pointers to the schemas of which `x-bss` has been read as a property's.
    """

    units: Units
    limits: Limits
    budget: Budget
    findings: Findings
    formats: Literal["assert", "annotate"] = "assert"
    options_read: frozenset[str] = frozenset()
    probes: dict[str, Probe] = field(default_factory=dict)
    schemas: int = 0
    _patterns: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _reported: set[tuple[Code, str]] = field(default_factory=set)

    def report(
        self, code: Code, pointer: str, message: str, *, detail: str | None = None, hint: str
    ) -> None:
        """Report a fault, once: a schema is written out in every place that it is needed."""
        if (code, pointer) not in self._reported:
            self._reported.add((code, pointer))
            self.findings.report(code, pointer, message, detail=detail, hint=hint)

    def spend(self, unit: Unit, path: str) -> bool:
        """Pay for a schema before it is written out; reports what BSS knows nothing about."""
        self.schemas += 1
        place = unit.schema.pointer
        if not self.budget.grants(Work.SCHEMAS, 1, place) or not self.budget.grants(
            Work.TEXT, self._size(unit, path), place
        ):
            return False
        if self.formats == "assert" and "x-bss" in unit.keywords and place not in self.options_read:
            check_keys(unit.get("x-bss"), VALUE_KEYS, child(place, "x-bss"), self.findings)
        return True

    def spend_again(self, schemas: int, text: int, pointer: str) -> bool:
        """Pay for schemas that were written out already and are now repeated."""
        self.schemas += schemas
        return self.budget.grants(Work.SCHEMAS, schemas, pointer) and self.budget.grants(
            Work.TEXT, text, pointer
        )

    def _size(self, unit: Unit, path: str) -> int:
        """Reckon the text of the tests of one schema, each of which repeats the path."""
        listed = unit.get("enum", ())
        literals = [
            *(listed if len(listed) <= self.limits.enum_values else ()),
            *((unit.get("const"),) if "const" in unit.keywords else ()),
            *(unit.get(name) for name in _NUMBERS if name in unit.keywords),
            *unit.get("required", ()),
            *unit.get("properties", ()),
            *(name for names in unit.get("dependentRequired", {}).items() for name in names),
        ]
        repeated = (len(path) + _TEST) * (len(literals) + len(unit.keywords))
        return repeated + sum(map(characters, literals))

    def pattern(self, pattern: str, pointer: str) -> str | None:
        """Give the server's form of a pattern; None, with a finding, if there is none."""
        key = (pattern, pointer)
        if key not in self._patterns:
            self._patterns[key] = self._translated(pattern, pointer)
        return self._patterns[key]

    def _translated(self, pattern: str, pointer: str) -> str | None:
        if not self.budget.grants(Work.PATTERNS, work(pattern), pointer):
            return None
        translated = translate(pattern, max_length=self.limits.pattern_length)
        if isinstance(translated, Untranslatable):
            self.findings.report(
                Code.PATTERN_NOT_TRANSLATABLE, pointer,
                "pattern has no equivalent in the server's regular expressions",
                detail=f"At character {translated.position}: {translated.reason}.",
                hint=translated.hint,
            )  # fmt: skip
            return None
        if not self.budget.grants(Work.TEXT, len(translated), pointer):
            return None
        self.probes.setdefault(translated, Probe(pointer=pointer, pattern=translated))
        return translated

    def name_patterns(self, unit: Unit) -> dict[str, str]:
        """Give the server's form of each of the patterns of `patternProperties`."""
        place = child(unit.schema.pointer, "patternProperties")
        found = {
            source: self.pattern(source, child(place, source))
            for source in unit.get("patternProperties", {})
        }
        return {source: pattern for source, pattern in found.items() if pattern is not None}


def is_type(path: str, type_: str) -> Predicate:
    """Say whether the value is of a JSON type; "integer" is none that the server knows."""
    return jsonpath.compare(f"{path}.type()", "==", type_)


def never(path: str) -> Predicate:
    """Accept nothing that is there; unknown, as every predicate, where nothing is."""
    return is_type(path, "never")


def has(path: str, name: str) -> Predicate:
    """Say whether an object has a member."""
    member = Predicate(f"exists ({jsonpath.member('@', name)})", 6)
    return jsonpath.exists(path, member)


PathRule = Callable[["PathWriter", Unit, str], Predicate | None]
"""Writes what one keyword of a unit demands of the value at a path; None if nothing."""


class PathWriter:
    """Writes predicates. Every one is true or false for every value at its path, never unknown.

    Where the path leads nowhere it is unknown: `none(path, negated(p))` leaves out absent members.
    """

    def __init__(self, context: Context, rules: Mapping[str, tuple[str | None, PathRule]]) -> None:
        self.context = context
        self.units = context.units
        self._rules = rules
        self._written: dict[Unit, tuple[Predicate | None, int]] = {}
        self._refused: set[Unit] = set()
        self._open: list[Unit] = []

    def predicate(self, unit: Unit, path: str) -> Predicate | None:
        """Give the predicate for the value at `path`; None where every value is accepted.

        Raises NotAPathError.
        """
        place = unit.schema.pointer
        if unit.accepts_nothing:
            return never(path)
        if unit in self._refused or unit in self._open or len(self._open) >= MAX_DEPTH:
            raise NotAPathError
        repeated = unit in self._written
        if not repeated:
            before = self.context.schemas
            self._written[unit] = self._write(unit), self.context.schemas - before
        found, schemas = self._written[unit]
        if found is None:
            return None
        size = found.text.count(_PATH) * len(path) + (len(found.text) if repeated else 0)
        if not self.context.spend_again(schemas if repeated else 0, size, place):
            return None
        return Predicate(found.text.replace(_PATH, path), found.rank)

    def _write(self, unit: Unit) -> Predicate | None:
        if not self.context.spend(unit, _PATH):
            return None
        self._open.append(unit)
        try:
            found = all_of([self.keyword(unit, name, _PATH) for name in in_order(unit)])
            if found is not None and len(found.text) > MAX_PATH:
                raise NotAPathError
        except NotAPathError:
            self._refused.add(unit)
            raise
        finally:
            self._open.pop()
        return found

    def keyword(self, unit: Unit, name: str, path: str) -> Predicate | None:
        """Give what one keyword demands. Raises NotAPathError."""
        if name not in self._rules:
            return None
        type_, rule = self._rules[name]
        found = rule(self, unit, path)
        if found is None or type_ is None:
            return found
        declared = unit.get("type")
        if declared == type_ or (type_ == "number" and declared == "integer"):
            return found
        return jsonpath.either(jsonpath.negated(is_type(path, type_)), found)


def in_order(unit: Unit) -> list[str]:
    """Give the names of the keywords, `type` first: the others rely on it."""
    return sorted(unit.keywords, key=lambda name: name != "type")


def all_of(parts: list[Predicate | None]) -> Predicate | None:
    """Join what is demanded; None if nothing is."""
    demanded = [part for part in parts if part is not None]
    return jsonpath.both(*demanded) if demanded else None
