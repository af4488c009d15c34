"""The kinds of change that there are, each as two documents with what becomes of rows.

A case is applied to tables of different sizes; whatever size they have, its rows are among them.
"""

from collections.abc import Mapping
from typing import Any

from tests.migration.case import (
    INTEGER,
    TEXT,
    UUID,
    Case,
    Json,
    entity,
    item,
    model,
    with_,
)  # fmt: skip

KEY = "00000000-0000-0000-0000-00000000000a"
A_AND_B = (("items", {"a": "x", "b": 1}), ("items", {"a": "y", "b": 2}), ("items", {"b": 3}))
PLAIN = item({"a": TEXT, "b": INTEGER})
KEPT = {"select a, b from items order by b": [("x", 1), ("y", 2), (None, 3)]}
CUSTOMERS = (
    ("customers", {"customer_id": KEY, "name": "Ann"}),
    ("orders", {"customer_id": KEY, "note": "first"}),
    ("orders", {"note": "second"}),
)
CUSTOMER = entity({"customer_id": UUID, "name": TEXT})
ORDER = entity({"order_id": UUID, "customer_id": UUID, "note": TEXT})
ORDERS = {
    "select o.note, c.name from orders as o left join customers as c using (customer_id) "
    "order by o.note": [("first", "Ann"), ("second", None)]
}


def embedding(**options: Any) -> Json:
    """Give a document with vectors."""
    return item({"a": TEXT}, options={"embedding": options})


def refers(**options: Any) -> Json:
    """Give customers and orders that refer to them."""
    reference = with_(UUID, references={"entity": "Customer", **options})
    properties = {"order_id": UUID, "customer_id": reference, "note": TEXT}
    return model(Customer=CUSTOMER, Order=entity(properties))


CASES: Mapping[str, Case] = {
    "adds_a_column": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER, "c": TEXT}),
        rows=A_AND_B,
        found=KEPT | {"select distinct c from items": [(None,)]},
    ),
    "adds_a_required_column_with_default": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER, "c": {**TEXT, "default": "new"}}, "c"),
        rows=A_AND_B,
        found=KEPT | {"select distinct c from items": [("new",)]},
    ),
    "removes_a_column": Case(
        before=item({"a": TEXT, "b": with_(INTEGER, unique=True)}, "b"),
        after=item({"a": TEXT}),
        rows=A_AND_B,
        found=KEPT,
    ),
    "adds_an_entity": Case(
        before=model(Customer=CUSTOMER),
        after=model(Customer=CUSTOMER, Order=ORDER),
        rows=CUSTOMERS[:1],
        found={"select count(*) from orders": [(0,)], "select name from customers": [("Ann",)]},
    ),
    "removes_an_entity_that_others_refer_to": Case(
        before=model(Customer=CUSTOMER, Order=ORDER),
        after=model(Order=ORDER),
        rows=CUSTOMERS,
        found=ORDERS,
    ),
    "changes_a_default": Case(
        before=item({"a": {**TEXT, "default": "old"}, "b": INTEGER}),
        after=item({"a": {**TEXT, "default": "new"}, "b": INTEGER}),
        rows=A_AND_B,
        found={"select a, b from items order by b": [("x", 1), ("y", 2), ("old", 3)]},
    ),
    "makes_a_property_required": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER}, "b"),
        rows=A_AND_B,
        found=KEPT,
    ),
    "makes_a_property_optional": Case(
        before=item({"a": TEXT, "b": INTEGER}, "b"),
        after=PLAIN,
        rows=A_AND_B,
        found=KEPT,
    ),
    "adds_checks": Case(
        before=PLAIN,
        after=item({"a": {**TEXT, "maxLength": 1}, "b": {**INTEGER, "minimum": 0}}),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_a_check": Case(
        before=item({"a": {**TEXT, "enum": ["x", "y"]}, "b": INTEGER}),
        after=item({"a": {**TEXT, "enum": ["x", "y", "z"]}, "b": INTEGER}),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_what_is_checked_of_records": Case(
        before=PLAIN,
        after=item(
            {"a": TEXT, "b": INTEGER},
            options={"checks": [{"name": "small", "path": "$.b < 10"}]},
            dependentRequired={"a": ["b"]},
        ),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_what_is_checked_in_jsonb": Case(
        before=item({"a": {"type": "array"}, "b": INTEGER}),
        after=item({"a": {"type": "array", "items": TEXT, "uniqueItems": True}, "b": INTEGER}),
        rows=(("items", {"a": '["x"]', "b": 1}),),
        found={"select a ->> 0, b from items": [("x", 1)]},
    ),
    "adds_keys_and_indexes": Case(
        before=PLAIN,
        after=item(
            {"a": with_(TEXT, unique=True), "b": with_(INTEGER, index=True)},
            options={"unique": [["a", "b"]], "indexes": [{"columns": ["a"], "method": "hash"}]},
        ),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_a_key_and_an_index": Case(
        before=item(
            {"a": TEXT, "b": INTEGER}, options={"unique": [["a"]], "indexes": [["b", "a"]]}
        ),
        after=item(
            {"a": TEXT, "b": INTEGER},
            options={
                "unique": [{"columns": ["a"], "where": {"required": ["b"]}}],
                "indexes": [{"columns": ["b", "a"], "where": {"required": ["a"]}}],
            },
        ),
        rows=A_AND_B,
        found=KEPT,
    ),
    "adds_a_reference": Case(
        before=model(
            Customer=CUSTOMER,
            Order=entity(
                {"order_id": UUID, "customer_id": with_(UUID, references=False), "note": TEXT}
            ),
        ),
        after=model(Customer=CUSTOMER, Order=ORDER),
        rows=CUSTOMERS,
        found=ORDERS,
    ),
    "changes_what_a_reference_does": Case(
        before=refers(onDelete="restrict"),
        after=refers(onDelete="setNull"),
        rows=CUSTOMERS,
        found=ORDERS,
    ),
    "changes_comments": Case(
        before=item({"a": {**TEXT, "title": "A"}, "b": INTEGER}, description="Old"),
        after=item({"a": TEXT, "b": {**INTEGER, "title": "It's B"}}, description="New"),
        rows=A_AND_B,
        found=KEPT,
    ),
    "renames_a_property": Case(
        before=item({"a": with_({**TEXT, "minLength": 1}, unique=True), "b": INTEGER}, "b"),
        after=item(
            {
                "the \"A\"": with_({**TEXT, "minLength": 1}, unique=True, renamedFrom="a"),
                "order": with_(INTEGER, renamedFrom="b"),
            },
            "order",
        ),
        rows=A_AND_B,
        found={
            'select "the_\"\"a\"\"", "order" from items order by "order"': [
                ("x", 1), ("y", 2), (None, 3),
            ]
        },
    ),
    "renames_an_entity": Case(
        before=model(Customer=CUSTOMER, Order=ORDER),
        after=model(
            Client=entity(
                {"client_id": with_(UUID, renamedFrom="customer_id"), "name": TEXT},
                renamedFrom="Customer",
            ),
            Order=entity(
                {
                    "order_id": UUID,
                    "client_id": with_(UUID, renamedFrom="customer_id"),
                    "note": TEXT,
                }
            ),
        ),
        rows=CUSTOMERS,
        found={
            "select o.note, c.name from orders as o left join clients as c using (client_id) "
            "order by o.note": [("first", "Ann"), ("second", None)]
        },
    ),
    "renames_a_table_with_partitions": Case(
        before=item(
            {"a": {**TEXT, "enum": ["x", "y"]}, "b": INTEGER}, "a",
            options={"primaryKey": ["id", "a"], "partitionBy": {"column": "a", "strategy": "list"}},
        ),
        after=item(
            {"kind": with_({**TEXT, "enum": ["x", "y"]}, renamedFrom="a"), "b": INTEGER}, "kind",
            options={
                "table": "things", "renamedFrom": "Item", "primaryKey": ["id", "kind"],
                "partitionBy": {"column": "kind", "strategy": "list"},
            },
        ),
        rows=A_AND_B[:2],
        found={"select kind, b from things order by b": [("x", 1), ("y", 2)]},
    ),
    "widens_a_list_of_partitions": Case(
        before=item(
            {"a": {**TEXT, "enum": ["x", "y"]}, "b": INTEGER}, "a",
            options={"primaryKey": ["id", "a"], "partitionBy": {"column": "a", "strategy": "list"}},
        ),
        after=item(
            {"a": {**TEXT, "enum": ["x", "y", "z"]}, "b": INTEGER}, "a",
            options={"primaryKey": ["id", "a"], "partitionBy": {"column": "a", "strategy": "list"}},
        ),
        rows=A_AND_B[:2],
        found={"select a, b from items order by b": [("x", 1), ("y", 2)]},
    ),
    "changes_the_primary_key": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER}, "b", options={"primaryKey": "b"}),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_a_primary_key_that_others_refer_to": Case(
        before=model(Customer=CUSTOMER, Order=ORDER),
        after=model(
            Customer=entity(
                {"customer_id": with_(UUID, unique=True), "name": TEXT}, "name", primaryKey="name"
            ),
            Order=entity(
                {
                    "order_id": UUID,
                    "customer_id": with_(
                        UUID, references={"entity": "Customer", "property": "customer_id"}
                    ),
                    "note": TEXT,
                }
            ),
        ),
        rows=CUSTOMERS,
        found=ORDERS,
    ),
    "adds_a_computed_column": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER, "c": with_(INTEGER, generated="$.b * 2", index=True)}),
        rows=A_AND_B,
        found=KEPT | {"select c from items order by c": [(2,), (4,), (6,)]},
    ),
    "computes_a_column_anew": Case(
        before=item({"b": INTEGER, "c": with_(INTEGER, generated="$.b * 2", unique=True)}),
        after=item({"b": INTEGER, "c": with_(INTEGER, generated="$.b * 3", unique=True)}),
        rows=(("items", {"b": 1}), ("items", {"b": 2})),
        found={"select b, c from items order by b": [(1, 3), (2, 6)]},
    ),
    "writes_a_column_that_was_computed": Case(
        before=item({"b": INTEGER, "c": with_(INTEGER, generated="$.b * 2")}),
        after=item({"b": INTEGER, "c": INTEGER}),
        rows=(("items", {"b": 1}), ("items", {"b": 2})),
        found={"select b, c from items order by b": [(1, 2), (2, 4)]},
    ),
    "computes_a_column_that_was_written": Case(
        before=item({"b": INTEGER, "c": INTEGER}),
        after=item({"b": INTEGER, "c": with_(INTEGER, generated="$.b * 2")}),
        rows=(("items", {"b": 1, "c": 2}), ("items", {"b": 2, "c": 4})),
        found={"select b, c from items order by b": [(1, 2), (2, 4)]},
    ),
    "renames_a_computed_column_and_what_it_reads": Case(
        before=item({"b": INTEGER, "c": with_(INTEGER, generated="$.b * 2", unique=True)}),
        after=item(
            {
                "n": with_(INTEGER, renamedFrom="b"),
                "twice": with_(INTEGER, generated="$.n * 2", unique=True, renamedFrom="c"),
            }
        ),
        rows=(("items", {"b": 1}), ("items", {"b": 2})),
        found={"select n, twice from items order by n": [(1, 2), (2, 4)]},
    ),
    "adds_an_embedding": Case(
        before=item({"a": TEXT}),
        after=embedding(dimensions=3),
        rows=(("items", {"a": "x"}),),
        found={"select a, embedding from items": [("x", None)]},
    ),
    "changes_the_dimensions_of_an_embedding": Case(
        before=embedding(dimensions=3),
        after=embedding(dimensions=2),
        rows=(("items", {"a": "x", "embedding": "[1,2,3]"}),),
        found={
            "select a, embedding_3::text, embedding::text from items": [("x", "[1,2,3]", None)]
        },
    ),
    "changes_how_an_embedding_is_indexed": Case(
        before=embedding(dimensions=3),
        after=embedding(dimensions=3, metric="l2", index="ivfflat"),
        rows=(("items", {"a": "x", "embedding": "[1,2,3]"}),),
        found={"select a, embedding::text from items": [("x", "[1,2,3]")]},
    ),
    "adds_a_search": Case(
        before=PLAIN,
        after=item({"a": TEXT, "b": INTEGER}, options={"search": {"properties": ["a"]}}),
        rows=A_AND_B,
        found=KEPT | {"select b from items where search @@ 'x'": [(1,)]},
    ),
    "changes_a_search": Case(
        before=item(
            {"a": TEXT, "c": TEXT, "b": INTEGER}, options={"search": {"properties": ["a"]}}
        ),
        after=item(
            {"a": TEXT, "c": TEXT, "b": INTEGER},
            options={"search": {"properties": ["a", "c"], "language": "english"}},
        ),
        rows=(("items", {"a": "x", "c": "houses", "b": 1}),),
        found={"select b from items where search @@ 'hous'": [(1,)]},
    ),
    "begins_to_archive": Case(
        before=item({"a": with_(TEXT, unique=True), "b": INTEGER}),
        after=item({"a": with_(TEXT, unique=True), "b": INTEGER}, options={"softDelete": True}),
        rows=A_AND_B,
        found=KEPT | {"select distinct is_archived from items": [(False,)]},
    ),
    "ends_to_archive": Case(
        before=item({"a": with_(TEXT, unique=True), "b": INTEGER}, options={"softDelete": True}),
        after=item({"a": with_(TEXT, unique=True), "b": INTEGER}),
        rows=A_AND_B,
        found=KEPT,
    ),
    "changes_many_things_at_once": Case(
        before=model(Customer=CUSTOMER, Order=ORDER),
        after=model(
            Customer=entity(
                {
                    "customer_id": UUID,
                    "full name": with_({**TEXT, "minLength": 1}, unique=True, renamedFrom="name"),
                    "shown": with_(TEXT, generated={"upper": "$.\"full name\""}),
                    "since": {**TEXT, "format": "date", "default": "2020-01-01"},
                },
                "since",
                search={"properties": ["full name"]},
                softDelete=True,
            ),
            Order=entity(
                {"order_id": UUID, "buyer_id": with_(
                    UUID, references={"entity": "Customer"}, renamedFrom="customer_id"
                )},
                softDelete=True,
            ),
        ),
        rows=CUSTOMERS,
        found={
            "select c.shown, c.since::text, o.note from orders as o "
            "join customers as c on c.customer_id = o.buyer_id": [("ANN", "2020-01-01", "first")]
        },
    ),
}  # fmt: skip
"""Every kind of change, by name."""
