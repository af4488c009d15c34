"""What events tell while a table is migrated, and after: of changes of records, not of columns."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.migration.conftest import Shop
from tests.migration.online import PARTITIONED, Json, shop

ROW: Json = {"events": {"payload": "row"}}
COLOUR = {"colour": {"type": "string"}}
RED = {"colour": {"type": "string", "default": "red"}}
CODE = {"code": {"type": "integer", "default": -1}}
OTHER_NAME = {"label": {"type": "string", "x-bss": {"renamedFrom": "name"}}}
VERSIONS: dict[str, tuple[Json, ...]] = {
    "a column that comes back is filled": (
        shop(COLOUR, **ROW), shop(**ROW), shop(RED, required=("colour",), **ROW),
    ),
    "a column is converted": (shop(**ROW), shop(CODE, **ROW)),
    "a column of partitions is converted": (
        shop(**ROW, **PARTITIONED), shop(CODE, **ROW, **PARTITIONED),
    ),
    "a column is converted, and another renamed": (
        shop(**ROW), shop({**CODE, **OTHER_NAME}, without=("name",), **ROW),
    ),
}  # fmt: skip
SIZES = ["0", "1000000000"]
"""From which on a table is migrated while it is used: any table, and none."""


def last(items: Shop) -> int:
    return int(items.value("select max(id) from bss_metadata.outbox"))


def told(items: Shop, after: int, topic: str) -> list[Any]:
    query = "select data from bss_metadata.outbox where id > %s and topic = %s order by id"
    found = items.connection.execute(query, [after, f"business_store.{topic}"])
    return [data for (data,) in found]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("what", VERSIONS)
def test_only_writers_change_records(shop_of: Callable[[Json], Shop], size: str, what: str) -> None:
    first, *between, after = VERSIONS[what]
    items = shop_of(first)
    items.connection.execute("select bss.set_setting('apply.online_bytes', %s)", [size])
    for document in between:
        items.apply(document)
        items.migrate()
    start = last(items)
    items.apply(after)
    items.connection.execute("update tenant_shop.items set level = 8 where item_id = 1")
    assert items.migrate().code == ""
    items.connection.execute("update tenant_shop.items set level = 9 where item_id = 1")
    assert [data["level"] for data in told(items, start, "data.items.updated")] == [8, 9]
    now = told(items, start, "data.items.updated")[-1]
    assert now.keys() == after["$defs"]["Item"]["properties"].keys()
    row = items.rows()[0]
    assert now == {name: row[name] for name in now}


def test_a_renamed_table_is_told_of_by_its_new_name(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop(**ROW))
    document = shop(**ROW)
    item = document["$defs"].pop("Item")
    item["x-bss"] |= {"entity": True, "renamedFrom": "Item"}
    document["$defs"]["Thing"] = item
    start = last(items)
    items.apply(document)
    items.connection.execute("delete from tenant_shop.things where item_id = 1")
    items.value("select bss.rollback_schema('shop', 1)")
    items.connection.execute("delete from tenant_shop.items where item_id = 2")
    assert [data["name"] for data in told(items, start, "data.things.deleted")] == ["n1"]
    assert [data["name"] for data in told(items, start, "data.items.deleted")] == ["n2"]
    assert told(items, start, "data.items.updated") == []


def test_a_table_that_left_the_schema_is_still_told_of_until_it_is_dropped(
    shop_of: Callable[[Json], Shop],
) -> None:
    items = shop_of(shop(**ROW))
    owners = {"title": "Shop", "$defs": {"Owner": shop()["$defs"]["Owner"]}}
    start = last(items)
    items.apply(owners)
    items.connection.execute("delete from tenant_shop.items where item_id = 1")
    assert len(told(items, start, "data.items.deleted")) == 1
    items.connection.execute("select * from bss.drop_deprecated('shop', '0 s')")
    assert len(told(items, start, "data.items.deleted")) == 1
    assert [len(each["dropped"]) for each in told(items, start, "schema.deprecated_dropped")] == [1]


def test_what_the_document_says_of_events_is_changed_by_a_version(
    shop_of: Callable[[Json], Shop],
) -> None:
    items = shop_of(shop())
    rename = "update tenant_shop.items set name = 'other' where item_id = 1"
    before = last(items)
    items.connection.execute(rename.encode())
    assert told(items, before, "data.items.updated") == [None]
    items.apply(shop(events={"payload": "changes", "exclude": ["code"]}))
    items.connection.execute(
        b"update tenant_shop.items set name = 'n', code = 'c' where item_id = 1"
    )
    assert told(items, before, "data.items.updated")[1:] == [
        {"old": {"name": "other"}, "new": {"name": "n"}}
    ]
    items.value("select bss.rollback_schema('shop', 1)")
    items.connection.execute(rename.encode())
    assert told(items, before, "data.items.updated")[2:] == [None]


def test_every_version_is_told_with_who_asked_for_it(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    start = last(items)
    items.value(
        "select bss.apply_schema('shop', %s, 'user:you', 'CR-1')",
        '{"title": "Shop", "$defs": {"Item": {"type": "object", "properties": {'
        '"item_id": {"type": "integer"}, "code": {"type": "integer"}}}}}',
    )
    (updated,) = told(items, start, "schema.updated")
    assert (updated["version"], updated["initiator"]) == (2, "user:you")
    assert told(items, start, "schema.completed") == []
    assert items.migrate().code == ""
    (completed,) = told(items, start, "schema.completed")
    assert (completed["version"], completed["initiator"]) == (2, "user:you")
    requests = items.connection.execute(
        "select distinct correlation_id from bss_metadata.outbox where id > %s", [start]
    )
    assert requests.fetchall() == [("CR-1",)]


def test_an_open_session_tells_what_changes_in_a_new_column_and_nothing_of_what_does_not(
    shop_of: Callable[[Json], Shop], dsn: str
) -> None:
    items = shop_of(shop())
    start = last(items)
    paint = "update tenant_shop.items set colour = 'red' where item_id = 1 returning updated_at"
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("update tenant_shop.items set level = 8 where item_id = 1")
        items.apply(shop(COLOUR))
        painted = session.execute(paint).fetchone()
        assert len(told(items, start, "data.items.updated")) == 2
        assert session.execute(paint).fetchone() == painted
        assert len(told(items, start, "data.items.updated")) == 2


def test_a_batch_that_fails_keeps_nothing_from_being_told(
    shop_of: Callable[[Json], Shop], dsn: str
) -> None:
    items = shop_of(shop())
    items.apply(shop(CODE))
    start = last(items)
    with psycopg.connect(dsn) as other, items.connection.transaction():
        other.execute("lock table tenant_shop.items in share mode")
        assert items.step() == "blocked"
        other.rollback()
        items.connection.execute("update tenant_shop.items set level = 8 where item_id = 1")
    assert len(told(items, start, "data.items.updated")) == 1
