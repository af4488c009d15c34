from typing import Any

import pytest

from bss_compiler.lowering.comment import comment
from bss_compiler.model import Column
from tests.unit.compiling import (
    UUID,
    diagnosed,
    entity,
    faults,
    indexes,
    model,
    model_document,
    object_schema,
    table,
)

TEXT = {"type": "string"}
MOMENT = {"type": "string", "format": "date-time"}


def test_table_has_the_tenant_before_its_columns_and_the_timestamps_behind() -> None:
    found = table(entity({"name": TEXT}))
    assert found.columns == (
        Column(name="tenant_id", type="uuid", nullable=False, default="%2$L::uuid"),
        Column(name="id", type="uuid", nullable=False, default="gen_random_uuid()"),
        Column(name="name", type="text"),
        Column(name="created_at", type="timestamp with time zone", nullable=False, default="now()"),
        Column(name="updated_at", type="timestamp with time zone", nullable=False, default="now()"),
    )


def test_table_is_closed_but_for_its_tenant_the_operators_and_the_analysts() -> None:
    found = table(entity({}))
    assert found.row_security
    assert [(item.name, item.command, item.roles) for item in found.policies] == [
        ("analytics_read", "SELECT", ("bss_analytics",)),
        ("operator_all", "ALL", ("bss_owner",)),
        ("tenant_isolation", "ALL", ()),
    ]
    asked = (
        '(( SELECT NULLIF((bss.current_tenant_id() = %2$L::uuid), false) AS "nullif") IS NOT NULL)'
    )
    assert found.policies[2].using == asked
    assert found.policies[2].check == f"({asked} AND (tenant_id = %2$L::uuid))"
    rows = ("DELETE", "INSERT", "SELECT", "UPDATE")
    assert [(item.role, item.privileges) for item in found.grants] == [
        ("bss_admin", rows),
        ("bss_analytics", ("SELECT",)),
        ("bss_app", rows),
        ("bss_tenant", rows),
    ]
    assert [item.name for item in found.triggers] == [
        "capture_delete", "capture_insert", "capture_truncate", "capture_update", "set_updated_at",
    ]  # fmt: skip


def test_table_keeps_a_declaration_of_what_would_be_added() -> None:
    found = table(
        entity({"tenantId": {**UUID, "title": "Owner"}, "createdAt": MOMENT, "name": TEXT})
    )
    assert [(item.name, item.property, item.comment) for item in found.columns] == [
        ("tenant_id", "tenantId", "Owner"),
        ("id", "id", None),
        ("name", "name", None),
        ("created_at", "createdAt", None),
        ("updated_at", None, None),
    ]
    assert not next(item for item in found.columns if item.name == "created_at").nullable


@pytest.mark.parametrize("name", ["tenant_id", "created_at", "updated_at"])
def test_table_refuses_another_type_for_what_would_be_added(name: str) -> None:
    (found,) = diagnosed(entity({name: TEXT}))
    assert (found.code.name, found.pointer) == ("WRONG_TYPE", f"/properties/{name}")
    assert '"text"' in (found.detail or "")


def test_table_of_too_many_columns_is_refused() -> None:
    document = entity({"a": TEXT, "b": TEXT})
    assert faults(document, columns=6) == []
    assert faults(document, columns=5) == [("TOO_MANY_COLUMNS", "")]


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        (object_schema({"a" * 64: TEXT, "id": UUID}), "/properties/" + "a" * 64),
        (object_schema({"bell\x07": TEXT, "id": UUID}), "/properties/bell\x07"),
        (object_schema({" ": TEXT, "id": UUID}), "/properties/ "),
        (object_schema({"a": {**TEXT, "x-bss": {"column": ""}}, "id": UUID}), "/properties/a"),
        (object_schema({"id": UUID}, **{"x-bss": {"table": "x" * 64}}), "/x-bss/table"),
    ],
)
def test_table_with_a_name_that_cannot_be_is_refused(schema: Any, pointer: str) -> None:
    document = model_document(Item=schema)
    assert faults(document) == [("INVALID_NAME", f"/$defs/Item{pointer}")]


def test_table_by_the_name_of_an_entity_that_cannot_be_is_refused() -> None:
    document = model_document(**{"E" * 63: object_schema({"id": UUID})})
    assert faults(document) == [("INVALID_NAME", "/$defs/" + "E" * 63)]


@pytest.mark.parametrize("name", ["xmin", "TABLEOID", "ctid"])
def test_table_with_a_system_column_is_refused_unless_it_is_renamed(name: str) -> None:
    assert faults(entity({name: TEXT})) == [("RESERVED_NAME", f"/properties/{name}")]
    assert faults(entity({name: {**TEXT, "x-bss": {"column": f"{name}_"}}})) == []


def test_table_names_that_fall_together_are_refused() -> None:
    document = model_document(
        OrderLine=object_schema({"id": UUID}),
        order_line=object_schema({"id": UUID}),
        Other=object_schema({"id": UUID}, **{"x-bss": {"table": "order_lines"}}),
    )
    assert faults(document) == [
        ("NAME_COLLISION", "/$defs/order_line"),
        ("NAME_COLLISION", "/$defs/Other"),
    ]


def test_table_and_index_names_are_kept_apart() -> None:
    document = model_document(
        A=object_schema(
            {"id": UUID, "b_c": {**TEXT, "x-bss": {"index": True}}}, **{"x-bss": {"table": "a"}}
        ),
        B=object_schema(
            {"id": UUID, "c": {**TEXT, "x-bss": {"index": True}}}, **{"x-bss": {"table": "a_b"}}
        ),
        C=object_schema({"id": UUID}, **{"x-bss": {"table": "a_b_pkey"}}),
    )
    found = model(document)
    relations = [item.name for item in found.tables]
    relations += [name for item in found.tables for name in indexes(item)]
    relations += [item.constraints[0].name for item in found.tables]
    assert len(set(relations)) == len(relations) == 8
    assert {"a", "a_b", "a_b_pkey", "a_pkey"} <= set(relations)
    assert "a_b_c_idx" not in relations


def test_table_that_nobody_collides_with_keeps_its_names() -> None:
    alone = table(entity({"a": {**TEXT, "x-bss": {"index": True}}}))
    assert list(indexes(alone)) == ["items_a_idx"]


def test_table_has_no_columns_for_properties_that_are_not_declared() -> None:
    assert faults(entity({}, items={})) == [("CONFLICTING_KEYWORDS", "/items")]
    assert faults(entity({}, additionalProperties={"type": "string"})) == [
        ("CONFLICTING_KEYWORDS", "/additionalProperties")
    ]
    assert faults(entity({}, additionalProperties=True)) == []
    assert faults(entity({}, additionalProperties=False)) == []
    assert faults(entity({}, additionalProperties={})) == []


@pytest.mark.parametrize(
    ("keywords", "name", "expected"),
    [
        ({}, None, None),
        ({"title": "T"}, None, "T"),
        ({"title": "T", "description": "D"}, None, "T: D"),
        ({"title": "Item", "description": " D "}, "Item", "D"),
        ({"title": "Item"}, "Item", None),
        ({"title": " ", "description": "\n"}, None, None),
        ({"description": "[no longer in the schema] [no longer in the schema] D"}, None, "D"),
        ({"description": "see [no longer in the schema] "}, None, "see [no longer in the schema]"),
    ],
)
def test_comment_is_made_of_title_and_description(
    keywords: dict[str, str], name: str | None, expected: str | None
) -> None:
    assert comment(keywords, name=name) == expected


def test_table_says_where_it_and_its_columns_come_from() -> None:
    document = model_document(Item=object_schema({"id": UUID, "a/b": TEXT}, description="D"))
    found = table(document)
    assert (found.entity, found.pointer, found.comment) == ("Item", "/$defs/Item", "D")
    assert [(item.property, item.pointer) for item in found.columns if item.property] == [
        ("id", "/$defs/Item/properties/id"),
        ("a/b", "/$defs/Item/properties/a~1b"),
    ]
