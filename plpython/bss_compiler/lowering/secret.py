"""Turns encrypted properties into columns that nothing reads, and triggers that encrypt them.

What a property says of its values is checked before they are encrypted, since nothing can check
them later: its checks become a part of the trigger. Where a value is to be found by equality, or
unique, a second column has a keyed hash of it, and is in the index instead.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bss_compiler import quoting
from bss_compiler.diagnostic import Code, Findings
from bss_compiler.document.pointer import child
from bss_compiler.lowering.outline import Field, Outline
from bss_compiler.lowering.type import ColumnType
from bss_compiler.model import (
    ENCRYPTED,
    OF_ENCRYPTED,
    Check,
    Column,
    Constraint,
    ForeignKey,
    Function,
    Index,
    Secret,
    Trigger,
    Unique,
)
from bss_compiler.model.expression import columns_in
from bss_compiler.model.function import SCHEMA
from bss_compiler.naming import name_fault, object_name

_TYPES = frozenset({
    "text", "uuid", "date", "inet", "interval", "timestamp with time zone",
    "time without time zone", "smallint", "integer", "bigint", "real", "double precision",
    "boolean", "jsonb",
})  # fmt: skip
_KEY_TYPES = frozenset({"uuid", "smallint", "integer", "bigint"})
"""The types of keys that are told apart by their texts, put together."""
_PRESENCE = re.compile(
    r"""(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+") IS (?:NOT )?NULL|num_(?:non)?nulls\([^()]*\)"""
)
"""What asks of columns only whether they have a value."""


def is_encrypted(field: Field) -> bool:
    """Say whether a property is to be encrypted."""
    return field.options.get("encrypted") is True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plain:
    """An encrypted property as it would be if it were not."""

    field: Field
    type: ColumnType
    column: Column
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredSecrets:
    """The parts of a table that has secrets, and what its triggers call."""

    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]
    indexes: tuple[Index, ...]
    triggers: tuple[Trigger, ...]
    functions: tuple[Function, ...]
    secrets: tuple[Secret, ...]


def secret_column(plain: Column) -> Column:
    """Give the column that an encrypted property becomes."""
    return replace(plain, type=ENCRYPTED, default=None, generated=None, sensitive=True)


def check_encrypted(plain: Plain, outline: Outline, findings: Findings) -> None:
    """Report what an encrypted property cannot be."""
    field, options = plain.field, plain.field.options
    place = child(child(field.pointer, "x-bss"), "encrypted")
    if outline.placement == "shared":
        fault, detail = "is shared", "A secret is encrypted with the key of one tenant."
    elif field.column in outline.key:
        fault, detail = "is a part of the primary key", "Rows are told apart by what is stored."
    elif field.facets is None or field.facets.entity is not None or options.get("references"):
        fault, detail = "refers to an entity", "What it refers to is not encrypted."
    elif "generated" in options:
        fault, detail = "is computed", "The server would compute it after it is encrypted."
    elif "default" in field.facets.keywords:
        fault, detail = "has a default", "A default is in the catalog, where it is no secret."
    elif plain.type.sql not in _TYPES and plain.type.base != "numeric":
        fault, detail = f'has type "{plain.type.sql}"', f"Types are {', '.join(sorted(_TYPES))}."
    else:
        return
    findings.report(
        Code.NOT_ENCRYPTABLE, place, f'property "{field.property}" cannot be encrypted: it {fault}',
        detail=detail, hint="Leave out x-bss.encrypted, or make the secret a property of its own.",
    )  # fmt: skip


def lower_secrets(
    outline: Outline,
    plain: Mapping[str, Plain],
    columns: Iterable[Column],
    constraints: Iterable[Constraint],
    indexes: Iterable[Index],
    types: Mapping[str, ColumnType],
    findings: Findings,
) -> LoweredSecrets:
    """Give the parts of a table with those that keep its secrets."""
    columns, constraints, indexes = [*columns], [*constraints], [*indexes]
    _check_readers(outline, plain, columns, constraints, indexes, findings)
    digests = _digests(plain, columns, constraints, indexes, findings)
    row_key = _row_key(outline, types)
    secrets, triggers, functions = [], [], []
    for name, each in plain.items():
        digest = digests.get(name)
        checks = each.checks
        secret = Secret(column=name, type=each.type.sql, digest=digest, checks=checks)
        function = _function(outline.table, secret, row_key)
        secrets.append(secret)
        functions.append(function)
        triggers.append(_trigger(name, function))
        constraints.append(_check(outline.table, name, row_key, each.field.pointer))
        if digest is not None:
            comment = f"Keyed hashes of the values of {each.field.property}"
            columns.append(Column(name=digest, type="bytea", comment=comment, sensitive=True))
    return LoweredSecrets(
        columns=tuple(columns),
        constraints=tuple(_of_digests(item, digests) for item in constraints),
        indexes=tuple(_index_of_digests(item, digests) for item in indexes),
        triggers=tuple(triggers),
        functions=tuple(functions),
        secrets=tuple(secrets),
    )


def _row_key(outline: Outline, types: Mapping[str, ColumnType]) -> tuple[tuple[str, str], ...]:
    """Give the columns that tell a row by their texts, with their types; none if they cannot."""
    key = tuple((name, types[name].sql) for name in outline.key)
    if len(key) == 1 and key[0][1] == "text":
        return key
    return key if all(type_ in _KEY_TYPES for _, type_ in key) else ()


def _key_text(row_key: Iterable[tuple[str, str]], record: str = "") -> str:
    """Write the text that tells a row, as the server prints it."""
    texts = [
        f"{record}{quoting.ident(name)}"
        if type_ == "text"
        else f"({record}{quoting.ident(name)})::text"
        for name, type_ in row_key
    ]
    if not texts:
        return "''::text"
    result, *others = texts
    for other in others:
        result = f"(({result} || '/'::text) || {other})"
    return result


def _place(table: str, column: str) -> str:
    return f"{table}.{column}"


def _check(table: str, column: str, row_key: tuple[tuple[str, str], ...], pointer: str) -> Check:
    place = quoting.constant(_place(table, column), "text")
    return Check(
        name=object_name(table, column, "encrypted", suffix="check"),
        expression=f"{OF_ENCRYPTED}{quoting.ident(column)}, {place}, {_key_text(row_key)})",
        pointer=child(child(pointer, "x-bss"), "encrypted"),
        keyword="x-bss.encrypted",
    )


def _trigger(column: str, function: Function) -> Trigger:
    return Trigger(
        name=object_name("encrypt", suffix=column),
        timing="BEFORE",
        events=("INSERT", "UPDATE"),
        level="ROW",
        function=f"{SCHEMA}.{function.name}",
        column=column,
    )


def _function(table: str, secret: Secret, row_key: tuple[tuple[str, str], ...]) -> Function:
    """Write the function that checks and encrypts what is written to a column."""
    new = f"new.{quoting.ident(secret.column)}"
    old = f"old.{quoting.ident(secret.column)}"
    key = _key_text(row_key, "new.")
    unchanged = f"{new} operator(bss.===) {old} and {key} = {_key_text(row_key, 'old.')}"
    if secret.digest is not None:
        digest = quoting.ident(secret.digest)
        unchanged += f" and new.{digest} = old.{digest}"
    place = quoting.text_in_body(_place(table, secret.column))
    lines = [
        "#variable_conflict use_column",
        "declare",
        "    _value text;",
        "    _violated text;",
        "begin",
        f"    if tg_op = 'UPDATE' and {unchanged} then",
        "        return new;",
        "    end if;",
        f"    _value := bss_internal.given_secret(new.tenant_id, {new});",
        *_typed(secret),
        *_checked(secret),
        f"    {new} := bss_internal.seal_secret(new.tenant_id, {place}, {key}, _value);",
        *_digested(secret, place),
        "    return new;",
        "end",
    ]
    body = "\n".join(lines)
    digits = hashlib.sha256(body.encode()).hexdigest()[:32]
    return Function(name=f"t_{digits}", body=body)


def _digested(secret: Secret, place: str) -> Iterable[str]:
    if secret.digest is not None:
        digest = f"new.{quoting.ident(secret.digest)}"
        yield f"    {digest} := bss_internal.digest_of_secret(new.tenant_id, {place}, _value);"


def _typed(secret: Secret) -> Iterable[str]:
    if secret.type != "text":
        type_ = quoting.text_in_body(secret.type)
        yield f"    _value := bss_internal.typed_secret(_value, {type_});"


def _checked(secret: Secret) -> Iterable[str]:
    if not secret.checks:
        return
    yield "    select case"
    for check in secret.checks:
        name = quoting.text_in_body(check.name)
        yield f"        when {check.expression} is false then {name}"
    yield "    end"
    yield "    into _violated"
    yield f"    from (select _value::{secret.type} as {quoting.ident(secret.column)}) as v;"
    yield "    if _violated is not null then"
    yield "        perform bss_internal.refuse_secret("
    yield "            tg_table_schema, tg_table_name, _violated"
    yield "        );"
    yield "    end if;"


def _check_readers(
    outline: Outline,
    plain: Mapping[str, Plain],
    columns: Iterable[Column],
    constraints: Iterable[Constraint],
    indexes: Iterable[Index],
    findings: Findings,
) -> None:
    """Report what would have to read secrets: all that would come of it is what is stored."""
    for name, each in plain.items():
        readers = [
            *(_reader_in_constraint(item, name) for item in constraints),
            *(_reader_in_index(item, name) for item in indexes),
            *(
                f'column "{item.name}" is computed from it'
                for item in columns
                if name in columns_in(item.generated or "")
            ),
        ]
        if each.field.property in outline.entity.options.get("embedding", {}).get("source", ()):
            readers.append("its embedding would tell of it")
        if outline.entity.options.get("partitionBy", {}).get("column") == each.field.property:
            readers.append("the table is partitioned by it")
        for reader in filter(None, readers):
            findings.report(
                Code.NOT_ENCRYPTABLE, child(child(each.field.pointer, "x-bss"), "encrypted"),
                f'property "{each.field.property}" cannot be encrypted: {reader}',
                detail="A secret is compared by equality at most, and that by its digest.",
                hint='Leave it out there; "index": true beside "encrypted" lets it be found.',
            )  # fmt: skip


def _reader_in_constraint(item: Constraint, column: str) -> str | None:
    match item:
        case ForeignKey() if column in item.columns:
            return f'"{item.name}" is a key of it'
        case Check() if column in columns_in(_PRESENCE.sub("true", item.expression)):
            return f'the check "{item.name}" reads it'
    return None


def _reader_in_index(item: Index, column: str) -> str | None:
    if column in columns_in(_PRESENCE.sub("true", item.where or "")):
        return f'the condition of index "{item.name}" reads it'
    is_plain = item.method in ("btree", "hash") and all(
        key.opclass is None and key.order is None for key in item.keys if key.column == column
    )
    if column in item.include or (column in item.columns and not is_plain):
        return f'the index "{item.name}" is by more than equality'
    return None


def _digests(
    plain: Mapping[str, Plain],
    columns: Iterable[Column],
    constraints: Iterable[Constraint],
    indexes: Iterable[Index],
    findings: Findings,
) -> dict[str, str]:
    """Give the columns of digests, by the columns whose values are found by them."""
    found = {name for item in constraints if isinstance(item, Unique) for name in item.columns}
    found |= {name for item in indexes for name in item.columns}
    taken = {column.name for column in columns}
    result = {}
    for name, each in plain.items():
        digest = f"{name}_digest"
        if name not in found:
            continue
        fault = name_fault(digest) or ("it is taken" if digest in taken else None)
        if fault is not None:
            findings.report(
                Code.NAME_COLLISION, each.field.pointer,
                f'property "{each.field.property}" needs the column "{digest}"',
                detail=f"That is the column of its digests, and {fault}.",
                hint="Choose another name for the column with x-bss.column.",
            )  # fmt: skip
        result[name] = digest
    return result


def _of_digests(item: Constraint, digests: Mapping[str, str]) -> Constraint:
    if isinstance(item, Unique):
        return replace(item, columns=tuple(digests.get(name, name) for name in item.columns))
    return item


def _index_of_digests(item: Index, digests: Mapping[str, str]) -> Index:
    keys = (replace(key, column=digests.get(key.column, key.column)) for key in item.keys)
    return replace(item, keys=tuple(keys))
