"""The functions of a model: which are needed, how they come into a plan, and how they leave."""

import json
from dataclasses import replace

import pytest

from bss_compiler.boundary import answer
from bss_compiler.diff import Create, Drop, diff, retain
from bss_compiler.model import Check, Column, Function, Model, Table
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.model.function import needed
from bss_compiler.snapshot import read_snapshot
from tests.unit.changes import rendered, steps_of

A, B, C = (f"v_{letter * 32}" for letter in "abc")
ONE = Function(name=A, body=f"begin return bss_checks.{B}(v); end")
OTHER = Function(name=B, body=f"begin return bss_checks.{A}(v -> 'a'); end")
ALONE = Function(name=C, body="begin return true; end")
TABLE = Table(
    name="t",
    columns=(Column(name="x", type="jsonb"),),
    constraints=(Check(name="c", expression=f"bss_checks.{A}(x)"),),
)
MODEL = Model(tables=(TABLE,), functions=(ONE, OTHER))


def test_functions_are_needed_with_those_that_they_call() -> None:
    known = (ALONE, OTHER, ONE)
    assert needed([f"(bss_checks.{A}(x) IS TRUE)"], known) == (ONE, OTHER)
    assert needed([f"bss_checks.{C}(x)", f"bss_checks.{B}((x -> 'a'::text))"], known) == (
        ONE, OTHER, ALONE,
    )  # fmt: skip
    assert needed(["(x IS NULL)"], known) == ()


@pytest.mark.parametrize(
    "expression",
    [
        f"(x = 'bss_checks.{C}('::text)",
        f"(x = 'it''s bss_checks.{C}('::text)",
        f"(x = E'\\\\''bss_checks.{C}('::text)",
        f'("bss_checks.{C}(" IS NULL)',
        f"""("'bss_checks.{C}(" = 'bss_checks.{C}("'::text)""",
        f"my_bss_checks.{C}(x)",
        f"bss_checks.{'d' * 32}(x)",
    ],
)
def test_functions_are_not_needed_by_what_only_looks_like_a_call(expression: str) -> None:
    assert needed([expression], (ALONE,)) == ()


def test_model_has_its_functions_in_json() -> None:
    assert from_json(to_json(MODEL)) == MODEL
    assert "functions" not in to_json(Model(tables=(TABLE,)))
    assert from_json({"tables": []}) == Model()


def test_functions_are_created_before_what_calls_them_and_never_replaced() -> None:
    changes = diff(Model(), MODEL)
    kinds = [step.kind for step in steps_of(*changes)]
    assert kinds[:3] == ["create_function", "create_function", "create_table"]
    assert [step.table for step in steps_of(*changes)][:2] == [f"bss_checks.{A}", f"bss_checks.{B}"]
    assert all("REPLACE" not in statement for statement in rendered(*changes))
    assert diff(MODEL, MODEL) == ()


def test_functions_that_are_no_longer_needed_are_left_to_others() -> None:
    changes = diff(MODEL, replace(MODEL, functions=()))
    assert [type(change) for change in changes] == [Drop, Drop]
    assert steps_of(*changes) == ()


def test_functions_that_differ_behind_a_name_are_a_difference() -> None:
    changed = replace(ONE, body="begin return true; end")
    found = diff(replace(MODEL, functions=(changed, OTHER)), MODEL)
    assert found == (
        Drop(table=f"bss_checks.{A}", part=changed), Create(table=f"bss_checks.{A}", part=ONE),
    )  # fmt: skip


def test_functions_are_kept_as_long_as_a_table_that_calls_them() -> None:
    after = Model(tables=(Table(name="u"),), functions=(ALONE,))
    kept = retain(MODEL, after)
    assert [table.deprecated for table in kept.tables] == [False, True]
    assert kept.functions == (ONE, OTHER)
    dropped_with_its_column = retain(MODEL, Model(tables=(replace(TABLE, constraints=()),)))
    assert dropped_with_its_column.functions == ()


def test_snapshot_has_the_functions() -> None:
    assert read_snapshot(to_json(MODEL)) == MODEL


def test_comparison_shows_a_body_by_its_hash() -> None:
    snapshot = to_json(replace(MODEL, functions=(replace(ONE, name=f"{A} (altered)"), OTHER)))
    response = json.loads(
        answer(
            "compare",
            json.dumps({"snapshot": snapshot, "model": to_json(MODEL), "placement": "tenant"}),
        )
    )
    altered, missing = response["differences"]
    assert (altered["relation"], altered["object"], altered["meant"]) == (
        "bss_checks", f"{A} (altered)", None,
    )  # fmt: skip
    assert (missing["object"], missing["found"]) == (A, None)
    assert missing["meant"]["body"].startswith("sha256 ")
