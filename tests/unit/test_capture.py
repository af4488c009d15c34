"""What a table tells of its changes, and what it keeps to itself."""

import re
from typing import Any

import pytest

from bss_compiler.model import Trigger
from tests.unit.compiling import diagnosed, entity, faults, table

PROPERTIES = {
    "name": {"type": "string"},
    "cardNumber": {"type": "string", "x-bss": {"sensitive": True}},
    "note": {"type": "string"},
}


def with_events(**options: Any) -> Any:
    return entity(PROPERTIES, **{"x-bss": {"events": options}})


def captures(document: Any) -> dict[str, Trigger]:
    return {
        item.events[0]: item
        for item in table(document).triggers
        if item.name.startswith("capture_")
    }


def body(document: Any, event: str) -> str:
    found = captures(document)[event].body
    assert found is not None
    return found


def test_capture_is_one_trigger_for_each_kind_of_statement() -> None:
    assert {
        event: (item.timing, item.level, item.old_table, item.new_table)
        for event, item in captures(entity(PROPERTIES)).items()
    } == {
        "DELETE": ("AFTER", "STATEMENT", "old_rows", None),
        "INSERT": ("AFTER", "STATEMENT", None, "new_rows"),
        "TRUNCATE": ("BEFORE", "STATEMENT", None, None),
        "UPDATE": ("AFTER", "STATEMENT", "old_rows", "new_rows"),
    }


def test_capture_is_named_by_what_it_does() -> None:
    first, again = captures(entity(PROPERTIES)), captures(with_events(payload="keys"))
    assert first == again
    other = captures(with_events(payload="row"))
    assert {item.function for item in first.values()}.isdisjoint(
        item.function for item in other.values()
    )
    assert all(
        re.fullmatch(r"bss_capture\.c_[0-9a-f]{32}", item.function) for item in first.values()
    )


@pytest.mark.parametrize("event", ["DELETE", "INSERT", "TRUNCATE", "UPDATE"])
@pytest.mark.parametrize("payload", ["none", "keys", "changes", "row"])
def test_capture_never_tells_what_is_sensitive_or_excluded(event: str, payload: str) -> None:
    said = body(with_events(payload=payload, exclude=["note"]), event)
    assert "cardNumber" not in said
    assert "'note'" not in said
    assert ("'name'" in said) == (payload in ("changes", "row"))
    assert ("to_jsonb(" in said) == (payload != "none")


def test_capture_compares_what_it_does_not_tell() -> None:
    said = body(with_events(exclude=["note"]), "UPDATE")
    assert "row(o.*)" in said


def test_capture_compares_what_others_are_computed_from() -> None:
    generated = {"type": "string", "x-bss": {"generated": {"upper": "$.name"}}}
    said = body(entity(PROPERTIES | {"upperName": generated}), "UPDATE")
    assert "row(o.card_number, o.created_at, o.id, o.name, o.note, o.tenant_id)" in said


def test_capture_of_many_columns_stays_below_the_arguments_of_a_function() -> None:
    many = {f"p{number}": {"type": "string"} for number in range(120)}
    said = body(entity(many, **{"x-bss": {"events": {"payload": "row"}}}), "INSERT")
    assert said.count("jsonb_build_object(") == 3
    assert said.count(" operator(pg_catalog.||) ") == 2


def test_capture_quotes_what_a_document_names() -> None:
    hostile = {'it\'s %s "x"': {"type": "string", "x-bss": {"column": 'a"; drop table b; --'}}}
    said = body(entity(hostile, **{"x-bss": {"events": {"payload": "row"}}}), "INSERT")
    assert """'it''s %s "x"', n."a""; drop table b; --\"""" in said


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"payload": "all"}, ("WRONG_SHAPE", "/x-bss/events/payload")),
        ({"exclude": "note"}, ("WRONG_SHAPE", "/x-bss/events/exclude")),
        ({"exclude": ["nothing"]}, ("UNKNOWN_PROPERTY", "/x-bss/events/exclude")),
        ({"only": ["note"]}, ("UNKNOWN_KEYWORD", "/x-bss/events/only")),
        ({"exclude": ["id"]}, ("CONFLICTING_KEYWORDS", "/properties/id")),
    ],
)
def test_events_are_refused_that_cannot_be(options: Any, expected: tuple[str, str]) -> None:
    assert faults(with_events(**options)) == [expected]


def test_a_key_that_is_sensitive_is_told_by_no_event() -> None:
    key = {"type": "string", "x-bss": {"sensitive": True}}
    document = entity({"id": key})
    (found,) = diagnosed(document)
    assert found.message == 'property "id" identifies records in events, and is to be in none'
    assert faults({**document, "x-bss": {"events": {"payload": "none"}}}) == []


@pytest.mark.parametrize(
    "stated",
    [
        "$.cardNumber",
        {"concat": ["ends in ", {"lower": "$.cardNumber"}]},
        {"coalesce": [{"text": "$.note"}, "$.name", "$.cardNumber"]},
    ],
)
def test_capture_never_tells_what_is_computed_from_it(stated: Any) -> None:
    computed = {"shown": {"type": "string", "x-bss": {"generated": stated}}}
    document = entity({**PROPERTIES, **computed}, **{"x-bss": {"events": {"payload": "row"}}})
    assert faults(document) == []
    assert "shown" not in body(document, "INSERT")
    told = {"shown": {"type": "string", "x-bss": {"generated": {"upper": "$.note"}}}}
    document = entity({**PROPERTIES, **told}, **{"x-bss": {"events": {"payload": "row"}}})
    assert "'shown', n.shown" in body(document, "INSERT")


def test_capture_tells_of_rows_that_are_not_archived() -> None:
    document = entity(PROPERTIES, **{"x-bss": {"softDelete": True}})
    assert "from new_rows as n\n    where not n.is_archived;" in body(document, "INSERT")
    assert "from old_rows as o\n    where not o.is_archived;" in body(document, "DELETE")
    assert "' as o where not o.is_archived'" in body(document, "TRUNCATE")
    live = "(select * from {} where not is_archived)"
    said = body(document, "UPDATE")
    assert f"from {live.format('old_rows')} as o" in said
    assert f"full join {live.format('new_rows')} as n" in said
