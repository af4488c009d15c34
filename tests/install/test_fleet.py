"""`bss fleet`: all tenants that follow a blueprint, by workers that may lose their connection."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from bss_loader.exit import Exit
from bss_loader.fleet_driver import drive

V1 = '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'
V2 = (
    '{"title": "Customer", "type": "object",'
    ' "properties": {"name": {"type": "string", "maxLength": 5}, "stars": {"type": "integer"}}}'
)
TENANTS = 12
WORKER = """
    select pid from pg_stat_activity
    where datname = current_database() and state = 'active' and query ~ 'migrate_next'
        and pid <> pg_backend_pid()
    limit 1
"""
VERBS: tuple[LiteralString, ...] = (
    "select pg_terminate_backend(%s)", "select pg_cancel_backend(%s)",
)  # fmt: skip


@pytest.fixture
def shop(connection: psycopg.Connection) -> psycopg.Connection:
    """A connection to a database with tenants that are a version behind their blueprint."""
    connection.execute("select bss.publish_blueprint('shop', %s)", [V1])
    for number in range(TENANTS):
        connection.execute(
            "select bss.provision_tenant(%s, blueprint => 'shop')", [f"tenant-{number:02}"]
        )
    connection.execute("select bss.publish_blueprint('shop', %s)", [V2])
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"50ms"')""")
    connection.execute("""select bss.set_setting('fleet.retry_delay', '"50ms"')""")
    return connection


def fleet(dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "fleet", *arguments, "--dsn", dsn]
    return subprocess.run(command, capture_output=True, text=True)


def versions(connection: psycopg.Connection) -> list[int]:
    rows = connection.execute("""
        select t.blueprint_version from bss.tenants as t where t.blueprint = 'shop' order by 1
    """)
    return [version for (version,) in rows]


def start(connection: psycopg.Connection) -> int:
    row = connection.execute("select bss.start_fleet_migration('shop')").fetchone()
    assert row is not None
    return int(row[0])


def tried(connection: psycopg.Connection) -> bool:
    """Whether a tenant in use is to be tried again."""
    row = connection.execute("select exists (select from bss.fleet_tenants where attempts > 0)")
    return row.fetchone() == (True,)


def test_migrate_takes_all_tenants_along(dsn: str, shop: psycopg.Connection) -> None:
    done = fleet(dsn, "migrate", "shop", "--canary", "tenant-03", "--waves", "2", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["migration"]["status"] == "finished"
    assert [(ring["ring"], ring["migrated"]) for ring in said["rings"]] == [(0, 1), (1, 6), (2, 5)]
    assert versions(shop) == [2] * TENANTS


def test_plan_shows_what_would_happen_to_whom(dsn: str, shop: psycopg.Connection) -> None:
    shop.execute("alter table tenant_tenant_03.customers add column by_hand text")
    done = fleet(dsn, "migrate", "shop", "--dry-run")
    assert done.returncode == 0, done.stderr
    first, _, row, drifted = done.stdout.splitlines()
    assert first == "12 tenants: 11 pending, 1 drifted"
    whom, hazards = "tenant-00, tenant-01, tenant-02 and 8 more", "blocks_reads, blocks_writes"
    assert re.match(f"1 +{whom} +1 +2 +{hazards}, may_fail_on_data ", row)
    assert drifted.startswith("tenant-03 drifted: SB401: ")
    assert versions(shop) == [1] * TENANTS


def test_migrate_says_who_is_not_there_and_retry_takes_them(
    dsn: str, shop: psycopg.Connection
) -> None:
    shop.execute("insert into tenant_tenant_05.customers (name) values ('too long')")
    done = fleet(dsn, "migrate", "shop", "--error-budget", "1", "--workers", "2")
    assert done.returncode == Exit.FINDINGS, done.stderr
    assert "tenant-05 failed: SB402: rows of table" in done.stdout
    assert versions(shop) == [1] + [2] * (TENANTS - 1)
    shop.execute("delete from tenant_tenant_05.customers")
    done = fleet(dsn, "retry", "shop")
    assert done.returncode == 0, done.stdout + done.stderr
    assert versions(shop) == [2] * TENANTS


def test_stopped_migration_is_resumed_with_another_budget(
    dsn: str, shop: psycopg.Connection
) -> None:
    shop.execute("insert into tenant_tenant_03.customers (name) values ('too long')")
    shop.execute("insert into tenant_tenant_05.customers (name) values ('too long')")
    canaries = ["--canary", "tenant-03", "--canary", "tenant-05"]
    done = fleet(dsn, "migrate", "shop", "--workers", "1", *canaries)
    assert done.returncode == Exit.FINDINGS, done.stderr
    assert done.stdout.splitlines()[0].endswith(": stopped")
    assert versions(shop) == [1] * TENANTS
    done = fleet(dsn, "resume", "shop", "--error-budget", "2")
    assert done.stdout.splitlines()[0].endswith(": finished")
    assert versions(shop) == [1] * 2 + [2] * (TENANTS - 2)


def test_tenant_in_use_is_tried_again(dsn: str, shop: psycopg.Connection) -> None:
    migration = start(shop)
    with psycopg.connect(dsn) as reader:
        reader.execute("table tenant_tenant_07.customers")

        def watch() -> None:
            # the others have not waited for it
            if tried(shop) and versions(shop) == [1] + [2] * (TENANTS - 1):
                reader.rollback()

        drive(dsn, migration, workers=2, watch=watch, interval=0.02)
    assert versions(shop) == [2] * TENANTS
    assert shop.execute(
        "select state from bss.fleet_tenants where tenant = 'tenant-07'"
    ).fetchone() == ("migrated",)


def test_tenant_that_stays_in_use_fails(dsn: str, shop: psycopg.Connection) -> None:
    shop.execute("select bss.set_setting('fleet.attempts', '2')")
    migration = start(shop)
    with psycopg.connect(dsn) as reader:
        reader.execute("table tenant_tenant_07.customers")
        drive(dsn, migration, workers=2, watch=lambda: None)
    [row] = shop.execute("""
        select tenant, attempts, sqlstate from bss.fleet_tenants where state = 'failed'
    """)
    assert row == ("tenant-07", 2, "SB403")


@pytest.fixture
def killer(dsn: str) -> Iterator[list[int]]:
    """Terminates and cancels a worker, twice each; gives whom."""
    killed: list[int] = []

    def kill() -> None:
        with psycopg.connect(dsn, autocommit=True) as superuser:
            while len(killed) < 4:
                for (pid,) in superuser.execute(WORKER).fetchall():
                    superuser.execute(VERBS[len(killed) % 2], [pid])
                    killed.append(pid)
                time.sleep(0.01)

    thread = threading.Thread(target=kill)
    thread.start()
    yield killed
    thread.join(timeout=60)


def test_workers_that_are_killed_go_on(
    dsn: str, shop: psycopg.Connection, killer: list[int]
) -> None:
    drive(dsn, start(shop), workers=2, watch=lambda: None)
    assert versions(shop) == [2] * TENANTS
    assert len(killer) == 4
    ledger = shop.execute("select count(*) from bss.schema_versions where blueprint_version = 2")
    assert ledger.fetchone() == (TENANTS,)


def test_pause_lets_nobody_begin(dsn: str, shop: psycopg.Connection) -> None:
    migration = start(shop)
    assert fleet(dsn, "pause", "shop").returncode == 0
    drive(dsn, migration, workers=2, watch=lambda: None)
    assert versions(shop) == [1] * TENANTS
    assert fleet(dsn, "status", "shop").returncode == Exit.FINDINGS
    assert fleet(dsn, "cancel", "shop").returncode == 0
    assert fleet(dsn, "migrate", "shop").returncode == 0
    assert versions(shop) == [2] * TENANTS


def test_migrate_refuses_another_version_while_one_goes_on(
    dsn: str, shop: psycopg.Connection
) -> None:
    start(shop)
    done = fleet(dsn, "migrate", "shop", "--version", "1")
    assert (done.returncode, "SB636" in done.stderr) == (Exit.STATE, True)
    done = fleet(dsn, "migrate", "shop")
    assert done.returncode == 0, done.stderr
    assert versions(shop) == [2] * TENANTS


def test_status_of_nothing_is_an_error(dsn: str) -> None:
    done = fleet(dsn, "status", "shop")
    assert (done.returncode, "SB637" in done.stderr) == (Exit.STATE, True)


def test_driver_gives_up_on_a_server_that_stays_away() -> None:
    from bss_loader.exit import LoaderError
    from bss_loader.fleet_driver import Session

    with pytest.raises(LoaderError) as caught:
        Session(dsn="host=/nowhere", patience=0.2).rows("select 1")
    assert caught.value.code == Exit.UNREACHABLE
