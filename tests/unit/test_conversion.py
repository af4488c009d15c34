"""Columns of another type: which values fit, what is kept, and the stages of a large table."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.ddl import entries
from bss_compiler.diagnostic import Findings
from bss_compiler.diff import (
    Renames,
    conversions,
    diff,
    is_convertible,
    is_widening,
    rebuilt,
    retain,
)
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

ID = Column(name="id", type="bigint", nullable=False)
KEY = PrimaryKey(name="t_pkey", columns=("id",))
OLD = Column(name="a%", type="text", nullable=False, default="'1'::text")
NEW = replace(OLD, type="bigint", default="'0'::bigint", comment="It's")
CHECK = Check(name="c", expression='("a%" > 0)')
UNIQUE = Unique(name="u", columns=("a%", "b"))
INDEX = Index(name="i", method="btree", keys=(IndexKey(column="a%"),))
REFERENCE = ForeignKey(name="f", columns=("a%",), table="t", referenced=("id",))
B = Column(name="b", type="text")
MOMENT = "timestamp with time zone"
MIDNIGHT = "(b::timestamp without time zone AT TIME ZONE 'UTC')"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("smallint", "integer"), ("integer", "bigint"), ("bigint", "numeric"),
        ("integer", "numeric(12,2)"), ("numeric(5,2)", "numeric"), ("numeric(5,2)", "numeric(8,4)"),
        ("integer", "double precision"), ("real", "double precision"), ("smallint", "real"),
        ("uuid", "text"), ("numeric(5,2)", "text"), ("date", MOMENT), ("text", "jsonb"),
        ("text[]", "jsonb"), ("numeric(5,2)", "jsonb"),
    ],
)  # fmt: skip
def test_a_wider_type_has_room_for_every_value(before: str, after: str) -> None:
    assert is_widening(before, after)
    assert not is_widening(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("text", "text"), ("bigint", "integer"), ("bigint", "double precision"),
        ("bigint", "numeric(18,0)"), ("numeric", "numeric(5,2)"), ("numeric(5,2)", "numeric(5,3)"),
        ("text", "numeric(5,2)"), ("jsonb", "text"), ("text", "bigint"), ("integer", "real"),
    ],
)  # fmt: skip
def test_any_other_type_has_not(before: str, after: str) -> None:
    assert not is_widening(before, after)
    assert is_convertible(before, after) == (before != after)


@pytest.mark.parametrize(("before", "after"), [("text", "bytea"), ("vector(3)", "text")])
def test_some_types_have_nothing_in_common(before: str, after: str) -> None:
    assert not is_convertible(before, after)


def table(*columns: Column, constraints: tuple[Any, ...] = (), **parts: Any) -> Model:
    whole = Table(name="t", columns=(ID, *columns), constraints=(KEY, *constraints), **parts)
    return Model(tables=(whole,))


def planned(before: Model, after: Model) -> list[dict[str, Any]]:
    findings = Findings()
    done = conversions(before, after, Renames())
    target = retain(before, after, done)
    changes = rebuilt(diff(before, target, done), before, target, done)
    steps = plan(changes, findings)
    assert findings.diagnostics == []
    return entries(steps, target, Renames())


def statements(plan: list[dict[str, Any]]) -> list[str]:
    return [entry["statement"] for entry in plan]


def stages(plan: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [stage for entry in plan for stage in entry.get("online", [entry])]


def test_a_column_that_is_converted_is_kept_under_a_name_that_is_free() -> None:
    before = table(B, Column(name="b_was_text", type="text"))
    [(of, old, new)] = conversions(before, table(replace(B, type="uuid")), Renames()).columns
    assert (of, old) == ("t", "b")
    assert new not in ("b", "b_was_text")
    assert new.startswith("b_was_")


@pytest.mark.parametrize(
    "after",
    [
        table(replace(B, generated="id")),
        Model(
            tables=(
                Table(
                    name="t",
                    columns=(ID, replace(B, type="uuid", nullable=False)),
                    constraints=(PrimaryKey(name="t_pkey", columns=("id", "b")),),
                ),
            )
        ),
        table(replace(B, type="bigint"), partition_by="LIST (b)"),
    ],
)
def test_what_keys_and_partitions_rely_on_is_not_converted(after: Model) -> None:
    assert conversions(table(B), after, Renames()) == Renames()


def test_values_are_converted_where_a_table_is_small() -> None:
    assert statements(planned(table(OLD, B), table(NEW, B))) == [
        'ALTER TABLE %1$I.t RENAME COLUMN "a%%" TO "a%%_was_text"',
        'ALTER TABLE %1$I.t ADD COLUMN "a%%" bigint',
        "COMMENT ON COLUMN %1$I.t.\"a%%\" IS 'It''s'",
        'WITH written AS (UPDATE %1$I.t SET "a%%" = COALESCE((bss_internal.convert_value('
        "to_jsonb(\"a%%_was_text\"), 'text', 'bigint') #>> '{}')::bigint, '0'::bigint) "
        "WHERE \"a%%\" IS NULL RETURNING jsonb_build_object('id', id) AS row_key, "
        'to_jsonb("a%%_was_text") AS value, (bss_internal.convert_value('
        "to_jsonb(\"a%%_was_text\"), 'text', 'bigint') #>> '{}')::bigint IS NULL "
        'AND "a%%_was_text" IS NOT NULL AS is_lost) '
        "INSERT INTO bss_metadata.quarantined_values "
        "(tenant_id, relation, column_name, row_key, value, reason) "
        "SELECT %2$L, 't', 'a%%', row_key, value, 'text does not convert to bigint' "
        "FROM written WHERE is_lost AND value <> 'null' "
        "ON CONFLICT (tenant_id, relation, column_name, md5(row_key::text)) DO UPDATE "
        "SET value = excluded.value, reason = excluded.reason, quarantined_at = now()",
        "ALTER TABLE %1$I.t ALTER COLUMN \"a%%\" SET DEFAULT '0'::bigint",
        'ALTER TABLE %1$I.t ALTER COLUMN "a%%" SET NOT NULL',
        'ALTER TABLE %1$I.t ALTER COLUMN "a%%_was_text" DROP DEFAULT, '
        'ALTER COLUMN "a%%_was_text" DROP NOT NULL',
        "COMMENT ON COLUMN %1$I.t.\"a%%_was_text\" IS '[no longer in the schema] '",
    ]


@pytest.mark.parametrize(
    ("before", "after", "statement"),
    [
        ("integer", "bigint", "TYPE bigint"),
        ("bigint", "text", "TYPE text USING (to_jsonb(b) #>> '{}')"),
        ("text", "jsonb", "TYPE jsonb USING to_jsonb(b)"),
        ("date", MOMENT, f"TYPE {MOMENT} USING {MIDNIGHT}"),
    ],
)  # fmt: skip
def test_a_type_is_widened_in_place(before: str, after: str, statement: str) -> None:
    plan = planned(table(replace(B, type=before)), table(replace(B, type=after)))
    assert statements(plan) == [f"ALTER TABLE %1$I.t ALTER COLUMN b {statement}"]
    assert plan[0]["rewrites"]
    assert len(plan[0]["online"]) == 5


def test_a_number_of_more_digits_is_not_written_again() -> None:
    before, after = replace(B, type="numeric(5,2)"), replace(B, type="numeric(9,2)")
    [entry] = planned(table(before), table(after))
    assert not entry["rewrites"]
    assert "online" not in entry


def test_a_wider_type_brings_its_default_and_all_that_is_built_on_it() -> None:
    before = replace(B, type="integer", default="1")
    after = replace(B, type="bigint", default="'2'::bigint")
    check = Check(name="c", expression="(b > 0)")
    plan = planned(table(before, constraints=(check,)), table(after, constraints=(check,)))
    assert statements(plan) == [
        "ALTER TABLE %1$I.t DROP CONSTRAINT c",
        "ALTER TABLE %1$I.t ALTER COLUMN b DROP DEFAULT, ALTER COLUMN b TYPE bigint, "
        "ALTER COLUMN b SET DEFAULT '2'::bigint",
        "ALTER TABLE %1$I.t ADD CONSTRAINT c CHECK ((b > 0))",
    ]


def test_a_shadow_column_takes_all_steps_upon_itself_where_a_table_is_large() -> None:
    rules: Mapping[str, Any] = {"constraints": (CHECK, UNIQUE, REFERENCE), "indexes": (INDEX,)}
    plan = planned(table(OLD, B, **rules), table(NEW, B, **rules))
    found = stages(plan)
    assert [stage["kind"] for stage in found] == [
        "add_shadow", "add_shadow", "keep_in_step", "keep_in_step", "fill_shadow",
        "add_not_valid", "validate", "add_not_valid", "validate", "build_index",
        "build_index", "add_not_valid", "validate", "swap_columns",
    ]  # fmt: skip
    assert [stage["mode"] for stage in found if stage["kind"] == "add_not_valid"] == [
        "transaction"
    ] * 3
    shadow = found[0]["object"]
    swap = found[-1]["statement"].split(";\n")
    assert swap[0].startswith("DROP TRIGGER")
    assert 'ALTER TABLE %1$I.t RENAME COLUMN "a%%" TO "a%%_was_text"' in swap
    place = swap.index(f'ALTER TABLE %1$I.t RENAME COLUMN "{shadow.replace("%", "%%")}" TO "a%%"')
    assert all("DROP" not in statement for statement in swap[place + 2 :])
    assert swap[-1] == "COMMENT ON COLUMN %1$I.t.\"a%%\" IS 'It''s'"
    for name in ("c", "f"):
        assert any(f"RENAME CONSTRAINT {name}_" in each or " TO " in each for each in swap)
    assert found[0]["undo"][-1].startswith("ALTER TABLE %1$I.t DROP COLUMN IF EXISTS")


def test_of_two_columns_that_share_a_rule_the_first_has_a_shadow() -> None:
    before = table(OLD, B, constraints=(UNIQUE,))
    after = table(NEW, replace(B, type="uuid"), constraints=(UNIQUE,))
    kinds = [stage["kind"] for stage in stages(planned(before, after))]
    assert kinds.count("swap_columns") == kinds.count("rename_column") == 1
    assert kinds.count("build_index") == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a table of partitions
        (
            table(OLD, partition_by="HASH (id)"),
            table(NEW, partition_by="HASH (id)"),
        ),
        # a column that another one is computed from
        (
            table(OLD, Column(name="s", type="bigint", generated='("a%" + 1)')),
            table(NEW, Column(name="s", type="bigint", generated='("a%" + 1)')),
        ),
        # a column that another table refers to
        (
            Model(tables=(*table(OLD, constraints=(Unique(name="u", columns=("a%",)),)).tables,
                          Table(name="r", columns=(ID, B), constraints=(
                              PrimaryKey(name="r_pkey", columns=("id",)),
                              ForeignKey(name="r_f", columns=("b",), table="t",
                                         referenced=("a%",)))))),
            Model(tables=(*table(NEW, constraints=(Unique(name="u", columns=("a%",)),)).tables,
                          Table(name="r", columns=(ID, replace(B, type="bigint")), constraints=(
                              PrimaryKey(name="r_pkey", columns=("id",)),
                              ForeignKey(name="r_f", columns=("b",), table="t",
                                         referenced=("a%",)))))),
        ),
    ],
)  # fmt: skip
def test_some_columns_have_no_shadow(before: Model, after: Model) -> None:
    plan = planned(before, after)
    kinds = [entry["kind"] for entry in plan if entry["relation"] == "t"]
    assert "convert_column" in kinds
    assert all(
        stage["kind"] != "add_shadow"
        for entry in plan
        if entry["relation"] == "t"
        for stage in entry.get("online", ())
    )
