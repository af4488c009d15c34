from typing import Any

import pytest

from bss_compiler.model import ForeignKey, PrimaryKey, Unique
from tests.unit.compiling import (
    UUID,
    entity,
    faults,
    foreign_keys,
    indexes,
    model_document,
    object_schema,
    parts,
    table,
)

TEXT = {"type": "string"}


def primary_key(document: Any) -> tuple[str, ...]:
    (key,) = parts(table(document).constraints, PrimaryKey)
    assert isinstance(key, PrimaryKey)
    return key.columns


@pytest.mark.parametrize(
    ("properties", "options", "key"),
    [
        ({"id": UUID, "order_line_id": UUID}, {}, ("order_line_id",)),
        ({"orderLineId": TEXT}, {}, ("order_line_id",)),
        ({"id": {"type": "integer"}}, {}, ("id",)),
        ({"name": TEXT}, {}, ("order_line_id",)),
        ({"id": UUID, "no": TEXT}, {"primaryKey": "no"}, ("no",)),
        ({"id": UUID, "a": TEXT, "b": TEXT}, {"primaryKey": ["b", "a"]}, ("b", "a")),
        ({"id": UUID}, {"primaryKey": []}, ("order_line_id",)),
    ],
)
def test_key_of_an_entity(properties: Any, options: Any, key: tuple[str, ...]) -> None:
    document = object_schema(
        properties, title="OrderLine", **{"x-bss": {"entity": True, **options}}
    )
    assert primary_key(document) == key


def test_key_is_not_null_and_a_uuid_is_made_up() -> None:
    found = {item.name: item for item in table(entity({})).columns}["id"]
    assert (found.type, found.nullable, found.default) == ("uuid", False, "gen_random_uuid()")
    document = object_schema({"id": TEXT}, title="Item")
    found = {item.name: item for item in table(document).columns}["id"]
    assert (found.type, found.nullable, found.default) == ("text", False, None)


def test_key_that_is_added_is_the_first_column_of_its_own() -> None:
    columns = table(object_schema({"name": TEXT}, title="Item")).columns
    assert [(item.name, item.property) for item in columns[:3]] == [
        ("tenant_id", None),
        ("item_id", "item_id"),
        ("name", "name"),
    ]


def test_key_with_a_default_of_its_own_keeps_it() -> None:
    nil = "00000000-0000-0000-0000-000000000000"
    columns = table(object_schema({"id": {**UUID, "default": nil}}, title="Item")).columns
    assert columns[1].default == f"'{nil}'::uuid"


def test_key_that_refers_to_another_is_not_made_up() -> None:
    document = model_document(
        Person=object_schema({"id": UUID}),
        Profile=object_schema(
            {
                "person": {"$ref": "#/$defs/Person"},
                "other": {**UUID, "x-bss": {"references": {"entity": "Person"}}},
            },
            **{"x-bss": {"entity": True, "primaryKey": ["person", "other"]}},
        ),
    )
    columns = {item.name: item for item in table(document, "profiles").columns}
    assert columns["person_id"].default is None
    assert columns["other"].default is None


def test_key_of_properties_that_do_not_exist_is_refused() -> None:
    options = {"x-bss": {"primaryKey": ["id", "no"], "unique": [["no"]], "indexes": [["no"]]}}
    assert faults(entity({}, **options)) == [
        ("UNKNOWN_PROPERTY", "/x-bss/primaryKey"),
        ("UNKNOWN_PROPERTY", "/x-bss/unique/0"),
        ("UNKNOWN_PROPERTY", "/x-bss/indexes/0"),
    ]


def test_key_of_another_entity_is_referred_to_by_its_name_and_type() -> None:
    document = model_document(
        Customer=object_schema({"customer_id": UUID}),
        Invoice=object_schema({"invoice_id": UUID, "customerId": UUID}),
        Note=object_schema({"note_id": UUID, "customer_id": TEXT, "id": UUID}),
        Other=object_schema({"id": UUID}),
    )
    assert foreign_keys(table(document, "invoices")) == {
        "customer_id": ("customers", "customer_id", "NO ACTION")
    }
    assert foreign_keys(table(document, "notes")) == {}
    assert list(indexes(table(document, "invoices"))) == ["invoices_customer_id_idx"]


def test_key_that_two_entities_share_is_referred_to_by_neither() -> None:
    shared = {"x-bss": {"entity": True, "primaryKey": "customer_id"}}
    document = model_document(
        A=object_schema({"customer_id": UUID}, **shared),
        B=object_schema({"customer_id": UUID}, **shared),
        Invoice=object_schema({"invoice_id": UUID, "customer_id": UUID}),
    )
    assert foreign_keys(table(document, "invoices")) == {}


def test_key_of_several_properties_is_not_referred_to_by_convention() -> None:
    document = model_document(
        A=object_schema(
            {"a_id": UUID, "b": TEXT}, **{"x-bss": {"entity": True, "primaryKey": ["a_id", "b"]}}
        ),
        B=object_schema({"b_id": UUID, "a_id": UUID}),
    )
    assert foreign_keys(table(document, "bs")) == {}


def test_key_by_reference_has_the_type_of_the_key_through_any_number_of_entities() -> None:
    document = model_document(
        A=object_schema({"a_id": {"type": "integer", "format": "int32"}}),
        B=object_schema(
            {"a": {"$ref": "#/$defs/A"}}, **{"x-bss": {"entity": True, "primaryKey": "a"}}
        ),
        C=object_schema({"id": UUID, "b": {"$ref": "#/$defs/B"}, "b_id": {"$ref": "#/$defs/A"}}),
    )
    assert faults(document) == [("NAME_COLLISION", "/$defs/C/properties/b_id")]
    del document["$defs"]["C"]["properties"]["b_id"]
    columns = {item.name: item for item in table(document, "cs").columns}
    assert columns["b_id"].type == "integer"
    assert foreign_keys(table(document, "cs")) == {"b_id": ("bs", "a_id", "NO ACTION")}


def test_keys_that_are_references_to_each_other_are_uuids() -> None:
    keyed = {"x-bss": {"entity": True, "primaryKey": "other"}}
    document = model_document(
        A=object_schema({"other": {"$ref": "#/$defs/B"}}, **keyed),
        B=object_schema({"other": {"$ref": "#/$defs/A"}}, **keyed),
    )
    columns = {item.name: item for item in table(document, "as").columns}
    assert columns["other_id"].type == "uuid"


def test_key_of_several_properties_cannot_be_referred_to() -> None:
    document = model_document(
        A=object_schema(
            {"a": UUID, "b": UUID}, **{"x-bss": {"entity": True, "primaryKey": ["a", "b"]}}
        ),
        B=object_schema({"id": UUID, "a": {"$ref": "#/$defs/A"}}),
        C=object_schema({"id": UUID, "a": {**UUID, "x-bss": {"references": {"entity": "A"}}}}),
    )
    assert set(faults(document)) == {
        ("WRONG_TYPE", "/$defs/B/properties/a/$ref"),
        ("UNKNOWN_PROPERTY", "/$defs/C/properties/a/x-bss/references"),
    }


def reference(target: dict[str, Any], schema: dict[str, Any] = UUID) -> Any:
    return model_document(
        Person=object_schema(
            {"id": UUID, "email": {**TEXT, "x-bss": {"unique": True}}, "name": TEXT}
        ),
        Pet=object_schema({"id": UUID, "owner": {**schema, "x-bss": {"references": target}}}),
    )


@pytest.mark.parametrize(
    ("target", "schema", "expected"),
    [
        ({"entity": "Person"}, UUID, ("people", "id", "NO ACTION")),
        ({"entity": "Person", "property": "id"}, UUID, ("people", "id", "NO ACTION")),
        ({"entity": "Person", "property": "email"}, TEXT, ("people", "email", "NO ACTION")),
        ({"entity": "Pet"}, UUID, ("pets", "id", "NO ACTION")),
        ({"entity": "Person", "onDelete": "noAction"}, UUID, ("people", "id", "NO ACTION")),
        ({"entity": "Person", "onDelete": "restrict"}, UUID, ("people", "id", "RESTRICT")),
        ({"entity": "Person", "onDelete": "cascade"}, UUID, ("people", "id", "CASCADE")),
        ({"entity": "Person", "onDelete": "setNull"}, UUID, ("people", "id", "SET NULL")),
        ({"entity": "Person", "onDelete": "setDefault"}, UUID, ("people", "id", "SET DEFAULT")),
    ],
)
def test_key_that_x_bss_states_is_referred_to(
    target: Any, schema: Any, expected: tuple[str, str, str]
) -> None:
    assert foreign_keys(table(reference(target, schema), "pets")) == {"owner": expected}


@pytest.mark.parametrize(
    ("target", "schema", "code"),
    [
        ({"entity": "Nobody"}, UUID, "UNKNOWN_ENTITY"),
        ({}, UUID, "UNKNOWN_ENTITY"),
        ({"entity": "Person", "property": "name"}, TEXT, "UNKNOWN_PROPERTY"),
        ({"entity": "Person", "property": "age"}, TEXT, "UNKNOWN_PROPERTY"),
        ({"entity": "Person"}, TEXT, "WRONG_TYPE"),
    ],
)
def test_key_that_cannot_be_referred_to_is_refused(target: Any, schema: Any, code: str) -> None:
    assert faults(reference(target, schema)) == [
        (code, "/$defs/Pet/properties/owner/x-bss/references")
    ]


def test_key_of_an_unknown_type_is_not_complained_about_twice() -> None:
    assert faults(reference({"entity": "Person"}, {**TEXT, "format": "markdown"})) == [
        ("UNKNOWN_FORMAT", "/$defs/Pet/properties/owner/format")
    ]


def test_key_is_not_referred_to_where_x_bss_forbids_it() -> None:
    document = model_document(
        Customer=object_schema({"customer_id": UUID}),
        Invoice=object_schema(
            {"invoice_id": UUID, "customer_id": {**UUID, "x-bss": {"references": False}}}
        ),
    )
    assert foreign_keys(table(document, "invoices")) == {}


def test_keys_that_are_unique_come_from_properties_and_from_the_entity() -> None:
    document = entity(
        {
            "a": {**TEXT, "x-bss": {"unique": True}},
            "b": TEXT,
            "id": {**UUID, "x-bss": {"unique": True}},
        },
        **{"x-bss": {"unique": [["a"], ["b", "a"], {"columns": ["b"], "nullsNotDistinct": True}]}},
    )
    assert [
        (item.name, item.columns, item.nulls_not_distinct)
        for item in parts(table(document).constraints, Unique)
    ] == [
        ("items_a_key", ("a",), False),
        ("items_b_a_key", ("b", "a"), False),
        ("items_b_key", ("b",), True),
    ]


ORDER = object_schema(
    {"branch": TEXT, "number": {"type": "integer"}, "code": TEXT, "area": TEXT},
    **{
        "x-bss": {
            "entity": True,
            "primaryKey": ["branch", "number"],
            "unique": [["area", "code"], {"columns": ["code"]}],
        }
    },
)


def with_lines(*references: Any, **properties: Any) -> Any:
    own = {"line_id": UUID, "branch": TEXT, "number": {"type": "integer"}, "a": TEXT, "c": TEXT}
    options = {"references": list(references)}
    return model_document(
        Order=ORDER, Line=object_schema({**own, **properties}, **{"x-bss": options})
    )


@pytest.mark.parametrize(
    ("stated", "columns", "referenced"),
    [
        ({"columns": ["branch", "number"]}, ("branch", "number"), ("branch", "number")),
        (
            {"columns": ["number", "branch"], "properties": ["number", "branch"]},
            ("number", "branch"),
            ("number", "branch"),
        ),
        ({"columns": ["c", "a"], "properties": ["code", "area"]}, ("c", "a"), ("code", "area")),
    ],
)
def test_key_of_several_properties_is_referred_to_by_as_many(
    stated: Any, columns: tuple[str, ...], referenced: tuple[str, ...]
) -> None:
    found = table(with_lines({"entity": "Order", "onDelete": "setNull", **stated}), "lines")
    assert parts(found.constraints, ForeignKey) == [
        ForeignKey(
            name=f"lines_{'_'.join(columns)}_fkey",
            columns=columns,
            table="orders",
            referenced=referenced,
            on_delete="SET NULL",
        )
    ]
    (index,) = found.indexes
    assert tuple(key.column for key in index.keys) == columns


def test_key_that_is_unique_by_the_entity_alone_can_be_referred_to() -> None:
    reference = {"references": {"entity": "Order", "property": "code"}}
    document = with_lines(code={**TEXT, "x-bss": reference})
    assert foreign_keys(table(document, "lines")) == {"code": ("orders", "code", "NO ACTION")}


def test_key_of_a_reference_by_ref_takes_its_entity_from_there() -> None:
    document = model_document(
        A=object_schema({"a_id": UUID}),
        B=object_schema(
            {
                "b_id": UUID,
                "a": {"$ref": "#/$defs/A", "x-bss": {"references": {"onDelete": "cascade"}}},
            }
        ),
    )
    assert foreign_keys(table(document, "bs")) == {"a_id": ("as", "a_id", "CASCADE")}


@pytest.mark.parametrize("action", ["setNull", "setDefault"])
def test_key_that_must_have_a_value_is_not_taken_away_from(action: str) -> None:
    stated = {"entity": "Order", "columns": ["branch", "number"], "onDelete": action}
    document = with_lines(stated)
    assert faults(document) == []
    document["$defs"]["Line"]["required"] = ["number"]
    assert faults(document) == [("CONFLICTING_KEYWORDS", "/$defs/Line/x-bss/references/0")]
    document["$defs"]["Line"]["properties"]["number"]["default"] = 0
    assert (faults(document) == []) is (action == "setDefault")


def test_key_that_is_computed_is_not_set() -> None:
    stated = {"entity": "Order", "columns": ["branch", "number"], "onDelete": "setNull"}
    computed = {**TEXT, "x-bss": {"generated": {"upper": "$.a"}}}
    assert faults(with_lines(stated, branch=computed)) == [
        ("CONFLICTING_KEYWORDS", "/$defs/Line/x-bss/references/0")
    ]
