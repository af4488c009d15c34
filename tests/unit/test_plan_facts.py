"""Steps: what they lock and risk, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.boundary import statements
from bss_compiler.diagnostic import Findings
from bss_compiler.diff import Change, Drop
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
from bss_compiler.plan.step import FACTS
from tests.unit.changes import (
    CHECK,
    GONE,
    GRANT,
    INDEX,
    KEY,
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


MOVED = "Every row of the table would have to move, while nobody may use it."
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
        (
            alter(TEXT, generated="(b)"),
            "ACCESS EXCLUSIVE",
            True,
            True,
            ("rewrites_table", *BLOCKS, "may_fail_on_data"),
        ),
        (create(KEY), "ACCESS EXCLUSIVE", True, False, (*BLOCKS, "may_fail_on_data")),
        (alter(TEXT, name="b"), "ACCESS EXCLUSIVE", False, False, ()),
        (alter(INDEX, name="j"), "SHARE UPDATE EXCLUSIVE", False, False, ()),
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
            alter(SUM, type="text", generated=None),
            'changing "t.s" is not supported yet',
            'The document changes its type, from "bigint" to "text".',
        ),
        (
            alter(TEXT, type="bigint", generated="(b + 1)"),
            'changing "t.a" is not supported yet',
            'The document changes its type, from "text" to "bigint".',
        ),
        (
            alter(TABLE, partition_by="LIST (a)"),
            'table "t" cannot be changed like that',
            f"The document parts its rows in another way. {MOVED}",
        ),
        (
            drop(PARTITION),
            'table "t" cannot be changed like that',
            f"The document parts its rows in another way. {MOVED}",
        ),
    ],
)
def test_plan_refuses_what_it_cannot_do(change: Change, message: str, detail: str) -> None:
    findings = Findings()
    assert plan([change], findings) == ()
    assert [(item.message, item.detail) for item in findings.diagnostics] == [(message, detail)]


@pytest.mark.parametrize("part", [TEXT, TABLE])
def test_plan_drops_no_rows_and_no_values_unless_it_is_to(part: Column | Table) -> None:
    with pytest.raises(AssertionError):
        plan([drop(part)], Findings())
    (step,) = steps_of(drop(part))
    assert (step.facts.hazards, step.facts.reversible) == (("drops_data",), False)


def test_plan_drops_policies_with_their_partition() -> None:
    kinds = [step.kind for step in steps_of(drop(PARTITION), Drop(table="p", part=POLICY))]
    assert kinds == ["drop_partition"]


def test_every_step_has_a_reason_that_can_follow_a_colon() -> None:
    for kind, known in FACTS.items():
        assert known.reason[0].islower(), kind
        assert not known.reason.endswith("."), kind


def test_plan_makes_again_what_refers_to_a_key_that_goes() -> None:
    by_id, by_name = (PrimaryKey(name="k", columns=(name,)) for name in ("id", "name"))
    reference = replace(REFERENCE, columns=("t_id",), table="t", referenced=("id",))
    before = Model(
        tables=(Table(name="t", constraints=(by_id,)), Table(name="r", constraints=(reference,)))
    )
    unique = Unique(name="u", columns=("id",))
    after = Model(
        tables=(
            Table(name="t", constraints=(by_name, unique)),
            Table(name="r", constraints=(reference,)),
        )
    )
    assert [(step.kind, step.table) for step, _ in statements(before, after, Findings())] == [
        ("drop_foreign_key", "r"),
        ("drop_primary_key", "t"),
        ("add_primary_key", "t"),
        ("add_unique", "t"),
        ("add_foreign_key", "r"),
    ]


def test_plan_of_no_change_is_empty() -> None:
    same = model(entity({"a": {"type": "string"}}))
    findings = Findings()
    assert statements(same, same, findings) == []


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


def test_plan_makes_all_tables_before_what_refers_to_them() -> None:
    document = model_document(
        A=object_schema({"a_id": UUID, "b": {"$ref": "#/$defs/B"}}),
        B=object_schema({"b_id": UUID, "a": {"$ref": "#/$defs/A"}}),
    )
    findings = Findings()
    kinds = [step.kind for step, _ in statements(Model(), model(document), findings)]
    last_table = max(place for place, kind in enumerate(kinds) if kind == "create_table")
    assert kinds.count("add_foreign_key") == 2
    assert last_table < kinds.index("add_foreign_key")
