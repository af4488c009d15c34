"""Whatever the schema and the value, validation answers with rows or with our own errors."""

import json
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sql.documents import columns, damaged, models, values
from tests.sql.test_fuzz import failure, fuzzed, is_ours, undone

VALIDATE = "select pointer, message from bss.validate('fuzz', %s, %s)"
OF_JSONB = {"22P02", "22P05", "54001"}
"""What the type says of an argument that it cannot hold, before a function of ours is called."""
Connection = psycopg.Connection[Any]


def answered(connection: Connection, call: LiteralString, arguments: list[Any]) -> None:
    try:
        with connection.transaction():
            connection.execute(call, arguments)
    except psycopg.Error as error:
        if error.sqlstate not in OF_JSONB and not is_ours(error):
            raise AssertionError((error.sqlstate, arguments)) from error


def test_any_schema_and_value_are_answered(connection: Connection) -> None:
    texts = columns().map(json.dumps)

    @fuzzed(400)
    @given(texts | texts.flatmap(damaged), values.map(json.dumps))
    def attempt(schema: str, value: str) -> None:
        answered(connection, "select count(*) from bss.validate_document(%s, %s)", [schema, value])

    attempt()


def test_any_document_is_registered_or_refused(connection: Connection) -> None:
    texts = columns().map(json.dumps)
    uris = st.sampled_from(["https://a/b", "urn:x", "a", "", "https://a/b#", "x:\u00e9"])

    @fuzzed(200)
    @given(uris, texts | texts.flatmap(damaged))
    def attempt(uri: str, document: str) -> None:
        with undone(connection):
            answered(connection, "select bss.register_document(%s, %s)", [uri, document])

    attempt()


def test_any_record_of_any_entity_is_answered(connection: Connection) -> None:
    tried = 0

    @fuzzed(150)
    @given(models().map(json.dumps), st.data())
    def attempt(document: str, data: Any) -> None:
        nonlocal tried
        with undone(connection):
            provision: LiteralString = "select bss.provision_tenant('fuzz', %s)"
            if failure(connection, provision, document) is not None:
                return
            for entity, declared in json.loads(document)["$defs"].items():
                known = declared.get("properties", {}) if isinstance(declared, dict) else {}
                names = st.sampled_from([*known, "x"])
                record = json.dumps(data.draw(st.dictionaries(names, values, max_size=4)))
                answered(connection, VALIDATE, [entity, record])
                tried += 1

    attempt()
    assert tried > 30


@pytest.mark.parametrize(
    ("value", "detail"),
    [
        ("[" * 70 + "]" * 70, "It has more than 64 levels, or too long names."),
        ('"' + "x" * 1_048_577 + '"', "It has more than 1048576 bytes."),
        ("1e2000", "A number has more than 1000 digits."),
    ],
    ids=["deep", "large", "long"],
)
def test_value_that_is_too_large_is_refused(
    connection: Connection, value: str, detail: str
) -> None:
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("select bss.validate_document('true', %s)", [value])
    assert caught.value.sqlstate == "SB802"
    assert detail in (caught.value.diag.message_detail or "")


def test_work_is_bounded(connection: Connection) -> None:
    """A schema of a few lines that would take as many steps as there are pairs of elements."""
    schema = {"allOf": [{"items": {"minimum": 0, "maximum": n}} for n in range(400)]}
    value = json.dumps(list(range(100_000)))
    with pytest.raises(psycopg.Error) as caught:
        connection.execute("select bss.validate_document(%s, %s)", [json.dumps(schema), value])
    assert caught.value.sqlstate == "SB802"


def test_recursion_is_bounded(connection: Connection) -> None:
    on_the_way = {f"A{n}": {"allOf": [{"$ref": f"#/$defs/A{n + 1}"}]} for n in range(1, 9)}
    last = {"items": {"$ref": "#/$defs/A1"}}
    schema = {"$ref": "#/$defs/A1", "$defs": {**on_the_way, "A9": last}}
    query = "select bss.validate_document(%s, %s)"
    connection.execute(query, [json.dumps(schema), "[[1]]"])
    with pytest.raises(psycopg.Error) as caught:
        connection.execute(query, [json.dumps(schema), "[" * 30 + "]" * 30])
    assert caught.value.sqlstate == "SB802"
