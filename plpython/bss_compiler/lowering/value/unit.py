"""Turns a schema and the way that led to it into what is compiled: a schema in a dynamic scope.

A `$dynamicRef` depends on the resources that evaluation has gone through. Of those only the first
one with each `$dynamicAnchor` counts, so the scope is a small mapping, known while compiling, and a
schema has as many units as it is reached in different scopes (Core 2020-12, section 8.2.3.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bss_compiler.document.schema import NEVER, Reader, Schema

Scope = tuple[tuple[str, str], ...]
"""For each dynamic anchor the pointer to where it leads, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A schema in a scope; equal to another one if both say the same about every value."""

    schema: Schema
    scope: Scope

    @property
    def keywords(self) -> Mapping[str, Any]:
        """Give the keywords of the schema."""
        return self.schema.keywords

    @property
    def accepts_nothing(self) -> bool:
        """Say whether this is the schema `false`."""
        return NEVER in self.schema.keywords

    def get(self, keyword: str, default: Any = None) -> Any:
        """Give the value of a keyword."""
        return self.schema.keywords.get(keyword, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Makes units."""

    reader: Reader
    _targets: dict[tuple[Unit, str], Unit | None] = field(default_factory=dict)

    def root(self, schema: Schema) -> Unit:
        """Give the unit of a schema at which evaluation begins."""
        return self.inner(schema, ())

    def inner(self, schema: Schema, scope: Scope) -> Unit:
        """Give the unit of a schema that is reached from one in the given scope."""
        anchors = self.reader.dynamic_anchors.get(schema.base)
        if anchors:
            scope = tuple(sorted({**anchors, **dict(scope)}.items()))
        return Unit(schema=schema, scope=scope)

    def child(self, unit: Unit, keyword: str) -> Unit:
        """Give the unit of a keyword's schema."""
        return self.inner(unit.keywords[keyword], unit.scope)

    def children(self, unit: Unit, keyword: str) -> tuple[Unit, ...]:
        """Give the units of a keyword's list of schemas, in their order."""
        return tuple(self.inner(schema, unit.scope) for schema in unit.get(keyword, ()))

    def members(self, unit: Unit, keyword: str) -> dict[str, Unit]:
        """Give the units of a keyword's schemas by name."""
        return {
            name: self.inner(schema, unit.scope)
            for name, schema in unit.get(keyword, {}).items()
        }  # fmt: skip

    def target(self, unit: Unit, keyword: str) -> Unit | None:
        """Follow `$ref` or `$dynamicRef`. Gives None, with a finding, if it leads nowhere."""
        if (unit, keyword) not in self._targets:
            self._targets[unit, keyword] = self._follow(unit, keyword)
        return self._targets[unit, keyword]

    def _follow(self, unit: Unit, keyword: str) -> Unit | None:
        schema = self.reader.resolve(unit.schema, keyword)
        if schema is None:
            return None
        if keyword == "$dynamicRef":
            anchor = self.reader.dynamic_anchor(unit.schema)
            pointer = dict(unit.scope).get(anchor) if anchor is not None else None
            if pointer is not None:
                schema = self.reader.schemas[pointer]
        return self.inner(schema, unit.scope)
