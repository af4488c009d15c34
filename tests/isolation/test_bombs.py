"""Documents and values that ask for far more than they are: answered soon, in little memory.

The limits are settings, each with an error of its own. The numbers are those of a list of attacks.
"""

import json
from typing import Any, LiteralString

import psycopg
import pytest

from tests.backend import mebibytes, seconds
from tests.isolation.attack import Connection, refused

SECONDS = 2
MEBIBYTES = 256
"""What the memory of a backend may grow by; the compiler alone takes some 30."""
CHECK: LiteralString = """
    select code, message from bss.check_schema(%s) where severity = 'error' limit 3
"""
TENANT: LiteralString = "select bss.apply_schema('acme', %s)"


def entity(properties: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    return {"title": "Thing", "type": "object", "properties": properties, **keywords}


def nested(levels: int, opening: str = '{"not":', closing: str = "}") -> str:
    return opening * levels + "{}" + closing * levels


def doubling(levels: int, keyword: str) -> dict[str, Any]:
    """Definitions that each apply the next one twice."""
    found = {
        f"d{level}": {keyword: [{"$ref": f"#/$defs/d{level + 1}"}] * 2} for level in range(levels)
    }
    return {**found, f"d{levels}": {"type": "string", "maxLength": 3}}


@pytest.fixture
def bounded(undone: Connection) -> Any:
    """The same, in which nothing takes long or much memory."""
    undone.execute("select bss.check_schema('{}')")  # imports the compiler
    before, began = mebibytes(undone), seconds(undone)
    yield undone
    assert seconds(undone) - began < SECONDS
    assert mebibytes(undone) - before < MEBIBYTES


def faults(connection: Connection, document: Any) -> list[tuple[str, str]]:
    text = document if isinstance(document, str) else json.dumps(document)
    return connection.execute(CHECK, [text]).fetchall()


PATTERNS = {
    "nested repetitions": ("((((a{1,100}){1,100}){1,100}){1,100})", "SB109"),
    "repetitions of repetitions": ("^((a{0,255}){0,255}){0,255}$", "SB109"),
    "a back-reference": ("^(a*)*\\1$", "SB109"),
    "too long": ("a?" * 600, "SB109"),
    "too many groups": ("(" * 400 + ")" * 400, "SB109"),
    "a backtracker's worst": ("^(a+)+$", None),
    "another of these": ("^(a|a|aa|b*)*$", None),
}


@pytest.mark.parametrize(("pattern", "code"), PATTERNS.values(), ids=PATTERNS)
def test_j1_j2_patterns_are_tried_by_the_server_alone_and_in_bounded_time(
    bounded: Connection, pattern: str, code: str | None
) -> None:
    evil = "a" * 100_000 + "!"
    for default in ({}, {"default": "a" * 40 + "!"}):
        properties = {"value": {"type": "string", "pattern": pattern, **default}}
        found = faults(bounded, entity(properties))
        expected = {code or "SB108"} if default or code else set()
        assert {each for each, _ in found} == expected
    if code is None:
        inside = {"type": "array", "items": {"type": "string", "pattern": pattern}}
        bounded.execute(TENANT, [json.dumps(entity({"thing_id": {}, "value": inside}))])
        bounded.execute("set local statement_timeout = '1s'")
        insert: LiteralString = (
            "insert into tenant_acme.things (thing_id, value) values ('1', to_jsonb(array[%s]))"
        )
        assert refused(bounded, insert, evil) == "23514"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (nested(65), "SB006"),
        (nested(5_000), "SB006"),
        (nested(5_000, "[", "]"), "SB006"),
        (nested(5_000, '{"properties":{"a":', "}}"), "SB006"),
        (json.dumps({"default": nested(60_000)}), "SB013"),
    ],
)
def test_j3_depth_is_counted_before_anything_goes_down(
    bounded: Connection, document: str, code: str
) -> None:
    assert [found for found, _ in faults(bounded, document)] == [code]


def test_j3_a_value_deeper_than_the_stack_is_refused_by_the_server(bounded: Connection) -> None:
    tree = entity({"thing_id": {"type": "integer"}, "tree": {"type": "object"}})
    bounded.execute(TENANT, [json.dumps(tree)])
    insert: LiteralString = "insert into tenant_acme.things values (default, 1, %s)"
    assert refused(bounded, insert, nested(100_000, '{"a":')) == "54001"


LARGE = {
    "of more bytes than the limit": ({"description": "x" * 2**20}, "SB001"),
    "of a million members": ("{" + ",".join(f'"{i}":0' for i in range(10**6)) + "}", "SB001"),
    "of unknown keywords": ({f"k{number}": 1 for number in range(80_000)}, "SB011"),
    "of properties": ({"properties": {f"p{n}": {} for n in range(50_000)}}, "SB006"),
    "of definitions": ({"$defs": {f"d{n}": {"type": "object"} for n in range(25_000)}}, "SB006"),
    "of long names": ({"properties": {"n" * 60_000: {"a" * 900_000: {}}}}, "SB006"),
    "of quotes": ('{"a": "' + '\\"' * 500_000 + '"}', "SB011"),
    "that is one string without an end": ('{"a": "' + "x" * 10**6, None),
    "of references": (
        {"anyOf": [{"$ref": f"#/x/{n}/{'y/' * 20}"} for n in range(9_000)]},
        "SB013",
    ),
}


@pytest.mark.parametrize(("document", "code"), LARGE.values(), ids=LARGE)
def test_j4_a_large_document_is_refused(
    bounded: Connection, document: Any, code: str | None
) -> None:
    if code is None:
        assert refused(bounded, "select bss.check_schema(%s)", document) == "22P02"
    else:
        assert code in {found for found, _ in faults(bounded, document)}


WIDE = {
    "all of": (doubling(40, "allOf"), {"$ref": "#/$defs/d0"}),
    "any of": (doubling(40, "anyOf"), {"$ref": "#/$defs/d0"}),
    "one of": (doubling(40, "oneOf"), {"type": "array", "items": {"$ref": "#/$defs/d0"}}),
    "itself": ({"d0": {"anyOf": [{"$ref": "#/$defs/d0"}] * 9}}, {"$ref": "#/$defs/d0"}),
    "many": (
        {"d0": {"type": "object", "properties": {f"p{n}": {"maxLength": 1} for n in range(99)}}},
        {"type": "object", "properties": {f"p{n}": {"$ref": "#/$defs/d0"} for n in range(999)}},
    ),
}


@pytest.mark.parametrize(("definitions", "value"), WIDE.values(), ids=WIDE)
def test_j4_references_that_multiply_are_refused(
    bounded: Connection, definitions: Any, value: Any
) -> None:
    document = {**entity({"thing_id": {}, "value": value}), "$defs": definitions}
    assert {found for found, _ in faults(bounded, document)} & {"SB006", "SB012", "SB015"}


@pytest.mark.parametrize("place", ["column", "value"])
def test_j7_an_enum_has_no_more_values_than_the_limit(bounded: Connection, place: str) -> None:
    for count, expected in ((1_000, []), (1_001, ["SB006"]), (100_000, ["SB006"])):
        listed = {"enum": [f"v{n}" for n in range(count)]}
        value = listed if place == "column" else {"type": "array", "items": listed}
        assert [code for code, _ in faults(bounded, entity({"value": value}))] == expected


def test_j9_a_model_has_no_more_tables_than_the_limit(bounded: Connection) -> None:
    table = {"type": "object", "properties": {"id": {"type": "integer"}}}
    for count, expected in ((500, []), (501, ["SB006"])):
        document = {"$defs": {f"T{number}": table for number in range(count)}}
        assert [code for code, _ in faults(bounded, document)] == expected


NUMBERS = {
    "an exponent": ('{"type": "number", "maximum": 1e999999999}', "SB005"),
    "an exponent of more digits": ('{"type": "number", "maximum": 1e99999999999}', "SB005"),
    "a small one": ('{"type": "number", "multipleOf": 1e-999999999}', "SB005"),
    "many digits": (f'{{"type": "number", "maximum": {"9" * 5_000}}}', "SB005"),
    "very many digits": (f'{{"type": "number", "maximum": {"9" * 900_000}}}', "SB005"),
    "a great one": ('{"type": "number", "maximum": 1e308}', None),
    "as many digits as there can be": (
        f'{{"type": "number", "multipleOf": 1e-999, "maximum": {"9" * 1_000}, "default": 1e999}}',
        None,
    ),
    "a count": ('{"type": "string", "maxLength": 1e300}', "SB010"),
}


@pytest.mark.parametrize(("property_", "code"), NUMBERS.values(), ids=NUMBERS)
def test_j10_numbers_have_no_more_digits_than_the_limit(
    bounded: Connection, property_: str, code: str | None
) -> None:
    document = json.dumps(entity({"value": {}})).replace('"value": {}', f'"value": {property_}')
    assert [found for found, _ in faults(bounded, document)] == ([code] if code else [])


@pytest.mark.parametrize(
    ("json_type", "type_"),
    [
        ("array", "text[][]"), ("array", "text[1000000]"), ("array", "vector(16001)"),
        ("array", "vector(99999999999)"), ("array", "int4range[]"), ("string", "int4range"),
        ("number", "numeric(1001,0)"), ("number", "numeric(5,6)"), ("number", "numeric(0,0)"),
        ("string", "varchar(10485760)"), ("string", "bit(83886080)"), ("string", "char(1000000)"),
        ("integer", "oid"), ("string", "regclass"), ("string", "pg_lsn"), ("string", "xml"),
    ],
)  # fmt: skip
def test_j11_types_are_those_of_a_list_with_their_bounds(
    bounded: Connection, json_type: str, type_: str
) -> None:
    value = {"type": json_type, "items": {"type": "string"}, "x-bss": {"type": type_}}
    assert "SB107" in {code for code, _ in faults(bounded, entity({"value": value}))}


def test_j11_values_are_as_long_as_their_schema_says(bounded: Connection) -> None:
    value = {"type": "string", "maxLength": 1_000}
    words = {"type": "array", "items": {"type": "string"}, "maxItems": 10}
    document = entity({"thing_id": {"type": "integer"}, "word": value, "words": words})
    bounded.execute(TENANT, [json.dumps(document)])
    long: LiteralString = (
        "insert into tenant_acme.things (thing_id, word) values (1, repeat('x', 10000000))"
    )
    many: LiteralString = """
        insert into tenant_acme.things (thing_id, words)
        select 1, jsonb_agg(n) from generate_series(1, 100000) as n
    """
    for attack in (long, many):
        assert refused(bounded, attack) == "23514"


LIMITS: dict[str, tuple[Any, str, str]] = {
    "document_bytes": (entity({"a": {"description": "x" * 200}}), "SB001", "is too large"),
    "depth": (entity({"a": {"not": {"not": {"not": {}}}}}), "SB006", "is nested too deeply"),
    "entities": (
        {"$defs": {f"T{n}": entity({"id": {}}) for n in range(101)}},
        "SB006",
        "too many entities",
    ),
    "columns": (entity({f"p{n}": {} for n in range(101)}), "SB111", "too many columns"),
    "enum_values": (entity({"a": {"enum": [*range(101)]}}), "SB006", "enum has too many values"),
    "schema_nodes": (entity({f"p{n}": {} for n in range(101)}), "SB006", "too many sub-schemas"),
    "pattern_length": (
        entity({"a": {"type": "string", "pattern": "a" * 101}}),
        "SB109",
        "pattern has no equivalent",
    ),
    "partitions": (
        entity({"id": {"type": "integer"}})
        | {"x-bss": {"partitionBy": {"column": "id", "strategy": "hash", "partitions": 101}}},
        "SB006",
        "too many partitions",
    ),
    "number_digits": (
        entity({"a": {"type": "number", "maximum": 10**101}}),
        "SB005",
        "number has too many digits",
    ),
}
"""For each limit a document that keeps it as it is, and does not where it is lower."""
LOWER = {"depth": 5}


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_are_settings_each_with_an_error_of_its_own(bounded: Connection, limit: str) -> None:
    document, code, message = LIMITS[limit]
    assert faults(bounded, document) == []
    set_: LiteralString = "select bss.set_setting(%s, %s)"
    bounded.execute(set_, [f"limit.{limit}", str(LOWER.get(limit, 100))])
    found, said = faults(bounded, document)[0]
    assert found == code
    assert message in said
    assert refused(bounded, TENANT, json.dumps(document)) == code


def test_limits_are_all_tried_here(undone: Connection) -> None:
    found = undone.execute("select substr(name, 7) from bss.settings where name like 'limit.%'")
    assert {name for (name,) in found} == LIMITS.keys()


@pytest.mark.parametrize("limit", LIMITS)
def test_limits_cannot_be_set_beyond_what_the_server_bears(undone: Connection, limit: str) -> None:
    attack: LiteralString = "select bss.set_setting(%s, %s)"
    row = undone.execute(
        "select lower(r), upper(r) - 1 from bss_internal.setting_range(%s) as r", [f"limit.{limit}"]
    ).fetchone()
    assert row is not None
    for beyond in (row[0] - 1, row[1] + 1, 2**31 - 1, 10**30):
        assert refused(undone, attack, f"limit.{limit}", str(beyond)) == "SB605"
    with undone.transaction(force_rollback=True):
        undone.execute(attack, [f"limit.{limit}", str(row[1])])
        assert faults(undone, LIMITS[limit][0]) == []


def test_everything_at_its_most_is_still_refused_in_time(undone: Connection) -> None:
    """An operator who raises every limit as far as it goes is not at the mercy of a document."""
    undone.execute("""
        select bss.set_setting(s.name, to_jsonb(upper(bss_internal.setting_range(s.name)) - 1))
        from bss.settings as s where s.name like 'limit.%'
    """)
    before = mebibytes(undone)
    for document in (
        nested(5_000),
        {**entity({"a": {"$ref": "#/$defs/d0"}}), "$defs": doubling(90, "anyOf")},
        entity({"a": {"type": "string", "pattern": "((a{1,100}){1,100}){1,100}"}}),
        entity({"a": {"enum": [f"v{n}" for n in range(400_000)]}}),
    ):
        began = seconds(undone)
        assert faults(undone, document)
        assert seconds(undone) - began < 10
    assert mebibytes(undone) - before < 1_024
    with pytest.raises(psycopg.errors.StatementTooComplex), undone.transaction():
        faults(undone, nested(1_000_000))
