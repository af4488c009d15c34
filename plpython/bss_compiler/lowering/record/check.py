"""Turns the keywords of an entity that apply to whole records into checks of its table."""

from collections.abc import Iterable, Mapping, Set

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Limits, Schema
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.outline import Outline
from bss_compiler.lowering.probe import Probe
from bss_compiler.lowering.record.condition import FALSE, TRUE, Condition, all_of, write
from bss_compiler.lowering.record.member import Member
from bss_compiler.lowering.record.null import Nulls
from bss_compiler.lowering.record.record import Record
from bss_compiler.lowering.record.writer import APPLICATORS, Writer
from bss_compiler.lowering.type import ColumnType
from bss_compiler.lowering.value.unit import Units
from bss_compiler.model import Check, Function
from bss_compiler.model.function import needed
from bss_compiler.naming import object_name, snake_case

_KEYWORDS = (APPLICATORS - {"allOf"}) | {
    "dependentRequired", "dependentSchemas", "minProperties", "maxProperties", "propertyNames",
    "patternProperties", "additionalProperties", "unevaluatedProperties", "const", "enum",
}  # fmt: skip
"""Those that become one check each; of `allOf`, each schema becomes one."""


class RecordLowering:
    """Writes the checks of one entity, and collects the probes that go with them."""

    def __init__(
        self,
        outline: Outline,
        types: Mapping[str, ColumnType],
        nullable: Set[str],
        *,
        document: Document,
        limits: Limits,
        findings: Findings,
    ) -> None:
        self.outline = outline
        self.findings = findings
        self._reader = document.reader
        read = {field.read for field in outline.columns.values() if field.read is not None}
        units = Units(reader=document.reader)
        self._writer = Writer(
            document=document,
            units=units,
            limits=limits,
            findings=findings,
            options_read=frozenset(read | document.by_pointer.keys()),
            scope=units.root(outline.entity.schema).scope,
        )
        members = {
            name: Member(
                column=field.column,
                type=types[field.column],
                nullable=field.column in nullable,
                enforced=field.enforced,
                entity=field.facets.entity if field.facets is not None else None,
            )
            for name, field in outline.properties.items()
            if not field.is_untyped()
        }
        self._record = Record(
            members=members,
            declared=outline.declared,
            nulls=Nulls(units=units, budget=document.budget),
        )

    @property
    def probes(self) -> tuple[Probe, ...]:
        """Give what to ask the server."""
        return tuple(self._writer.probes.values())

    def functions(self, checks: Iterable[Check]) -> tuple[Function, ...]:
        """Give the functions that the checks call."""
        return needed((check.expression for check in checks), self._writer.functions.values())

    def checks(self) -> Iterable[Check]:
        """Give the checks; what every record satisfies has none."""
        schema = self.outline.entity.schema
        self._warn_of_others(schema)
        for keyword in schema.keywords:
            if keyword == "allOf":
                yield from self._of_each(schema)
            elif keyword in _KEYWORDS and not self._leaves_nothing(schema, keyword):
                errors = self.findings.errors
                condition = self._writer.root_keyword(schema, keyword, self._record)
                if self.findings.errors == errors:
                    yield from self._check(condition, keyword, schema.place(keyword))

    def _of_each(self, schema: Schema) -> Iterable[Check]:
        schemas = schema.keywords["allOf"]
        for position, each in enumerate(schemas):
            errors = self.findings.errors
            condition = self._writer.condition(each, self._record)
            number = (str(position),) if len(schemas) > 1 else ()
            if self.findings.errors == errors:
                yield from self._check(condition, "allOf", each.pointer, *number)

    def _check(
        self, condition: Condition, keyword: str, pointer: str, *parts: str
    ) -> Iterable[Check]:
        if condition is FALSE:
            self.findings.report(
                Code.UNSATISFIABLE, pointer,
                f'entity "{self.outline.entity.name}" accepts no record',
                hint="Remove what forbids every record.",
            )  # fmt: skip
        elif condition is not TRUE:
            words = snake_case(keyword.removeprefix("$"))
            yield Check(
                name=object_name(self.outline.table, words, *parts, suffix="check"),
                expression=write(condition),
                pointer=pointer,
                keyword=keyword,
            )

    def predicate(self, value: object, pointer: str, *, within: Condition = TRUE) -> str | None:
        """Give the condition of an index on the records that satisfy a schema, a JSON value.

        Those `within` a condition, that is; None for all of them. It is immutable, as all that
        keywords become is.
        """
        errors = self.findings.errors
        entity = self.outline.entity.schema
        schema = self._reader.read(value, pointer, entity.base, entity.draft)
        condition = self._writer.condition(schema, self._record)
        if condition is FALSE and self.findings.errors == errors:
            self.findings.report(
                Code.UNSATISFIABLE, pointer, "no record satisfies the condition",
                hint="Correct the condition, or leave it out.",
            )  # fmt: skip
        if condition is TRUE or condition is FALSE:
            return None
        expression = write(all_of([condition, within]))
        if needed([expression], self._writer.functions.values()):
            self.findings.report(
                Code.NOT_ENFORCEABLE, pointer, "condition takes a function to decide",
                detail="What it says of a value in jsonb is too much for operators, and an index "
                "outlives the functions of checks.",
                hint="Leave out what it says inside the value, or make that a property.",
            )  # fmt: skip
        return expression

    def _leaves_nothing(self, schema: Schema, keyword: str) -> bool:
        """Report properties that only other schemas declare, where no others may be there."""
        keywords = schema.keywords
        if (
            keyword != "additionalProperties"
            or NEVER not in keywords[keyword].keywords
            or "patternProperties" in keywords
        ):
            return False
        for name in self._record.members:
            if name not in schema.properties:
                self.findings.report(
                    Code.UNSATISFIABLE, schema.place(keyword),
                    f'property "{name}" accepts no value',
                    detail='"additionalProperties" knows only the properties that stand beside it; '
                    "this one is declared by another schema.",
                    hint='Write "unevaluatedProperties" instead.',
                )  # fmt: skip
        return True

    def _warn_of_others(self, schema: Schema) -> None:
        """Say that there is no column for a property that only a pattern or a rest describes."""
        for keyword in ("patternProperties", "additionalProperties", "unevaluatedProperties"):
            described = schema.keywords.get(keyword)
            closed = isinstance(described, Schema) and (
                NEVER in described.keywords or not described.keywords
            )
            if described and not closed:
                self.findings.warn(
                    Code.CONFLICTING_KEYWORDS, schema.place(keyword),
                    f'keyword "{keyword}" makes no columns',
                    detail="It holds of the properties that are declared; others have no column.",
                    hint="Declare the properties, or one of type object for what has no column.",
                )  # fmt: skip
