"""Turns the text of a document into the entities that it declares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.budget import Budget
from bss_compiler.document.extension import ENTITY_KEYS, check_keys
from bss_compiler.document.keyword import ANNOTATIONS, describes_members
from bss_compiler.document.limits import Limits
from bss_compiler.document.pointer import child
from bss_compiler.document.schema import Reader, Schema
from bss_compiler.document.text import parse
from bss_compiler.naming import snake_case

_MODEL_KEYWORDS = ANNOTATIONS | {"$schema", "$id", "$anchor", "$defs"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entity:
    """An object schema that becomes a table. `options` are its `x-bss` keys, well-shaped."""

    name: str
    schema: Schema
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """A document that has been read: its entities, and the reader that resolves references."""

    entities: tuple[Entity, ...]
    reader: Reader
    budget: Budget
    by_pointer: Mapping[str, Entity]
    """The entities by the pointers to their schemas."""


def read_document(
    text: str, limits: Limits, findings: Findings, documents: Mapping[str, Any] | None = None
) -> Document | None:
    """Read a document; `documents` are others that it may refer to, by their URI.

    Gives None where not even its outline could be made out.
    """
    value = parse(text, limits, findings)
    if findings.errors:
        return None
    if not isinstance(value, dict):
        findings.report(
            Code.WRONG_SHAPE, "", "document should be a JSON object",
            hint="Hand in a schema of type object, or a model with $defs.",
        )  # fmt: skip
        return None
    reader = Reader(
        limits=limits, findings=findings, documents={} if documents is None else documents
    )
    root = reader.read(value, "")
    if value and not root.keywords:
        return None  # it is of another dialect, which has been reported
    entities = _entities(root, findings)
    if entities:
        _check_definitions(root, entities, reader, findings)
    if len(entities) > limits.entities:
        findings.report(
            Code.TOO_MANY, root.place("$defs"), "document has too many entities",
            detail=f"It has {len(entities)}; the limit is {limits.entities}.",
            hint="Split the model, or raise the setting limit.entities.",
        )  # fmt: skip
        return None
    by_pointer = {entity.schema.pointer: entity for entity in entities}
    budget = Budget(limits=limits, findings=findings)
    return Document(entities=entities, reader=reader, budget=budget, by_pointer=by_pointer)


def _entities(root: Schema, findings: Findings) -> tuple[Entity, ...]:
    members: Mapping[str, Schema] = root.keywords.get("$defs", {})
    found = [
        _entity(name, schema, findings)
        for name, schema in members.items()
        if _is_entity(name, schema)
    ]
    title = root.keywords.get("title")
    if _marked(root) is True or (not found and _is_table(root) and isinstance(title, str)):
        found.insert(0, _entity(title or "", root, findings))
    elif found:
        _check_model_root(root, findings)
    else:
        _report_no_entity(root, findings)
    return tuple(found)


def _entity(name: str, schema: Schema, findings: Findings) -> Entity:
    options = check_keys(
        schema.keywords.get("x-bss", {}), ENTITY_KEYS, child(schema.pointer, "x-bss"), findings
    )
    return Entity(name=name, schema=schema, options=options)


def _is_table(schema: Schema) -> bool:
    return schema.keywords.get("type") == "object" and describes_members(schema.keywords)


def _marked(schema: Schema) -> bool | None:
    options = schema.keywords.get("x-bss")
    mark = options.get("entity") if isinstance(options, dict) else None
    return mark if isinstance(mark, bool) else None


def _is_entity(name: str, schema: Schema) -> bool:
    mark = _marked(schema)
    if mark is not None:
        return mark
    keys = {"id", f"{snake_case(name)}_id"}
    return _is_table(schema) and any(
        snake_case(property_) in keys for property_ in schema.properties
    )


def _check_definitions(
    root: Schema, entities: Iterable[Entity], reader: Reader, findings: Findings
) -> None:
    """Report what looks like an entity and becomes nothing: no table, and no part of a column."""
    references = (schema.keywords.get("$ref", "") for schema in reader.schemas.values())
    referred = {token for reference in references for token in unquote(reference).split("/")}
    known = {entity.schema.pointer for entity in entities}
    members: Mapping[str, Schema] = root.keywords.get("$defs", {})
    for name, schema in members.items():
        if not _is_table(schema) or schema.pointer in known or _marked(schema) is False:
            continue
        if schema.pointer.rpartition("/")[2] in referred:
            continue
        report = findings.report if "x-bss" in schema.keywords else findings.warn
        report(
            Code.NO_ENTITY, schema.pointer,
            f'definition "{name[:80]}" is no entity, and nothing refers to it',
            detail="An entity in $defs has a key property, or is marked as one.",
            hint='Add "<entity>_id" or "id", set "x-bss": {"entity": true}, or {"entity": false} '
            "for a value type.",
        )  # fmt: skip


def _check_model_root(root: Schema, findings: Findings) -> None:
    for name in root.keywords:
        if name not in _MODEL_KEYWORDS:
            findings.report(
                Code.CONFLICTING_KEYWORDS, root.place(name),
                f'keyword "{name}" has no place at the root of a model',
                detail="The document has entities in $defs, so its root is no entity.",
                hint='Set "x-bss": {"entity": true} at the root to make it one as well, or '
                '{"entity": false} on the members of $defs that are only value types.',
            )  # fmt: skip


def _report_no_entity(root: Schema, findings: Findings) -> None:
    if _is_table(root):
        detail, hint = (
            "The root describes an object, but it has no title to name the table by.",
            'Give the root a "title".',
        )
    else:
        detail, hint = (
            "An entity is an object schema with properties: the root, if it has a title, or a "
            "member of $defs that has a key property.",
            'Add "<entity>_id" or "id" to the properties, or set "x-bss": {"entity": true}.',
        )
        if not root.keywords.keys() <= _MODEL_KEYWORDS:
            hint += " To keep its values whole, make it the schema of a property of an entity."
    findings.report(Code.NO_ENTITY, "", "document has no entity", detail=detail, hint=hint)
