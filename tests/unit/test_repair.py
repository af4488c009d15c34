"""Repair: what undoes each kind of damage, and what is left as it is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.ddl import render
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Function,
    Grant,
    Model,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Unique,
)
from bss_compiler.repair import Damage, Repair, differences, droppable, plan_repair
from bss_compiler.repair.facts import MENDS

ID = Column(name="id", type="bigint", nullable=False)
NAME = Column(name="Na%me", type="text")
SUM = Column(name="s", type="bigint", generated="(id + 1)")
KEY = PrimaryKey(name="t_pkey", columns=("id",))
CHECK = Check(name="t_check", expression="bss_checks.v_0123456789abcdef0123456789abcdef(j)")
FUNCTION = Function(name="v_0123456789abcdef0123456789abcdef", body="begin return true; end")
POLICY = Policy(name="p", command="ALL", roles=(), using="true")
TABLE = Table(name="t", columns=(ID, NAME), constraints=(KEY,), policies=(POLICY,))
CHILD = Table(
    name="child",
    columns=(ID,),
    constraints=(ForeignKey(name="f", columns=("id",), table="t", referenced=("id",)),),
)
OURS = Model(tables=(CHILD, TABLE))


def repaired(
    found: Model, meant: Model = OURS, drop: Iterable[str] = (), others: Iterable[str] = ()
) -> Repair:
    return plan_repair(Damage.of(found, meant, others, drop))


def changed(**changes: Any) -> Model:
    return Model(tables=(CHILD, replace(TABLE, **changes)))


def kinds(repair: Repair) -> list[str]:
    return [step.kind for step in repair.steps]


def statements(repair: Repair) -> list[str]:
    return [statement for step in repair.steps for statement in render(step)]


def left(repair: Repair) -> list[tuple[str, str]]:
    return [(item.table, item.name) for item in repair.left]


MENDED: dict[str, tuple[Repair, list[str]]] = {
    "protect_table": (
        repaired(changed(row_security=False)),
        ["ALTER TABLE %1$I.t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"],
    ),
    "revoke": (
        repaired(changed(grants=(Grant(role='"a%b"', privileges=("SELECT",)),))),
        ['REVOKE ALL ON TABLE %1$I.t FROM "a%%b" CASCADE'],
    ),
    "drop_policy": (
        repaired(changed(policies=(POLICY, replace(POLICY, name="Q")))),
        ['DROP POLICY "Q" ON %1$I.t'],
    ),
    "drop_rules": (
        repaired(changed(name="t (with a rule)")),
        ["SELECT bss_internal.drop_rules(%1$L, 't')"],
    ),
    "set_logged": (
        repaired(changed(name="t (unlogged)")),
        [
            "ALTER TABLE %1$I.child DROP CONSTRAINT f",
            "ALTER TABLE %1$I.t SET LOGGED",
            "ALTER TABLE %1$I.child ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES %1$I.t(id)",
        ],
    ),
    "drop_primary_key": (
        repaired(changed(constraints=(replace(KEY, columns=("Na%me",)),))),
        [
            "ALTER TABLE %1$I.t DROP CONSTRAINT t_pkey",
            "ALTER TABLE %1$I.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)",
        ],
    ),
    "add_primary_key": (
        repaired(changed(constraints=())),
        ["ALTER TABLE %1$I.t ADD CONSTRAINT t_pkey PRIMARY KEY (id)"],
    ),
    "replace_function": (
        repaired(
            Model(functions=(replace(FUNCTION, body="begin return null; end"),)),
            Model(functions=(FUNCTION,)),
        ),
        [
            f"CREATE OR REPLACE FUNCTION bss_checks.{FUNCTION.name}(v jsonb)\n"
            " RETURNS boolean\n"
            " LANGUAGE plpgsql\n"
            " IMMUTABLE PARALLEL SAFE STRICT\n"
            "AS 'begin return true; end'",
            f"SELECT bss_internal.restore_check_privileges('{FUNCTION.name}')",
        ],
    ),
    "drop_table": (
        repaired(Model(tables=(*OURS.tables, Table(name="X%"))), drop=["X%"]),
        ['DROP TABLE %1$I."X%%"'],
    ),
    "drop_view": (
        repaired(Model(tables=(*OURS.tables, Table(name="x (view)"))), drop=["x (view)"]),
        ["DROP VIEW %1$I.x"],
    ),
    "drop_materialized_view": (
        repaired(
            Model(tables=(*OURS.tables, Table(name="x (materialized view)"))),
            drop=["x (materialized view)"],
        ),
        ["DROP MATERIALIZED VIEW %1$I.x"],
    ),
    "drop_foreign_table": (
        repaired(
            Model(tables=(*OURS.tables, Table(name="x (foreign table)"))),
            drop=["x (foreign table)"],
        ),
        ["DROP FOREIGN TABLE %1$I.x"],
    ),
    "drop_column": (
        repaired(changed(columns=(ID, NAME, replace(NAME, name="x"))), drop=["t.x"]),
        ["ALTER TABLE %1$I.t DROP COLUMN x"],
    ),
    "drop_identity": (
        repaired(changed(columns=(replace(ID, type="bigint (identity)"), NAME))),
        ["ALTER TABLE %1$I.t ALTER COLUMN id DROP IDENTITY"],
    ),
    "reset_collation": (
        repaired(changed(columns=(ID, replace(NAME, type="text (collated)")))),
        ['ALTER TABLE %1$I.t ALTER COLUMN "Na%%me" TYPE text'],
    ),
    "restore_partition": (
        repaired(changed(partitions=(Partition(name="P% (missing)", bound="b"),))),
        ["SELECT bss_internal.restore_partition(%1$L, 't', 'P%%')"],
    ),
}


def test_all_kinds_are_tried() -> None:
    assert MENDS.keys() <= MENDED.keys()


@pytest.mark.parametrize("kind", MENDED)
def test_kind_is_rendered(kind: str) -> None:
    repair, expected = MENDED[kind]
    assert statements(repair) == expected
    assert kind in kinds(repair)
    assert repair.left == ()


def test_nothing_is_done_where_nothing_differs() -> None:
    assert repaired(OURS) == Repair(steps=(), left=())


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (changed(columns=(ID, NAME, replace(NAME, name="x", type="date"))), ("t", "x")),
        (Model(tables=(*OURS.tables, Table(name="x"))), ("x", "x")),
        (Model(tables=(*OURS.tables, Table(name="x (view)"))), ("x (view)", "x (view)")),
        (changed(partitions=(Partition(name="x", bound="b"),)), ("t", "x")),
        (changed(columns=(ID, replace(NAME, type="integer"))), ("t", "Na%me")),
        (changed(name="t (inherits)"), ("t", "t")),
        (changed(partition_by="HASH (id)"), ("t", "t")),
        (changed(grants=(Grant(role="x", privileges=("OWNERSHIP",)),)), ("t", "x")),
    ],
    ids=[
        "a column", "a table", "a view", "a partition", "a type", "heirs", "partitions", "an owner",
    ],
)  # fmt: skip
def test_what_may_hold_data_or_is_beyond_reach_is_left(
    found: Model, expected: tuple[str, str]
) -> None:
    assert left(repaired(found)) == [expected]
    assert kinds(repaired(found)) == []


def test_other_objects_are_left_to_the_caller() -> None:
    found = Model(tables=(*OURS.tables, Table(name="function f()")))
    assert repaired(found, others=["function f()"]) == Repair(steps=(), left=())


def test_a_table_more_is_closed() -> None:
    grant = Grant(role="public", privileges=("SELECT",))
    open_table = Table(name="x", row_security=False, grants=(grant,))
    assert statements(repaired(Model(tables=(*OURS.tables, open_table)))) == [
        "ALTER TABLE %1$I.x ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "REVOKE ALL ON TABLE %1$I.x FROM public CASCADE",
    ]


def test_what_is_missing_is_made_again_and_its_values_are_gone() -> None:
    repair = repaired(Model(tables=(replace(TABLE, columns=(ID,)),)))
    assert kinds(repair) == ["create_table", "add_column", "add_foreign_key"]
    hazards = [step.facts.hazards for step in repair.steps]
    assert hazards[:2] == [("values_are_gone",), ("values_are_gone",)]


def test_a_column_that_may_be_there_by_another_name_is_left_with_what_is_built_on_it() -> None:
    unique = Unique(name="u", columns=("Na%me",))
    meant = changed(constraints=(KEY, unique))
    renamed = replace(NAME, name="x")
    found = changed(
        columns=(ID, renamed), constraints=(KEY, replace(unique, columns=("x",))), policies=()
    )
    repair = repaired(found, meant)
    assert left(repair) == [("t", "x"), ("t", "Na%me"), ("t", "u")]
    assert kinds(repair) == ["create_policy"]
    assert kinds(repaired(found, meant, drop=["t.x"])) == [
        "drop_unique", "drop_column", "add_column", "create_policy", "add_unique",
    ]  # fmt: skip


def test_a_table_that_may_be_there_by_another_name_is_left_with_references_to_it() -> None:
    found = Model(tables=(replace(CHILD, constraints=()), replace(TABLE, name="x")))
    assert left(repaired(found)) == [("x", "x"), ("t", "t"), ("child", "f")]
    assert kinds(repaired(found)) == []


def test_references_to_a_key_are_made_again_with_it() -> None:
    included = replace(KEY, name="t_pkey (including columns)")
    assert kinds(repaired(changed(constraints=(included,)))) == [
        "drop_foreign_key", "drop_primary_key", "add_primary_key", "add_foreign_key",
    ]  # fmt: skip


def test_references_whose_triggers_were_at_rest_are_proven_again() -> None:
    kinds_of = kinds(repaired(changed(name="t (with a disabled key)")))
    assert kinds_of == ["drop_foreign_key", "add_foreign_key"]


def test_checks_whose_function_was_another_are_proven_again() -> None:
    table = replace(TABLE, constraints=(KEY, CHECK))
    meant = Model(tables=(table,), functions=(FUNCTION,))
    found = Model(
        tables=(table,), functions=(replace(FUNCTION, name=f"{FUNCTION.name} (altered)"),)
    )
    assert kinds(repaired(found, meant)) == ["drop_check", "replace_function", "add_check"]


def test_policies_come_before_rows_are_looked_at() -> None:
    found = changed(policies=(), columns=(replace(ID, nullable=True), NAME), row_security=False)
    assert kinds(repaired(found)) == ["protect_table", "create_policy", "set_not_null"]


def test_values_of_a_column_that_should_be_computed_are_dropped_by_name() -> None:
    meant = changed(columns=(ID, NAME, SUM))
    found = changed(columns=(ID, NAME, replace(SUM, generated=None)))
    assert left(repaired(found, meant)) == [("t", "s")]
    assert kinds(repaired(found, meant, drop=["t.s"])) == ["compute_anew"]
    assert droppable(Damage.of(found, meant)) == {"t.s"}


def test_nothing_of_somebody_elses_table_is_altered() -> None:
    owned = Grant(role="x", privileges=("OWNERSHIP",))
    found = changed(grants=(owned,), policies=(), row_security=False)
    assert kinds(repaired(found)) == []


def test_differences_are_one_for_each_part() -> None:
    found = changed(
        name="t (unlogged)", constraints=(replace(KEY, columns=("Na%me",)),), policies=()
    )
    assert [
        (item["object"], item["kind"], item["found"], item["meant"])
        for item in differences(Damage.of(found, OURS))
    ] == [
        ("t", "flaw", {"flaw": "unlogged"}, None),
        ("t_pkey", "primary key", {"columns": ["Na%me"]}, {"columns": ["id"]}),
        ("p", "policy", None, {"name": "p", "command": "ALL", "roles": [], "using": "true"}),
    ]
