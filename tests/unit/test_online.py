"""The stages in which a large table is changed, and their statements."""

import json
from dataclasses import replace

import pytest

from bss_compiler.boundary import answer
from bss_compiler.ddl import render_stage
from bss_compiler.diff import Change
from bss_compiler.model import Column, Index, IndexKey, Table
from bss_compiler.plan import Stage, online
from tests.unit.changes import (
    CHECK,
    GONE,
    INDEX,
    REFERENCE,
    SUM,
    TEXT,
    UNIQUE,
    alter,
    create,
    drop,
    steps_of,
)
from tests.unit.compiling import object_schema

PLAIN = Table(name="t")
PARTED = Table(name="t", partition_by="HASH (a)")
TOKEN = Column(name="Token%", type="uuid", nullable=False, default="gen_random_uuid()")
OPTIONAL = Column(name="a", type="uuid", default="gen_random_uuid()")
PART = "%1$I.%4$I"

VALIDATE_CHECK = "ALTER TABLE %1$I.t VALIDATE CONSTRAINT c"
NOT_NULL = [
    "ALTER TABLE %1$I.t ADD CONSTRAINT t_a_not_null_check CHECK ((a IS NOT NULL)) NOT VALID",
    "ALTER TABLE %1$I.t VALIDATE CONSTRAINT t_a_not_null_check",
    "ALTER TABLE %1$I.t ALTER COLUMN a SET NOT NULL, DROP CONSTRAINT t_a_not_null_check",
]


def stages_of(change: Change, table: Table = PLAIN) -> tuple[Stage, ...]:
    [step] = steps_of(change)
    stages = online(step, table)
    assert stages is not None
    return stages


def rendered(stages: tuple[Stage, ...]) -> list[str]:
    return [statement for stage in stages for statement in render_stage(stage)[0]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            create(CHECK),
            [
                "ALTER TABLE %1$I.t ADD CONSTRAINT c CHECK ((a > '5%%'::text)) NOT VALID",
                VALIDATE_CHECK,
            ],
        ),
        (
            create(REFERENCE),
            [
                "ALTER TABLE %1$I.t ADD CONSTRAINT f FOREIGN KEY (a) "
                'REFERENCES %1$I."Other"(id) ON DELETE SET NULL NOT VALID',
                "ALTER TABLE %1$I.t VALIDATE CONSTRAINT f",
            ],
        ),
        (
            create(UNIQUE),
            [
                "CREATE UNIQUE INDEX CONCURRENTLY u ON %1$I.t "
                'USING btree (a, "B") NULLS NOT DISTINCT',
                "ALTER TABLE %1$I.t ADD CONSTRAINT u UNIQUE USING INDEX u",
            ],
        ),
        (create(INDEX), ["CREATE INDEX CONCURRENTLY i ON %1$I.t USING btree (a) INCLUDE (b)"]),
        (alter(TEXT, nullable=False), NOT_NULL),
        (
            alter(GONE, deprecated=False, nullable=False, default="'5%'::text"),
            [
                "ALTER TABLE %1$I.t ALTER COLUMN a SET DEFAULT '5%%'::text",
                "COMMENT ON COLUMN %1$I.t.a IS NULL",
                "CREATE TRIGGER t_a_filling BEFORE INSERT OR UPDATE ON %1$I.t FOR EACH ROW "
                "WHEN ((new.a IS NULL)) EXECUTE FUNCTION bss_internal.fill_new_rows('a')",
                "UPDATE %1$I.t SET a = '5%%'::text "
                "WHERE a IS NULL AND ctid >= $1 AND ctid < $2",
                *NOT_NULL,
                "DROP TRIGGER t_a_filling ON %1$I.t",
            ],
        ),
        (
            create(replace(TOKEN, comment="50%")),
            [
                'ALTER TABLE %1$I.t ADD COLUMN "Token%%" uuid',
                'COMMENT ON COLUMN %1$I.t."Token%%" IS \'50%%\'',
                'ALTER TABLE %1$I.t ALTER COLUMN "Token%%" SET DEFAULT gen_random_uuid()',
                'CREATE TRIGGER "t_Token%%_filling" BEFORE INSERT OR UPDATE ON %1$I.t '
                'FOR EACH ROW WHEN ((new."Token%%" IS NULL)) '
                "EXECUTE FUNCTION bss_internal.fill_new_rows('Token%%')",
                'UPDATE %1$I.t SET "Token%%" = gen_random_uuid() '
                'WHERE "Token%%" IS NULL AND ctid >= $1 AND ctid < $2',
                'ALTER TABLE %1$I.t ADD CONSTRAINT "t_Token%%_not_null_check" '
                'CHECK (("Token%%" IS NOT NULL)) NOT VALID',
                'ALTER TABLE %1$I.t VALIDATE CONSTRAINT "t_Token%%_not_null_check"',
                'ALTER TABLE %1$I.t ALTER COLUMN "Token%%" SET NOT NULL, '
                'DROP CONSTRAINT "t_Token%%_not_null_check"',
                'DROP TRIGGER "t_Token%%_filling" ON %1$I.t',
            ],
        ),
    ],
)  # fmt: skip
def test_stages_have_their_statements(change: Change, expected: list[str]) -> None:
    assert rendered(stages_of(change)) == expected


def test_a_column_that_may_be_null_is_filled_and_no_more() -> None:
    kinds = [stage.kind for stage in stages_of(create(OPTIONAL))]
    assert kinds == ["add_empty_column", "fill_new_rows", "fill_column", "stop_filling"]


def test_an_index_of_a_partitioned_table_is_built_on_each_partition() -> None:
    assert rendered(stages_of(create(INDEX), PARTED)) == [
        "CREATE INDEX i ON ONLY %1$I.t USING btree (a) INCLUDE (b)",
        f"CREATE INDEX CONCURRENTLY %5$I ON {PART} USING btree (a) INCLUDE (b)",
        "ALTER INDEX %1$I.i ATTACH PARTITION %1$I.%5$I",
    ]
    assert rendered(stages_of(create(UNIQUE), PARTED)) == [
        'ALTER TABLE ONLY %1$I.t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, "B")',
        f'CREATE UNIQUE INDEX CONCURRENTLY %5$I ON {PART} USING btree (a, "B") NULLS NOT DISTINCT',
        f"ALTER TABLE {PART} ADD CONSTRAINT %5$I UNIQUE USING INDEX %5$I",
        "ALTER INDEX %1$I.u ATTACH PARTITION %1$I.%5$I",
    ]
    assert [stage.each_partition for stage in stages_of(create(UNIQUE), PARTED)] == [
        False, True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "table"),
    [
        (create(REFERENCE), PARTED),
        (create(SUM), PLAIN),
        (create(TEXT), PLAIN),
        (create(replace(TEXT, nullable=False)), PLAIN),
        (alter(SUM, generated="(a % 3)"), PLAIN),
        (drop(CHECK), PLAIN),
        (create(CHECK), None),
    ],
)
def test_what_is_quick_or_has_no_other_form_has_no_stages(
    change: Change, table: Table | None
) -> None:
    [step] = steps_of(change)
    assert online(step, table) is None


@pytest.mark.parametrize(
    "change",
    [create(CHECK), create(UNIQUE), create(INDEX), create(TOKEN), alter(TEXT, nullable=False)],
)
def test_only_what_reads_no_rows_is_done_at_once(change: Change) -> None:
    for stage in stages_of(change):
        assert stage.mode != "now" or not stage.facts.scans
        is_outside = "outside_transaction" in stage.facts.hazards
        assert is_outside == (stage.mode == "concurrently")


def test_a_unique_index_may_fail_on_data() -> None:
    unique = Index(name="i", method="btree", keys=(IndexKey(column="a"),), unique=True)
    [stage] = stages_of(create(unique))
    assert stage.facts.hazards == ("outside_transaction", "may_fail_on_data")


def test_what_is_taken_away_is_what_no_model_has() -> None:
    undo = [render_stage(stage)[1] for stage in stages_of(create(UNIQUE))]
    assert undo == [
        ["ALTER TABLE %1$I.t DROP CONSTRAINT IF EXISTS u", "DROP INDEX IF EXISTS %1$I.u"], [],
    ]  # fmt: skip


def test_a_plan_can_begin_at_what_is_there() -> None:
    document = {"title": "Thing", **object_schema({"name": {"type": "string"}})}
    snapshot: dict[str, list[str]] = {"tables": []}
    request = {"document": json.dumps(document), "base": None, "snapshot": snapshot}
    plan = json.loads(answer("plan", json.dumps(request)))
    assert plan["steps"][0]["kind"] == "create_table"
