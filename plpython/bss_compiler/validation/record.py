"""Turns a record into the violations of its entity's schemas, and what the server has to try.

Each property is evaluated here. What holds of a row as a whole, and whether a value goes into the
type of its column, the server decides by the table itself.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bss_compiler.diagnostic import Findings
from bss_compiler.document import Limits, Schema
from bss_compiler.document.budget import Budget
from bss_compiler.document.pointer import child
from bss_compiler.document.registered import Registered
from bss_compiler.document.schema import Reader
from bss_compiler.document.text import parse
from bss_compiler.lowering.constant import NotOfTypeError, output
from bss_compiler.lowering.type import ColumnType
from bss_compiler.lowering.value.context import Context
from bss_compiler.lowering.value.unit import Units
from bss_compiler.model import Column, ForeignKey, Model, Table
from bss_compiler.validation.evaluation import Evaluation, evaluate, read_value
from bss_compiler.validation.question import Answers
from bss_compiler.validation.scalar import is_of_type
from bss_compiler.validation.violation import Place, Violation

_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_NUMBERS = frozenset({"numeric", "real", "double precision"})
_ARRAY = re.compile(r".*\[\]|vector\([0-9]+\)", re.ASCII)
_BLAMED = ("format", "contentEncoding", "type")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A member of the record that has a column, and what to say if its value does not go in.

    `text` is the value as the type's input function takes it, where that is not its JSON.
    """

    column: str
    property: str
    text: str | None
    misfit: Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvaluation:
    """What is wrong with a record so far, and what to try; `failed` are columns done with."""

    evaluation: Evaluation = field(default_factory=Evaluation)
    given: tuple[Given, ...] = ()
    failed: frozenset[str] = frozenset()


def validate_record(
    record: str,
    table: Table,
    model: Model,
    document: str,
    *,
    documents: Registered,
    answers: Answers,
    limits: Limits,
    findings: Findings,
) -> RecordEvaluation:
    """Validate a record of the entity that a table is made of; with findings, it says nothing."""
    value = read_value(record, limits, findings)
    reader = Reader(limits=limits, findings=findings, documents=documents)
    reader.read(parse(document, limits, findings), "")
    if findings.errors:
        return RecordEvaluation()
    if not isinstance(value, dict):
        refused = Violation(
            pointer="",
            keyword="type",
            schema_pointer=child(table.pointer or "", "type"),
            message="record should be an object",
        )
        return RecordEvaluation(evaluation=Evaluation(violations=(refused,)))
    schemas = _Schemas(reader=reader, model=model, table=table)
    context = Context(
        units=Units(reader=reader),
        limits=limits,
        budget=Budget(limits=limits, findings=findings),
        findings=findings,
    )
    return _evaluate(value, schemas, context, answers)


def _evaluate(
    record: Mapping[str, Any], schemas: "_Schemas", context: Context, answers: Answers
) -> RecordEvaluation:
    columns = _columns(schemas.table)
    violations = [_unknown(schemas.table, name) for name in record if name not in columns]
    members = [
        _Member(
            name=name,
            place=Place(pointer=child("", name), value=value),
            column=columns[name],
            chain=schemas.chain(schemas.table, columns[name]),
        )
        for name, value in record.items()
        if name in columns
    ]
    present = [each for each in members if each.place.value is not None and each.chain]
    found = evaluate([(each.chain[0], each.place) for each in present], context, answers)
    of_member = dict(zip(present, found, strict=False))
    given = []
    failed = set()
    for member in members:
        its_violations, tried = member.tried(of_member.get(member, ()))
        violations += its_violations
        given.append(tried)
        failed |= {member.column.name} if its_violations else set()
    evaluation = Evaluation(violations=tuple(violations), answers=answers)
    return RecordEvaluation(evaluation=evaluation, given=tuple(given), failed=frozenset(failed))


def _columns(table: Table) -> dict[str, Column]:
    """Give the columns that a record may have members for; a secret by the type of its values."""
    types = {secret.column: secret.type for secret in table.secrets}
    digests = {secret.digest for secret in table.secrets}
    return {
        column.property or column.name: replace(column, type=types.get(column.name, column.type))
        for column in table.columns
        if not column.deprecated and column.name not in digests
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Member:
    """A member of the record that has a column; `chain` begins with the schema of its values."""

    name: str
    place: Place
    column: Column
    chain: tuple[Schema, ...]

    def tried(self, found: tuple[Violation, ...]) -> tuple[tuple[Violation, ...], Given]:
        """Give the violations, and what the server has to try where there are none."""
        text = None
        misfit = self._misfit()
        if self.column.generated is not None:
            found = (self._computed(),)
        if not found and self.place.value is not None:
            try:
                text = _text(self.place.value, self.column.type)
            except NotOfTypeError:
                found = (misfit,)
        given = Given(column=self.column.name, property=self.name, text=text, misfit=misfit)
        return found, given

    def _computed(self) -> Violation:
        """Say that the server computes the value."""
        pointer = self.column.pointer or ""
        return Violation(
            pointer=self.place.pointer,
            keyword="x-bss.generated",
            schema_pointer=f"{pointer}/x-bss/generated" if self.column.property else pointer,
            message="property is computed, and takes no value",
        )

    def _misfit(self) -> Violation:
        """Say that the value does not go in, by the keyword that gives the column its type."""
        keyword, pointer = "type", self.column.pointer or ""
        for schema in self.chain:
            options = schema.keywords.get("x-bss")
            if isinstance(options, dict) and "type" in options:
                keyword, pointer = "x-bss.type", f"{schema.pointer}/x-bss/type"
                break
            stated = next((name for name in _BLAMED if name in schema.keywords), None)
            if stated is not None:
                keyword, pointer = stated, schema.place(stated)
                break
        return Violation(
            pointer=self.place.pointer,
            keyword=keyword,
            schema_pointer=pointer,
            message=f'value does not go with type "{self.column.type}"',
        )


def _unknown(table: Table, name: str) -> Violation:
    return Violation(
        pointer=child("", name),
        keyword="additionalProperties",
        schema_pointer=child(table.pointer or "", "additionalProperties"),
        message="property is not declared, and has no column",
    )


def _text(value: Any, type_: str) -> str | None:
    """Spell a value for the input function of a type. Raises NotOfTypeError."""
    base = type_.partition("(")[0]
    if base in _INTEGERS:
        return output(value, ColumnType(sql=type_, json="integer"))
    if base in _NUMBERS:
        output(value, ColumnType(sql=type_, json="number"))
        return None
    if type_ == "bytea":
        return _bytea(value)
    json = "boolean" if type_ == "boolean" else "array" if _ARRAY.fullmatch(type_) else "string"
    if type_ != "jsonb" and not is_of_type(value, json):
        raise NotOfTypeError(f"it is not of type {json}")
    return None


def _bytea(value: Any) -> str:
    try:
        return "\\x" + base64.b64decode(value, validate=True).hex()
    except (TypeError, ValueError, binascii.Error) as error:
        raise NotOfTypeError("it is not base64") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Schemas:
    """Finds the schemas of columns."""

    reader: Reader
    model: Model
    table: Table

    def chain(self, table: Table, column: Column) -> tuple[Schema, ...]:
        """Give the schema of a column's values, with those that its `$ref` leads to.

        That of a reference to an entity is the schema of the key; a key that was added has none.
        """
        entities = {each.pointer for each in self.model.tables}
        schema = self.reader.schemas.get(column.pointer) if column.pointer is not None else None
        seen: dict[str, Schema] = {}
        while schema is not None and schema.pointer not in seen:
            if schema.pointer in entities:
                return self._of_key(table, column)
            seen[schema.pointer] = schema
            schema = self.reader.resolve(schema) if "$ref" in schema.keywords else None
        return tuple(seen.values())

    def _of_key(self, table: Table, column: Column) -> tuple[Schema, ...]:
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKey) and constraint.columns == (column.name,):
                target = next(each for each in self.model.tables if each.name == constraint.table)
                key = next(each for each in target.columns if each.name == constraint.referenced[0])
                if key.pointer != target.pointer:
                    return self.chain(target, key)
        return ()
