"""What kind of step it is to make, to drop or to rename a part, and what its making costs."""

from dataclasses import replace
from typing import assert_never

from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Function,
    Grant,
    Index,
    Part,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.plan.step import FACTS, MAY_FAIL, Facts

_VOLATILE_DEFAULTS = frozenset({"gen_random_uuid()"})
"""Defaults that give each row a value of its own, so that adding the column rewrites the table."""


def creation(part: Part | Table) -> str:
    """Give the kind of the step that makes a part."""
    match part:
        case Column():
            return "add_column"
        case PrimaryKey():
            return "add_primary_key"
        case Check():
            return "add_check"
        case Unique():
            return "add_unique"
        case ForeignKey():
            return "add_foreign_key"
        case Index():
            return "create_index"
        case Policy():
            return "create_policy"
        case Grant():
            return "grant"
        case Trigger():
            return "create_trigger"
        case Function():
            return "create_function"
        case Partition():
            return "create_partition"
        case Table():
            return "create_table"
        case _:
            assert_never(part)


def removal(part: Part | Table) -> str:
    """Give the kind of the step that drops a part."""
    if isinstance(part, Grant):
        return "revoke"
    return f"drop_{creation(part).partition('_')[2]}"


def renaming(part: Part | Table) -> str:
    """Give the kind of the step that gives a part another name."""
    match part:
        case Column():
            return "rename_column"
        case Table():
            return "rename_table"
        case Index():
            return "rename_index"
        case Partition():
            return "rename_partition"
    return "rename_constraint"


def creation_facts(kind: str, part: Part | Table) -> Facts:
    """Give what it costs to make a part of a table that has rows."""
    facts = FACTS[kind]
    if isinstance(part, Index) and part.unique:
        unique = FACTS["add_unique"]
        return replace(facts, risks=unique.risks, reason=unique.reason)
    if not isinstance(part, Column):
        return facts
    if part.generated is not None:
        reason = "the column is computed for every row"
        return replace(facts, scans=True, rewrites=True, risks=(MAY_FAIL,), reason=reason)
    if part.default in _VOLATILE_DEFAULTS:
        reason = "the default gives each row a value of its own"
        return replace(facts, scans=True, rewrites=True, reason=reason)
    if part.default is not None:
        return facts
    if part.nullable:
        return replace(facts, reason="the rows that are there have no value, and are not touched")
    reason = "there must be a value, and the document has none for the rows that are there"
    return replace(facts, risks=(MAY_FAIL,), reason=reason)
