"""What becomes of values when the type of their column changes."""

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.migration.conftest import Shop
from tests.migration.online import OWNER, Json, shop

Connection = psycopg.Connection[Any]

MOMENT = "timestamp with time zone"
VALUES = [
    ('"42"', "text", "bigint", "42"),
    ('"007"', "text", "integer", "7"),
    ('"42.0"', "text", "bigint", "42"),
    ('"4e2"', "text", "smallint", "400"),
    ('"42.5"', "text", "bigint", None),
    ('" 42"', "text", "bigint", None),
    ('"99999"', "text", "smallint", None),
    ('"1e999"', "text", "double precision", None),
    ('"NaN"', "text", "numeric", None),
    ('"0.1"', "text", "real", "0.1"),
    ('"0.123456789"', "text", "real", None),
    ('"12.30"', "text", "numeric(5,2)", "12.30"),
    ('"12.345"', "text", "numeric(5,2)", None),
    ('"1234.5"', "text", "numeric(5,2)", None),
    ("42.5", "numeric", "bigint", None),
    ("42.00", "numeric(9,2)", "integer", "42"),
    ("9007199254740993", "bigint", "double precision", None),
    ("0.1", "double precision", "numeric", "0.1"),
    ("true", "boolean", "bigint", None),
    ("true", "boolean", "text", '"true"'),
    ('"true"', "text", "boolean", "true"),
    ('"yes"', "text", "boolean", None),
    ('"2024-02-30"', "text", "date", None),
    ('"2024-02-29"', "text", "date", '"2024-02-29"'),
    ('"today"', "text", "date", None),
    ('"2024-02-29T00:00:00+00:00"', MOMENT, "date", '"2024-02-29"'),
    ('"2024-02-29T08:00:00+08:00"', MOMENT, "date", '"2024-02-29"'),
    ('"2024-02-29T01:00:00+00:00"', MOMENT, "date", None),
    ('"2024-02-29"', "date", MOMENT, '"2024-02-29T00:00:00+00:00"'),
    ('"2024-02-29T08:00:00+08:00"', MOMENT, "text", '"2024-02-29T00:00:00+00:00"'),
    ('"2024-02-29T08:00:00"', "text", MOMENT, None),
    ('"2024-02-29T08:00:00Z"', "text", MOMENT, '"2024-02-29T08:00:00+00:00"'),
    ('"08:00:00.1234567"', "text", "time without time zone", None),
    ('"08:00"', "text", "time without time zone", '"08:00:00"'),
    ('"P1D"', "text", "interval", '"P1D"'),
    ('"1 day"', "text", "interval", None),
    ('"not one"', "text", "uuid", None),
    ('"::1"', "text", "inet", '"::1"'),
    ('"5"', "jsonb", "bigint", "5"),
    ("5", "jsonb", "text", '"5"'),
    ('{"a": 1}', "jsonb", "text", None),
    ("[1, 2]", "bigint[]", "jsonb", "[1, 2]"),
    ("null", "jsonb", "text", None),
]


def test_values_are_converted_if_they_mean_something_there(connection: Connection) -> None:
    """In any session: what a setting of it makes of a text is not what it says."""
    connection.execute("set timezone = 'Asia/Tokyo'")
    connection.execute("set intervalstyle = 'postgres'")
    query = "select bss_internal.convert_value(%s, %s, %s)::text"
    found = [
        (value, source, target, _first(connection.execute(query, [value, source, target])))
        for value, source, target, _ in VALUES
    ]
    assert found == VALUES


def _first(cursor: psycopg.Cursor[Any]) -> Any:
    row = cursor.fetchone()
    return row and row[0]


def listed(items: Shop) -> dict[int, Any]:
    query = "select row_key ->> 'item_id', value from bss.quarantined_values where tenant = %s"
    found = items.connection.execute(query, [items.name])
    return {int(key): value for key, value in found}


@pytest.mark.parametrize("size", ["0", "1000000000"])
def test_what_does_not_convert_is_listed_and_kept(
    shop_of: Callable[[Json], Shop], size: str
) -> None:
    items = shop_of(shop())
    items.connection.execute("select bss.set_setting('apply.online_bytes', %s)", [size])
    items.connection.execute("update tenant_shop.items set code = null where item_id = 10")
    items.apply(shop({"code": {"type": "integer", "default": 5}}))
    assert items.migrate().code == ""
    assert listed(items) == {number: f"c{number}" for number in range(20, 301, 10)}
    for row in items.rows():
        number = row["item_id"]
        assert row["code"] == (None if number % 10 == 0 else number)
        assert row["code_was_text"] == (None if number == 10 else _code(number))
    reason = "select distinct reason from bss.quarantined_values"
    assert items.value(reason) == "text does not convert to bigint"


def _code(number: int) -> str:
    return f"c{number}" if number % 10 == 0 else str(number)


@pytest.mark.parametrize(("size", "code"), [("0", "SB418"), ("1000000000", "SB402")])
def test_a_required_column_without_a_default_takes_only_values(
    shop_of: Callable[[Json], Shop], size: str, code: str
) -> None:
    items = shop_of(shop())
    items.connection.execute("select bss.set_setting('apply.online_bytes', %s)", [size])
    number = shop({"code": {"type": "integer"}}, required=("code",))
    if size == "0":
        items.apply(number)
        assert items.migrate().code == code
    else:
        with pytest.raises(psycopg.Error, match="do not fit the new schema") as refused:
            items.apply(number)
        assert refused.value.sqlstate == code
    items.connection.execute("update tenant_shop.items set code = item_id where code like 'c%'")
    items.apply(number) if size != "0" else None
    assert items.migrate().code == ""
    assert [row["code"] for row in items.rows()] == list(range(1, 301))
    assert listed(items) == {}


@pytest.mark.parametrize("size", ["0", "1000000000"])
def test_a_required_column_with_a_default_gets_it_for_what_does_not_convert(
    shop_of: Callable[[Json], Shop], size: str
) -> None:
    items = shop_of(shop())
    items.connection.execute("select bss.set_setting('apply.online_bytes', %s)", [size])
    items.connection.execute("update tenant_shop.items set code = null where item_id = 1")
    items.apply(shop({"code": {"type": "integer", "default": -1}}, required=("code",)))
    if size == "0":
        values = "(item_id, code) values (400, 'x'), (401, '7'), (402, null)"
        items.connection.execute(f"insert into tenant_shop.items {values}".encode())
    assert items.migrate().code == ""
    found = {row["item_id"]: row["code"] for row in items.rows()}
    assert (found[1], found[2], found[10]) == (-1, 2, -1)
    assert 1 not in listed(items)
    if size == "0":
        assert (found[400], found[401], found[402]) == (-1, 7, -1)
        assert listed(items)[400] == "x"


def test_rows_that_only_a_reference_updates_are_converted(shop_of: Callable[[Json], Shop]) -> None:
    """What a foreign key does is done as the owner of the table, as what fills it is."""
    owner = {**OWNER, "x-bss": {"references": {"entity": "Owner", "onDelete": "setNull"}}}
    items = shop_of(shop({"owner_id": owner}))
    items.connection.execute("insert into tenant_shop.owners default values")
    items.connection.execute(
        "update tenant_shop.items set owner_id = o.owner_id from tenant_shop.owners as o"
    )
    before = {row["item_id"]: row for row in items.rows()}
    items.connection.execute("select bss.set_setting('migrate.batch_rows', '20')")
    items.apply(shop({"owner_id": owner, "code": {"type": "integer"}}))
    assert items.step() == "more"
    items.connection.execute("delete from tenant_shop.owners")
    assert items.migrate().code == ""
    for row in items.rows():
        was = before[row["item_id"]]
        assert row["owner_id"] is None
        assert row["updated_at"] > was["updated_at"]
        assert row["code"] == (int(was["code"]) if was["code"].isdecimal() else None)
    assert {*listed(items)} == {number for number in before if number % 10 == 0}


def test_both_columns_are_kept_in_step_while_the_new_one_is_filled(
    shop_of: Callable[[Json], Shop], login: Callable[..., str]
) -> None:
    """Writers go on with the old column, through a gateway, until the columns are swapped."""
    items = shop_of(shop())
    items.connection.execute("select bss.set_setting('migrate.batch_rows', '20')")
    items.apply(shop({"code": {"type": "integer"}}))
    stop = threading.Event()
    written: dict[int, str] = {}

    def write() -> None:
        chance = random.Random(3)  # noqa: S311  the same values in every run
        with psycopg.connect(login("gateway", ["bss_app"])) as gateway:
            while not stop.is_set():
                number = chance.randint(1, 500)
                code = chance.choice([str(number * 2), f"x{number}", "007"])
                with gateway.transaction():
                    gateway.execute("select bss.use_tenant('shop')")
                    gateway.execute(
                        "insert into items (item_id, code) values (%s, %s) "
                        "on conflict (item_id) do update set code = excluded.code",
                        [number, code],
                    )
                    gateway.execute(
                        "update items set name = name || '.' where item_id = %s", [number % 300]
                    )
                written[number] = code

    writer = threading.Thread(target=write)
    writer.start()
    next_kind = "select kind from bss_internal.open_step(%s)"
    while items.value(next_kind, _id(items)) != "swap_columns":
        seen = len(written)
        while len(written) < seen + 10:
            time.sleep(0.001)
        assert items.step() in ("more", "done")
    stop.set()
    writer.join()
    shadow = items.value("select object from bss.pending_steps where kind = 'swap_columns'")
    pairs = {row["item_id"]: (row["code"], row[shadow]) for row in items.rows()}
    assert len(written) > 20
    for number, code in written.items():
        assert pairs[number][0] == code
    for old, new in pairs.values():
        assert new == (int(old) if old is not None and old.isdigit() else None)
    unlisted = {n: old for n, (old, new) in pairs.items() if new is None and old is not None}
    assert listed(items) == unlisted
    # and the other way round, for who writes to the new one already
    update = sql.SQL("update tenant_shop.items set {} = 12 where item_id = 1")
    items.connection.execute(update.format(sql.Identifier(shadow)))
    assert items.rows()[0]["code"] == "12"
    assert items.migrate().code == ""


def _id(items: Shop) -> Any:
    return items.value("select id from bss.tenants where external_id = 'shop'")


def test_a_type_that_cannot_be_converted_is_refused(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    with pytest.raises(psycopg.Error, match=r'changing "items\.code" is not supported yet'):
        items.apply(shop({"code": {"type": "string", "contentEncoding": "base64"}}))
    with pytest.raises(psycopg.Error, match=r'changing "items\.item_id" is not supported yet'):
        items.apply(shop({"item_id": {"type": "boolean"}}))


def test_what_a_tenant_has_listed_is_its_own(
    shop_of: Callable[[Json], Shop], login: Callable[..., str]
) -> None:
    items = shop_of(shop())
    items.apply(shop({"code": {"type": "integer"}}))
    items.migrate()
    items.connection.execute("select bss.provision_tenant('other')")
    with psycopg.connect(login("gateway", ["bss_app"])) as gateway:
        for tenant, seen in (("other", 0), ("shop", 30)):
            with gateway.transaction():
                gateway.execute("select bss.use_tenant(%s)", [tenant])
                query = "select count(*) from bss.quarantined_values"
                assert gateway.execute(query).fetchone() == (seen,)
    assert json.dumps(items.value("select min(relation) from bss.quarantined_values")) == '"items"'
