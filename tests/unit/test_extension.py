from typing import Any

import pytest

from bss_compiler.document.extension import NOT_YET
from tests.unit.compiling import UUID, diagnosed, entity, faults, table

ON_AN_ENTITY = {
    "history", "versioned",
}  # fmt: skip


def on_entity(options: Any) -> dict[str, Any]:
    return entity({"a": {"type": "string"}}, **{"x-bss": options})


def on_property(options: Any) -> dict[str, Any]:
    return entity({"a": {"type": "string", "x-bss": options}})


def test_extension_refuses_each_key_that_is_not_built_yet() -> None:
    for key in ON_AN_ENTITY:
        assert faults(on_entity({key: True})) == [("NOT_SUPPORTED_YET", f"/x-bss/{key}")]
    assert ON_AN_ENTITY == NOT_YET


def test_extension_refuses_a_key_that_is_not_known_and_names_those_that_are() -> None:
    (found,) = diagnosed(on_property({"sql": "drop table x"}))
    assert (found.code.name, found.pointer) == ("UNKNOWN_KEYWORD", "/properties/a/x-bss/sql")
    assert found.hint == (
        "The keys that may stand here are column, encrypted, generated, index, references, "
        "renamedFrom, sensitive, type, unique."
    )


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"entity": 1}, "/x-bss/entity"),
        ({"table": None}, "/x-bss/table"),
        ({"primaryKey": 1}, "/x-bss/primaryKey"),
        ({"unique": "a"}, "/x-bss/unique"),
        ({"unique": ["a"]}, "/x-bss/unique/0"),
        ({"unique": [["a", "a"]]}, "/x-bss/unique/0"),
        ({"indexes": [["a", 1]]}, "/x-bss/indexes/0"),
        ({"unique": [{"columns": "a"}]}, "/x-bss/unique/0/columns"),
        (
            {"unique": [{"columns": ["a"], "nullsNotDistinct": 1}]},
            "/x-bss/unique/0/nullsNotDistinct",
        ),
        ({"unique": [{"columns": ["a"], "where": "a = 1"}]}, "/x-bss/unique/0/where"),
        ({"indexes": [{"columns": ["a"], "where": []}]}, "/x-bss/indexes/0/where"),
        ({"indexes": {}}, "/x-bss/indexes"),
        ({"indexes": [1]}, "/x-bss/indexes/0"),
        ({"indexes": [{"columns": ["a"], "method": "rum"}]}, "/x-bss/indexes/0/method"),
        ({"indexes": [{"columns": ["a"], "include": "a"}]}, "/x-bss/indexes/0/include"),
        ({"indexes": [{"columns": [{"order": "asc"}]}]}, "/x-bss/indexes/0/columns"),
        (
            {"indexes": [{"columns": [{"property": "a", "order": "up"}]}]},
            "/x-bss/indexes/0/columns/order",
        ),
        ({"references": {}}, "/x-bss/references"),
        ({"references": [1]}, "/x-bss/references/0"),
        ({"references": [{"columns": "a"}]}, "/x-bss/references/0/columns"),
        ({"checks": {}}, "/x-bss/checks"),
        ({"checks": [{"name": "a", "path": 1}]}, "/x-bss/checks/0/path"),
        ({"search": ["a"]}, "/x-bss/search"),
        ({"search": {"properties": "a"}}, "/x-bss/search/properties"),
        ({"embedding": {"dimensions": 3, "provider": 1}}, "/x-bss/embedding/provider"),
        ({"embedding": []}, "/x-bss/embedding"),
        ({"embedding": {"dimensions": 3, "metric": "l1"}}, "/x-bss/embedding/metric"),
        ({"embedding": {"dimensions": 3, "index": "gin"}}, "/x-bss/embedding/index"),
        ({"embedding": {"dimensions": 3, "source": "a"}}, "/x-bss/embedding/source"),
    ],
)
def test_extension_refuses_a_key_of_another_shape_on_an_entity(options: Any, pointer: str) -> None:
    assert ("WRONG_SHAPE", pointer) in faults(on_entity(options))


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"column": 1}, "/column"),
        ({"type": ["text"]}, "/type"),
        ({"references": True}, "/references"),
        ({"unique": "yes"}, "/unique"),
        ({"index": 1}, "/index"),
        ({"generated": True}, "/generated"),
        ({"sensitive": 1}, "/sensitive"),
    ],
)
def test_extension_refuses_a_key_of_another_shape_on_a_property(options: Any, pointer: str) -> None:
    assert faults(on_property(options)) == [("WRONG_SHAPE", f"/properties/a/x-bss{pointer}")]


def test_extension_refuses_a_reference_with_an_action_that_does_not_exist() -> None:
    reference = {"entity": "Item", "onDelete": "explode", "colum": "id"}
    document = entity({"a": {**UUID, "x-bss": {"references": reference}}})
    assert faults(document) == [
        ("WRONG_SHAPE", "/properties/a/x-bss/references/onDelete"),
        ("UNKNOWN_KEYWORD", "/properties/a/x-bss/references/colum"),
    ]


def test_extension_on_a_value_type_says_no_more_than_that_it_is_one() -> None:
    money = {"type": "number", "x-bss": {"entity": False}}
    price = {"type": "object", "properties": {"net": money}, "x-bss": {"entity": False}}
    document = entity({"a": {"$ref": "#/$defs/Price"}}, **{"$defs": {"Price": price}})
    assert faults(document) == []
    money["x-bss"] = {"type": "numeric(12,2)"}
    price["x-bss"] = {"column": "elsewhere", "sensitive": True}
    assert faults(document) == [
        ("UNKNOWN_KEYWORD", "/$defs/Price/x-bss/column"),
        ("NOT_ENCRYPTABLE", "/$defs/Price/x-bss/sensitive"),
        ("UNKNOWN_KEYWORD", "/$defs/Price/properties/net/x-bss/type"),
    ]


def test_extension_of_a_property_is_not_that_of_a_property_with_its_schema() -> None:
    document = entity(
        {
            "code": {"type": "string", "x-bss": {"column": "the_code", "unique": True}},
            "other": {"$ref": "#/properties/code"},
        }
    )
    assert [item.name for item in table(document).columns][1:4] == ["id", "the_code", "other"]
    assert [item.name for item in table(document).constraints] == [
        "items_pkey",
        "items_tenant_id_check",
        "items_the_code_key",
    ]
