"""Steps: their order, and the statements of each."""

from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.diff import Alter, Change, Create
from bss_compiler.model import (
    ENCRYPTED,
    Column,
    Function,
    Index,
    IndexKey,
    Policy,
    PrimaryKey,
    Table,
)
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
    rendered,
    steps_of,
)

STATEMENTS: dict[str, tuple[Change, list[str]]] = {
    "add_column": (
        create(replace(NOT_NULL, comment="50%")),
        [
            "ALTER TABLE %1$I.t ADD COLUMN a text DEFAULT 'x'::text NOT NULL",
            "COMMENT ON COLUMN %1$I.t.a IS '50%%'",
        ],
    ),
    "add_check": (
        create(CHECK),
        ["ALTER TABLE %1$I.t ADD CONSTRAINT c CHECK ((a > '5%%'::text))"],
    ),
    "add_unique": (
        create(UNIQUE),
        ['ALTER TABLE %1$I.t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a, "B")'],
    ),
    "add_foreign_key": (
        create(REFERENCE),
        [
            "ALTER TABLE %1$I.t ADD CONSTRAINT f FOREIGN KEY (a) "
            'REFERENCES %1$I."Other"(id) ON DELETE SET NULL'
        ],
    ),
    "create_index": (
        create(INDEX),
        ["CREATE INDEX i ON %1$I.t USING btree (a) INCLUDE (b)"],
    ),
    "create_policy": (
        create(POLICY),
        ["CREATE POLICY p ON %1$I.t FOR ALL TO r, \"S\" USING (true) WITH CHECK ((a = '%%'))"],
    ),
    "alter_policy": (
        alter(POLICY, using="false", check="(a = '100%')"),
        ["ALTER POLICY p ON %1$I.t TO r, \"S\" USING (false) WITH CHECK ((a = '100%%'))"],
    ),
    "grant": (create(GRANT), ['GRANT INSERT, SELECT ON TABLE %1$I.t TO "R"']),
    "create_trigger": (
        create(TRIGGER),
        ["CREATE TRIGGER t AFTER INSERT OR UPDATE ON %1$I.t FOR EACH ROW EXECUTE FUNCTION s.f()"],
    ),
    "replace_trigger": (
        alter(TRIGGER, function="s.g"),
        [
            "CREATE OR REPLACE TRIGGER t AFTER INSERT OR UPDATE ON %1$I.t FOR EACH ROW "
            "EXECUTE FUNCTION s.g()"
        ],
    ),
    "create_partition": (
        create(PARTITION),
        [
            "CREATE TABLE %1$I.p PARTITION OF %1$I.t FOR VALUES IN ('5%%')",
            "ALTER TABLE %1$I.p ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        ],
    ),
    "add_primary_key": (
        create(KEY),
        ['ALTER TABLE %1$I.t ADD CONSTRAINT k PRIMARY KEY (a, "B")'],
    ),
    "drop_primary_key": (drop(KEY), ["ALTER TABLE %1$I.t DROP CONSTRAINT k"]),
    "drop_policy": (drop(POLICY), ["DROP POLICY p ON %1$I.t"]),
    "revoke": (drop(replace(GRANT, role='"R"')), ['REVOKE ALL ON TABLE %1$I.t FROM "R" CASCADE']),
    "drop_partition": (drop(PARTITION), ["DROP TABLE %1$I.p"]),
    "drop_column": (drop(GONE), ["ALTER TABLE %1$I.t DROP COLUMN a"]),
    "drop_table": (drop(TABLE), ["DROP TABLE %1$I.t"]),
    "rename_table": (
        Alter(table="New", before=TABLE, after=replace(TABLE, name="New"), origin="t"),
        ['ALTER TABLE %1$I.t RENAME TO "New"'],
    ),
    "rename_column": (
        alter(TEXT, name="100%"),
        ['ALTER TABLE %1$I.t RENAME COLUMN a TO "100%%"'],
    ),
    "rename_constraint": (
        alter(CHECK, name="d"),
        ["ALTER TABLE %1$I.t RENAME CONSTRAINT c TO d"],
    ),
    "rename_index": (alter(INDEX, name="J"), ['ALTER INDEX %1$I.i RENAME TO "J"']),
    "rename_partition": (alter(PARTITION, name="q"), ["ALTER TABLE %1$I.p RENAME TO q"]),
    "enable_row_security": (
        alter(replace(TABLE, row_security=False), row_security=True),
        ["ALTER TABLE %1$I.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"],
    ),
    "disable_row_security": (
        alter(TABLE, row_security=False),
        ["ALTER TABLE %1$I.t DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"],
    ),
    "compute": (
        alter(TEXT, generated="(b || '%'::text)"),
        [
            'ALTER TABLE %1$I.t ADD CONSTRAINT "values are those that are computed" '
            "CHECK (a IS NULL OR a IS NOT DISTINCT FROM (b || '%%'::text))",
            "ALTER TABLE %1$I.t DROP COLUMN a, "
            "ADD COLUMN a text GENERATED ALWAYS AS ((b || '%%'::text)) STORED",
        ],
    ),
    "drop_trigger": (drop(TRIGGER), ["DROP TRIGGER t ON %1$I.t"]),
    "drop_check": (drop(CHECK), ["ALTER TABLE %1$I.t DROP CONSTRAINT c"]),
    "drop_unique": (drop(UNIQUE), ["ALTER TABLE %1$I.t DROP CONSTRAINT u"]),
    "drop_foreign_key": (drop(REFERENCE), ["ALTER TABLE %1$I.t DROP CONSTRAINT f"]),
    "drop_index": (drop(INDEX), ["DROP INDEX %1$I.i"]),
    "deprecate_table": (
        alter(TABLE, deprecated=True),
        ["COMMENT ON TABLE %1$I.t IS '[no longer in the schema] It''s'"],
    ),
    "restore_table": (
        alter(replace(TABLE, comment=None, deprecated=True), deprecated=False),
        ["COMMENT ON TABLE %1$I.t IS NULL"],
    ),
    "deprecate_column": (
        alter(replace(NOT_NULL, comment="C"), nullable=True, default=None, deprecated=True),
        [
            "ALTER TABLE %1$I.t ALTER COLUMN a DROP DEFAULT, ALTER COLUMN a DROP NOT NULL",
            "COMMENT ON COLUMN %1$I.t.a IS '[no longer in the schema] C'",
        ],
    ),
    "restore_column": (
        alter(GONE, deprecated=False, nullable=False, default="'x'::text"),
        [
            "UPDATE %1$I.t SET a = 'x'::text WHERE a IS NULL",
            "ALTER TABLE %1$I.t ALTER COLUMN a SET DEFAULT 'x'::text, ALTER COLUMN a SET NOT NULL",
            "COMMENT ON COLUMN %1$I.t.a IS NULL",
        ],
    ),
    "set_not_null": (
        alter(TEXT, nullable=False),
        ["ALTER TABLE %1$I.t ALTER COLUMN a SET NOT NULL"],
    ),
    "drop_not_null": (
        alter(replace(TEXT, nullable=False), nullable=True),
        ["ALTER TABLE %1$I.t ALTER COLUMN a DROP NOT NULL"],
    ),
    "set_default": (
        alter(TEXT, default="'y'::text"),
        ["ALTER TABLE %1$I.t ALTER COLUMN a SET DEFAULT 'y'::text"],
    ),
    "drop_default": (
        alter(replace(TEXT, default="'y'::text"), default=None),
        ["ALTER TABLE %1$I.t ALTER COLUMN a DROP DEFAULT"],
    ),
    "drop_expression": (
        alter(SUM, generated=None),
        ["ALTER TABLE %1$I.t ALTER COLUMN s DROP EXPRESSION"],
    ),
    "compute_anew": (
        alter(SUM, generated="(a % 3)", comment="S"),
        [
            "ALTER TABLE %1$I.t DROP COLUMN s, "
            "ADD COLUMN s bigint GENERATED ALWAYS AS ((a %% 3)) STORED",
            "COMMENT ON COLUMN %1$I.t.s IS 'S'",
        ],
    ),
    "change_type": (
        alter(replace(TEXT, type="integer"), type="bigint"),
        ["ALTER TABLE %1$I.t ALTER COLUMN a TYPE bigint"],
    ),
    "encrypt_column": (
        alter(replace(TEXT, type="date"), type=ENCRYPTED),
        [
            "ALTER TABLE %1$I.t ALTER COLUMN a TYPE bss.secret "
            "USING bss_internal.encrypted(tenant_id, (to_jsonb(a) #>> '{}'))"
        ],
    ),
    "decrypt_column": (
        alter(replace(TEXT, type=ENCRYPTED), type="date"),
        [
            "ALTER TABLE %1$I.t ALTER COLUMN a TYPE date "
            "USING bss_internal.decrypted(tenant_id, a, 'date')::date"
        ],
    ),
    "convert_column": (
        Create(
            table="t",
            part=Column(name="v", type="jsonb"),
            source=Column(name="w", type="text"),
            key=("k",),
        ),
        [
            "ALTER TABLE %1$I.t ADD COLUMN v jsonb",
            "WITH written AS (UPDATE %1$I.t SET v = "
            "bss_internal.convert_value(to_jsonb(w), 'text', 'jsonb') "
            "WHERE v IS NULL AND w IS NOT NULL RETURNING jsonb_build_object('k', k) AS row_key, "
            "to_jsonb(w) AS value, v IS NULL AS is_lost) INSERT INTO "
            "bss_metadata.quarantined_values "
            "(tenant_id, relation, column_name, row_key, value, reason) "
            "SELECT %2$L, 't', 'v', row_key, value, 'text does not convert to jsonb' "
            "FROM written WHERE is_lost AND value <> 'null' "
            "ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE "
            "SET value = excluded.value, reason = excluded.reason, quarantined_at = now()",
        ],
    ),
    "set_comment": (
        alter(TEXT, comment="C"),
        ["COMMENT ON COLUMN %1$I.t.a IS 'C'"],
    ),
    "create_function": (
        create(Function(name="v_1", body="it's 5%")),
        [
            "CREATE FUNCTION bss_checks.v_1(v jsonb)\n RETURNS boolean\n LANGUAGE plpgsql\n"
            " IMMUTABLE PARALLEL SAFE STRICT\nAS 'it''s 5%%'"
        ],
    ),
    "create_table": (
        create(
            Table(
                name="t",
                columns=(Column(name="id", type="vector(3)"), replace(TEXT, comment="A")),
                constraints=(PrimaryKey(name="k", columns=("id",)), CHECK),
                comment="T",
            )
        ),
        [
            "CREATE TABLE %1$I.t (\n    id %3$I.vector(3),\n    a text,\n"
            "    CONSTRAINT k PRIMARY KEY (id),\n"
            "    CONSTRAINT c CHECK ((a > '5%%'::text))\n)",
            "ALTER TABLE %1$I.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "COMMENT ON TABLE %1$I.t IS 'T'",
            "COMMENT ON COLUMN %1$I.t.a IS 'A'",
        ],
    ),
}


@pytest.mark.parametrize("kind", STATEMENTS)
def test_plan_makes_one_step_of_each_change_with_its_statements(kind: str) -> None:
    change, expected = STATEMENTS[kind]
    assert [step.kind for step in steps_of(change)] == [kind]
    assert rendered(change) == expected


def test_plan_has_a_test_for_every_kind_of_step() -> None:
    assert STATEMENTS.keys() | {"seal_secrets", "copy_policies"} == FACTS.keys()


@pytest.mark.parametrize(
    ("part", "statement"),
    [
        (
            Index(name="i", method="hnsw", keys=(IndexKey(column="e", opclass="vector_l2_ops"),)),
            "CREATE INDEX i ON %1$I.t USING hnsw (e %3$I.vector_l2_ops)",
        ),
        (
            replace(INDEX, include=(), options=("fillfactor=70", "x=1")),
            "CREATE INDEX i ON %1$I.t USING btree (a) WITH (fillfactor=70, x=1)",
        ),
        (
            Policy(name="p", command="SELECT", roles=(), using="true"),
            "CREATE POLICY p ON %1$I.t FOR SELECT TO PUBLIC USING (true)",
        ),
        (
            replace(UNIQUE, nulls_not_distinct=False),
            'ALTER TABLE %1$I.t ADD CONSTRAINT u UNIQUE (a, "B")',
        ),
        (
            replace(REFERENCE, on_delete="NO ACTION"),
            'ALTER TABLE %1$I.t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES %1$I."Other"(id)',
        ),
        (
            replace(INDEX, include=(), keys=(IndexKey(column="a", opclass="o", order="DESC"),)),
            "CREATE INDEX i ON %1$I.t USING btree (a o DESC)",
        ),
        (
            replace(SUM, nullable=False),
            "ALTER TABLE %1$I.t ADD COLUMN s bigint GENERATED ALWAYS AS ((a + 1)) STORED NOT NULL",
        ),
        (
            Column(name="tenant_id", type="uuid", nullable=False, default="%2$L::uuid"),
            "ALTER TABLE %1$I.t ADD COLUMN tenant_id uuid DEFAULT %2$L::uuid NOT NULL",
        ),
    ],
)
def test_plan_renders_the_variants_of_a_part(part: Any, statement: str) -> None:
    assert rendered(create(part)) == [statement]


def test_plan_alters_a_column_in_as_many_steps_as_it_takes() -> None:
    steps = steps_of(alter(TEXT, default="'x'::text", nullable=False, comment="C"))
    assert [step.kind for step in steps] == ["set_default", "set_not_null", "set_comment"]


def test_plan_says_nothing_to_a_column_that_keeps_its_deprecation() -> None:
    assert rendered(alter(GONE, comment="C")) == [
        "COMMENT ON COLUMN %1$I.t.a IS '[no longer in the schema] C'"
    ]
    assert rendered(alter(TABLE, comment=None)) == ["COMMENT ON TABLE %1$I.t IS NULL"]


def test_plan_restores_and_deprecates_with_no_more_than_needed() -> None:
    assert rendered(alter(TEXT, deprecated=True)) == [
        "COMMENT ON COLUMN %1$I.t.a IS '[no longer in the schema] '"
    ]
    assert rendered(alter(GONE, deprecated=False)) == ["COMMENT ON COLUMN %1$I.t.a IS NULL"]


def test_plan_restores_a_computed_column_as_one_that_is_written() -> None:
    assert rendered(alter(replace(SUM, deprecated=True), deprecated=False, generated=None)) == [
        "ALTER TABLE %1$I.t ALTER COLUMN s DROP EXPRESSION",
        "COMMENT ON COLUMN %1$I.t.s IS NULL",
    ]


def test_plan_takes_away_first_and_refers_last() -> None:
    changes = [change for change, _ in reversed(STATEMENTS.values())]
    assert [step.kind for step in steps_of(*changes)] == [
        "drop_foreign_key",
        "drop_index",
        "drop_unique",
        "drop_check",
        "drop_trigger",
        "drop_partition",
        "revoke",
        "drop_policy",
        "drop_primary_key",
        "drop_column",
        "drop_table",
        "create_function",
        "rename_table",
        "create_table",
        "restore_table",
        "deprecate_table",
        "rename_partition",
        "rename_index",
        "rename_constraint",
        "rename_column",
        "convert_column",
        "compute",
        "create_partition",
        "add_column",
        "decrypt_column",
        "encrypt_column",
        "change_type",
        "compute_anew",
        "drop_not_null",
        "restore_column",
        "deprecate_column",
        "drop_expression",
        "drop_default",
        "set_default",
        "set_not_null",
        "add_primary_key",
        "add_unique",
        "add_check",
        "create_index",
        "add_foreign_key",
        "disable_row_security",
        "enable_row_security",
        "replace_trigger",
        "create_trigger",
        "grant",
        "alter_policy",
        "create_policy",
        "set_comment",
    ]
