"""Renames, as documents say them one after the other, and as going back takes them back."""

import json
from typing import Any

import pytest

from bss_compiler.boundary import answer
from tests.unit.compiling import UUID, entity, faults, model_document, object_schema


class Tenant:
    """What the compiler is told and tells, one document after the other."""

    def __init__(self) -> None:
        self.base: Any = None
        self.versions: list[tuple[str, Any]] = []

    def apply(self, document: Any, **members: Any) -> Any:
        request = {"document": json.dumps(document), "base": self.base, **members}
        plan = json.loads(answer("plan", json.dumps(request)))
        if "steps" in plan:
            self.base = plan["model"]
            self.versions.append((plan["document"], plan["renames"]))
        return plan

    def go_back_to(self, version: int) -> Any:
        document, _ = self.versions[version - 1]
        undo = [done for _, done in self.versions[version:] if done]
        return self.apply(json.loads(document), undo=undo)


def kinds(plan: Any) -> list[str]:
    return [step["kind"] for step in plan["steps"]]


def codes(plan: Any) -> list[str]:
    return [item["code"] for item in plan["diagnostics"]]


def renamed(old: str, **keywords: Any) -> dict[str, Any]:
    return {"type": "string", "x-bss": {"renamedFrom": old}, **keywords}


def text(**keywords: Any) -> dict[str, Any]:
    return {"type": "string", **keywords}


def test_rename_is_done_once_although_the_document_keeps_saying_it() -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text()}))
    first = tenant.apply(entity({"b": renamed("a")}))
    assert (kinds(first), first["renames"]) == (
        ["rename_column"],
        {"tables": [], "columns": [["items", "a", "b"]]},
    )
    again = tenant.apply(entity({"b": renamed("a")}))
    assert (kinds(again), again["renames"], codes(again)) == ([], {}, [])


def test_rename_says_nothing_to_a_tenant_that_begins_with_it() -> None:
    plan = Tenant().apply(entity({"b": renamed("a")}, **{"x-bss": {"renamedFrom": "Thing"}}))
    assert (kinds(plan)[0], codes(plan)) == ("create_table", [])


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (entity({"a": text(), "b": renamed("z")}), "/properties/b"),
        (
            model_document(
                Item=object_schema({"id": UUID, "a": text()}),
                New=object_schema({"id": UUID}, **{"x-bss": {"renamedFrom": "Old"}}),
            ),
            "/$defs/New",
        ),
    ],
)
def test_rename_of_nothing_is_warned_of(document: Any, pointer: str) -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text()}))
    plan = tenant.apply(document)
    assert [(item["code"], item["severity"], item["pointer"]) for item in plan["diagnostics"]] == [
        ("SB306", "warning", pointer)
    ]


def test_rename_to_a_name_that_something_has_is_refused() -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text(), "b": text()}))
    tenant.apply(entity({"a": text()}))
    plan = tenant.apply(entity({"b": renamed("a")}))
    assert codes(plan) == ["SB305"]


def test_rename_of_a_table_goes_with_the_key_that_is_named_after_it() -> None:
    tenant = Tenant()
    old = object_schema({"a": text()}, **{"x-bss": {"entity": True}})
    tenant.apply(model_document(Thing=old))
    new = {**old, "x-bss": {"entity": True, "renamedFrom": "Thing"}}
    plan = tenant.apply(model_document(Item=new))
    assert plan["renames"] == {
        "tables": [["things", "items"]],
        "columns": [["things", "thing_id", "item_id"]],
    }
    assert set(kinds(plan)) == {
        *("rename_table", "rename_column", "rename_constraint", "replace_trigger")
    }
    assert codes(plan) == []


def test_steps_say_what_a_renamed_table_is_called_by_now() -> None:
    tenant = Tenant()
    old = {"id": UUID, "a": text()}
    tenant.apply(model_document(Thing=object_schema(old)))
    new = object_schema({"id": UUID, "b": renamed("a")}, **{"x-bss": {"renamedFrom": "Thing"}})
    plan = tenant.apply(model_document(Item=new))
    assert {step["origin"] for step in plan["steps"]} == {"things"}
    assert {step["relation"] for step in plan["steps"]} == {"things", "items"}


def test_undo_gives_back_the_names_of_all_versions_since() -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text(), "x": text()}))
    before = tenant.base
    tenant.apply(entity({"b": renamed("a"), "x": text()}))
    tenant.apply(entity({"c": renamed("b"), "y": text()}))
    plan = tenant.go_back_to(1)
    assert plan["renames"] == {"tables": [], "columns": [["items", "c", "a"]]}
    assert sorted(kinds(plan)) == ["deprecate_column", "rename_column", "restore_column"]
    (table,) = tenant.base["tables"]
    assert {item["name"] for item in table["columns"] if "deprecated" in item} == {"y"}
    after = {**table, "columns": [item for item in table["columns"] if item["name"] != "y"]}
    assert after == before["tables"][0]


def test_undo_is_refused_where_the_old_name_is_that_of_something_else_by_now() -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text()}))
    tenant.apply(entity({"b": renamed("a")}))
    tenant.apply(entity({"b": text(), "a": text()}))
    assert codes(tenant.go_back_to(1)) == ["SB405"]


def passing_over(*versions: Any) -> Any:
    """Give the plan of a tenant at the first version that is to get to the last."""
    leader, follower = Tenant(), Tenant()
    for version in versions:
        leader.apply(version)
    follower.apply(versions[0])
    return follower.apply(versions[-1], passed=[done for _, done in leader.versions[1:] if done])


def test_renames_of_versions_that_are_passed_over_are_made_as_one() -> None:
    plan = passing_over(
        entity({"a": text(), "x": text()}),
        entity({"b": renamed("a"), "x": text()}),
        entity({"c": renamed("b"), "y": renamed("x")}),
    )
    assert plan["renames"]["columns"] == [["items", "a", "c"], ["items", "x", "y"]]
    assert codes(plan) == []


def test_what_a_version_renamed_and_the_next_one_left_out_keeps_its_name() -> None:
    plan = passing_over(
        entity({"a": text(), "x": text()}), entity({"b": renamed("a")}), entity({"x": text()})
    )
    assert (plan["renames"], kinds(plan)) == ({}, ["deprecate_column"])


def test_name_that_is_taken_is_not_given_to_who_passes_versions_over_either() -> None:
    tenant = Tenant()
    tenant.apply(entity({"a": text(), "b": text()}))
    done = {"tables": [], "columns": [["items", "a", "b"]]}
    assert codes(tenant.apply(entity({"b": renamed("a")}), passed=[done])) == ["SB305"]


def embedding(dimensions: int) -> dict[str, Any]:
    return entity({}, **{"x-bss": {"embedding": {"dimensions": dimensions}}})


def test_vectors_of_other_dimensions_are_set_aside_and_come_back() -> None:
    tenant = Tenant()
    tenant.apply(embedding(3))
    first = tenant.base
    plan = tenant.apply(embedding(4))
    assert plan["renames"]["columns"] == [["items", "embedding", "embedding_3"]]
    plan = tenant.apply(embedding(3))
    assert plan["renames"]["columns"] == [
        ["items", "embedding", "embedding_4"],
        ["items", "embedding_3", "embedding"],
    ]
    tenant.go_back_to(2)
    plan = tenant.go_back_to(1)
    assert [item["name"] for item in plan["model"]["tables"][0]["columns"]][-1] == "embedding_4"
    assert first["tables"][0]["columns"] == plan["model"]["tables"][0]["columns"][:-1]


def test_vectors_are_not_set_aside_where_the_name_is_taken() -> None:
    tenant = Tenant()
    options = {"x-bss": {"embedding": {"dimensions": 3}}}
    tenant.apply(entity({"embedding_3": text()}, **options))
    options["x-bss"]["embedding"]["dimensions"] = 4
    assert codes(tenant.apply(entity({"embedding_3": text()}, **options))) == ["SB305"]


@pytest.mark.parametrize(
    ("options", "properties", "pointer"),
    [
        ({"renamedFrom": "Old"}, {}, "/x-bss/renamedFrom"),
        ({}, {"a": renamed("b")}, "/properties/a/x-bss/renamedFrom"),
    ],
)
def test_shared_entity_is_not_renamed_by_the_document_of_a_tenant(
    options: dict[str, Any], properties: dict[str, Any], pointer: str
) -> None:
    document = entity(properties, **{"x-bss": {"scope": "shared", **options}})
    assert faults(document) == [("NOT_FOR_SHARED", pointer)]
