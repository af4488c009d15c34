"""Whoever waits for events is woken, whatever becomes of notifications and of who sends them."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from bss_loader import cluster as clusters
from bss_loader.install import install_into
from tests.conftest import private_cluster

Connection = psycopg.Connection[Any]

DOCUMENT = """{
    "title": "Note", "type": "object",
    "properties": {"note_id": {"type": "integer"}, "version": {"type": "integer"}}
}"""
INSERT = "insert into tenant_acme.notes select id, %s, 0 from bss.tenants"
DISPATCHERS = """
    select a.pid from pg_stat_activity as a
    join pg_locks as l on l.pid = a.pid and l.locktype = 'advisory' and l.classid = 1112757087
    where a.datname = current_database() and l.granted
"""


def make_acme(connection: Connection) -> None:
    connection.execute("select bss.provision_tenant('acme', %s)", [DOCUMENT])
    connection.execute("select bss.subscribe('reader', '{business_store.data.**}')")


@pytest.fixture
def acme(connection: Connection) -> Connection:
    make_acme(connection)
    return connection


@pytest.fixture
def listener(dsn: str) -> Iterator[Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("listen bss_events")
        yield connection


def woken(listener: Connection, seconds: float = 0.3) -> list[str]:
    return [note.payload for note in listener.notifies(timeout=seconds)]


def polled(connection: Connection) -> list[int]:
    batch = connection.execute("select * from bss.poll('reader')").fetchall()
    if batch:
        connection.execute("select bss.ack('reader', %s)", [batch[0][0]])
        connection.execute("select * from bss.poll('reader', 100, %s)", [batch[0][0]])
    return [event["data"]["recordId"] for *_, event in batch]


@contextmanager
def dispatching(connection: Connection, dsn: str) -> Iterator[subprocess.Popen[bytes]]:
    """`bss dispatch`, once it is awake."""
    command = [sys.executable, "-m", "bss_loader", "dispatch", "--dsn", dsn, "--retry", "0.1"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            awake(connection)
            yield process
        finally:
            process.terminate()


def awake(connection: Connection, but: int = 0) -> int:
    """Wait for a dispatcher other than `but`; its process."""
    for _ in range(100):
        found = [pid for (pid,) in connection.execute(DISPATCHERS) if pid != but]
        if found:
            return int(found[0])
        time.sleep(0.1)
    raise AssertionError("nobody is awake")


def test_writers_notify_only_when_nobody_is_awake(
    acme: Connection, listener: Connection, dsn: str
) -> None:
    with psycopg.connect(dsn, autocommit=True) as other:
        acme.execute(INSERT, [1])
        assert woken(listener) == [""]
        assert other.execute("select bss.stay_awake()").fetchone() == (True,)
        acme.execute(INSERT, [2])
        assert woken(listener) == []
        other.execute("select bss.fall_asleep()")
        acme.execute(INSERT, [3])
        assert woken(listener) == [""]
        acme.execute("""select bss.set_setting('events.notify', '"off"')""")
        acme.execute(INSERT, [4])
        assert woken(listener) == []
        acme.execute("""select bss.set_setting('events.notify', '"always"')""")
        assert other.execute("select bss.stay_awake()").fetchone() == (False,)
        acme.execute(INSERT, [5])
        assert woken(listener) == [""]
    assert polled(acme) == [1, 2, 3, 4, 5]


def test_a_transaction_notifies_once(acme: Connection, listener: Connection) -> None:
    with acme.transaction():
        for number in range(5):
            acme.execute(INSERT, [number])
    assert woken(listener) == [""]


def test_a_dispatcher_wakes_for_the_writers_that_do_not(
    acme: Connection, listener: Connection, dsn: str
) -> None:
    with dispatching(acme, dsn), psycopg.connect(dsn) as slow:
        woken(listener)
        acme.execute(INSERT, [1])
        assert woken(listener)
        assert polled(acme) == [1]
        assert woken(listener) == []
        # of the two, the one that ends later took its id first
        slow.execute(INSERT, [2])
        acme.execute(INSERT, [3])
        assert woken(listener)
        assert polled(acme) == [3]
        slow.commit()
        assert woken(listener)
        assert polled(acme) == [2]


def test_a_dispatcher_comes_again_when_its_session_dies(acme: Connection, dsn: str) -> None:
    with dispatching(acme, dsn) as process:
        first = awake(acme)
        acme.execute("select pg_terminate_backend(%s)", [first])
        assert awake(acme, but=first) != first
        assert process.poll() is None


def test_a_dispatcher_goes_to_sleep_in_time(
    acme: Connection, listener: Connection, dsn: str
) -> None:
    with psycopg.connect(dsn, autocommit=True) as dispatcher, psycopg.connect(dsn) as slow:
        slow.execute(INSERT, [1])
        started = time.monotonic()
        dispatcher.execute("call bss.dispatch('300 ms')")
        # for as long again, it waited for whom it may have kept from notifying
        assert time.monotonic() - started > 0.6
        acme.execute(INSERT, [2])
        assert woken(listener)[-1:] == [""]
        assert acme.execute(DISPATCHERS).fetchall() == []


def test_a_second_dispatcher_leaves_it_to_the_first(acme: Connection, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as other:
        assert other.execute("select bss.stay_awake()").fetchone() == (True,)
        acme.execute("call bss.dispatch('1 hour')")


def test_a_lost_notification_loses_no_event(acme: Connection, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as listener:
        listener.execute("listen bss_events")
    acme.execute(INSERT, [1])
    assert polled(acme) == [1]


@pytest.fixture
def preparing() -> Iterator[Connection]:
    """A connection to a server that lets transactions be prepared, which few do."""
    with private_cluster("max_prepared_transactions = 1\n") as cluster:
        clusters.create_database(cluster)
        install_into(clusters.dsn(cluster))
        with psycopg.connect(clusters.dsn(cluster), autocommit=True) as connection:
            make_acme(connection)
            yield connection


def test_a_transaction_may_be_prepared_when_nobody_notifies(preparing: Connection) -> None:
    acme = preparing

    def prepare() -> None:
        acme.execute("begin")
        acme.execute(INSERT, [1])
        acme.execute("prepare transaction 'note'")

    with pytest.raises(psycopg.errors.FeatureNotSupported):
        prepare()
    acme.execute("rollback")
    acme.execute("""select bss.set_setting('events.notify', '"off"')""")
    prepare()
    assert polled(acme) == []
    acme.execute("commit prepared 'note'")
    assert polled(acme) == [1]


def test_a_queue_that_fills_stops_notifications(acme: Connection, listener: Connection) -> None:
    def wake_up() -> Any:
        return acme.execute("select wake_up from bss.consumers").fetchone()

    assert wake_up() == ("on demand",)
    # the queue holds 8 GB: the server's view of it is what stands in
    with acme.transaction(force_rollback=True):
        acme.execute("""
            create or replace function pg_catalog.pg_notification_queue_usage()
            returns double precision language sql volatile parallel restricted
            return 0.6::double precision
        """)
        assert wake_up() == ("poll only: the queue is full",)
        acme.execute(INSERT, [1])
        acme.execute("savepoint unharmed")
    assert woken(listener) == []
