"""Pools: what becomes of the tables of a tenant where many tenants' rows are, and back."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bss_compiler.boundary import answer
from bss_compiler.diagnostic import Findings
from bss_compiler.model import ForeignKey, Index, Model, Policy, PrimaryKey, Table, Unique
from bss_compiler.model.codec import to_json
from bss_compiler.pooling import alone, pooled
from tests.unit.compiling import UUID, Json, model, model_document, object_schema

TEXT = {"type": "string"}
UNIQUE = {"type": "string", "x-bss": {"unique": True}}
SHARED = {"entity": True, "scope": "shared", "primaryKey": "code"}
DOCUMENT = model_document(
    Currency=object_schema({"code": TEXT}, **{"x-bss": SHARED}),
    Customer=object_schema(
        {"customer_id": UUID, "email": UNIQUE, "tags": {"type": "array", "items": TEXT}},
        **{"x-bss": {"indexes": [{"columns": ["tags"], "method": "gin"}]}},
    ),
    Order=object_schema(
        {
            "order_id": UUID,
            "customer_id": {
                **UUID,
                "x-bss": {"references": {"entity": "Customer", "onDelete": "setNull"}},
            },
            "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}},
        }
    ),
    Note=object_schema({"note_id": UUID, "slug": UNIQUE}, **{"x-bss": {"softDelete": True}}),
)


def own(document: Json) -> Model:
    return model(document).placed("tenant")


def pool(document: Json) -> Model:
    findings = Findings()
    made = pooled(own(document), findings)
    assert findings.diagnostics == []
    return made


def table(made: Model, name: str) -> Table:
    [found] = [each for each in made.tables if each.name == name]
    return found


def faults(document: Json) -> list[tuple[str, str, str | None]]:
    findings = Findings()
    pooled(own(document), findings)
    return [(item.code.name, item.pointer, item.detail) for item in findings.diagnostics]


def test_pool_turns_back_into_the_tables_of_one_tenant() -> None:
    assert alone(pool(DOCUMENT)) == own(DOCUMENT)


@pytest.mark.parametrize("name", ["customers", "orders", "notes"])
def test_keys_in_a_pool_begin_with_the_tenant(name: str) -> None:
    found = table(pool(DOCUMENT), name)
    keys = [item for item in found.constraints if isinstance(item, PrimaryKey | Unique)]
    unique = [item for item in found.indexes if item.unique]
    assert keys
    assert {item.columns[0] for item in (*keys, *unique)} == {"tenant_id"}


def test_references_in_a_pool_begin_with_the_tenant_unless_to_shared_tables() -> None:
    keys = {
        item.table: (item.columns, item.referenced)
        for item in table(pool(DOCUMENT), "orders").constraints
        if isinstance(item, ForeignKey)
    }
    assert keys == {
        "customers": (("tenant_id", "customer_id"), ("tenant_id", "customer_id")),
        "currencies": (("currency",), ("code",)),
    }


def test_indexes_in_a_pool_begin_with_the_tenant_where_they_have_an_order() -> None:
    indexes: dict[str, Index] = {
        item.name: item for item in table(pool(DOCUMENT), "customers").indexes
    }
    assert indexes["customers_tags_gin_idx"].columns == ("tags",)
    orders = {item.columns for item in table(pool(DOCUMENT), "orders").indexes}
    assert orders == {("tenant_id", "customer_id"), ("tenant_id", "currency")}


def test_rows_in_a_pool_are_those_of_the_context() -> None:
    found = table(pool(DOCUMENT), "customers")
    [owner] = [column for column in found.columns if column.name == "tenant_id"]
    assert owner.default == "bss.current_tenant_id()"
    assert "%2$L" not in json.dumps(to_json(found))


def test_the_policy_in_a_pool_tells_rows_apart_and_the_others_are_those_of_a_silo() -> None:
    before, after = (table(made, "orders").policies for made in (own(DOCUMENT), pool(DOCUMENT)))
    [(silo, shared)] = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    of_row = "(tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))"
    assert (silo.name, shared.name) == ("tenant_isolation", "tenant_isolation")
    assert (shared.using, shared.check) == (of_row, of_row)


def test_policies_of_an_earlier_version_become_those_of_today() -> None:
    of_row = "(tenant_id = ( SELECT bss.current_tenant_id() AS current_tenant_id))"
    earlier = Policy(name="tenant_isolation", command="ALL", roles=(), using=of_row, check=of_row)
    silo = own(DOCUMENT)
    before = silo.of(replace(each, policies=(*each.policies[:2], earlier)) for each in silo.tables)
    made = pooled(before, Findings())
    assert made == pool(DOCUMENT)
    assert alone(made) == silo


def test_tenants_that_are_not_in_the_pool_are_kept_out() -> None:
    before = {item.name for item in table(own(DOCUMENT), "orders").triggers}
    after = {item.name for item in table(pool(DOCUMENT), "orders").triggers}
    assert after - before == {"hold_place"}


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ({"primaryKey": ["tenant_id", "n"]}, "/$defs/A"),
        ({"unique": [["n", "tenant_id"]]}, "/$defs/A/x-bss/unique/0"),
        ({"indexes": [["tenant_id"]]}, "/$defs/A/x-bss/indexes/0"),
    ],
)
def test_pool_is_refused_where_the_document_names_the_tenant(options: Json, pointer: str) -> None:
    properties = {"n": {"type": "integer"}, "tenant_id": UUID}
    document = model_document(A=object_schema(properties, **{"x-bss": {"entity": True, **options}}))
    [(code, place, detail)] = faults(document)
    assert (code, place) == ("NOT_FOR_POOLS", pointer)
    assert 'names column "tenant_id"' in str(detail)


def test_pool_is_refused_where_a_key_has_no_room_for_the_tenant() -> None:
    names = [f"c{number}" for number in range(32)]
    properties = {name: {"type": "integer"} for name in names}
    document = model_document(
        A=object_schema({"id": UUID, **properties}, **{"x-bss": {"unique": [names]}})
    )
    [(code, place, detail)] = faults(document)
    assert (code, place) == ("NOT_FOR_POOLS", "/$defs/A/x-bss/unique/0")
    assert "has 32 columns" in str(detail)


@pytest.mark.parametrize("method", ["hnsw", "ivfflat"])
def test_pool_is_refused_where_an_index_gives_the_nearest_of_all_tenants(method: str) -> None:
    def embedding(index: str) -> Json:
        options = {"embedding": {"source": ["body"], "dimensions": 3, "index": index}}
        return model_document(A=object_schema({"id": UUID, "body": TEXT}, **{"x-bss": options}))

    [(code, _, detail)] = faults(embedding(method))
    assert code == "NOT_FOR_POOLS"
    assert "nearest vectors of all tenants" in str(detail)
    assert faults(embedding("none")) == []


def isolated(base: Model) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer("isolate", json.dumps({"base": to_json(base)})))
    return found


def test_tables_of_a_pool_are_made_for_one_tenant_in_three_stages() -> None:
    found = isolated(pool(DOCUMENT))
    assert found["model"] == to_json(own(DOCUMENT))
    assert {step["kind"] for step in found["behind"]} == {"create_index"}
    assert [step["relation"] for step in found["last"]] == ["orders"]
    assert "bss_shared.currencies" in found["last"][0]["statement"]
    assert "create_table" in {step["kind"] for step in found["first"]}


def test_what_the_document_no_longer_has_is_made_for_one_tenant_too() -> None:
    base = {"document": json.dumps(DOCUMENT), "base": None, "isolation": "pool"}
    before = json.loads(answer("plan", json.dumps(base)))
    fewer = model_document(Order=object_schema({"order_id": UUID}))
    after = {"document": json.dumps(fewer), "base": before["model"], "isolation": "pool"}
    kept = json.loads(answer("plan", json.dumps(after)))
    found = json.loads(answer("isolate", json.dumps({"base": kept["model"]})))
    comments = [
        step["statement"]
        for step in found["first"]
        if "[no longer in the schema]" in step["statement"]
    ]
    assert any("%1$I.notes" in comment for comment in comments)
    assert any("%1$I.orders.customer_id" in comment for comment in comments)
