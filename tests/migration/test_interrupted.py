"""Migrations beside those who use the table: who waits for whom, and what an interruption leaves.

BSS_MIGRATION_KILLS says how many times a migration is killed; the default is what a suite has time
for.
"""

import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest

from bss_loader.migrate import run_pending
from tests.migration.conftest import Shop
from tests.migration.online import CASES, Json, shop

Connection = psycopg.Connection[Any]

KILLS = int(os.environ.get("BSS_MIGRATION_KILLS", "4"))
UNIQUE = shop({"code": {"type": "string", "x-bss": {"unique": True}}})
REQUIRED = shop(required=("code",))
LOCK_TIMEOUT = 0.3
INDEX = (
    "select indisvalid from pg_index where indexrelid = to_regclass('tenant_shop.items_code_key')"
)


@contextmanager
def other(dsn: str, *statements: str) -> Iterator[Connection]:
    """Another session, in a transaction that has executed the statements."""
    with psycopg.connect(dsn) as session:
        for statement in statements:
            session.execute(statement.encode())
        yield session
        session.rollback()


def test_a_migration_waits_for_no_one_longer_than_the_lock_timeout(
    shop_of: Callable[[Json], Shop], dsn: str
) -> None:
    """A long reader is in the way of the last stage; whoever comes behind that waits little."""
    items = shop_of(shop())
    items.apply(REQUIRED)
    assert items.step() == "done"
    with other(dsn, "select from tenant_shop.items"), psycopg.connect(dsn) as behind:
        attempt = threading.Thread(target=items.step)
        attempt.start()
        time.sleep(LOCK_TIMEOUT / 3)
        begin = time.monotonic()
        behind.execute("select from tenant_shop.items")
        waited = time.monotonic() - begin
        attempt.join()
        assert 0.02 < waited < LOCK_TIMEOUT + 0.2
        assert items.states() == {"done", "waiting"}
        error = items.value("select last_error from bss.pending_steps where state = 'waiting'")
        assert error.startswith('SB417: table "items" of tenant "shop" is in use: ')
    assert items.migrate().code == ""


def test_attempts_are_bounded(shop_of: Callable[[Json], Shop], dsn: str) -> None:
    items = shop_of(shop())
    items.connection.execute("select bss.set_setting('migrate.attempts', '2')")
    items.connection.execute("""select bss.set_setting('apply.lock_timeout', '"20ms"')""")
    items.apply(REQUIRED)
    with other(dsn, "select from tenant_shop.items"):
        assert items.migrate().code == "SB417"
        assert items.states() == {"done", "failed"}
    assert items.migrate().code == ""


def test_a_deadlock_is_tried_again(shop_of: Callable[[Json], Shop], dsn: str) -> None:
    """A session that has the table wants the tenant, which the step has, which wants the table."""
    items = shop_of(shop())
    items.connection.execute("""select bss.set_setting('apply.lock_timeout', '"20s"')""")
    items.connection.execute("set deadlock_timeout = '200ms'")
    items.apply(REQUIRED)
    items.step()
    with other(dsn, "set deadlock_timeout = '1min'", "select from tenant_shop.items") as session:
        outcomes: list[Any] = []
        attempt = threading.Thread(target=lambda: outcomes.append(items.step()))
        attempt.start()
        time.sleep(0.05)
        session.execute("select from bss_metadata.tenants for update")
        attempt.join()
        assert outcomes == ["blocked"]
    assert items.migrate().code == ""


def test_an_index_left_by_a_cancelled_build_is_built_again(
    shop_of: Callable[[Json], Shop], dsn: str
) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    # a snapshot that is older than the build, which waits for it
    snapshot = ("begin isolation level repeatable read", "select from bss_metadata.settings")
    with other(dsn, *snapshot), psycopg.connect(dsn, autocommit=True) as administrator:
        attempt = threading.Thread(target=_migrate_and_fail, args=[items])
        attempt.start()
        pid = items.connection.info.backend_pid
        _until(lambda: administrator.execute(INDEX).fetchone() == (False,))
        assert items_in_use(administrator) == "blocked"
        administrator.execute("select pg_cancel_backend(%s)", [pid])
        attempt.join()
    assert items.value(INDEX) is False
    assert items.migrate().steps == 2
    assert items.value(INDEX) is True


def _migrate_and_fail(items: Shop) -> None:
    with pytest.raises(psycopg.errors.QueryCanceled):
        items.migrate()


def items_in_use(connection: Connection) -> Any:
    """What a second migration of the same tenant says while the first builds the index."""
    row = connection.execute("select outcome from bss.run_pending_step('shop')").fetchone()
    return row and row[0]


def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never was")


@pytest.mark.parametrize("end", ["pg_terminate_backend", "pg_cancel_backend"])
def test_a_migration_that_was_ended_at_any_point_is_resumed(
    online: Connection, dsn: str, end: str
) -> None:
    """After each end, the ledger says what is in the catalog, and the rest is done by the next."""
    chance = random.Random(7)  # noqa: S311  the same points in every run
    case = CASES["takes a column back with a default"]
    online.execute("select bss.set_setting('migrate.batch_rows', '20')")
    whole = Shop(online, "whole")
    whole.begin(case, shop())
    whole.migrate()
    items = Shop(online)
    items.begin(case, shop())

    def kill(pid: int) -> None:
        with psycopg.connect(dsn, autocommit=True) as administrator:
            administrator.execute(f"select {end}({pid})".encode())

    for _ in range(KILLS):
        with psycopg.connect(dsn, autocommit=True) as victim:
            pid = victim.info.backend_pid
            timer = threading.Timer(chance.uniform(0, 0.06), kill, [pid])
            timer.start()
            with suppress(psycopg.Error):
                run_pending(victim, "shop")
            timer.join()
        drift = (
            "select bss_internal.fingerprint(t) = s.fingerprint from bss_metadata.tenants as t, "
        )
        drift += "bss_internal.schema_in_force(t.id) as s where t.external_id = 'shop'"
        assert items.value(drift)
    assert items.migrate().code == ""
    assert items.shape() == whole.shape()
    assert [row["colour"] for row in items.rows()] == ["50% 'red'"] * 300
    assert items.kinds() == case.kinds


def test_rows_that_are_written_meanwhile_are_as_the_document_says(
    online: Connection, dsn: str
) -> None:
    """Writers insert, update and delete while a column is filled."""
    online.execute("select bss.set_setting('migrate.batch_rows', '5')")
    items = Shop(online)
    items.begin(CASES["takes a column back with a default"], shop())
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(dsn, autocommit=True) as writer:
            number = 1000
            while not stop.is_set():
                number += 1
                writer.execute("insert into tenant_shop.items (item_id) values (%s)", [number])
                writer.execute(
                    "update tenant_shop.items set name = name || '.' where item_id = %s",
                    [number % 300],
                )
                writer.execute("delete from tenant_shop.items where item_id = %s", [number - 5])

    writers = [threading.Thread(target=write)]
    for writer in writers:
        writer.start()
    outcome = items.migrate()
    stop.set()
    for writer in writers:
        writer.join()
    assert outcome.code == ""
    assert {row["colour"] for row in items.rows()} == {"50% 'red'"}
    assert any(row["name"] and row["name"].endswith(".") for row in items.rows())
    assert len(items.rows()) >= 300


def test_prepared_statements_go_on_and_those_of_whole_rows_fail_once(
    shop_of: Callable[[Json], Shop], dsn: str
) -> None:
    items = shop_of(shop())
    with psycopg.connect(dsn, autocommit=True) as session:
        session.execute("prepare names as select name from tenant_shop.items where item_id = $1")
        session.execute("prepare whole as select * from tenant_shop.items where item_id = $1")
        for query in ("execute names (1)", "execute whole (1)"):
            session.execute(query.encode())
        items.apply(shop({"size": {"type": "integer", "default": 1}}))
        assert session.execute("execute names (1)").fetchone() == ("n1",)
        with pytest.raises(psycopg.errors.FeatureNotSupported, match="must not change result type"):
            session.execute("execute whole (1)")
        session.execute("deallocate whole")
        session.execute("prepare whole as select * from tenant_shop.items where item_id = $1")
        assert session.execute("execute whole (1)").fetchone() is not None


def test_a_login_that_may_not_build_indexes_is_told_so(
    shop_of: Callable[[Json], Shop], login: Callable[..., str]
) -> None:
    items = shop_of(shop())
    items.apply(UNIQUE)
    with psycopg.connect(login("operator", ["bss_admin"]), autocommit=True) as operator:
        with pytest.raises(Exception, match="login may not build indexes") as refused:
            run_pending(operator, "shop")
        assert refused.value.sqlstate == "SB421"  # type: ignore[attr-defined]
    both = login("operator", ["bss_admin", "bss_owner"])
    with psycopg.connect(both, autocommit=True) as operator:
        assert run_pending(operator, "shop").steps == 2
