"""Secrets of a table that has rows: what comes, goes, or is another becomes so with its values."""

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.migration.conftest import Shop
from tests.migration.online import Json

CANARY = "canary-5b1d0"
SECRET = {"encrypted": True}


def document(pin: Json | None, **more: Any) -> Json:
    properties: Json = {"item_id": {"type": "integer"}, "name": {"type": "string"}}
    if pin is not None:
        properties["pin"] = pin
    return {"$defs": {"Item": {"type": "object", "properties": properties | more}}}


def text(options: Json | None = None, **keywords: Any) -> Json:
    return {"type": "string", "x-bss": options or {}, **keywords}


class Vault(Shop):
    """A tenant with items that have secrets; its master key is in a file."""

    def begin_with(self, pin: Json, *values: str) -> None:
        document_ = json.dumps(document(pin))
        self.connection.execute("select bss.provision_tenant(%s, %s)", [self.name, document_])
        for number, value in enumerate(values, start=1):
            insert = "insert into tenant_shop.items (item_id, pin) values (%s, %s)"
            self.connection.execute(insert, [number, value])

    def pins(self, column: str = "pin") -> list[Any]:
        with self.connection.transaction():
            self.connection.execute("select bss.as_operator('test')")
            self.connection.execute("select bss.use_tenant('shop')")
            query = f"select {column}::text from items order by item_id"  # noqa: S608  ours
            return [value for (value,) in self.connection.execute(query.encode())]

    def stored(self) -> list[str]:
        query = "select to_jsonb(pin) #>> '{}' from tenant_shop.items order by item_id"
        return [value for (value,) in self.connection.execute(query)]

    def is_sound(self) -> bool:
        return self.connection.execute("select * from bss.drift('shop')").fetchall() == []


@pytest.fixture
def vault(connection: psycopg.Connection) -> Iterator[Vault]:
    data = Path(str(Shop(connection).value("show data_directory")))
    file = data.parent / f"{secrets.token_hex(4)}.key"
    file.write_bytes(base64.b64encode(secrets.token_bytes(64)) + b"\n")
    file.chmod(0o644)  # the server is another user
    connection.execute("select bss.use_master_key_file(%s)", (str(file),))
    yield Vault(connection)
    file.unlink()


def test_values_are_encrypted_when_their_property_is(vault: Vault) -> None:
    vault.begin_with(text({"unique": True}), f"{CANARY}-1", f"{CANARY}-2")
    vault.apply(document(text(SECRET | {"unique": True}, minLength=3)))
    assert vault.pins() == [f"{CANARY}-1", f"{CANARY}-2"]
    assert all(value.startswith("bss1:") for value in vault.stored())
    assert vault.is_sound()
    path = vault.value("select pg_relation_filepath('tenant_shop.items')")
    vault.connection.execute("checkpoint")
    heap = Path(str(vault.value("show data_directory"))) / str(path)
    assert CANARY.encode() not in heap.read_bytes()
    with pytest.raises(psycopg.errors.UniqueViolation):
        vault.connection.execute(
            "insert into tenant_shop.items (item_id, pin) values (3, %s)", [f"{CANARY}-1"]
        )


def test_values_are_decrypted_when_their_property_is_no_secret_any_more(vault: Vault) -> None:
    integer = {"type": "integer", "minimum": 5}
    vault.begin_with(integer | {"x-bss": SECRET}, "7", "12")
    vault.apply(document(integer))
    assert vault.value("select sum(pin) from tenant_shop.items") == 19
    assert vault.is_sound()


def test_secrets_are_proven_by_the_rules_that_come(vault: Vault) -> None:
    vault.begin_with(text(SECRET), "12", "345")
    before = vault.stored()
    with pytest.raises(psycopg.Error) as caught:
        vault.apply(document(text(SECRET, minLength=3)))
    assert caught.value.sqlstate == "SB402"
    assert "345" not in str(caught.value.diag.message_detail)
    with pytest.raises(psycopg.Error, match="none of type") as other:
        vault.apply(document({"type": "boolean", "x-bss": SECRET}))
    assert other.value.sqlstate == "SB526"
    assert vault.stored() == before
    vault.apply(document({"type": "integer", "x-bss": SECRET | {"index": True}}))
    assert vault.pins() == ["12", "345"]
    assert vault.value("select count(pin_digest) from tenant_shop.items") == 2
    assert vault.is_sound()


def test_secret_has_another_name_and_its_values(vault: Vault) -> None:
    vault.begin_with(text(SECRET | {"unique": True}), "12", "345")
    renamed = {"code": text(SECRET | {"unique": True, "renamedFrom": "pin"})}
    vault.apply(document(None, **renamed))
    assert vault.pins("code") == ["12", "345"]
    vault.connection.execute("select bss.rollback_schema('shop', 1)")
    assert vault.pins() == ["12", "345"]
    assert vault.is_sound()


def test_secret_that_went_stays_one_until_it_is_dropped(vault: Vault) -> None:
    vault.begin_with(text(SECRET | {"index": True}), "12", "345")
    vault.apply(document(None))
    vault.connection.execute("update tenant_shop.items set pin = '6789' where item_id = 1")
    assert vault.pins() == ["6789", "345"]
    assert all(value.startswith("bss1:") for value in vault.stored())
    vault.connection.execute("select bss.rotate_tenant_key('shop')")
    assert vault.value("select bss.reencrypt_secrets('shop')") == 2
    assert vault.is_sound()
    vault.connection.execute("select bss.rollback_schema('shop', 1)")
    assert vault.pins() == ["6789", "345"]
    vault.apply(document(None))
    vault.connection.execute("select bss.drop_deprecated('shop', interval '0')")
    vault.connection.execute("insert into tenant_shop.items (item_id) values (9)")
    assert vault.is_sound()


def test_key_of_a_table_has_another_name_beside_a_secret_that_went(vault: Vault) -> None:
    vault.begin_with(text(SECRET), "12")
    vault.apply(document(None))
    renamed = json.loads(
        json.dumps(document(None)).replace(
            '"item_id": {"type": "integer"}',
            '"number": {"type": "integer", "x-bss": {"renamedFrom": "item_id"}}',
        )
    )
    renamed["$defs"]["Item"]["x-bss"] = {"primaryKey": "number", "entity": True}
    vault.apply(renamed)
    vault.connection.execute("update tenant_shop.items set name = 'x'")
    with pytest.raises(psycopg.errors.CheckViolation):
        vault.connection.execute("update tenant_shop.items set pin = 'x'")
    assert vault.is_sound()


@pytest.mark.usefixtures("online")
def test_large_table_is_encrypted_in_one_go(vault: Vault) -> None:
    vault.begin_with(text(), "12", "345")
    plan = vault.connection.execute(
        "select kind, hazards from bss.plan_schema('shop', %s)",
        [json.dumps(document(text(SECRET)))],
    ).fetchall()
    assert ("encrypt_column", ["rewrites_table", "blocks_reads", "blocks_writes"]) in plan
    vault.apply(document(text(SECRET)))
    vault.migrate()
    assert vault.pins() == ["12", "345"]
    assert vault.is_sound()


@pytest.mark.usefixtures("online")
def test_lost_values_of_a_sensitive_property_are_listed_by_their_rows_alone(vault: Vault) -> None:
    vault.begin_with(text({"sensitive": True}), CANARY, "5")
    vault.apply(document({"type": "integer"}))
    vault.connection.execute("insert into tenant_shop.items (item_id, pin) values (3, 'lost')")
    vault.migrate()
    listed = vault.connection.execute(
        "select row_key ->> 'item_id', value::text from bss.quarantined_values order by 1"
    ).fetchall()
    assert listed == [("1", "null"), ("3", "null")]
    assert vault.value("select pin_was_text from tenant_shop.items where item_id = 1") == CANARY
