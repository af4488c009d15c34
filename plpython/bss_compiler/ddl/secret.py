"""Statements about encrypted columns."""

from bss_compiler.ddl import column as columns
from bss_compiler.ddl.name import qualified, quoted
from bss_compiler.model import Column, Trigger
from bss_compiler.quoting import template, text


def encrypt(table: str, before: Column, after: Column) -> list[str]:
    """Encrypt the values of a column; the trigger that comes then knows for which place."""
    value = f"(to_jsonb({quoted(before.name)}) #>> '{{}}')"
    return columns.write_anew(table, before, after, f"bss_internal.encrypted(tenant_id, {value})")


def decrypt(table: str, before: Column, after: Column) -> list[str]:
    """Decrypt the values of a column."""
    arguments = f"tenant_id, {quoted(before.name)}, {template(text(after.type))}"
    value = f"bss_internal.decrypted({arguments})"
    name = columns.type_name(after.type)
    return columns.write_anew(table, before, after, f"{value}::{name}")


def seal(table: str, trigger: Trigger) -> list[str]:
    """Write every value of a column to it, so that its trigger checks and encrypts it."""
    name = quoted(trigger.column or "")
    return [
        f"UPDATE {qualified(table)} SET {name} = bss_internal.opened_secret(tenant_id, {name}) "  # noqa: S608
        f"WHERE {name} IS NOT NULL"
    ]
