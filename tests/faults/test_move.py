"""Tenants that are moved while they write, and moves that are killed."""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.isolation.attack import Connection, Login, refused, session
from tests.isolation.pool import acting, fill, provision, publish, rows

ORDERS = int(os.environ.get("BSS_TEST_MOVE_ORDERS", "150"))
GONE = {"SB652", "42P01", "42501", "XX000", "55P03"}
"""With what a transaction is refused that began before a move and writes after it."""


MOVE = "select bss.move_tenant('acme', 'silo')"
WAITING = (
    "select 1 from pg_stat_activity where application_name = 'mover' and wait_event_type = 'Lock'"
)


@pytest.fixture
def superuser(connection: Connection) -> Connection:
    publish(connection)
    for name in ("acme", "globex"):
        provision(connection, name, "pool")
    return connection


@pytest.fixture
def gateway(superuser: Connection, login: Login) -> Iterator[Connection]:
    assert superuser
    with session(login("gateway", ["bss_app"])) as connection:
        for name in ("acme", "globex"):
            fill(connection, name, ORDERS)
        yield connection


@contextmanager
def writing(dsn: str, tenant: str) -> Iterator[list[int]]:
    """Somebody who writes to a tenant all the time; the orders whose commit was confirmed."""
    written: list[int] = []
    is_over = threading.Event()

    def write() -> None:
        number = 1_000_000
        with session(dsn) as connection:
            while not is_over.is_set():
                number += 1
                try:
                    with acting(connection, tenant):
                        connection.execute("insert into orders (order_id) values (%s)", [number])
                        connection.execute(
                            "insert into items (order_id, line) values (%s, 1)", [number]
                        )
                        connection.execute(
                            "update orders set total = coalesce(total, 0) + 1 "
                            "where order_id in (1, 2)"
                        )
                        connection.execute(
                            # two that exchange what is unique, and a row that goes and comes
                            "update customers set email = customer_id || '@' || %s "
                            "where customer_id = 3",
                            [number],
                        )
                        connection.execute("delete from items where (order_id, line) = (3, 2)")
                        connection.execute("insert into items (order_id, line) values (3, 2)")
                    written.append(number)
                except psycopg.Error as error:
                    if error.sqlstate not in GONE:
                        raise

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        is_over.set()
        thread.join()


def wait_for_more(written: list[int]) -> None:
    reached, deadline = len(written), time.monotonic() + 60
    while len(written) < reached + 3:
        assert time.monotonic() < deadline, "the writer has stopped"
        time.sleep(0.05)


def move(superuser: Connection, isolation: str) -> dict[str, tuple[int, int]]:
    found = superuser.execute("select * from bss.move_tenant('acme', %s)", [isolation]).fetchall()
    return {relation: (count, checksum) for relation, count, checksum in found}


@pytest.mark.parametrize("isolation", ["silo", "pool"])
def test_rows_are_in_the_other_place_as_they_were(
    superuser: Connection, gateway: Connection, isolation: str
) -> None:
    assert gateway
    before, beside = rows(superuser, "acme"), rows(superuser, "globex")
    moved = move(superuser, "silo")
    if isolation == "pool":
        assert move(superuser, "pool") == moved
    assert rows(superuser, "acme") == before
    assert {name: count for name, (count, _) in moved.items()} == {
        name: len(found) for name, found in before.items()
    }
    assert rows(superuser, "globex") == beside
    assert superuser.execute("select * from bss.drift_all()").fetchall() == []
    assert move(superuser, isolation) == {}


def test_tenant_is_moved_both_ways_while_it_writes(
    superuser: Connection, gateway: Connection, login: Login
) -> None:
    with writing(login("writer", ["bss_app"]), "acme") as written:
        for isolation in ("silo", "pool"):
            wait_for_more(written)
            move(superuser, isolation)
        wait_for_more(written)
    with acting(gateway, "acme"):
        found = gateway.execute("select order_id from orders where order_id > 1000000 order by 1")
        assert [number for (number,) in found] == written
        [(total,)] = gateway.execute("select total from orders where order_id = 2")
        assert int(total) == len(written)
        assert gateway.execute("select count(*) from items where order_id = 3").fetchone() == (2,)
    assert superuser.execute("select * from bss.drift_all()").fetchall() == []


def polled(reader: Connection) -> list[tuple[str, str]]:
    """Give the topics and the records of a batch, in its order, and acknowledge it."""
    batch = reader.execute("select token, topic, event from bss.poll('reader')").fetchall()
    if batch:
        reader.execute("select bss.ack('reader', %s)", [batch[0][0]])
        reader.execute("select bss.release('reader', %s)", [batch[0][0]])
    return [
        (topic.removeprefix("business_store."), str(event["data"].get("recordId")))
        for _, topic, event in batch
    ]


def test_what_is_written_beside_moves_is_told_once(
    superuser: Connection, gateway: Connection, login: Login
) -> None:
    assert gateway
    told: list[tuple[str, str]] = []
    with session(login("reader", ["bss_subscriber"])) as reader:
        reader.execute("select bss.subscribe('reader', '{business_store.**}', '{acme}')")
        with writing(login("writer", ["bss_app"]), "acme") as written:
            for isolation in ("silo", "pool"):
                wait_for_more(written)
                mover = threading.Thread(target=move, args=(superuser, isolation))
                mover.start()
                while mover.is_alive():
                    told += polled(reader)
                mover.join()
            wait_for_more(written)
        while batch := polled(reader):
            told += batch
    assert [record for topic, record in told if topic == "data.orders.created"] == [
        str(number) for number in written
    ]
    again = Counter(
        {
            ("tenant.moved", "None"): 2,
            ("data.orders.updated", "1"): len(written),
            ("data.orders.updated", "2"): len(written),
            ("data.customers.updated", "3"): len(written),
            ("data.items.deleted", str({"line": 2, "order_id": 3})): len(written),
            ("data.items.created", str({"line": 2, "order_id": 3})): len(written),
        }
    )
    for number in written:
        again["data.orders.created", str(number)] = 1
        again["data.items.created", str({"line": 1, "order_id": number})] = 1
    assert Counter(told) == again


def test_move_that_is_killed_changes_nothing(superuser: Connection, gateway: Connection) -> None:
    before = rows(superuser, "acme")
    with acting(gateway, "acme"):
        # who is about to commit keeps the move waiting, when it has copied everything
        gateway.execute("update customers set stars = stars")
        with session(superuser.info.dsn) as mover:
            mover.execute("set application_name = 'mover'")
            thread = threading.Thread(target=lambda: refused(mover, MOVE))
            thread.start()
            while not superuser.execute(WAITING).fetchone():
                time.sleep(0.01)
            superuser.execute("select pg_terminate_backend(%s)", [mover.info.backend_pid])
            thread.join()
    after = rows(superuser, "acme")
    assert {name: len(after[name]) for name in after} == {
        name: len(before[name]) for name in before
    }
    found = superuser.execute("select isolation from bss.tenants where external_id = 'acme'")
    assert found.fetchone() == ("pool",)
    assert superuser.execute("select to_regnamespace('tenant_acme')").fetchone() == (None,)
    move(superuser, "silo")


def test_transaction_with_a_snapshot_of_before_the_move_cannot_write_to_the_old_place(
    superuser: Connection, gateway: Connection
) -> None:
    with gateway.transaction():
        gateway.execute("set transaction isolation level repeatable read")
        gateway.execute("select 1 from bss_shared.regions")
        move(superuser, "silo")
        gateway.execute("select bss.use_tenant('acme')")
        assert refused(gateway, "insert into orders (order_id) values (777)") in ("40001", "42P01")


@pytest.mark.parametrize("direction", ["silo", "pool"])
def test_move_gives_up_while_a_transaction_does_not_end(
    superuser: Connection, gateway: Connection, direction: str
) -> None:
    if direction == "pool":
        move(superuser, "silo")
    superuser.execute("select bss.set_setting('move.attempts', '2')")
    superuser.execute("""select bss.set_setting('move.lock_timeout', '"10ms"')""")
    with acting(gateway, "acme"):
        gateway.execute("update orders set total = 1")
        assert refused(superuser, "select bss.move_tenant('acme', %s)", direction) == "SB403"


def test_move_that_would_take_too_long_is_given_up(
    superuser: Connection, gateway: Connection
) -> None:
    assert gateway
    superuser.execute("""select bss.set_setting('move.hold_time', '"0s"')""")
    assert refused(superuser, MOVE) == "SB655"


@pytest.mark.tampers
@pytest.mark.parametrize("change", ["new.total := 77; return new", "return null"])
def test_move_is_refused_where_rows_do_not_arrive_as_they_are(
    superuser: Connection, gateway: Connection, change: str
) -> None:
    assert gateway
    move(superuser, "silo")
    before = rows(superuser, "acme")
    superuser.execute(
        f"""
        -- it would have noticed the trigger
        create or replace function bss_internal.refuse_drift(tenant bss_metadata.tenants)
            returns void language plpgsql as 'begin end';
        create function pool_shop.change() returns trigger
            language plpgsql as 'begin {change}; end';
        create trigger change before insert on pool_shop.orders
            for each row execute function pool_shop.change();
        alter table pool_shop.orders enable always trigger change
        """.encode()
    )
    assert refused(superuser, "select bss.move_tenant('acme', 'pool')") == "SB656"
    assert rows(superuser, "acme") == before


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_move_needs_a_transaction_that_sees_what_is_committed(
    superuser: Connection, level: str
) -> None:
    with superuser.transaction():
        superuser.execute(f"set transaction isolation level {level}")
        assert refused(superuser, MOVE) == "SB659"


def test_tenant_that_differs_from_the_pool_is_not_moved_there(superuser: Connection) -> None:
    into = "select bss.move_tenant(%s, 'pool')"
    superuser.execute("select bss.provision_tenant('alone')")
    assert refused(superuser, into, "alone") == "SB653"
    provision(superuser, "silo", "silo")
    superuser.execute("""select bss.publish_blueprint('shop', '{"title": "Customer",
        "type": "object", "properties": {"customer_id": {"type": "integer"}}}')""")
    provision(superuser, "newer", "silo")
    assert refused(superuser, into, "newer") == "SB653"
    superuser.execute(into, ["silo"])
