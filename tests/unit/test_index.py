from typing import Any

import pytest

from bss_compiler.model import Index, IndexKey
from tests.unit.compiling import diagnosed, entity, faults, indexes, table

PROPERTIES = {
    "a": {"type": "string"},
    "b": {"type": "integer"},
    "flag": {"type": "boolean"},
    "data": {"type": "object"},
    "tags": {"type": "array", "items": {"type": "string"}, "x-bss": {"type": "text[]"}},
    "v": {"type": "array", "items": {"type": "number"}, "x-bss": {"type": "vector(3)"}},
}


def with_indexes(*stated: Any, **properties: Any) -> Any:
    return entity({**PROPERTIES, **properties}, **{"x-bss": {"indexes": list(stated)}})


def index(name: str, *columns: str, method: str = "btree", include: tuple[str, ...] = ()) -> Index:
    keys = tuple(IndexKey(column=column) for column in columns)
    return Index(name=name, method=method, keys=keys, include=include)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (["a"], index("items_a_idx", "a")),
        (["a", "b"], index("items_a_b_idx", "a", "b")),
        ({"columns": ["b"], "include": ["a"]}, index("items_b_a_idx", "b", include=("a",))),
        ({"columns": ["a"], "method": "hash"}, index("items_a_hash_idx", "a", method="hash")),
        ({"columns": ["data"], "method": "gin"}, index("items_data_gin_idx", "data", method="gin")),
        ({"columns": ["tags"], "method": "gin"}, index("items_tags_gin_idx", "tags", method="gin")),
        ({"columns": ["b"], "method": "brin"}, index("items_b_brin_idx", "b", method="brin")),
        (["data"], index("items_data_idx", "data")),
        ({"columns": ["b"], "opclass": "int8_ops"}, index("items_b_idx", "b")),
    ],
)
def test_index_is_what_x_bss_states(stated: Any, expected: Index) -> None:
    assert table(with_indexes(stated)).indexes == (expected,)


@pytest.mark.parametrize(
    ("stated", "code", "pointer"),
    [
        ([], "WRONG_SHAPE", "/x-bss/indexes/0"),
        ({"columns": []}, "WRONG_SHAPE", "/x-bss/indexes/0/columns"),
        (["a", "a"], "WRONG_SHAPE", "/x-bss/indexes/0"),
        ({"columns": ["a", "b"], "method": "hash"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["a"], "method": "hash", "include": ["b"]}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["a"], "method": "gin"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["a"], "method": "gist"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["flag"], "method": "brin"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["data"], "method": "brin"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        (["v"], "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["a"], "opclass": "gin_trgm_ops"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        ({"columns": ["b"], "opclass": "text_pattern_ops"}, "WRONG_TYPE", "/x-bss/indexes/0"),
        (
            {"columns": [{"property": "data", "order": "desc"}], "method": "gin"},
            "WRONG_TYPE",
            "/x-bss/indexes/0",
        ),
        (["zzz"], "UNKNOWN_PROPERTY", "/x-bss/indexes/0"),
    ],
)
def test_index_that_the_server_cannot_build_is_refused(
    stated: Any, code: str, pointer: str
) -> None:
    assert faults(with_indexes(stated)) == [(code, pointer)]


def test_index_has_at_most_32_columns() -> None:
    many = {f"c{number}": {"type": "integer"} for number in range(33)}
    names = list(many)
    assert faults(with_indexes({"columns": names[:31], "include": names[31:32]}, **many)) == []
    assert faults(with_indexes({"columns": names[:31], "include": names[31:]}, **many)) == [
        ("WRONG_TYPE", "/x-bss/indexes/0")
    ]


def test_index_of_a_property_is_one_on_its_column() -> None:
    document = entity({"a": {"type": "string", "x-bss": {"index": True, "column": "The A"}}})
    assert indexes(table(document)) == {"items_The A_idx": index("items_The A_idx", "The A")}


@pytest.mark.parametrize(
    "options",
    [
        {"primaryKey": ["a", "id"]},
        {"unique": [["a", "b"]]},
        {"indexes": [["a", "b"]]},
    ],
)
def test_index_is_left_out_where_a_key_or_an_index_begins_with_its_column(options: Any) -> None:
    document = entity(
        {"a": {"type": "string", "x-bss": {"index": True}}, "b": {"type": "string"}},
        **{"x-bss": options},
    )
    assert "items_a_idx" not in indexes(table(document))


def test_index_is_kept_where_another_method_has_its_column() -> None:
    document = entity(
        {"a": {"type": "string", "x-bss": {"index": True}}},
        **{"x-bss": {"indexes": [{"columns": ["a"], "method": "hash"}]}},
    )
    assert list(indexes(table(document))) == ["items_a_hash_idx", "items_a_idx"]


def test_index_of_a_foreign_key_comes_without_asking() -> None:
    assert list(indexes(table(entity({"parent": {"$ref": "#"}})))) == ["items_parent_id_idx"]
    unique = entity({"parent": {"$ref": "#", "x-bss": {"unique": True}}})
    assert indexes(table(unique)) == {}


@pytest.mark.parametrize(
    ("column", "key", "name"),
    [
        ({"order": "asc"}, IndexKey(column="a"), "items_a_idx"),
        ({"order": "desc"}, IndexKey(column="a", order="DESC"), "items_a_desc_idx"),
        ({"order": "desc", "nulls": "first"}, IndexKey(column="a", order="DESC"), None),
        ({"order": "desc", "nulls": "last"}, IndexKey(column="a", order="DESC NULLS LAST"), None),
        ({"nulls": "first"}, IndexKey(column="a", order="NULLS FIRST"), "items_a_nulls_first_idx"),
        (
            {"opclass": "text_pattern_ops"},
            IndexKey(column="a", opclass="text_pattern_ops"),
            "items_a_text_pattern_ops_idx",
        ),
    ],
)
def test_index_has_the_order_and_the_operator_class_of_each_column(
    column: Any, key: IndexKey, name: str | None
) -> None:
    (found,) = table(with_indexes([{"property": "a", **column}])).indexes
    assert found.keys == (key,)
    assert name in (None, found.name)


def test_index_says_what_to_write_for_what_has_no_default_operator_class() -> None:
    address = {"type": "string", "format": "ipv4"}
    (fault,) = diagnosed(with_indexes({"columns": ["ip"], "method": "gist"}, ip=address))
    assert fault.hint == "Set opclass to one of inet_ops."
    (fault,) = diagnosed(with_indexes(["v"]))
    assert fault.hint == "Set x-bss.embedding on the entity."


def test_index_that_only_has_the_name_of_another_gets_its_own() -> None:
    document = with_indexes(["a_b"], ["a", "b"], ["a", "b"], a_b={"type": "integer"})
    names = [item.name for item in table(document).indexes]
    assert len(names) == 2
    assert "items_a_b_idx" in names


def test_index_of_another_operator_class_does_not_serve_a_property() -> None:
    stated = {"columns": ["a"], "opclass": "text_pattern_ops"}
    document = with_indexes(stated, a={"type": "string", "x-bss": {"index": True}})
    assert list(indexes(table(document))) == ["items_a_idx", "items_a_text_pattern_ops_idx"]


def partial(options: Any) -> dict[str, Index]:
    found = table(entity(PROPERTIES, **{"x-bss": options}))
    return {item.name: item for item in found.indexes}


def test_unique_key_of_some_records_is_an_index() -> None:
    where = {"properties": {"b": {"minimum": 1}}, "required": ["b"]}
    found = partial({"unique": [{"columns": ["a"], "where": where, "nullsNotDistinct": True}]})
    (index,) = found.values()
    assert (index.name, index.unique, index.nulls_not_distinct) == ("items_a_key", True, True)
    assert index.where == "((b IS NOT NULL) AND (b >= '1'::bigint))"
    whole = entity(
        {"a": PROPERTIES["a"]}, **{"x-bss": {"unique": [{"columns": ["a"], "where": True}]}}
    )
    assert "items_a_key" in {item.name for item in table(whole).constraints}


def test_indexes_of_the_same_columns_and_other_records_have_names_of_their_own() -> None:
    stated = [{"columns": ["a"], "where": {"required": [name]}} for name in ("b", "a", "b")]
    found = partial({"indexes": [*stated, ["a"]], "unique": [["a", "b"], stated[0], ["a"]]})
    assert found["items_a_idx"].where is None
    assert sorted(index.where or "" for index in found.values()) == [
        "", "(a IS NOT NULL)", "(b IS NOT NULL)", "(b IS NOT NULL)",
    ]  # fmt: skip


def test_index_of_some_records_does_not_stand_in_for_that_of_a_reference() -> None:
    document = entity(
        {"parent": {"$ref": "#"}, "a": PROPERTIES["a"]},
        **{"x-bss": {"indexes": [{"columns": ["parent"], "where": {"required": ["a"]}}]}},
    )
    assert {item.where for item in table(document).indexes} == {None, "(a IS NOT NULL)"}
