"""What other verbs do with a tenant whose migration has steps to come."""

import json
import subprocess
import sys
from typing import Any

import psycopg
import pytest

from tests.migration.conftest import Shop
from tests.migration.online import Json, shop

Connection = psycopg.Connection[Any]

FIRST = shop()
UNIQUE = shop({"code": {"type": "string", "x-bss": {"unique": True}}})


def publish(connection: Connection, document: Json) -> int:
    query = "select bss.publish_blueprint('shop', %s)"
    row = connection.execute(query, [json.dumps(document)]).fetchone()
    assert row is not None
    return int(row[0])


def migrate_fleet(connection: Connection) -> list[Any]:
    """Take every tenant that follows to the newest version, and say what came of each."""
    start = "select bss.start_fleet_migration('shop', error_budget => 1)"
    started = connection.execute(start).fetchone()
    while True:
        row = connection.execute("select * from bss.migrate_next(%s)", started).fetchone()
        if row is None or row[1] is None:
            break
    return connection.execute(
        """
        select tenant, state, to_version, pending_steps, sqlstate from bss.fleet_tenants
        where fleet_migration = %s order by tenant
        """,
        started,
    ).fetchall()


@pytest.fixture
def follower(online: Connection) -> Shop:
    """A tenant whose blueprint has taken it to a version with steps to come."""
    publish(online, FIRST)
    online.execute("select bss.provision_tenant('shop', blueprint => 'shop')")
    publish(online, UNIQUE)
    assert migrate_fleet(online) == [("shop", "migrated", 2, 2, None)]
    return Shop(online)


def test_fleet_says_who_has_steps_to_come(follower: Shop, dsn: str) -> None:
    unfinished = "select unfinished from bss.fleet_rings where tenants > 0"
    assert follower.value(unfinished) == 1
    command = [sys.executable, "-m", "bss_loader", "fleet", "status", "shop", "--dsn", dsn]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == 'with pending steps, which "bss migrate" executes: 1'
    assert follower.migrate().code == ""
    assert follower.value(unfinished) == 0
    assert "pending steps" not in subprocess.run(command, capture_output=True, text=True).stdout


def test_fleet_goes_no_further_with_steps_to_come(follower: Shop) -> None:
    publish(follower.connection, shop({"code": {"type": "string"}, "note": {"type": "string"}}))
    previewed = "select outcome || ' ' || sqlstate from bss.plan_fleet('shop')"
    assert follower.value(previewed) == "failed SB415"
    assert migrate_fleet(follower.connection) == [("shop", "failed", None, 0, "SB415")]
    assert follower.migrate().code == ""
    assert follower.value(previewed) is None
    assert migrate_fleet(follower.connection) == [("shop", "migrated", 3, 0, None)]


def test_follower_that_gives_a_version_up_is_at_the_one_before_of_its_blueprint(
    follower: Shop,
) -> None:
    assert follower.value("select bss.cancel_pending('shop')") == 3
    place = "select (schema_version, blueprint_version)::text from bss.tenants"
    assert follower.value(place) == "(3,1)"
    assert migrate_fleet(follower.connection) == [("shop", "migrated", 4, 2, None)]
    assert follower.migrate().code == ""


def test_what_was_dropped_of_a_follower_leaves_it_where_it_was(online: Connection) -> None:
    publish(online, shop({"colour": {"type": "string"}}))
    online.execute("select bss.provision_tenant('shop', blueprint => 'shop')")
    publish(online, FIRST)
    assert migrate_fleet(online) == [("shop", "migrated", 2, 0, None)]
    follower = Shop(online)
    follower.value("select bss.drop_deprecated('shop', interval '0')")
    assert follower.value("select blueprint_version from bss.tenants") == 2
    assert migrate_fleet(online) == [("shop", "current", None, 0, None)]


@pytest.mark.parametrize("verb", ["repair", "plan_repair"])
def test_nothing_is_repaired_with_steps_to_come(follower: Shop, verb: str) -> None:
    with pytest.raises(psycopg.Error, match="pending steps") as caught:
        follower.value(f"select bss.{verb}('shop')".encode())
    assert caught.value.sqlstate == "SB415"
    assert follower.migrate().code == ""
    follower.value(f"select bss.{verb}('shop')".encode())


def test_what_is_executed_later_is_no_ddl_of_others(follower: Shop) -> None:
    assert follower.migrate().code == ""
    assert follower.states() == {"done"}
    assert follower.value("select count(*) from bss.ddl_log") == 0
