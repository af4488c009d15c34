"""Turns what a schema says of a column's value, or of a name, into conditions.

The value is there: that the column is not null is said beside the condition. Each keyword becomes
what it becomes as a check on a column of the type; what the type alone decides is decided here.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bss_compiler import quoting
from bss_compiler.diagnostic import Code
from bss_compiler.document import Schema
from bss_compiler.document.budget import Work
from bss_compiler.document.keyword import ANNOTATIONS, VOCABULARY, Outcome
from bss_compiler.lowering.constant import BITS
from bss_compiler.lowering.constraint import OF_TYPE, ConstraintLowering, is_address, matches
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.format import VALUE_FORMATS
from bss_compiler.lowering.record.condition import FALSE, TRUE, Condition, all_of, any_of, atom
from bss_compiler.lowering.record.writer import Writer
from bss_compiler.lowering.type import INTEGER_FORMATS, NUMBER_FORMATS, STRING_FORMATS, ColumnType
from bss_compiler.quoting import ident

_PLAIN = re.compile(r"(\^?)([^\\^$.*+?()\[\]{}|/]*)(\$?)")

NO_JSON = "Its elements are numbers of another kind than those of JSON, rounded to 24 bits."
"""Why a vector is not checked as JSON."""

TEXT = ColumnType(sql="text", json="string")


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The value of a column, of a type other than jsonb, that is not null."""

    column: str
    type: ColumnType

    @property
    def key(self) -> str:
        """Tell the column from others."""
        return f"column {self.column}"

    @property
    def operand(self) -> str:
        """Give the SQL of the value."""
        return ident(self.column)

    def keyword(self, writer: Writer, schema: Schema, name: str) -> Condition:
        """Give what a keyword demands of the value."""
        match name:
            case "type":
                return self._type(schema)
            case "const" if schema.keywords[name] is None:
                return FALSE
            case "default":
                return writer.idle(name, schema, "where the schema may not apply")
        if self.type.json == "array" and not self.type.is_sql_array:
            return self._of_vector(writer, schema, name)
        if name not in OF_TYPE[self.type.json] | {"const", "enum"}:
            return writer.idle(name, schema, f"about a value of type {self.type.json}")
        match name:
            case "format":
                return self._format(writer, schema)
            case "contentEncoding":
                return TRUE
        return self._lowered(writer, schema, name, {name: schema.keywords[name]})

    def _type(self, schema: Schema) -> Condition:
        declared = schema.keywords["type"]
        names = {declared} if isinstance(declared, str) else set(declared)
        if self.type.json in names or (self.type.json == "integer" and "number" in names):
            return TRUE
        if self.type.json == "number" and "integer" in names:
            exact = f"({self.operand})::double precision"  # there is no trunc() of the type real
            whole = exact if self.type.sql == "real" else self.operand
            return atom(f"({self.operand} = trunc({whole}))")
        return FALSE

    def _lowered(
        self, writer: Writer, schema: Schema, name: str, keywords: Mapping[str, Any]
    ) -> Condition:
        """Give what keywords, which the named one stands for, become as checks of the column."""
        lowering = ConstraintLowering(
            table="",
            column=self.column,
            type_=self.type,
            limits=writer.limits,
            budget=writer.document.budget,
            findings=writer.findings,
            operand=self.operand,
            decides=True,
        )
        lowering.lower_keywords(
            Facets(
                pointer=schema.pointer,
                keywords=keywords,
                pointers=dict.fromkeys(keywords, schema.place(name)),
            )
        )
        writer.add_probes(lowering.probes)
        if lowering.never:
            return FALSE
        return all_of(atom(each.expression) for each in lowering.checks)

    def _format(self, writer: Writer, schema: Schema) -> Condition:
        format_ = schema.keywords["format"]
        place = schema.place("format")
        address = is_address(self.operand, format_) if self.type.sql == "inet" else []
        if address:
            return all_of(atom(test) for test in address)
        by_type = {**STRING_FORMATS, **NUMBER_FORMATS}
        if by_type.get(format_) == self.type.sql:
            return TRUE
        if self.type.json == "integer" and format_ in INTEGER_FORMATS:
            bits = BITS[INTEGER_FORMATS[format_]]
            if BITS.get(self.type.sql, math.inf) <= bits:
                return TRUE
            bounds = {"minimum": -(2**bits), "maximum": 2**bits - 1}
            return self._lowered(writer, schema, "format", bounds)
        if self.type.json != "string":
            return writer.idle("format", schema, f'about a column of type "{self.type.sql}"')
        if format_ not in VALUE_FORMATS:
            writer.findings.report(
                Code.UNKNOWN_FORMAT, place, f'format "{format_}" is not known',
                hint=f"The formats are {', '.join(sorted(VALUE_FORMATS))}.",
            )  # fmt: skip
        elif not self.type.is_text:
            writer.findings.report(
                Code.CONFLICTING_KEYWORDS, place,
                f'format "{format_}" cannot be checked on type "{self.type.sql}"',
                detail="The type of the column is that of the property's own format.",
                hint="Leave out the format here, or that of the property.",
            )  # fmt: skip
        else:
            return self._matches(writer, format_, place)
        return TRUE

    def _matches(self, writer: Writer, format_: str, pointer: str) -> Condition:
        size = sum(len(text) for tests in VALUE_FORMATS[format_] for _, text in tests)
        if not writer.document.budget.grants(Work.TEXT, size, pointer):
            return TRUE
        return any_of(
            all_of(atom(each) for each in matches(self.operand, tests))
            for tests in VALUE_FORMATS[format_]
        )

    def _of_vector(self, writer: Writer, schema: Schema, name: str) -> Condition:
        """Say what the type decides: how many elements there are, and that they are numbers."""
        value = schema.keywords[name]
        dimensions = int(self.type.sql.removeprefix("vector(").removesuffix(")"))
        match name:
            case "minItems":
                return _decided(dimensions >= value)
            case "maxItems":
                return _decided(dimensions <= value)
            case "items" if value.keywords.keys() <= ANNOTATIONS | {"type"}:
                return _decided("number" in value.keywords.get("type", "number"))
        if VOCABULARY[name].outcome in (Outcome.VALUE, Outcome.CONSTRAINT):
            writer.refuse(
                name, schema.place(name), what=f'on type "{self.type.sql}"', why=NO_JSON,
                hint="Leave the keyword out, or the x-bss type.",
            )  # fmt: skip
            return TRUE
        return writer.idle(name, schema, "about a value of type array")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Value):
    """The name of a property. What no regular expression is needed for is decided here."""

    name: str
    type: ColumnType = TEXT
    column: str = ""

    @property
    def key(self) -> str:
        """Tell the name from others."""
        return f"name {self.name}"

    @property
    def operand(self) -> str:
        """Give the SQL of the name."""
        return f"{quoting.text(self.name)}::text"

    def keyword(self, writer: Writer, schema: Schema, name: str) -> Condition:
        """Give what a keyword demands of the name."""
        value = schema.keywords[name]
        match name:
            case "const":
                return _decided(self.name == value)
            case "enum":
                return _decided(self.name in value)
            case "minLength":
                return _decided(len(self.name) >= value)
            case "maxLength":
                return _decided(len(self.name) <= value)
            case "pattern":
                return matched(writer, self.name, value, schema.place(name))
        return Value.keyword(self, writer, schema, name)


def matched(writer: Writer, name: str, pattern: str, pointer: str) -> Condition:
    """Match the name of a property: here, if the pattern is plain text between anchors.

    Any other is left to the server, which does it once, while planning. A pattern is never run by
    Python, which could not be interrupted.
    """
    plain = _PLAIN.fullmatch(pattern)
    if plain is not None:
        begins, text, ends = plain.groups()
        if begins and ends:
            return _decided(name == text)
        if begins:
            return _decided(name.startswith(text))
        return _decided(name.endswith(text) if ends else text in name)
    translated = writer.pattern(pattern, pointer)
    if translated is None:
        return TRUE
    return atom(matches(f"{quoting.text(name)}::text", [("~", translated)])[0])


def _decided(holds: bool) -> Condition:
    return TRUE if holds else FALSE
