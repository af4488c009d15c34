"""Turns what a schema says of one member of a record into a condition about its column."""

from dataclasses import dataclass

from bss_compiler.document import Entity, Schema
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.schema import NEVER
from bss_compiler.lowering.constraint import ITEM_COUNTS
from bss_compiler.lowering.property import is_annotation
from bss_compiler.lowering.record.condition import FALSE, TRUE, Condition, atom
from bss_compiler.lowering.record.value import Value
from bss_compiler.lowering.record.writer import Writer
from bss_compiler.lowering.type import ColumnType
from bss_compiler.lowering.value import compile_value
from bss_compiler.quoting import ident

_IS_TRUE = " IS TRUE)"
_OF_SQL_ARRAYS = ANNOTATIONS | {"type", *ITEM_COUNTS}
"""What is checked on an SQL array itself, and not on the JSON that it stands for."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Member:
    """A member of a record: the column of a property.

    `enforced` are the pointers to the schemas that the column's own checks enforce. `entity` is
    what the property refers to by `$ref`.
    """

    column: str
    type: ColumnType
    nullable: bool
    enforced: frozenset[str]
    entity: Entity | None = None

    @property
    def present(self) -> Condition:
        """Say that the member is there."""
        if not self.nullable:
            return TRUE
        name = ident(self.column)
        return atom(f"({name} IS NOT NULL)", f"({name} IS NULL)")

    def condition(self, writer: Writer, schema: Schema) -> Condition:
        """Say that a schema holds of the member, which is there."""
        if NEVER in schema.keywords:
            return FALSE
        if is_annotation(schema):
            return TRUE
        if self.entity is not None:
            return self._of_reference(writer, schema)
        if self.type.json == "json" or (
            self.type.is_sql_array and not schema.keywords.keys() <= _OF_SQL_ARRAYS
        ):
            return self._of_json(writer, schema)
        return writer.condition(schema, Value(column=self.column, type=self.type))

    def _of_reference(self, writer: Writer, schema: Schema) -> Condition:
        for name in schema.keywords:
            if name == "$ref" and writer.document.reader.resolve(schema) is (
                self.entity and self.entity.schema
            ):
                continue
            if name not in ANNOTATIONS and name != "x-bss":
                place = schema.place(name)
                writer.refuse(
                    name, place, what="on a reference to an entity",
                    why="It is about the other record, of which the column has the key alone.",
                    hint="Say it of the entity itself, or leave the keyword out.",
                )  # fmt: skip
        return TRUE

    def _of_json(self, writer: Writer, schema: Schema) -> Condition:
        found = compile_value(
            schema,
            self.column,
            reader=writer.document.reader,
            limits=writer.limits,
            budget=writer.document.budget,
            findings=writer.findings,
            options_read=writer.options_read,
            is_sql_array=self.type.is_sql_array,
            scope=writer.scope,
        )
        if found is None:
            return TRUE
        writer.add_probes(found.probes)
        writer.functions.update((function.name, function) for function in found.functions)
        test = found.condition.removesuffix(_IS_TRUE)
        if test == found.condition:  # several conditions, of which one may be null
            return atom(f"({test} IS TRUE)", f"({test} IS NOT TRUE)")
        return atom(found.condition, f"{test} IS NOT TRUE)")
