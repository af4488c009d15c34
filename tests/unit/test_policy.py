"""Policies: whose table it is, and what becomes of them when they say something else."""

from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.ddl import render
from bss_compiler.diff import diff
from bss_compiler.model import Model, Policy
from bss_compiler.quoting import fill
from tests.unit.changes import POLICY, TABLE, create, rendered, steps_of
from tests.unit.compiling import entity, table


def test_policy_names_the_tenant_whose_table_it_is() -> None:
    policy = table(entity({})).policies[2]
    [statement] = rendered(create(policy))
    asked = (
        "(( SELECT NULLIF((bss.current_tenant_id() = 'T'::uuid), false) AS \"nullif\") IS NOT NULL)"
    )
    assert fill(statement, schema="s", tenant="T", extension="e") == (
        "CREATE POLICY tenant_isolation ON s.t FOR ALL TO PUBLIC "
        f"USING ({asked}) WITH CHECK (({asked} AND (tenant_id = 'T'::uuid)))"
    )


def test_policy_that_somebody_made_has_no_place_for_the_tenant() -> None:
    policy = Policy(name="p", command="SELECT", roles=(), using="(a = '%2$L::uuid'::text)")
    [statement] = rendered(create(policy))
    assert fill(statement, schema="s", tenant="T", extension="e").endswith(
        "USING ((a = '%2$L::uuid'::text))"
    )


def test_plan_has_the_partitions_follow_when_a_policy_is_altered() -> None:
    parted = replace(TABLE, partition_by="LIST (a)", policies=(POLICY,))
    after = replace(parted, policies=(replace(POLICY, using="false"),))
    steps = steps_of(*diff(Model(tables=(parted,)), Model(tables=(after,))))
    assert [(step.kind, step.table, step.facts.lock, step.facts.hazards) for step in steps] == [
        ("alter_policy", "t", "ACCESS EXCLUSIVE", ()),
        ("copy_policies", "t", "ACCESS EXCLUSIVE", ()),
    ]
    assert render(steps[1]) == ("SELECT bss_internal.copy_policies(%1$L, 't')",)


@pytest.mark.parametrize("change", [{"command": "SELECT"}, {"check": None}])
def test_plan_makes_a_policy_anew_where_altering_does_not_lead_there(
    change: dict[str, Any],
) -> None:
    before = replace(TABLE, policies=(POLICY,))
    after = replace(TABLE, policies=(replace(POLICY, **change),))
    changes = diff(Model(tables=(before,)), Model(tables=(after,)))
    assert [step.kind for step in steps_of(*changes)] == ["drop_policy", "create_policy"]
