import pytest

from tests.unit.compiling import UUID, checks, column, diagnosed, entity, faults, table

CODE = {"type": "string", "maxLength": 4, "description": "A code", "default": "a"}


def test_facet_holds_what_stands_beside_a_reference_and_behind_it() -> None:
    document = entity(
        {"value": {"$ref": "#/$defs/Code", "minLength": 2, "description": "Ours", "default": "bb"}},
        **{"$defs": {"Code": CODE}},
    )
    found = table(document)
    value = next(item for item in found.columns if item.name == "value")
    assert (value.type, value.comment, value.default) == ("text", "Ours", "'bb'::text")
    assert [item.name for item in found.constraints] == [
        "items_pkey",
        "items_tenant_id_check",
        "items_value_max_length_check",
        "items_value_min_length_check",
    ]


def test_facet_points_to_where_a_keyword_was_said() -> None:
    document = entity(
        {"value": {"$ref": "#/$defs/Code"}},
        **{"$defs": {"Code": {"type": "string", "pattern": "("}}},
    )
    assert faults(document) == [("PATTERN_NOT_TRANSLATABLE", "/$defs/Code/pattern")]


def test_facet_may_be_said_twice_where_both_agree() -> None:
    document = entity(
        {"value": {"$ref": "#/$defs/Code", "type": "string", "maxLength": 4}},
        **{"$defs": {"Code": CODE}},
    )
    assert faults(document) == []


def test_facet_that_is_said_twice_differently_is_refused_with_both_places() -> None:
    (found,) = diagnosed(
        entity({"value": {"$ref": "#/$defs/Code", "maxLength": 5}}, **{"$defs": {"Code": CODE}})
    )
    assert (found.code.name, found.pointer) == (
        "CONFLICTING_KEYWORDS",
        "/properties/value/maxLength",
    )
    assert found.detail == "The other is at /$defs/Code/maxLength."


def test_facet_follows_references_to_the_last() -> None:
    definitions = {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/C"}, "C": {"type": "boolean"}}
    document = entity({"value": {"$ref": "#/$defs/A"}}, **{"$defs": definitions})
    assert next(item for item in table(document).columns if item.name == "value").type == "boolean"


def test_facet_of_references_in_a_circle_is_refused() -> None:
    definitions = {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}
    document = entity({"value": {"$ref": "#/$defs/A"}}, **{"$defs": definitions})
    assert faults(document) == [("CIRCULAR_REFERENCE", "/$defs/B/$ref")]


@pytest.mark.parametrize("keyword", ["maxLength", "default", "enum", "type"])
def test_facet_beside_a_reference_to_an_entity_is_refused(keyword: str) -> None:
    value = {"maxLength": 3, "default": None, "enum": ["a"], "type": "string"}[keyword]
    document = entity({"parent": {"$ref": "#", keyword: value, "title": "Parent"}})
    assert faults(document) == [("NOT_ENFORCEABLE", f"/properties/parent/{keyword}")]


def test_facet_that_accepts_nothing_is_refused_behind_a_reference_as_well() -> None:
    document = entity(
        {"value": {"$ref": "#/$defs/No", "type": "string"}}, **{"$defs": {"No": False}}
    )
    assert faults(document) == [("UNSATISFIABLE", "/properties/value")]


@pytest.mark.parametrize(
    ("schema", "nullable"),
    [
        ({"type": "string"}, False),
        ({"type": ["string", "null"]}, True),
        ({"type": "null"}, True),
        ({}, False),
        ({"enum": ["a", None]}, True),
        ({"enum": ["a"]}, False),
        ({"const": "a", "enum": ["a", None]}, False),
        ({"type": "string", "enum": ["a", None]}, False),
    ],
)
def test_facet_says_whether_a_required_column_may_be_null(
    schema: dict[str, object], nullable: bool
) -> None:
    assert column(schema, required=True).nullable is nullable
    assert column(schema, required=False).nullable


def test_facet_of_a_schema_that_is_a_resource_of_its_own_is_read_there() -> None:
    schema = {"$id": "urn:code", "$ref": "#/$defs/C", "$defs": {"C": {**UUID, "enum": []}}}
    assert faults(entity({"value": schema})) == [
        ("UNSATISFIABLE", "/properties/value/$defs/C/enum")
    ]
    assert checks({"$id": "urn:code", "type": "string", "maxLength": 1}) == {
        "max_length": "(char_length(value) <= 1)"
    }
