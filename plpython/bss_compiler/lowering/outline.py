"""Turns an entity into its outline: table, columns and primary key, by name and type.

Outlines of all entities come first, because a foreign key has to know the key that it refers to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document import Document, Entity
from bss_compiler.document.keyword import ANNOTATIONS
from bss_compiler.document.pointer import child
from bss_compiler.lowering.declaration import Declarations, declarations
from bss_compiler.lowering.facet import Facets
from bss_compiler.lowering.property import Declared, declare, declare_in_branches
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import Placement
from bss_compiler.naming import is_reserved, name_fault, plural, snake_case

UUID = ColumnType(sql="uuid", json="string")

MAX_KEY_COLUMNS = 32

_ENTITY_KEYWORDS = ANNOTATIONS | {
    "$schema", "$id", "$anchor", "$dynamicAnchor", "$defs", "$ref", "$dynamicRef", "type",
    "properties", "const", "enum", "required", "additionalProperties", "unevaluatedProperties",
    "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired",
    "dependentSchemas", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "x-bss",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Field:
    """A property on its way to a column. `facets` is None for a column that BSS adds.

    `enforced` are the pointers to the schemas that the column enforces, `read` is the pointer to
    the one that its options come from.
    """

    property: str
    column: str
    pointer: str
    type: ColumnType | None
    facets: Facets | None = None
    options: Mapping[str, Any]
    required: bool = False
    enforced: frozenset[str] = frozenset()
    read: str | None = None
    in_branches: bool = False

    def nullable(self, *, in_key: bool) -> bool:
        """Say whether the column may be null; a key's may not."""
        accepts_null = self.facets is not None and self.facets.nullable
        return not in_key and (accepts_null or not self.required)

    def has_default(self) -> bool:
        """Say whether the property states a default other than null."""
        return self.facets is not None and self.facets.get("default") is not None

    def is_untyped(self) -> bool:
        """Say whether no type could be made out, a fault after which nothing more can be said."""
        return self.type is None and self.facets is not None and self.facets.entity is None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outline:
    """An entity on its way to a table: its fields by column and by property.

    `key` has the columns of the primary key. `declared` are the names of all properties, those that
    have a fault and no field among them.
    """

    entity: Entity
    table: str
    columns: Mapping[str, Field]
    properties: Mapping[str, Field]
    key: tuple[str, ...]
    declared: frozenset[str]

    @property
    def placement(self) -> Placement:
        """Say where its table is."""
        placement: Placement = self.entity.options.get("scope", "tenant")
        return placement

    @property
    def archives(self) -> bool:
        """Say whether a row that is deleted is archived instead."""
        return self.entity.options.get("softDelete") is True


def outline(entity: Entity, document: Document, findings: Findings) -> Outline:
    """Give the outline of an entity; what cannot be made out is left out, with a finding."""
    _check_keywords(entity, findings)
    table = _table_name(entity, findings)
    declared = declarations(entity.schema, document)
    columns = _distinct(_fields(declared, document, findings), findings)
    _check_required(declared, findings)
    properties = {field.property: field for field in columns.values()}
    key = _primary_key(entity, properties, findings)
    if not key:
        name = f"{snake_case(entity.name)}_id"
        pointer = entity.schema.pointer
        options = {}
        if "renamedFrom" in entity.options:
            # it is named after the entity, and goes with its name
            options["renamedFrom"] = f"{snake_case(entity.options['renamedFrom'])}_id"
        added = Field(property=name, column=name, pointer=pointer, type=UUID, options=options)
        columns = {name: added, **columns}
        key = (name,)
    return Outline(
        entity=entity,
        table=table,
        columns=columns,
        properties=properties,
        key=key,
        declared=frozenset({*declared.certain, *declared.possible}),
    )


def check_name(name: str, pointer: str, what: str, findings: Findings) -> bool:
    """Report a name that cannot be an identifier."""
    fault = name_fault(name)
    if fault is not None:
        findings.report(
            Code.INVALID_NAME, pointer, f'{what} name "{name[:80]}" cannot be used',
            detail=f"As an identifier of the database, {fault}.",
            hint=f'Choose another name for the {what} with x-bss, or rename it in the document.',
        )  # fmt: skip
    return fault is None


def _check_keywords(entity: Entity, findings: Findings) -> None:
    schema = entity.schema
    for name in schema.keywords:
        if name not in _ENTITY_KEYWORDS:
            findings.warn(
                Code.CONFLICTING_KEYWORDS, schema.place(name),
                f'keyword "{name}" says nothing about a record',
                hint="Remove the keyword, or say it of a property.",
            )  # fmt: skip
    if schema.keywords.get("type", "object") not in ("object", ["object"]):
        findings.report(
            Code.WRONG_TYPE, child(schema.pointer, "type"), "entity should be of type object",
            hint='Write "type": "object", or set "x-bss": {"entity": false}.',
        )  # fmt: skip


def _table_name(entity: Entity, findings: Findings) -> str:
    given = entity.options.get("table")
    name = given if given is not None else plural(snake_case(entity.name))
    pointer = child(entity.schema.pointer, "x-bss") + "/table" if given is not None else ""
    check_name(name, pointer or entity.schema.pointer, "entity", findings)
    return name


def _fields(declared: Declarations, document: Document, findings: Findings) -> Iterable[Field]:
    for name, schemas in declared.certain.items():
        found = declare(name, schemas, document, findings)
        if found is not None:
            yield _field(name, found, required=name in declared.required)
    for name, schemas in declared.possible.items():
        if name not in declared.certain:
            found = declare_in_branches(name, schemas, document, findings)
            if found is not None:
                yield _field(name, found, required=name in declared.required)


def _field(name: str, declared: Declared, *, required: bool) -> Field:
    return Field(
        property=name,
        column=_column_name(name, declared.facets, declared.options),
        pointer=declared.facets.pointer,
        type=declared.type,
        facets=declared.facets,
        options=declared.options,
        required=required,
        enforced=declared.enforced,
        read=declared.read,
        in_branches=declared.in_branches,
    )


def _column_name(name: str, facets: Facets, options: Mapping[str, Any]) -> str:
    if "column" in options:
        return str(options["column"])
    column = snake_case(name)
    if facets.entity is not None and not column.endswith("_id"):
        column += "_id"
    return column


def _distinct(fields: Iterable[Field], findings: Findings) -> dict[str, Field]:
    kept: dict[str, Field] = {}
    for field in fields:
        if not check_name(field.column, field.pointer, "property", findings):
            continue
        if is_reserved(field.column):
            findings.report(
                Code.RESERVED_NAME, field.pointer, f'column name "{field.column}" is reserved',
                detail="The server keeps the name for a system column of every table.",
                hint='Set "x-bss": {"column": …} to another name.',
            )  # fmt: skip
            continue
        other = kept.setdefault(field.column, field)
        if other is not field:
            findings.report(
                Code.NAME_COLLISION, field.pointer,
                f'property "{field.property}" becomes column "{field.column}", and so does another',
                detail=f"The other is at {other.pointer}.",
                hint='Set "x-bss": {"column": …} on one of them.',
            )  # fmt: skip
    return kept


def _check_required(declared: Declarations, findings: Findings) -> None:
    for name, pointer in declared.required.items():
        if name not in declared.certain and name not in declared.possible:
            findings.report(
                Code.UNKNOWN_PROPERTY, pointer, f'required property "{name}" is not declared',
                detail="Without a declaration it has no column.",
                hint="Declare it under properties, or take it out of required.",
            )  # fmt: skip


def _primary_key(
    entity: Entity, properties: Mapping[str, Field], findings: Findings
) -> tuple[str, ...]:
    given = entity.options.get("primaryKey")
    if given is None:
        present = {field.column for field in properties.values()}
        for name in (f"{snake_case(entity.name)}_id", "id"):
            if name in present:
                return (name,)
        return ()
    names = [given] if isinstance(given, str) else given
    place = child(child(entity.schema.pointer, "x-bss"), "primaryKey")
    key = tuple(column_names(names, properties, place, findings))
    check_size(key, place, findings)
    return key


def check_size(key: Sequence[str], pointer: str, findings: Findings) -> bool:
    """Report a key of more columns than the server takes (its INDEX_MAX_KEYS)."""
    if len(key) > MAX_KEY_COLUMNS:
        findings.report(
            Code.WRONG_TYPE, pointer, "key has too many columns",
            detail=f"It has {len(key)}; the server takes {MAX_KEY_COLUMNS}.",
            hint="Name fewer properties.",
        )  # fmt: skip
    return len(key) <= MAX_KEY_COLUMNS


def column_names(
    names: Iterable[str], properties: Mapping[str, Field], pointer: str, findings: Findings
) -> list[str]:
    """Give the columns of properties that `x-bss` names; report those that do not exist."""
    found = []
    for name in names:
        if name in properties:
            found.append(properties[name].column)
        else:
            findings.report(
                Code.UNKNOWN_PROPERTY, pointer, f'property "{name}" does not exist',
                hint=f"The properties are {', '.join(list(properties)[:20]) or 'none'}.",
            )  # fmt: skip
    return found
