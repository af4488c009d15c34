"""Turns a schema that is applied to a subject into a condition, keyword by keyword.

A subject is what a schema can be applied to: the record, the value of one of its columns, or the
name of a property. Here is what is the same for all of them: references, and the keywords that
apply other schemas to the same subject.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Limits, Schema
from bss_compiler.document.budget import Work
from bss_compiler.document.extension import VALUE_KEYS, check_keys
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.pattern import Untranslatable, translate, work
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.record.condition import (
    FALSE,
    TRUE,
    Condition,
    all_of,
    any_of,
    negated,
    one_of,
)
from bss_compiler.lowering.value.unit import Scope, Unit, Units
from bss_compiler.model import Function

MAX_DEPTH = 50
"""Schemas applied inside each other; Python and the server both go into them by recursion."""

_USUAL = 30
"""The characters of a short condition."""

_SILENT = ANNOTATIONS | {"$schema", "$id", "$anchor", "$dynamicAnchor", "$defs"}


_Key = tuple[Unit, str]
"""A schema in its scope, and what it is applied to."""


class Subject(Protocol):
    """What a schema can be applied to."""

    @property
    def key(self) -> str:
        """Tell the subject from the others of the same record."""

    def keyword(self, writer: "Writer", schema: Schema, name: str) -> Condition:
        """Give what a keyword demands of the subject, if it is none of the writer's own."""


@dataclass(slots=True, kw_only=True)
class Writer:
    """Writes the conditions of one record, and collects the probes and functions they need.

    `options_read` are the pointers to the schemas of which `x-bss` has been read already. `scope`
    is that of the schema that is being written: where a `$dynamicRef` in it leads.
    """

    document: Document
    units: Units
    limits: Limits
    findings: Findings
    options_read: frozenset[str] = frozenset()
    scope: Scope = ()
    probes: dict[tuple[str, str], Probe] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    _open: list[tuple[_Key, Scope]] = field(default_factory=list)
    _written: dict[_Key, Condition] = field(default_factory=dict)
    _patterns: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def condition(self, schema: Schema, subject: Subject) -> Condition:
        """Give the condition that a schema holds of a subject; TRUE, with a finding, on a fault."""
        if NEVER in schema.keywords:
            return FALSE
        key = (self.unit(schema), subject.key)
        if not self._may_open(key):
            return TRUE
        if key in self._written:
            known = self._written[key]
            return known if self.pays(known, schema.pointer) else TRUE
        self._enter(key)
        try:
            found = all_of([self.keyword(schema, name, subject) for name in schema.keywords])
        finally:
            self.leaves()
        self._written[key] = found
        return found

    def unit(self, schema: Schema) -> Unit:
        """Give a schema in the scope of the one that is being written."""
        return self.units.inner(schema, self.scope)

    def target(self, schema: Schema, keyword: str) -> Schema | None:
        """Follow `$ref` or `$dynamicRef`. Gives None, with a finding, if it leads nowhere."""
        found = self.units.target(self.unit(schema), keyword)
        return None if found is None else found.schema

    def root_keyword(self, schema: Schema, name: str, subject: Subject) -> Condition:
        """Give what one keyword of the outermost schema demands."""
        self._enter((self.unit(schema), subject.key))
        try:
            return self.keyword(schema, name, subject)
        finally:
            self.leaves()

    def enters(self, schema: Schema) -> bool:
        """Go into a schema for another reason than its condition; `leaves` has to follow."""
        key = (self.unit(schema), "evaluated")
        if not self._may_open(key):
            return False
        self._enter(key)
        return True

    def leaves(self) -> None:
        """Come back from where `enters` went."""
        _, self.scope = self._open.pop()

    def _enter(self, key: _Key) -> None:
        self._open.append((key, self.scope))
        self.scope = key[0].scope

    def keyword(self, schema: Schema, name: str, subject: Subject) -> Condition:
        """Give what one keyword demands."""
        place = schema.place(name)
        if name in _SILENT:
            return TRUE
        rule = _RULES.get(name)
        if rule is not None:
            return rule(self, schema, subject)
        if name == "x-bss":
            if schema.pointer not in self.options_read:
                check_keys(schema.keywords[name], VALUE_KEYS, place, self.findings)
            return TRUE
        found = subject.keyword(self, schema, name)
        return found if self.pays(found, place) else TRUE

    def pays(self, condition: Condition, pointer: str) -> bool:
        """Pay for a condition that is about to be part of another one."""
        return self.document.budget.grants(Work.TEXT, condition.size, pointer)

    def pays_for(self, conditions: int, pointer: str) -> bool:
        """Pay for so many conditions before they are written, whatever comes of them."""
        return self.document.budget.grants(Work.TEXT, conditions * _USUAL, pointer)

    def refuse(self, name: str, pointer: str, *, what: str, why: str, hint: str) -> None:
        """Report a keyword that cannot be enforced."""
        self.findings.report(
            Code.NOT_ENFORCEABLE, pointer, f'keyword "{name}" cannot be checked {what}',
            detail=why, hint=hint,
        )  # fmt: skip

    def idle(self, name: str, schema: Schema, why: str) -> Condition:
        """Warn of a keyword that constrains nothing."""
        self.findings.warn(
            Code.CONFLICTING_KEYWORDS, schema.place(name),
            f'keyword "{name}" says nothing {why}',
            hint="Remove the keyword, or correct the type.",
        )  # fmt: skip
        return TRUE

    def pattern(self, pattern: str, pointer: str) -> str | None:
        """Give the server's form of a pattern that names are matched with; None on a fault."""
        key = (pattern, pointer)
        if key not in self._patterns:
            self._patterns[key] = self._translated(pattern, pointer)
        return self._patterns[key]

    def _translated(self, pattern: str, pointer: str) -> str | None:
        if not self.document.budget.grants(Work.PATTERNS, work(pattern), pointer):
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
        self.add_probes([Probe(pointer=pointer, pattern=translated)])
        return translated

    def add_probes(self, probes: Iterable[Probe]) -> None:
        """Keep what the server has to be asked, once."""
        for probe in probes:
            self.probes.setdefault((probe.pointer, probe.pattern), probe)

    def _may_open(self, key: _Key) -> bool:
        pointer = key[0].schema.pointer
        if any(key == opened for opened, _ in self._open):
            self.findings.report(
                Code.CIRCULAR_REFERENCE, pointer, "schema is applied to what it is applied to",
                detail="References lead back to it without going into a member.",
                hint="Let one of the schemas on the way say what the record is.",
            )  # fmt: skip
            return False
        if len(self._open) >= MAX_DEPTH:
            self.findings.report(
                Code.TOO_MANY, pointer, "schemas are applied to each other too deeply",
                detail=f"The limit is {MAX_DEPTH}, references followed.",
                hint="Refer to the schema that is meant, without so many in between.",
            )  # fmt: skip
            return False
        return self.document.budget.grants(Work.SCHEMAS, 1, pointer)


def _reference(keyword: str) -> "_Rule":
    def rule(writer: Writer, schema: Schema, subject: Subject) -> Condition:
        target = writer.target(schema, keyword)
        return TRUE if target is None else writer.condition(target, subject)

    return rule


def _each(writer: Writer, schema: Schema, name: str, subject: Subject) -> list[Condition]:
    return [writer.condition(each, subject) for each in schema.keywords[name]]


def _all_of(writer: Writer, schema: Schema, subject: Subject) -> Condition:
    return all_of(_each(writer, schema, "allOf", subject))


def _any_of(writer: Writer, schema: Schema, subject: Subject) -> Condition:
    return any_of(_each(writer, schema, "anyOf", subject))


def _one_of(writer: Writer, schema: Schema, subject: Subject) -> Condition:
    found = one_of(_each(writer, schema, "oneOf", subject))
    return found if writer.pays(found, schema.place("oneOf")) else TRUE


def _not(writer: Writer, schema: Schema, subject: Subject) -> Condition:
    return negated(writer.condition(schema.keywords["not"], subject))


def _if(writer: Writer, schema: Schema, subject: Subject) -> Condition:
    keywords = schema.keywords
    if keywords.keys().isdisjoint(("then", "else")):
        return writer.idle("if", schema, 'without "then" or "else"')
    test = writer.condition(keywords["if"], subject)
    then = writer.condition(keywords["then"], subject) if "then" in keywords else TRUE
    otherwise = writer.condition(keywords["else"], subject) if "else" in keywords else TRUE
    # the test is written out twice where there are both
    if not writer.pays(test, schema.place("if")):
        return TRUE
    return all_of([any_of([negated(test), then]), any_of([test, otherwise])])


def _branch(name: str) -> "_Rule":
    def rule(writer: Writer, schema: Schema, subject: Subject) -> Condition:  # noqa: ARG001
        return TRUE if "if" in schema.keywords else writer.idle(name, schema, 'without "if"')

    return rule


class _Rule(Protocol):
    def __call__(self, writer: Writer, schema: Schema, subject: Subject) -> Condition:
        """Give what a keyword demands of any subject."""


_RULES: Mapping[str, _Rule] = {
    "$ref": _reference("$ref"),
    "$dynamicRef": _reference("$dynamicRef"),
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "then": _branch("then"),
    "else": _branch("else"),
}

APPLICATORS = frozenset(_RULES)
