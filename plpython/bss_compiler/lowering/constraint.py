"""Turns the keywords of a scalar property into checks on its typed column.

A check is written in the server's spelling, and is named after table, column and keyword.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.budget import Budget, Work, characters
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child
from bss_compiler.lowering.constant import NotOfTypeError, constant
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.format import FORMAT_PATTERNS
from bss_compiler.lowering.pattern import Untranslatable, translate, work
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import Check
from bss_compiler.model.function import SCHEMA
from bss_compiler.naming import object_name, snake_case

BOUNDS: Mapping[str, str] = {
    "minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<",
}  # fmt: skip
LENGTHS: Mapping[str, str] = {"minLength": ">=", "maxLength": "<="}
ITEM_COUNTS: Mapping[str, str] = {"minItems": ">=", "maxItems": "<="}

OF_TYPE: Mapping[str, frozenset[str]] = {
    "string": frozenset({"format", "contentEncoding", "pattern", *LENGTHS}),
    "integer": frozenset({"format", "multipleOf", *BOUNDS}),
    "number": frozenset({"format", "multipleOf", *BOUNDS}),
    "boolean": frozenset({"format"}),
    "array": frozenset({"items", *ITEM_COUNTS}),
}
"""The keywords that say something about a value of a type, besides those about any value."""

_FAMILIES = {"ipv4": (4, 32), "ipv6": (6, 128)}
"""The family of an address, and its bits: what has a shorter mask is a network."""
_NUMBERS = frozenset({"integer", "number"})


class ConstraintLowering:
    """Collects the checks of one column, and the probes that go with them.

    `operand` is what is checked, where that is not the column itself. Where the facets are those of
    some rows only, the lowering `decides` what no value of the type can satisfy instead of refusing
    it: `never` says that it has come to that.
    """

    def __init__(
        self,
        *,
        table: str,
        column: str,
        type_: ColumnType,
        limits: Limits,
        budget: Budget,
        findings: Findings,
        operand: str | None = None,
        decides: bool = False,
    ) -> None:
        self.decides = decides
        self.never = False
        self.operand = operand or quoting.ident(column)
        self.table = table
        self.column = column
        self.type = type_
        self.limits = limits
        self.budget = budget
        self.findings = findings
        self.checks: list[Check] = []
        self.probes: list[Probe] = []

    def lower(self, facets: Facets) -> None:
        """Add the checks that the facets ask for, and those that the type needs."""
        self.lower_keywords(facets)
        if self.type.checked_format is not None:
            self._format(facets)
        if self.type.json == "array" and not self.type.sql.startswith("vector"):
            self._elements(facets)
        if self.type.json == "integer" and self.type.sql == "numeric":
            name = self.operand
            self._add(facets, "type", f"({name} = trunc({name}))")

    def lower_keywords(self, facets: Facets) -> None:
        """Add the checks that the keywords ask for, other than `type` and `format`."""
        if self.type.json != "array":
            self._values(facets)
        for keyword, lower in self._lowerings().items():
            if keyword in facets.keywords:
                lower(facets, keyword)

    def _lowerings(self) -> Mapping[str, Callable[[Facets, str], None]]:
        if self.type.json in _NUMBERS:
            return {**dict.fromkeys(BOUNDS, self._bound), "multipleOf": self._multiple}
        if self.type.json == "string":
            return {**dict.fromkeys(LENGTHS, self._length), "pattern": self._pattern}
        if self.type.json == "array" and not self.type.sql.startswith("vector"):
            return dict.fromkeys(ITEM_COUNTS, self._item_count)
        return {}

    def _add(self, facets: Facets, keyword: str, expression: str) -> None:
        name = object_name(self.table, self.column, snake_case(keyword), suffix="check")
        self.checks.append(
            Check(
                name=name,
                expression=expression,
                pointer=facets.pointer_to(keyword),
                keyword=keyword,
            )
        )

    def _values(self, facets: Facets) -> None:
        column = self.operand
        if "const" in facets.keywords:
            value = self._constant(facets.get("const"), facets.pointer_to("const"))
            if value is not None:
                self._add(facets, "const", f"({column} = {value})")
            elif self.decides:
                self.never = True
        if "enum" in facets.keywords:
            self._enum(facets, column)

    def _enum(self, facets: Facets, column: str) -> None:
        place = facets.pointer_to("enum")
        listed = facets.get("enum")
        if len(listed) > self.limits.enum_values:
            self.findings.report(
                Code.TOO_MANY, place, "enum has too many values",
                detail=f"It has {len(listed)}; the limit is {self.limits.enum_values}.",
                hint="Make the values an entity and refer to it, or raise limit.enum_values.",
            )  # fmt: skip
            return
        if not self.budget.grants(Work.CONSTANTS, len(listed), place):
            return
        values = [
            self._constant(value, child(place, position))
            for position, value in enumerate(listed)
            if value is not None
        ]
        spelled = list(dict.fromkeys(value for value in values if value is not None))
        if spelled:
            self._add(facets, "enum", f"({column} = ANY (ARRAY[{', '.join(spelled)}]))")
        elif self.decides:
            self.never = True
        elif not values:
            self.findings.report(
                Code.UNSATISFIABLE, place, "enum leaves no value for the property",
                hint="List the values that the property may have.",
            )  # fmt: skip

    def _constant(self, value: Any, pointer: str) -> str | None:
        if not self.budget.grants(Work.TEXT, characters(value), pointer):
            return None
        try:
            if value is None:
                raise NotOfTypeError("null is what an absent value is, not a constant")
            return constant(value, self.type)
        except NotOfTypeError as reason:
            report = self.findings.warn if self.decides else self.findings.report
            report(
                Code.VALUE_OUT_OF_TYPE, pointer, f'value does not go with type "{self.type.sql}"',
                detail=f"For this column, {reason}.",
                hint="Correct the value, or the type of the property.",
            )  # fmt: skip
            return None

    def _bound(self, facets: Facets, keyword: str) -> None:
        bound = facets.get(keyword)
        column = self.operand
        if self.type.json == "integer":
            # a fraction bounds whole numbers as the next one on the right side of it does
            rounded = math.ceil if keyword in ("minimum", "exclusiveMaximum") else math.floor
            bound = rounded(bound)
        value = self._typed(bound, self._unbounded(), facets.pointer_to(keyword))
        if value is not None:
            self._add(facets, keyword, f"({column} {BOUNDS[keyword]} {value})")
        elif self.decides:
            self.never |= (bound > 0) == (keyword in ("minimum", "exclusiveMinimum"))

    def _multiple(self, facets: Facets, keyword: str) -> None:
        divisor = facets.get(keyword)
        column = self.operand
        if self.type.base in ("real", "double precision") or (
            self.type.base != "numeric" and divisor != divisor // 1
        ):
            column = f"({column})::numeric"
        numeric = ColumnType(sql="numeric", json="number")
        type_ = numeric if column.endswith("::numeric") else self._unbounded()
        value = self._typed(divisor, type_, facets.pointer_to(keyword))
        zero = constant(0, type_)
        if value is not None:
            self._add(facets, keyword, f"(({column} % {value}) = {zero})")
        elif self.decides:
            self._add(facets, keyword, f"({column} = {zero})")  # larger than any other value

    def _unbounded(self) -> ColumnType:
        """Give the type without precision and scale, which bounds and divisors need not keep."""
        return ColumnType(sql=self.type.base, json=self.type.json)

    def _typed(self, value: int | Decimal, type_: ColumnType, pointer: str) -> str | None:
        saved, self.type = self.type, type_
        try:
            return self._constant(value, pointer)
        finally:
            self.type = saved

    def _length(self, facets: Facets, keyword: str) -> None:
        if self._is_text(facets, keyword):
            column = self.operand
            length = min(int(facets.get(keyword)), 2**31 - 1)
            self._add(facets, keyword, f"(char_length({column}) {LENGTHS[keyword]} {length})")

    def _elements(self, facets: Facets) -> None:
        """Check what an SQL array would hold beyond a JSON array: nulls, and more dimensions."""
        name = self.operand
        null = f"NULL::{self.type.sql.removesuffix('[]')}"
        self._add(
            facets,
            "items",
            f"((array_ndims({name}) = 1) AND (array_position({name}, {null}) IS NULL))",
        )

    def _item_count(self, facets: Facets, keyword: str) -> None:
        column = self.operand
        count = min(int(facets.get(keyword)), 2**31 - 1)
        self._add(facets, keyword, f"(cardinality({column}) {ITEM_COUNTS[keyword]} {count})")

    def _pattern(self, facets: Facets, keyword: str) -> None:
        if not self._is_text(facets, keyword):
            return
        place = facets.pointer_to(keyword)
        pattern = facets.get(keyword)
        if not self.budget.grants(Work.PATTERNS, work(pattern), place):
            return
        translated = translate(pattern, max_length=self.limits.pattern_length)
        if isinstance(translated, Untranslatable):
            self.findings.report(
                Code.PATTERN_NOT_TRANSLATABLE, place,
                "pattern has no equivalent in the server's regular expressions",
                detail=f"At character {translated.position}: {translated.reason}.",
                hint=translated.hint,
            )  # fmt: skip
            return
        if not self.budget.grants(Work.TEXT, len(translated), place):
            return
        self.probes.append(Probe(pointer=place, pattern=translated))
        column = self.operand
        self._add(facets, keyword, f"({column} ~ {quoting.text(translated)}::text)")

    def _is_text(self, facets: Facets, keyword: str) -> bool:
        if self.type.is_text:
            return True
        self.findings.report(
            Code.CONFLICTING_KEYWORDS, facets.pointer_to(keyword),
            f'keyword "{keyword}" cannot be checked on type "{self.type.sql}"',
            detail="The column does not keep the characters that the value was written with.",
            hint=f'Leave out "{keyword}", or the format, or set "x-bss": {{"type": "text"}} '
            "without a format.",
        )  # fmt: skip
        return False

    def _format(self, facets: Facets) -> None:
        format_ = self.type.checked_format or ""
        column = self.operand
        if format_ in _FAMILIES:
            self._add(facets, "format", f"({' AND '.join(is_address(column, format_))})")
            return
        tests = matches(column, FORMAT_PATTERNS[format_])
        joined = f"({' AND '.join(tests)})" if len(tests) > 1 else tests[0]
        self._add(facets, "format", joined)


def is_address(operand: str, format_: str) -> list[str]:
    """Demand an address of `format` ipv4 or ipv6; gives nothing for another format."""
    if format_ not in _FAMILIES:
        return []
    family, bits = _FAMILIES[format_]
    return [f"(family({operand}) = {family})", f"(masklen({operand}) = {bits})"]


def matches(text: str, tests: Iterable[tuple[str, str]]) -> list[str]:
    """Give each of the tests of a format."""
    return [
        f"{SCHEMA}.{operand}({text})"
        if operator == "is"
        else f"({text} {operator} {quoting.text(operand)}::text)"
        for operator, operand in tests
    ]
