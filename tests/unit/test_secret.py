"""An encrypted property is a column that nothing reads; what tells of it is sensitive."""

from dataclasses import replace
from typing import Any

from bss_compiler.model import ENCRYPTED
from bss_compiler.model.codec import from_json, to_json
from tests.unit.changes import ENCRYPTING, TEXT, create, rendered, steps_of
from tests.unit.compiling import entity, faults, model, table

SECRET = {"x-bss": {"encrypted": True}}
SENSITIVE = {"x-bss": {"sensitive": True}}


def sensitive(document: dict[str, Any]) -> set[str]:
    return {column.name for column in table(document).columns if column.sensitive}


def test_secret_is_a_column_without_a_type_of_its_own() -> None:
    made = table(entity({"pin": {"type": "integer", "minimum": 5, **SECRET}}))
    (column,) = (column for column in made.columns if column.name == "pin")
    assert (column.type, column.sensitive) == (ENCRYPTED, True)
    (secret,) = made.secrets
    assert (secret.type, secret.digest) == ("bigint", None)
    assert [check.name for check in secret.checks] == ["items_pin_minimum_check"]
    assert "items_pin_minimum_check" not in {item.name for item in made.constraints}
    names = [trigger.name for trigger in made.triggers if trigger.level == "ROW"]
    assert names == ["encrypt_pin", "set_updated_at"]


def test_secret_is_kept_in_the_model() -> None:
    first = model(entity({"pin": {"type": "string", "minLength": 2, **SECRET}}))
    again = from_json(to_json(first))
    assert again.tables[0].secrets == first.tables[0].secrets != ()
    assert [column.sensitive for column in again.tables[0].columns] == [
        column.sensitive for column in first.tables[0].columns
    ]
    assert again.functions == first.functions != ()
    assert again.of(again.tables).functions == first.functions


def test_secret_is_asked_for_its_presence_and_for_nothing_else() -> None:
    asked = entity(
        {"a": {"type": "string", **SECRET}, "b": {"type": "string"}},
        anyOf=[{"required": ["a"]}, {"required": ["b"]}],
        minProperties=1,
    )
    assert faults(asked) == []
    read = entity(
        {"a": {"type": "string", **SECRET}, "b": {"type": "string"}},
        anyOf=[{"properties": {"a": {"const": "x"}}}, {"required": ["b"]}],
    )
    assert faults(read) == [("NOT_ENCRYPTABLE", "/properties/a/x-bss/encrypted")]


def test_sensitive_is_what_the_document_says_and_what_is_made_of_it() -> None:
    properties = {
        "mood": {"type": "string", **SENSITIVE},
        "shout": {"type": "string", "x-bss": {"generated": {"upper": "$.mood"}}},
        "calm": {"type": "string"},
        "pin": {"type": "string", "x-bss": {"encrypted": True, "index": True}},
    }
    assert sensitive(entity(properties)) == {"mood", "shout", "pin", "pin_digest"}
    options = {
        "search": {"properties": ["mood"]},
        "embedding": {"source": ["mood"], "dimensions": 3},
    }
    assert sensitive(entity(properties, **{"x-bss": options})) >= {"search", "embedding"}
    harmless = {"search": {"properties": ["calm"]}}
    assert "search" not in sensitive(entity(properties, **{"x-bss": harmless}))


def test_sensitive_changes_nothing_in_the_database() -> None:
    plain = table(entity({"mood": {"type": "string"}}))
    assert table(entity({"mood": {"type": "string", **SENSITIVE}})) == plain


def test_plan_writes_secrets_again_that_were_there_before_their_trigger() -> None:
    assert [step.kind for step in steps_of(create(ENCRYPTING))] == [
        "create_trigger",
        "seal_secrets",
    ]
    assert rendered(create(ENCRYPTING))[1] == (
        "UPDATE %1$I.t SET a = bss_internal.opened_secret(tenant_id, a) WHERE a IS NOT NULL"
    )
    new = create(replace(TEXT, type=ENCRYPTED))
    assert [step.kind for step in steps_of(new, create(ENCRYPTING))] == [
        "add_column",
        "create_trigger",
    ]
