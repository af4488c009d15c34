"""Whole records as values, vectors in branches, and dynamic references, as checks of the table."""

from typing import Any

from bss_compiler.model import Check
from tests.unit.compiling import entity, faults, parts, table

STRING = {"type": "string"}
INTEGER = {"type": "integer"}


def test_record_equals_a_value_if_it_has_its_members_and_no_others() -> None:
    def condition(keyword: str, value: Any) -> list[str]:
        document = {
            "title": "Item", "type": "object", "required": ["n"], keyword: value,
            "properties": {"a": STRING, "n": INTEGER, "j": {}},
        }  # fmt: skip
        constraints = table(document).constraints
        return [item.expression for item in parts(constraints, Check) if item.keyword == keyword]

    of_a = "(a IS NOT NULL) AND (a = 'x'::text)"
    assert condition("const", {"n": 1, "a": "x", "j": None}) == [
        f"({of_a} AND (n = '1'::bigint) AND (j IS NULL))"
    ]
    assert condition("enum", [{"n": 1}, {"a": "x", "n": 2}, 5, {"a": "x"}]) == [
        "(((a IS NULL) AND (n = '1'::bigint) AND (j IS NULL)) OR "
        f"({of_a} AND (n = '2'::bigint) AND (j IS NULL)))"
    ]
    assert faults(entity({"a": STRING}, enum=[[], 1])) == [("UNSATISFIABLE", "/enum")]


def test_vector_has_what_its_type_decides_and_nothing_else() -> None:
    vector = {"type": "array", "items": {"type": "number"}, "x-bss": {"type": "vector(3)"}}

    def found(schema: Any) -> list[tuple[str, str]]:
        return faults(entity({"v": vector}, anyOf=[{"properties": {"v": schema}}, False]))

    assert found({"minItems": 3, "maxItems": 3, "items": {"type": "number"}}) == []
    assert found({"minItems": 4, "type": "array"}) == []
    assert found({"uniqueItems": True, "items": {"minimum": 1}}) == [
        ("NOT_ENFORCEABLE", "/anyOf/0/properties/v/uniqueItems"),
        ("NOT_ENFORCEABLE", "/anyOf/0/properties/v/items"),
    ]


def test_dynamic_reference_leads_to_what_was_met_first() -> None:
    tree = {
        "$id": "https://example.com/tree", "$dynamicAnchor": "node",
        "properties": {"a": {"$dynamicRef": "#node"}},
    }  # fmt: skip
    document = {
        "$id": "https://example.com/strict", "title": "Item", "type": "object",
        "properties": {"a": STRING}, "allOf": [{"$ref": "https://example.com/tree"}],
        "$defs": {"tree": tree, "text": {"$dynamicAnchor": "node", "maxLength": 5}},
    }  # fmt: skip
    (check, _) = parts(table(document).constraints, Check)
    assert check.expression == "((a IS NULL) OR (char_length(a) <= 5))"
