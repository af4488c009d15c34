from typing import Any

import pytest

from bss_compiler.model import Check, Column, Index, IndexKey, Unique
from tests.unit.compiling import diagnosed, entity, faults, model_document, object_schema, table

TEXT = {"type": "string"}
KEYED = {"type": "string", "x-bss": {"unique": True}}
ARCHIVED_AT = Index(
    name="items_archived_at_idx",
    method="btree",
    keys=(IndexKey(column="archived_at"),),
    where="is_archived",
)


def archived(properties: Any, **options: Any) -> Any:
    return entity(properties, **{"x-bss": {"softDelete": True, **options}})


def parent_and_child(
    parent: bool, child: bool, *, unique: bool = False, **options: Any
) -> dict[str, Any]:
    key = {"type": "integer", "x-bss": {"unique": True}} if unique else {"type": "integer"}
    reference = {"type": "integer", "x-bss": {"references": {"entity": "Parent", **options}}}
    return model_document(
        Parent=object_schema(
            {"parent_id": {"type": "integer"}, "code": key}, **{"x-bss": {"softDelete": parent}}
        ),
        Child=object_schema({"id": TEXT, "of": reference}, **{"x-bss": {"softDelete": child}}),
    )


def test_archived_entity_has_its_columns_behind_the_timestamps() -> None:
    assert table(archived({})).columns[-2:] == (
        Column(name="is_archived", type="boolean", nullable=False, default="false"),
        Column(name="archived_at", type="timestamp with time zone"),
    )


def test_declared_columns_of_the_archive_keep_their_words() -> None:
    found = table(archived({"archivedAt": {**TEXT, "format": "date-time", "title": "Since"}}))
    assert [(item.name, item.property, item.comment) for item in found.columns[-2:]] == [
        ("is_archived", None, None),
        ("archived_at", "archivedAt", "Since"),
    ]
    assert faults(archived({"is_archived": TEXT})) == [("WRONG_TYPE", "/properties/is_archived")]


def test_archived_entity_has_its_triggers_and_its_check() -> None:
    found = table(archived({}))
    names = [item.name for item in found.triggers if not item.name.startswith("capture_")]
    assert names == ["archive_on_delete", "archive_what_refers_to_it", "set_updated_at"]
    (check,) = [item for item in found.constraints if item.name == "items_is_archived_check"]
    assert check == Check(
        name="items_is_archived_check", expression="(is_archived = (archived_at IS NOT NULL))"
    )


def test_unique_keys_are_indexes_of_the_rows_that_are_not_archived() -> None:
    several = [["b", "a"], {"columns": ["b"], "nullsNotDistinct": True}, ["a"]]
    found = table(archived({"a": KEYED, "b": TEXT}, unique=several))
    assert not [item for item in found.constraints if isinstance(item, Unique)]

    def unique(*columns: str, nulls_not_distinct: bool = False) -> Index:
        return Index(
            name=f"items_{'_'.join(columns)}_key",
            method="btree",
            keys=tuple(IndexKey(column=column) for column in columns),
            unique=True,
            nulls_not_distinct=nulls_not_distinct,
            where="(NOT is_archived)",
        )

    assert found.indexes == (
        unique("a"), ARCHIVED_AT, unique("b", "a"), unique("b", nulls_not_distinct=True),
    )  # fmt: skip


def test_unique_key_of_some_records_leaves_out_those_that_are_archived() -> None:
    where = {"properties": {"a": {"const": "x"}, "b": {"const": "y"}}, "required": ["a", "b"]}
    found = table(archived({"a": KEYED, "b": TEXT}, unique=[{"columns": ["b"], "where": where}]))
    (index,) = (item for item in found.indexes if item.unique and item.columns == ("b",))
    assert index.where == (
        "((a IS NOT NULL) AND (a = 'x'::text) AND (b IS NOT NULL) AND (b = 'y'::text) "
        "AND (NOT is_archived))"
    )


def test_entity_that_is_not_archived_has_nothing_of_it() -> None:
    assert table(entity({}, **{"x-bss": {"softDelete": False}})) == table(entity({}))


@pytest.mark.parametrize(
    ("parent", "child", "action", "found"),
    [
        (False, False, "cascade", []),
        (True, True, "cascade", []),
        (True, False, "cascade", ["warning"]),
        (False, True, "cascade", ["error"]),
        (False, True, "restrict", []),
        (True, False, "setNull", []),
    ],
)
def test_cascades_between_what_is_archived_and_what_is_deleted(
    parent: bool, child: bool, action: str, found: list[str]
) -> None:
    said = diagnosed(parent_and_child(parent, child, onDelete=action))
    assert [item.severity for item in said] == found
    assert {item.pointer for item in said} <= {
        "/$defs/Child/properties/of/x-bss/references/onDelete"
    }


def test_reference_to_what_is_unique_among_some_rows_is_refused() -> None:
    document = parent_and_child(True, True, unique=True, property="code")
    assert faults(document) == [("UNKNOWN_PROPERTY", "/$defs/Child/properties/of/x-bss/references")]
    assert faults(parent_and_child(False, True, unique=True, property="code")) == []
