"""Turns the schema of a property into what it says of null.

A column cannot tell null from absent. It is absent, unless the schema names null: then null is what
the column has, and the schema is asked about it.
"""

from dataclasses import dataclass, field

from bss_compiler.document import Document, Schema
from bss_compiler.document.budget import Work
from bss_compiler.document.schema import NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNull:
    """Whether a schema names null, and whether null is valid."""

    named: bool
    valid: bool

    @property
    def accepted(self) -> bool:
        """Say whether null is a value of the property like any other."""
        return self.named and self.valid

    @property
    def rejected(self) -> bool:
        """Say whether null is a value that the property must not have."""
        return self.named and not self.valid


@dataclass(slots=True, kw_only=True)
class Nulls:
    """Asks schemas about null, each once."""

    document: Document
    _known: dict[str, OfNull] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def ask(self, schema: Schema) -> OfNull:
        """Say what a schema says of null; a reference in a circle says nothing."""
        pointer = schema.pointer
        if NEVER in schema.keywords:
            return OfNull(named=False, valid=False)
        if pointer in self._open or not self.document.budget.grants(Work.SCHEMAS, 1, pointer):
            return OfNull(named=False, valid=True)
        if pointer not in self._known:
            self._open.add(pointer)
            found = [self._keyword(schema, name) for name in schema.keywords]
            self._open.discard(pointer)
            self._known[pointer] = _all(found)
        return self._known[pointer]

    def _keyword(self, schema: Schema, name: str) -> OfNull:
        value = schema.keywords[name]
        match name:
            case "type":
                return _if_named("null" in ([value] if isinstance(value, str) else value))
            case "const":
                return _if_named(value is None)
            case "enum":
                return _if_named(None in value)
            case "$ref":
                target = self.document.reader.resolve(schema)
                return _all([] if target is None else [self.ask(target)])
            case "allOf":
                return _all([self.ask(each) for each in value])
            case "anyOf" | "oneOf":
                found = [self.ask(each) for each in value]
                count = sum(each.valid for each in found)
                valid = count == 1 if name == "oneOf" else count > 0
                return OfNull(named=any(each.named for each in found), valid=valid)
            case "not":
                inner = self.ask(value)
                return OfNull(named=inner.named, valid=not inner.valid)
            case "if":
                return self._if(schema)
        return OfNull(named=False, valid=True)

    def _if(self, schema: Schema) -> OfNull:
        asked = {
            name: self.ask(schema.keywords[name])
            for name in ("if", "then", "else")
            if name in schema.keywords
        }
        branch = asked.get("then" if asked["if"].valid else "else")
        return OfNull(
            named=any(each.named for each in asked.values()),
            valid=branch is None or branch.valid,
        )


def _if_named(named: bool) -> OfNull:
    return OfNull(named=named, valid=named)


def _all(found: list[OfNull]) -> OfNull:
    return OfNull(named=any(each.named for each in found), valid=all(each.valid for each in found))
