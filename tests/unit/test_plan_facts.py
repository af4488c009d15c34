"""Steps: what they lock and risk, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.boundary import statements
from bss_compiler.diagnostic import Findings
from bss_compiler.diff import Change, diff, retain
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexKey,
    Model,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.plan import plan
from tests.unit.changes import (
    CHECK,
    GONE,
    GRANT,
    INDEX,
    NOT_NULL,
    PARTITION,
    POLICY,
    REFERENCE,
    SUM,
    TABLE,
    TEXT,
    TRIGGER,
    UNIQUE,
    alter,
    create,
    drop,
    steps_of,
)
from tests.unit.compiling import UUID, entity, model, model_document, object_schema


def facts(change: Change) -> dict[str, Any]:
    (step,) = steps_of(change)
    return {
        "lock": step.facts.lock,
        "scans": step.facts.scans,
        "rewrites": step.facts.rewrites,
        "hazards": step.facts.hazards,
    }


BLOCKS = ("blocks_reads", "blocks_writes")


@pytest.mark.parametrize(
    ("change", "lock", "scans", "rewrites", "hazards"),
    [
        (create(TEXT), "ACCESS EXCLUSIVE", False, False, ()),
        (create(NOT_NULL), "ACCESS EXCLUSIVE", False, False, ()),
        (
            create(replace(TEXT, nullable=False)),
            "ACCESS EXCLUSIVE",
            False,
            False,
            ("may_fail_on_data",),
        ),
        (
            create(Column(name="k", type="uuid", default="gen_random_uuid()")),
            "ACCESS EXCLUSIVE",
            True,
            True,
            ("rewrites_table", *BLOCKS),
        ),
        (
            create(SUM),
            "ACCESS EXCLUSIVE",
            True,
            True,
            ("rewrites_table", *BLOCKS, "may_fail_on_data"),
        ),
        (
            alter(SUM, generated="(a + 2)"),
            "ACCESS EXCLUSIVE",
            True,
            True,
            ("rewrites_table", *BLOCKS, "may_fail_on_data"),
        ),
        (alter(SUM, generated=None), "ACCESS EXCLUSIVE", False, False, ()),
        (create(CHECK), "ACCESS EXCLUSIVE", True, False, (*BLOCKS, "may_fail_on_data")),
        (create(UNIQUE), "ACCESS EXCLUSIVE", True, False, (*BLOCKS, "may_fail_on_data")),
        (create(INDEX), "SHARE", True, False, ("blocks_writes",)),
        (
            create(replace(INDEX, unique=True)),
            "SHARE",
            True,
            False,
            ("blocks_writes", "may_fail_on_data"),
        ),
        (
            create(REFERENCE),
            "SHARE ROW EXCLUSIVE",
            True,
            False,
            ("blocks_writes", "may_fail_on_data"),
        ),
        (create(PARTITION), "ACCESS EXCLUSIVE", True, False, BLOCKS),
        (drop(INDEX), "ACCESS EXCLUSIVE", False, False, ()),
        (drop(TRIGGER), "ACCESS EXCLUSIVE", False, False, ()),
        (
            alter(TEXT, nullable=False),
            "ACCESS EXCLUSIVE",
            True,
            False,
            (*BLOCKS, "may_fail_on_data"),
        ),
        (alter(TEXT, default="1"), "ACCESS EXCLUSIVE", False, False, ()),
        (alter(TEXT, comment="C"), "SHARE UPDATE EXCLUSIVE", False, False, ()),
        (alter(TEXT, deprecated=True), "SHARE UPDATE EXCLUSIVE", False, False, ()),
        (
            alter(NOT_NULL, deprecated=True, nullable=True, default=None),
            "ACCESS EXCLUSIVE",
            False,
            False,
            (),
        ),
        (alter(GONE, deprecated=False), "ACCESS EXCLUSIVE", False, False, ()),
        (alter(GONE, deprecated=False, default="1"), "ACCESS EXCLUSIVE", False, False, ()),
        (
            alter(GONE, deprecated=False, nullable=False, default="1"),
            "ACCESS EXCLUSIVE",
            True,
            False,
            BLOCKS,
        ),
        (
            alter(GONE, deprecated=False, nullable=False),
            "ACCESS EXCLUSIVE",
            True,
            False,
            (*BLOCKS, "may_fail_on_data"),
        ),
    ],
)
def test_plan_says_what_a_step_locks_and_risks(
    change: Change, lock: str, scans: bool, rewrites: bool, hazards: tuple[str, ...]
) -> None:
    assert facts(change) == {
        "lock": lock,
        "scans": scans,
        "rewrites": rewrites,
        "hazards": hazards,
    }


def test_plan_of_a_new_table_locks_no_more_than_what_it_refers_to() -> None:
    table = Table(
        name="t",
        constraints=(PrimaryKey(name="k", columns=("id",)), REFERENCE),
        indexes=(INDEX,),
        policies=(POLICY,),
        partition_by="LIST (a)",
        partitions=(PARTITION,),
        grants=(GRANT,),
        triggers=(TRIGGER,),
    )
    assert [
        (step.kind, step.facts.lock, step.facts.scans, step.facts.hazards)
        for step in steps_of(create(table))
    ] == [
        ("create_table", "none", False, ()),
        ("create_partition", "none", False, ()),
        ("create_index", "none", False, ()),
        ("add_foreign_key", "SHARE ROW EXCLUSIVE", False, ()),
        ("create_policy", "none", False, ()),
        ("grant", "none", False, ()),
        ("create_trigger", "none", False, ()),
        ("create_policy", "none", False, ()),
    ]


@pytest.mark.parametrize(
    ("change", "message", "detail"),
    [
        (
            alter(TEXT, type="integer"),
            'changing "t.a" is not supported yet',
            'The document changes its type, from "text" to "integer".',
        ),
        (
            alter(TEXT, generated="(b || c)"),
            'changing "t.a" is not supported yet',
            "The document computes it, and its rows have values of their own.",
        ),
        (
            create(PrimaryKey(name="k", columns=("a",))),
            'changing "t" is not supported yet',
            "The document changes the primary key.",
        ),
        (drop(TEXT), 'changing "t.a" is not supported yet', "The document drops it."),
        (drop(TABLE), 'changing "t" is not supported yet', "The document drops it."),
        (drop(POLICY), 'changing "t (p)" is not supported yet', "The document drops it."),
        (drop(GRANT), 'changing "t (R)" is not supported yet', "The document drops it."),
        (
            alter(TABLE, row_security=False),
            'changing "t" is not supported yet',
            "The document changes its row-level security.",
        ),
    ],
)
def test_plan_refuses_what_it_cannot_do_yet(change: Change, message: str, detail: str) -> None:
    findings = Findings()
    assert plan([change], findings) == ()
    assert [(item.message, item.detail) for item in findings.diagnostics] == [(message, detail)]


def test_plan_refuses_another_primary_key_once_and_at_its_entity() -> None:
    def keyed(*names: str) -> Model:
        properties = {"id": UUID, "a": {"type": "string"}}
        options = {"entity": True, "primaryKey": list(names)}
        return model(model_document(Item=object_schema(properties, **{"x-bss": options})))

    findings = Findings()
    before = keyed("id")
    plan(diff(before, retain(before, keyed("id", "a"))), findings)
    assert [(item.pointer, item.detail) for item in findings.diagnostics] == [
        ("/$defs/Item", "The document changes the primary key.")
    ]


def test_plan_of_no_change_is_empty() -> None:
    same = model(entity({"a": {"type": "string"}}))
    findings = Findings()
    assert statements(same, same, findings) == []


def test_plan_alters_tables_and_columns_only() -> None:
    with pytest.raises(AssertionError):
        plan([alter(CHECK, expression="false")], Findings())


def test_plan_makes_again_what_is_built_on_a_column_that_is_computed_anew() -> None:
    other = Column(name="o", type="bigint")
    built = (
        Check(name="c", expression="(s > 0)"),
        Unique(name="u", columns=("s",)),
        ForeignKey(name="f", columns=("o",), table="t", referenced=("s",)),
    )
    aside = (Check(name="d", expression="(o > 0)"), Unique(name="w", columns=("o",)))
    index = Index(name="i", method="btree", keys=(IndexKey(column="o"),), include=("s",))
    before = Table(name="t", columns=(SUM, other), constraints=(*built, *aside), indexes=(index,))
    referring = Table(
        name="r",
        columns=(other,),
        constraints=(ForeignKey(name="g", columns=("o",), table="t", referenced=("s",)),),
    )
    after = replace(before, columns=(replace(SUM, generated="(a + 2)"), other))
    steps = statements(
        Model(tables=(before, referring)), Model(tables=(after, referring)), Findings()
    )
    assert [step.kind for step, _ in steps] == [
        "drop_foreign_key",
        "drop_foreign_key",
        "drop_check",
        "drop_unique",
        "drop_index",
        "compute_anew",
        "add_check",
        "add_unique",
        "create_index",
        "add_foreign_key",
        "add_foreign_key",
    ]
