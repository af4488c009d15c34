"""What a large table goes through ends where a small one is at once, and leaves nothing behind."""

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.migration.conftest import Shop
from tests.migration.online import BETWEEN, CASES, Json, shop

Connection = psycopg.Connection[Any]

UNIQUE = shop({"code": {"type": "string", "x-bss": {"unique": True}}})
CHECKED = shop({"name": {"type": "string", "maxLength": 20}})
each_case = pytest.mark.parametrize("name", CASES)


@each_case
def test_online_form_ends_where_the_direct_one_does(online: Connection, name: str) -> None:
    case, large, small = CASES[name], Shop(online), Shop(online, "small")
    large.begin(case, BETWEEN.get(name))
    assert large.kinds() == case.kinds
    assert "waiting" in large.states()
    before = large.rows()
    outcome = large.migrate()
    assert (outcome.code, outcome.message) == ("", "")
    assert large.states() == {"done"}

    cancelled = Shop(online, "cancelled")
    cancelled.begin(case, BETWEEN.get(name))
    if cancelled.value("select count(*) from bss.pending_steps where state = 'waiting'") > 1:
        cancelled.step()
    version = cancelled.value("select bss.cancel_pending('cancelled', 'a person', 'r-1')")
    assert cancelled.migrate().code == ""
    assert cancelled.states() <= {"done", "cancelled"}

    online.execute("select bss.set_setting('apply.online_bytes', '1000000000')")
    kept = Shop(online, "kept")
    kept.provision(case.before)
    kept.apply(BETWEEN.get(name, case.before))
    assert _without(cancelled.shape(), "size") == _without(kept.shape(), "size")
    assert cancelled.apply(case.after) == version + 1

    small.begin(case, BETWEEN.get(name))
    assert not small.states()
    assert large.shape() == small.shape() == cancelled.shape()
    assert [_without_times(row) for row in large.rows()] == [
        _without_times(row) for row in small.rows()
    ]
    assert [row["updated_at"] for row in large.rows()] == [row["updated_at"] for row in before]
    assert large.apply(case.after) == small.apply(case.after)


def _without_times(row: Json) -> Json:
    return {name: value for name, value in row.items() if not name.endswith("_at")}


def _without(shape: Json, column: str) -> list[Json]:
    """The tables without a column that was added: it is kept, as whatever leaves a schema is."""
    return [
        table | {"columns": [each for each in table["columns"] if each["name"] != column]}
        for table in shape["tables"]
    ]


def test_steps_are_in_the_ledger_when_they_are_done(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    query = "select kind from bss_metadata.schema_migrations where version = 2 order by position"
    pending = "select pending from bss.schema_versions where version = 2"
    assert (items.connection.execute(query).fetchall(), items.value(pending)) == ([], 2)
    assert items.migrate().steps == 2
    assert items.connection.execute(query).fetchall() == [("build_index",), ("adopt_index",)]
    assert items.value(pending) == 0
    entry = "select action_type from bss.audit_log order by action_timestamp desc limit 1"
    assert items.value(entry) == "schema.completed"


def test_plan_says_which_form_a_step_has_and_why(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    query = "select mode, hazards, reason from bss.plan_schema('shop', %s)"
    size = "the table has 64 kB, and a large one at least"
    assert items.connection.execute(query, [json.dumps(UNIQUE)]).fetchall() == [
        (
            "concurrently", ["outside_transaction", "may_fail_on_data"],
            f"it is built from every row, while others read and write; {size} 0 bytes",
        ),
        ("transaction", [], f"the index is there, so no row is read; {size} 0 bytes"),
    ]  # fmt: skip
    items.connection.execute("select bss.set_setting('apply.online_bytes', '65537')")
    assert items.connection.execute(query, [json.dumps(UNIQUE)]).fetchall() == [
        (
            "now", ["blocks_reads", "blocks_writes", "may_fail_on_data"],
            "its index is built from every row, which proves that no two are alike; "
            f"{size} 64 kB",
        )
    ]  # fmt: skip


def test_apply_schema_refuses_while_steps_are_pending(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    items.apply(CHECKED)
    with pytest.raises(psycopg.Error, match='migration of tenant "shop" has pending') as refused:
        items.apply(shop())
    assert refused.value.sqlstate == "SB415"
    assert refused.value.diag.message_detail == (
        'Version 2 has 1 of them; the next is validate of table "items".'
    )
    assert items.connection.execute("select action from bss.maintain_partitions()").fetchall() == []
    items.migrate()
    assert items.apply(shop()) == 3


def test_a_change_by_hand_between_two_steps_is_refused(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    items.connection.execute("alter table tenant_shop.items add column by_hand integer")
    for verb in ("run_pending_step", "cancel_pending"):
        with pytest.raises(psycopg.Error, match="were changed while it is migrated") as refused:
            items.value(f"select bss.{verb}('shop')")
        assert refused.value.sqlstate == "SB416"
    items.connection.execute("alter table tenant_shop.items drop column by_hand")
    assert items.migrate().steps == 2


def test_rows_that_do_not_fit_stop_the_migration_until_they_are_corrected(
    shop_of: Callable[[Json], Shop],
) -> None:
    items = shop_of(shop())
    items.connection.execute(
        "update tenant_shop.items set name = repeat('long ', 9) where item_id = 7"
    )
    items.apply(CHECKED)
    assert (items.step(), items.states()) == ("failed", {"done", "failed"})
    outcome = items.migrate()
    assert outcome.code == "SB418"
    assert outcome.message.startswith('rows of table "items" of tenant "shop" do not fit: check')
    with pytest.raises(psycopg.Error, match="do not fit") as refused:
        items.connection.execute("call bss.run_pending('shop')")
    assert refused.value.sqlstate == "SB418"
    items.connection.execute("update tenant_shop.items set name = 'short' where item_id = 7")
    items.connection.execute("call bss.run_pending('shop')")
    assert items.states() == {"done"}


def test_duplicates_are_named_by_their_key_and_leave_no_index(
    shop_of: Callable[[Json], Shop],
) -> None:
    items = shop_of(shop())
    items.connection.execute("update tenant_shop.items set code = 'secret' where item_id < 3")
    items.apply(UNIQUE)
    outcome = items.migrate()
    assert outcome.code == "SB418"
    assert outcome.message == (
        'rows of table "items" of tenant "shop" do not fit: '
        'could not create unique index "items_code_key"'
    )
    indexes = "select count(*) from pg_indexes where indexname = 'items_code_key'"
    assert items.value(indexes) == 0
    assert "secret" not in items.value("select string_agg(p::text, '') from bss.pending_steps as p")
    items.connection.execute("update tenant_shop.items set code = 'c1' where item_id = 1")
    assert items.migrate().code == ""


def test_run_pending_leaves_to_the_loader_what_it_cannot_do(
    shop_of: Callable[[Json], Shop],
) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    with pytest.raises(psycopg.Error, match="is built outside of transactions") as refused:
        items.connection.execute("call bss.run_pending('shop')")
    assert refused.value.sqlstate == "SB419"
    assert items.migrate().steps == 2
    items.connection.execute("call bss.run_pending('shop')")


def test_cancel_pending_refuses_where_nothing_is_pending(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    with pytest.raises(psycopg.Error, match='tenant "shop" has no pending steps') as refused:
        items.value("select bss.cancel_pending('shop')")
    assert refused.value.sqlstate == "SB420"


def test_pending_steps_go_with_the_tenant(shop_of: Callable[[Json], Shop]) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    items.connection.execute("select bss.deprovision_tenant('shop', '0')")
    items.connection.execute("select bss.drop_tenant('shop', 'shop')")
    assert items.states() == set()
