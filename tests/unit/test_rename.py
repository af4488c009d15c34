"""Renames: what they make of a model, what takes them back, and what a document may say."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bss_compiler.boundary import answer
from bss_compiler.diff import (
    Alter,
    Change,
    Renames,
    composed,
    diff,
    followed,
    inverse,
    renames,
    taken_back,
)
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Index,
    IndexKey,
    Model,
    Partition,
    Policy,
    PrimaryKey,
    Table,
    Unique,
)
from tests.unit.compiling import UUID, entity, model_document, object_schema

TABLES = ("t", "u", "v")
COLUMNS = ("a", "b", "c")


def tables(name: str) -> st.SearchStrategy[Table]:
    """Tables of some columns, with parts that are about these."""
    column = st.sampled_from(COLUMNS)
    parts: dict[str, Any] = {
        "columns": st.lists(
            st.builds(
                Column,
                name=column,
                type=st.sampled_from(["text", "bigint"]),
                nullable=st.booleans(),
                generated=st.none() | st.just("(a || b)"),
                comment=st.none() | st.just("C"),
            ),
            unique_by=lambda item: item.name,
        ),
        "constraints": st.lists(
            st.one_of(
                st.builds(PrimaryKey, name=st.just(f"{name}_pkey"), columns=st.tuples(column)),
                st.builds(Unique, name=st.just(f"{name}_key"), columns=st.tuples(column)),
                st.builds(
                    Check,
                    name=st.sampled_from([f"{name}_check", "stated"]),
                    expression=st.sampled_from(["(a > 1)", "(b > 1)", "true"]),
                ),
                st.builds(
                    ForeignKey,
                    name=st.just(f"{name}_fkey"),
                    columns=st.tuples(column),
                    table=st.sampled_from(TABLES),
                    referenced=st.tuples(column),
                ),
            ),
            unique_by=lambda item: item.name,
        ),
        "indexes": st.lists(
            st.builds(
                Index,
                name=st.sampled_from([f"{name}_idx", f"{name}_other"]),
                method=st.just("btree"),
                keys=st.tuples(st.builds(IndexKey, column=column)),
                unique=st.booleans(),
            ),
            unique_by=lambda item: item.name,
        ),
        "partitions": st.lists(
            st.builds(Partition, name=st.just(f"{name}_part"), bound=st.sampled_from("xy")),
            max_size=1,
        ),
        "policies": st.lists(
            st.builds(Policy, name=st.just("p"), command=st.just("ALL"), roles=st.just(()),
                      using=st.sampled_from(["true", "false"])),
            max_size=1,
        ),
    }  # fmt: skip
    return st.builds(
        Table,
        name=st.just(name),
        comment=st.none() | st.just("C"),
        row_security=st.booleans(),
        **{key: value.map(tuple) for key, value in parts.items()},
    )


models = st.lists(st.sampled_from(TABLES), unique=True).flatmap(
    lambda names: st.tuples(*map(tables, names)).map(lambda found: Model(tables=found))
)


@st.composite
def renamed_models(draw: st.DrawFn) -> tuple[Model, Model, Renames]:
    """Give a model, another one, and what of the first has another name in the second."""
    before, after = draw(models), draw(models)
    old_tables = [table.name for table in before.tables]
    table_names = dict(zip(old_tables, draw(st.permutations(["t", "u", "v"])), strict=False))
    # a new name is one that nothing had, as it is in a plan
    for old, new in list(table_names.items()):
        if new in old_tables or new not in {table.name for table in after.tables}:
            del table_names[old]
    columns = {}
    for table in before.tables:
        old, new = draw(st.sampled_from(COLUMNS)), draw(st.sampled_from(COLUMNS))
        had = {column.name for column in table.columns}
        other = next(
            (item for item in after.tables if item.name == table_names.get(table.name, table.name)),
            None,
        )
        gets = {column.name for column in other.columns} if other is not None else set()
        if old in had - gets and new in gets - had:
            columns[table.name, old] = new
    return before, after, renames(table_names, columns)


@settings(max_examples=60, deadline=None)
@given(renamed_models())
def test_diff_taken_back_is_the_diff_of_the_models_the_other_way(
    drawn: tuple[Model, Model, Renames],
) -> None:
    before, after, done = drawn
    there = diff(before, after, done)
    back = diff(after, before, taken_back(done))
    assert {inverse(change) for change in there} == set(back)
    assert [inverse(inverse(change)) for change in there] == list(there)


def without_loose_ends(model: Model) -> Model:
    """A model in which everything that a rule is about is there."""
    names = {table.name for table in model.tables}
    columns = tuple(Column(name=name, type="text") for name in COLUMNS)
    return Model(
        tables=tuple(
            replace(
                table,
                columns=columns,
                constraints=tuple(
                    item
                    for item in table.constraints
                    if not isinstance(item, ForeignKey) or item.table in names
                ),
            )
            for table in model.tables
        )
    )


@settings(max_examples=60, deadline=None)
@given(models, st.sets(st.sampled_from(TABLES)), st.sets(st.sampled_from(COLUMNS)))
def test_model_that_followed_renames_is_there_without_any_other_change(
    drawn: Model, some_tables: set[str], some_columns: set[str]
) -> None:
    before = without_loose_ends(drawn)
    there = {table.name for table in before.tables}
    done = renames(
        {name: f"new {name}" for name in some_tables & there},
        {(name, column): f"new {column}" for name in there for column in some_columns},
    )
    assert followed(followed(before, done), taken_back(done)) == before
    for change in diff(before, followed(before, done), done):
        assert isinstance(change, Alter)
        assert isinstance(change.after, Table | Column)
        assert change.before.name != change.after.name


@settings(max_examples=60, deadline=None)
@given(renamed_models())
def test_renames_that_are_taken_back_twice_are_the_same(
    drawn: tuple[Model, Model, Renames],
) -> None:
    *_, done = drawn
    assert taken_back(taken_back(done)) == done
    assert composed([done]) == done
    assert composed([done, taken_back(done)]) == Renames()


def test_renames_come_to_the_first_name_and_the_last() -> None:
    steps = [
        Renames(tables=(("t", "u"),), columns=(("t", "a", "b"),)),
        Renames(columns=(("u", "b", "c"), ("w", "x", "y"))),
        Renames(tables=(("u", "v"),)),
    ]
    assert composed(steps) == Renames(
        tables=(("t", "v"),), columns=(("t", "a", "c"), ("w", "x", "y"))
    )


def test_renames_do_not_take_what_came_later_for_what_had_its_name_before() -> None:
    steps = [Renames(columns=(("t", "a", "b"),)), Renames(columns=(("t", "a", "c"),))]
    assert composed(steps) == Renames(columns=(("t", "a", "b"),))
    steps = [Renames(tables=(("t", "u"),)), Renames(tables=(("t", "v"),))]
    assert composed(steps) == Renames(tables=(("t", "u"),))


def test_diff_gives_a_rule_another_name_only_where_that_is_free() -> None:
    def table(*names: str) -> Table:
        expressions = ("(a > 1)", "(a > 2)")
        return Table(
            name="t",
            constraints=tuple(
                Check(name=name, expression=expression)
                for name, expression in zip(names, expressions, strict=True)
            ),
        )

    def changes(before: Table, after: Table) -> list[str]:
        found = diff(Model(tables=(before,)), Model(tables=(after,)))
        return [f"{type(change).__name__} {_part(change).name}" for change in found]

    assert changes(table("p", "q"), table("p", "r")) == ["Alter r"]
    assert changes(table("p", "q"), table("q", "p")) == [
        "Drop q",
        "Create q",
        "Drop p",
        "Create p",
    ]
    assert changes(table("p", "q"), table("q", "r")) == ["Drop p", "Drop q", "Create q", "Create r"]


def _part(change: Change) -> Any:
    return change.after if isinstance(change, Alter) else change.part


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
    assert set(kinds(plan)) == {"rename_table", "rename_column", "rename_constraint"}
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


@settings(max_examples=60, deadline=None)
@given(models)
def test_diff_is_the_same_with_no_renames_as_with_none(value: Model) -> None:
    assume(value.tables)
    after = replace(value, tables=value.tables[1:])
    assert diff(value, after) == diff(value, after, Renames())
