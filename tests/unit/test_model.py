"""A model as JSON, as a snapshot of the catalog, and kept from one document to the next."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bss_compiler.diff import Alter, Create, Drop, diff, retain
from bss_compiler.model import (
    Check,
    Column,
    ForeignKey,
    Grant,
    Index,
    IndexKey,
    Model,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
)
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.snapshot import meant_snapshot, read_snapshot
from tests.unit.compiling import entity, model

names = st.text(max_size=5)
some_names = st.lists(names, max_size=3).map(tuple)
optional = st.none() | names
parts = {
    "columns": st.builds(Column, name=names, type=names, nullable=st.booleans(), default=optional),
    "constraints": st.one_of(
        st.builds(PrimaryKey, name=names, columns=some_names),
        st.builds(Unique, name=names, columns=some_names, nulls_not_distinct=st.booleans()),
        st.builds(ForeignKey, name=names, columns=some_names, table=names, referenced=some_names),
        st.builds(Check, name=names, expression=names, pointer=optional),
    ),
    "indexes": st.builds(
        Index,
        name=names,
        method=names,
        keys=st.lists(st.builds(IndexKey, column=names, opclass=optional), max_size=2).map(tuple),
        include=some_names,
        valid=st.booleans(),
    ),
    "policies": st.builds(Policy, name=names, command=names, roles=some_names, using=names),
    "grants": st.builds(Grant, role=names, privileges=some_names),
    "triggers": st.builds(
        Trigger, name=names, timing=names, events=some_names, level=names, function=names
    ),
}
tables = st.builds(
    Table,
    name=names,
    comment=optional,
    row_security=st.booleans(),
    deprecated=st.booleans(),
    **{name: st.lists(part, max_size=2).map(tuple) for name, part in parts.items()},
)
models = st.builds(Model, tables=st.lists(tables, max_size=2).map(tuple))


@given(models)
def test_model_that_was_written_as_json_is_read_back_as_it_was(value: Model) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


def test_model_as_json_leaves_out_what_is_not_said() -> None:
    table = Table(name="t", columns=(Column(name="a", type="text", nullable=False),))
    assert to_json(Model(tables=(table,))) == {
        "tables": [{"name": "t", "columns": [{"name": "a", "type": "text", "nullable": False}]}]
    }
    assert to_json(Check(name="c", expression="true")) == {
        "kind": "check",
        "name": "c",
        "expression": "true",
    }


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"tables": [{"name": "t", "colums": []}]}, TypeError),
        ({"tables": [{"name": "t", "constraints": [{"kind": "exclude"}]}]}, KeyError),
    ],
)
def test_model_that_is_none_is_not_read(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        from_json(value)


def snapshot(**table: Any) -> Table:
    return read_snapshot({"tables": [{"name": "t", **table}]}).tables[0]


def test_snapshot_reads_deprecation_from_comments() -> None:
    found = snapshot(
        comment="[no longer in the schema] Things",
        columns=[
            {"name": "a", "type": "text", "comment": "[no longer in the schema] "},
            {"name": "b", "type": "text", "comment": "About [no longer in the schema] "},
            {"name": "c", "type": "text"},
        ],
    )
    assert (found.comment, found.deprecated) == ("Things", True)
    assert found.columns == (
        Column(name="a", type="text", deprecated=True),
        Column(name="b", type="text", comment="About [no longer in the schema] "),
        Column(name="c", type="text"),
    )


def test_snapshot_is_that_of_a_model() -> None:
    table = Table(
        name="t",
        comment="Things",
        deprecated=True,
        columns=(
            Column(name="b", type="text", comment="About", property="b", pointer="/properties/b"),
            Column(name="a", type="text", deprecated=True),
        ),
        partition_by="RANGE (a)",
        interval="1 day",
    )
    found = meant_snapshot(Model(tables=(replace(table, name="u"), table)))
    assert [item["name"] for item in found["tables"]] == ["t", "u"]
    assert found["tables"][0] == {
        "name": "t", "placement": "tenant", "comment": "[no longer in the schema] Things",
        "row_security": True, "constraints": [], "indexes": [], "policies": [], "grants": [],
        "triggers": [], "partition_by": "RANGE (a)", "partitions": [],
        "columns": [
            {"name": "a", "type": "text", "comment": "[no longer in the schema] "},
            {"name": "b", "type": "text", "comment": "About"},
        ],
    }  # fmt: skip


def test_snapshot_quotes_keywords_that_an_older_server_does_not_know() -> None:
    expression = """((json = 'json'::text) AND (json_value > 0) AND ("json" <> 'it''s json'))"""
    columns = [{"name": name, "type": "text"} for name in ("json", "json_value", "a")]
    (check,) = snapshot(
        columns=columns, constraints=[{"kind": "check", "name": "c", "expression": expression}]
    ).constraints
    assert check == Check(
        name="c",
        expression=(
            """(("json" = 'json'::text) AND ("json_value" > 0) AND ("json" <> 'it''s json'))"""
        ),
    )


def test_snapshot_leaves_alone_what_only_looks_like_such_a_keyword() -> None:
    check = {"kind": "check", "name": "c", "expression": "(json_object(a) IS NOT NULL)"}
    columns = [{"name": name, "type": "text"} for name in ("json", "a")]
    (found,) = snapshot(columns=columns, constraints=[check]).constraints
    assert isinstance(found, Check)
    assert found.expression == "(json_object(a) IS NOT NULL)"
    (found,) = snapshot(columns=[], constraints=[{**check, "expression": "(json > 0)"}]).constraints
    assert isinstance(found, Check)
    assert found.expression == "(json > 0)"


BEFORE = model(
    entity(
        {
            "name": {"type": "string", "default": "x", "maxLength": 9, "x-bss": {"unique": True}},
            "parent": {"$ref": "#"},
        },
        required=["name"],
        description="Things",
    )
)


def test_retain_keeps_a_column_without_what_rows_would_have_to_satisfy() -> None:
    after = model(entity({}, description="Things"))
    (kept,) = retain(BEFORE, after).tables
    assert [item.name for item in kept.columns] == [
        "tenant_id",
        "id",
        "created_at",
        "updated_at",
        "name",
        "parent_id",
    ]
    assert kept.columns[4] == Column(name="name", type="text", deprecated=True)
    assert kept.columns[4].property is None
    assert [item.name for item in kept.constraints] == ["items_pkey", "items_tenant_id_check"]
    assert kept.indexes == ()


def test_retain_keeps_a_table_without_its_references() -> None:
    (kept,) = retain(BEFORE, Model()).tables
    (table,) = BEFORE.tables
    assert (kept.deprecated, kept.entity, kept.columns) == (True, None, table.columns)
    assert not any(isinstance(item, ForeignKey) for item in kept.constraints)
    assert {type(item) for item in kept.constraints} == {PrimaryKey, Unique, Check}


def test_retain_takes_back_what_comes_back() -> None:
    without = retain(BEFORE, model(entity({})))
    assert retain(without, BEFORE) == BEFORE
    assert retain(retain(BEFORE, Model()), BEFORE) == BEFORE


def test_retain_changes_nothing_where_nothing_went() -> None:
    assert retain(Model(), BEFORE) is not BEFORE
    assert retain(Model(), BEFORE) == BEFORE
    assert retain(BEFORE, BEFORE) == BEFORE


@given(models)
def test_diff_of_a_model_with_itself_is_empty(value: Model) -> None:
    assert diff(value, value) == ()


def test_diff_gives_the_change_of_each_part_by_name() -> None:
    column, other = Column(name="a", type="text"), Column(name="b", type="text")
    check = Check(name="c", expression="true")
    before = Table(name="t", columns=(column,), constraints=(check,), comment="Old")
    changed = replace(column, nullable=False)
    stricter = replace(check, expression="false")
    after = replace(before, columns=(changed, other), constraints=(stricter,), comment="New")
    old, new = Table(name="old"), Table(name="new")
    assert diff(Model(tables=(before, old)), Model(tables=(after, new))) == (
        Drop(table="old", part=old),
        Alter(table="t", before=before, after=after),
        Alter(table="t", before=column, after=changed),
        Create(table="t", part=other),
        Drop(table="t", part=check),
        Create(table="t", part=stricter),
        Create(table="new", part=new),
    )


def test_diff_drops_what_is_not_there_any_more() -> None:
    index = Index(name="i", method="btree", keys=(IndexKey(column="a"),))
    before, after = Table(name="t", indexes=(index,)), Table(name="t")
    assert diff(Model(tables=(before,)), Model(tables=(after,))) == (Drop(table="t", part=index),)


def test_diff_does_not_see_the_order_of_columns_or_where_they_come_from() -> None:
    a, b = Column(name="a", type="text"), Column(name="b", type="text", pointer="/b", property="B")
    before = Model(tables=(Table(name="t", columns=(a, b)),))
    after = Model(tables=(Table(name="t", columns=(replace(b, pointer=None), a), pointer="/t"),))
    assert diff(before, after) == ()
