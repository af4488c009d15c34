"""The order of steps: what a step needs is there, what it takes is free."""

from dataclasses import replace

import pytest

from bss_compiler.boundary import statements
from bss_compiler.diagnostic import Findings
from bss_compiler.diff import Renames, retain, without
from bss_compiler.model import Check, Column, ForeignKey, Index, IndexKey, Model, Table, Unique
from bss_compiler.plan.order import ordered
from bss_compiler.plan.step import FACTS, Step
from tests.unit.changes import TEXT, alter, create, steps_of

A, B = Column(name="a", type="bigint"), Column(name="b", type="bigint")
SUM = Column(name="s", type="bigint", generated="(a + b)")


def shown(before: Model, after: Model, done: Renames | None = None) -> list[str]:
    steps = statements(before, after, Findings(), done, destroys=True)
    return [statement.replace("%1$I.", "") for _, statement in steps]


def of(*tables: Table) -> Model:
    return Model(tables=tables)


def test_column_comes_before_one_that_is_computed_from_it() -> None:
    after = Table(name="t", columns=(SUM, A, B))
    assert shown(of(Table(name="t", columns=(A,))), of(after)) == [
        "ALTER TABLE t ADD COLUMN b bigint",
        "ALTER TABLE t ADD COLUMN s bigint GENERATED ALWAYS AS ((a + b)) STORED",
    ]


def test_column_goes_after_one_that_is_computed_from_it() -> None:
    before = of(Table(name="t", columns=(A, B, SUM)))
    assert shown(before, without(before, [("t", "a"), ("t", "b"), ("t", "s")])) == [
        "ALTER TABLE t DROP COLUMN s",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t DROP COLUMN b",
    ]


def test_rule_goes_by_old_names_and_comes_by_new_ones() -> None:
    before = Table(
        name="t",
        columns=(A,),
        constraints=(Check(name="t_a_check", expression="(a > 1)"),),
        indexes=(Index(name="t_a_idx", method="btree", keys=(IndexKey(column="a"),)),),
    )
    after = Table(
        name="u",
        columns=(replace(A, name="b"),),
        constraints=(Check(name="u_b_check", expression="(b > 2)"),),
        indexes=(Index(name="u_b_idx", method="btree", keys=(IndexKey(column="b"),)),),
    )
    done = Renames(tables=(("t", "u"),), columns=(("t", "a", "b"),))
    assert shown(of(before), of(after), done) == [
        "ALTER TABLE t DROP CONSTRAINT t_a_check",
        "ALTER TABLE t RENAME TO u",
        "ALTER TABLE u RENAME COLUMN a TO b",
        "ALTER INDEX t_a_idx RENAME TO u_b_idx",
        "ALTER TABLE u ADD CONSTRAINT u_b_check CHECK ((b > 2))",
    ]


def test_name_is_taken_when_it_is_free() -> None:
    unique = Unique(name="k", columns=("a",))
    before = of(Table(name="t", columns=(A,), constraints=(unique,)), Table(name="r", columns=(A,)))
    after = of(
        Table(name="t", columns=(A,)),
        Table(name="k", columns=(A,)),
        Table(name="r", columns=(A,), constraints=(replace(unique, name="l"),)),
    )
    found = shown(before, after)
    assert found.index("ALTER TABLE t DROP CONSTRAINT k") < next(
        place for place, statement in enumerate(found) if statement.startswith("CREATE TABLE k")
    )


def test_reference_goes_before_its_key_and_comes_after_it() -> None:
    reference = ForeignKey(name="f", columns=("a",), table="t", referenced=("a",))
    key = Unique(name="k", columns=("a",))

    def model(*, nulls_not_distinct: bool) -> Model:
        unique = replace(key, nulls_not_distinct=nulls_not_distinct)
        return of(
            Table(name="r", columns=(A,), constraints=(reference,)),
            Table(name="t", columns=(A,), constraints=(unique,)),
        )

    assert shown(model(nulls_not_distinct=False), model(nulls_not_distinct=True)) == [
        "ALTER TABLE r DROP CONSTRAINT f",
        "ALTER TABLE t DROP CONSTRAINT k",
        "ALTER TABLE t ADD CONSTRAINT k UNIQUE NULLS NOT DISTINCT (a)",
        "ALTER TABLE r ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES t(a)",
    ]


def test_steps_that_do_not_need_each_other_keep_the_order_of_the_changes() -> None:
    changes = [create(replace(TEXT, name=name)) for name in "zyx"]
    assert [step.change for step in steps_of(*changes)] == changes


def test_steps_that_need_each_other_in_a_circle_are_no_plan() -> None:
    swap = [
        Step(
            kind="rename_column",
            table="t",
            change=alter(replace(TEXT, name=old), name=new),
            facts=FACTS["rename_column"],
        )
        for old, new in ("ab", "ba")
    ]
    with pytest.raises(AssertionError):
        ordered(swap)


def test_deprecated_parts_are_all_that_can_be_left_out() -> None:
    before = of(Table(name="t", columns=(A, B)), Table(name="u", columns=(A,)))
    kept = retain(before, of(Table(name="t", columns=(A,))))
    assert without(kept, [("t", "b"), ("u", None)]) == of(Table(name="t", columns=(A,)))
    assert without(kept, []) == kept
