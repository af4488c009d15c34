"""Shared entities: where their tables are, when two are the same, and what becomes of one."""

import json
from typing import Any

import pytest

from bss_compiler.boundary import answer
from bss_compiler.diagnostic import Findings
from bss_compiler.model import Column, ForeignKey, Model, Table
from bss_compiler.model.codec import from_json, to_json
from bss_compiler.sharing import check_hidden, definition, evolve, extend
from tests.unit.compiling import (
    UUID,
    Json,
    faults,
    model,
    model_document,
    object_schema,
    parts,
    table,
)

TEXT = {"type": "string"}
INTEGER = {"type": "integer"}


def shared(properties: Json, **keywords: Any) -> Json:
    options = {"scope": "shared", **keywords.pop("x_bss", {})}
    return object_schema(properties, **{"x-bss": {"entity": True, **options}}, **keywords)


CURRENCY = shared({"currency_id": TEXT, "name": TEXT}, required=["name"])
INVOICE = object_schema({"invoice_id": INTEGER, "currency_id": TEXT})
DOCUMENT = model_document(Currency=CURRENCY, Invoice=INVOICE)


def tables(**entities: Json) -> Model:
    return model(model_document(**entities)).placed("shared")


def told(findings: Findings) -> list[tuple[str, str, str | None]]:
    return [(item.code.name, item.message, item.detail) for item in findings.diagnostics]


def test_table_of_a_shared_entity_has_no_tenant() -> None:
    found = table(DOCUMENT, "currencies")
    assert found.placement == "shared"
    assert [column.name for column in found.columns] == [
        "currency_id", "name", "created_at", "updated_at",
    ]  # fmt: skip
    assert [item.name for item in found.constraints] == ["currencies_pkey"]
    assert "%2$L" not in json.dumps(to_json(found))


def test_table_of_a_shared_entity_is_read_by_tenants_and_written_by_operators() -> None:
    found = table(DOCUMENT, "currencies")
    assert found.row_security
    assert [(item.name, item.command, item.roles, item.check) for item in found.policies] == [
        ("admin_all", "ALL", ("bss_admin",), "true"),
        ("analytics_read", "SELECT", ("bss_analytics",), None),
        ("operator_all", "ALL", ("bss_owner",), found.policies[2].using),
        ("tenant_read", "SELECT", (), None),
    ]
    writers = [item.role for item in found.grants if item.privileges != ("SELECT",)]
    assert writers == ["bss_admin"]


def test_scope_tenant_is_the_default() -> None:
    stated = object_schema({"a_id": UUID}, **{"x-bss": {"scope": "tenant"}})
    assert table(model_document(A=stated)) == table(model_document(A=object_schema({"a_id": UUID})))


def test_shared_entity_may_declare_a_column_of_the_name_of_the_tenants() -> None:
    found = table(model_document(A=shared({"a_id": UUID, "tenant_id": TEXT})))
    assert found.columns[1] == Column(name="tenant_id", type="text")


@pytest.mark.parametrize(
    "property_",
    [
        {**TEXT},
        {"$ref": "#/$defs/Currency"},
        {**TEXT, "x-bss": {"references": {"entity": "Currency"}}},
    ],
)
def test_reference_to_a_shared_entity_says_where_it_is(property_: Json) -> None:
    document = model_document(
        Currency=CURRENCY, Invoice=object_schema({"invoice_id": INTEGER, "currency_id": property_})
    )
    (found,) = parts(table(document, "invoices").constraints, ForeignKey)
    assert (found.placement, found.table) == ("shared", "currencies")


def test_reference_of_several_properties_to_a_shared_entity_says_where_it_is() -> None:
    rate = shared({"day": TEXT, "code": TEXT}, x_bss={"primaryKey": ["day", "code"]})
    sale = object_schema(
        {"sale_id": INTEGER, "day": TEXT, "code": TEXT},
        **{"x-bss": {"references": [{"columns": ["day", "code"], "entity": "Rate"}]}},
    )
    (found,) = parts(table(model_document(Rate=rate, Sale=sale), "sales").constraints, ForeignKey)
    assert (found.placement, found.referenced) == ("shared", ("day", "code"))


def test_shared_entity_refers_to_no_tenant() -> None:
    customer = object_schema(
        {"customer_id": INTEGER, "a": TEXT}, **{"x-bss": {"unique": [["customer_id", "a"]]}}
    )
    refers: dict[str, tuple[Json, Json]] = {
        "by its name": ({"customer_id": INTEGER}, {}),
        "by $ref": ({"c": {"$ref": "#/$defs/Customer"}}, {}),
        "by x-bss": ({"c": {**INTEGER, "x-bss": {"references": {"entity": "Customer"}}}}, {}),
        "by several": (
            {"c": INTEGER, "a": TEXT},
            {"references": [
                {"columns": ["c", "a"], "entity": "Customer", "properties": ["customer_id", "a"]}
            ]},
        ),
    }  # fmt: skip
    for how, (properties, options) in refers.items():
        document = model_document(
            Customer=customer, Brand=shared({"brand_id": TEXT, **properties}, x_bss=options)
        )
        assert [code for code, _ in faults(document)] == ["SHARED_REFERS_TO_TENANT"], how
    unrelated = {**INTEGER, "x-bss": {"references": False}}
    assert not faults(
        model_document(
            Customer=customer, Brand=shared({"brand_id": TEXT, "customer_id": unrelated})
        )
    )


def test_names_of_indexes_do_not_depend_on_tables_that_are_elsewhere() -> None:
    """Or else the definition of a shared table would differ between documents."""
    indexed = {**TEXT, "x-bss": {"index": True}}
    alone = tables(A=shared({"a_id": UUID, "b_c": indexed}))
    document = model_document(
        A=shared({"a_id": UUID, "b_c": indexed}),
        B=object_schema({"b_id": UUID, "c": indexed}, **{"x-bss": {"table": "as_b"}}),
    )
    assert model(document).placed("shared") == alone


def test_definition_is_the_same_wherever_an_entity_stands() -> None:
    one = model(DOCUMENT).placed("shared").tables[0]
    turned = shared(
        {"name": TEXT, "currency_id": TEXT}, required=["name"], x_bss={"table": "currencies"}
    )
    turned["x-bss"]["primaryKey"] = "currency_id"
    (other,) = tables(Money=turned).tables
    assert (one.pointer, one.entity) != (other.pointer, other.entity)
    assert definition(one) == definition(other)


@pytest.mark.parametrize(
    "change",
    [
        shared({"currency_id": TEXT, "name": TEXT}),
        shared({"currency_id": TEXT, "name": {**TEXT, "maxLength": 9}}, required=["name"]),
        shared({"currency_id": TEXT, "name": {**TEXT, "default": ""}}, required=["name"]),
        shared({"currency_id": TEXT, "name": {**TEXT, "title": "x"}}, required=["name"]),
        shared(
            {"currency_id": TEXT, "name": {**TEXT, "x-bss": {"index": True}}}, required=["name"]
        ),
        shared({"currency_id": TEXT, "name": TEXT, "sign": TEXT}, required=["name"]),
        shared({"currency_id": INTEGER, "name": TEXT}, required=["name"]),
    ],
)
def test_definition_tells_apart_what_differs(change: Json) -> None:
    one, other = (tables(Currency=each).tables[0] for each in (CURRENCY, change))
    assert definition(one) != definition(other)


def test_model_has_its_parts_in_their_places() -> None:
    unique = {"type": "array", "uniqueItems": True, "items": {"maxLength": 3}}
    whole = model(
        model_document(
            A=shared({"a_id": UUID, "v": unique}),
            B=object_schema({"b_id": UUID, "v": {**unique, "maxItems": 3}}),
        )
    )
    own, common = whole.placed("tenant"), whole.placed("shared")
    assert [item.name for item in own.tables] == ["bs"]
    assert [item.name for item in common.tables] == ["as"]
    assert own.functions
    assert common.functions
    assert {*own.functions, *common.functions} == {*whole.functions}
    assert own.functions != common.functions
    assert own.joined(common).functions == whole.functions
    assert from_json(to_json(whole)) == whole


def test_extending_adds_and_leaves_what_is_there() -> None:
    findings = Findings()
    base = tables(Currency=CURRENCY)
    unit = tables(Unit=shared({"unit_id": TEXT}))
    found = extend(base, unit, findings)
    assert [item.name for item in found.tables] == ["currencies", "units"]
    assert found.tables[0] == base.tables[0]
    assert told(findings) == []


def test_extending_refuses_what_is_there_and_says_what_differs() -> None:
    findings = Findings()
    other = shared({"currency_id": {**TEXT, "maxLength": 3}, "sign": TEXT, "name": INTEGER})
    extend(tables(Currency=CURRENCY), tables(Currency=other), findings)
    assert told(findings) == [(
        "SHARED_OTHERWISE", 'shared table "currencies" is declared otherwise than it is',
        'The shared table lacks "sign", "currencies_currency_id_max_length_check". '
        'They differ in "name".',
    )]  # fmt: skip


def test_extending_does_not_speak_of_columns_that_were_deprecated() -> None:
    findings = Findings()
    smaller = shared({"currency_id": TEXT})
    base = evolve(tables(Currency=CURRENCY), tables(Currency=smaller), findings)
    other = shared({"currency_id": TEXT, "sign": TEXT})
    extend(base, tables(Currency=other), findings)
    assert told(findings)[0][2] == 'The shared table lacks "sign".'


def test_evolving_changes_what_is_declared_and_keeps_columns() -> None:
    findings = Findings()
    base = tables(Currency=CURRENCY, Unit=shared({"unit_id": TEXT}))
    found = evolve(base, tables(Currency=shared({"currency_id": TEXT, "sign": TEXT})), findings)
    assert told(findings) == []
    currency, unit = found.tables
    assert unit == base.tables[1]
    assert [(column.name, column.deprecated) for column in currency.columns] == [
        ("currency_id", False), ("sign", False), ("created_at", False), ("updated_at", False),
        ("name", True),
    ]  # fmt: skip


def test_evolving_refuses_a_document_that_shares_nothing() -> None:
    findings = Findings()
    assert evolve(tables(Currency=CURRENCY), Model(), findings) == tables(Currency=CURRENCY)
    assert [code for code, *_ in told(findings)] == ["NOTHING_SHARED"]


KEYED = {"currency_id": TEXT, "name": {**TEXT, "x-bss": {"unique": True}}, "n": INTEGER}
COMPUTED = {
    "currency_id": TEXT,
    "n": INTEGER,
    "m": {**INTEGER, "x-bss": {"unique": True, "generated": "$.n + 1"}},
}


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (KEYED, {**KEYED, "name": TEXT}, "currencies_name_key"),
        (KEYED, {"currency_id": TEXT}, "currencies_name_key"),
        (
            COMPUTED,
            {**COMPUTED, "m": {**INTEGER, "x-bss": {"unique": True, "generated": "$.n + 2"}}},
            "currencies_m_key",
        ),
    ],
)
def test_evolving_keeps_the_keys_that_tables_may_refer_to(
    before: Json, after: Json, key: str
) -> None:
    findings = Findings()
    evolve(tables(Currency=shared(before)), tables(Currency=shared(after)), findings)
    assert told(findings) == [(
        "SHARED_LOSES_KEY", f'shared table "currencies" would lose key "{key}"',
        "Tables of any tenant may refer to it.",
    )]  # fmt: skip


def test_evolving_takes_a_new_key() -> None:
    findings = Findings()
    evolve(tables(Currency=CURRENCY), tables(Currency=shared(KEYED)), findings)
    assert told(findings) == []


def test_a_table_that_the_tenant_keeps_must_not_hide_a_shared_one() -> None:
    findings = Findings()
    check_hidden(Model(tables=(Table(name="units"),)), tables(Currency=CURRENCY), findings)
    assert told(findings) == []
    check_hidden(Model(tables=(Table(name="currencies"),)), tables(Currency=CURRENCY), findings)
    assert [code for code, *_ in told(findings)] == ["SHARED_IS_HIDDEN"]


def asked(verb: str, **request: Any) -> Json:
    response: Json = json.loads(answer(verb, json.dumps(request)))
    return response


def test_boundary_plans_a_tenants_part_and_tells_what_is_declared() -> None:
    plan = asked("plan", document=json.dumps(DOCUMENT), base=None)
    assert {step["relation"] for step in plan["steps"]} == {"invoices"}
    assert [table_["name"] for table_ in plan["model"]["tables"]] == ["invoices", "currencies"]
    (declared,) = plan["declared"]["tables"]
    assert (declared["name"], declared["entity"]) == ("currencies", "Currency")
    again = asked("plan", document=json.dumps(DOCUMENT), base=plan["model"])
    assert again["steps"] == []
    assert again["declared"] == plan["declared"]
    plain = asked("plan", document=json.dumps(model_document(Invoice=INVOICE)), base=None)
    assert "declared" not in plain


def test_boundary_shares_what_it_is_told_to_take() -> None:
    document = model_document(Currency=CURRENCY, Unit=shared({"unit_id": TEXT}))
    declared = asked("plan", document=json.dumps(document), base=None)["declared"]["model"]
    first = asked("share", declared=declared, taken=["units"], base=None)
    assert [table_["name"] for table_ in first["model"]["tables"]] == ["units"]
    second = asked("share", declared=declared, taken=["currencies"], base=first["model"])
    assert {step["relation"] for step in second["steps"]} == {"currencies"}
    left = asked("unshare", base=second["model"], name="units")
    assert [table_["name"] for table_ in left["model"]["tables"]] == ["currencies"]
    assert [step["statement"] for step in left["steps"]] == ["DROP TABLE %1$I.units"]
