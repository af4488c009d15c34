"""Turns the schema of a property into what it says of null.

A column cannot tell null from absent. It is absent, unless the schema names null: then null is what
the column has, and the schema is asked about it.
"""

from dataclasses import dataclass, field

from bss_compiler.document.budget import Budget, Work
from bss_compiler.lowering.value.unit import Unit, Units


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

    units: Units
    budget: Budget
    _known: dict[Unit, OfNull] = field(default_factory=dict)
    _open: set[Unit] = field(default_factory=set)

    def ask(self, unit: Unit) -> OfNull:
        """Say what a schema says of null; a reference in a circle says nothing."""
        if unit.accepts_nothing:
            return OfNull(named=False, valid=False)
        if unit in self._open or not self.budget.grants(Work.SCHEMAS, 1, unit.schema.pointer):
            return OfNull(named=False, valid=True)
        if unit not in self._known:
            self._open.add(unit)
            found = [self._keyword(unit, name) for name in unit.keywords]
            self._open.discard(unit)
            self._known[unit] = _all(found)
        return self._known[unit]

    def _keyword(self, unit: Unit, name: str) -> OfNull:
        value = unit.keywords[name]
        match name:
            case "type":
                return _if_named("null" in ([value] if isinstance(value, str) else value))
            case "const":
                return _if_named(value is None)
            case "enum":
                return _if_named(None in value)
            case "$ref" | "$dynamicRef":
                target = self.units.target(unit, name)
                return _all([] if target is None else [self.ask(target)])
            case "allOf":
                return _all([self.ask(each) for each in self.units.children(unit, name)])
            case "anyOf" | "oneOf":
                found = [self.ask(each) for each in self.units.children(unit, name)]
                count = sum(each.valid for each in found)
                valid = count == 1 if name == "oneOf" else count > 0
                return OfNull(named=any(each.named for each in found), valid=valid)
            case "not":
                inner = self.ask(self.units.child(unit, name))
                return OfNull(named=inner.named, valid=not inner.valid)
            case "if":
                return self._if(unit)
        return OfNull(named=False, valid=True)

    def _if(self, unit: Unit) -> OfNull:
        asked = {
            name: self.ask(self.units.child(unit, name))
            for name in ("if", "then", "else")
            if name in unit.keywords
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
