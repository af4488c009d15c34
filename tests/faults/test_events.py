"""Every committed change is told, none that was rolled back, and each row's in its order."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.faults.checker import check, prepare, run

SECONDS = 5
WRITERS = 8

Connection = psycopg.Connection[Any]


@pytest.fixture
def tenants(connection: Connection) -> Connection:
    prepare(connection)
    return connection


def test_every_committed_change_is_told(connection: Connection, dsn: str) -> None:
    prepare(connection)
    journal, readers = run(dsn, writers=WRITERS, seconds=SECONDS, faults=lambda: None)
    found = check(journal, readers)
    assert found["changes committed"]
    assert found["changes rolled back"]
    assert found["changes of which the outcome was unknown"] == 0
    assert found["deaths of readers"]


def polled(connection: Connection) -> list[int]:
    """Give what a reader gets, who acknowledges it."""
    batch = connection.execute("select * from bss.poll('reader')").fetchall()
    if batch:
        connection.execute("select bss.ack('reader', %s)", [batch[0][0]])
    time.sleep(0.35)
    return [event["data"]["recordId"] for *_, event in batch]


def touch(connection: Connection, note_id: int) -> None:
    connection.execute(
        "update tenant_acme.notes set version = version + 1 where note_id = %s", [note_id]
    )


def xmin(connection: Connection) -> Any:
    return connection.execute("select xmin from bss_metadata.consumers").fetchone()


def test_a_transaction_that_stays_open_holds_up_nobody_else(tenants: Connection, dsn: str) -> None:
    with psycopg.connect(dsn) as slow:
        touch(slow, 1)
        touch(tenants, 2)
        assert polled(tenants) == [2]
        touch(tenants, 3)
        assert polled(tenants) == [3]
        touch(slow, 4)
        slow.commit()
    touch(tenants, 5)
    assert polled(tenants) == [1, 4, 5]


def test_the_youngest_transaction_is_told_of_whole(tenants: Connection, dsn: str) -> None:
    """It wrote before an older one that is over, so no snapshot lists it, and its ids are low."""
    with psycopg.connect(dsn) as older, psycopg.connect(dsn) as youngest:
        touch(older, 1)
        touch(youngest, 2)
        touch(older, 3)
        older.commit()
        assert polled(tenants) == [1, 3]
        touch(tenants, 4)
        assert polled(tenants) == [4]
        touch(youngest, 5)
        youngest.commit()
    assert polled(tenants) == [2, 5]
    assert polled(tenants) == []


def test_an_idle_reader_writes_nothing(tenants: Connection) -> None:
    touch(tenants, 1)
    assert polled(tenants) == [1]
    polled(tenants)
    before = xmin(tenants)
    assert polled(tenants) == []
    assert xmin(tenants) == before


def events_looked_at(connection: Connection) -> int:
    """Give how many rows of the outbox this session has read."""
    ((count,),) = connection.execute("""
        select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)
        from pg_stat_xact_all_tables where relname like 'outbox%'
    """).fetchall()
    return int(count)


def write_many(connection: Connection) -> None:
    connection.execute("""
        insert into tenant_acme.notes
        select id, n, 0, '' from bss.tenants, generate_series(101, 2100) as n
        where external_id = 'acme'
    """)


def looked_at_by_a_poll(connection: Connection) -> int:
    """Give how many events a poll has looked at that finds none."""
    with connection.transaction():
        count = events_looked_at(connection)
        assert polled(connection) == []
        return events_looked_at(connection) - count


def test_who_reads_from_now_on_looks_at_nothing_older(tenants: Connection) -> None:
    write_many(tenants)
    tenants.execute("select bss.replay('reader', 'now')")
    assert looked_at_by_a_poll(tenants) < 100


def test_what_lies_behind_an_idle_reader_is_looked_through_once(
    tenants: Connection, dsn: str
) -> None:
    write_many(tenants)
    with psycopg.connect(dsn) as slow:
        # where its events are is not known
        touch(slow, 1)
        tenants.execute("select bss.replay('reader', 'now')")
        slow.rollback()
    before = xmin(tenants)
    assert looked_at_by_a_poll(tenants) > 2000
    written_down = xmin(tenants)
    assert written_down != before
    assert looked_at_by_a_poll(tenants) < 100
    assert xmin(tenants) == written_down


def test_a_reader_that_writes_misses_nothing_of_its_own(tenants: Connection, dsn: str) -> None:
    with psycopg.connect(dsn) as reader:
        touch(reader, 1)
        touch(tenants, 2)
        batch = reader.execute("select * from bss.poll('reader')").fetchall()
        assert [event["data"]["recordId"] for *_, event in batch] == [2]
        touch(reader, 3)
        reader.execute("select bss.ack('reader', %s)", [batch[0][0]])
        reader.commit()
        time.sleep(0.35)
    assert polled(tenants) == [1, 3]


@pytest.fixture
def elsewhere(tenants: Connection, dsn: str) -> Iterator[str]:
    """A copy of the database, with one event read and two unread, where its xids mean nothing."""
    touch(tenants, 1)
    assert polled(tenants) == [1]
    touch(tenants, 2)
    touch(tenants, 3)
    name = tenants.info.dbname
    copy = f"{name} copy"
    tenants.close()
    maintenance = make_conninfo(dsn, dbname="postgres")
    with psycopg.connect(maintenance, autocommit=True) as server:
        create = sql.SQL("create database {} template {}")
        server.execute(create.format(sql.Identifier(copy), sql.Identifier(name)))
        with psycopg.connect(make_conninfo(dsn, dbname=copy), autocommit=True) as there:
            # as if the cluster that it came from had been at work for longer
            there.execute(
                "update bss_metadata.outbox set xid = '9999999999' "
                "where id > (select max(id) - 2 from bss_metadata.outbox)"
            )
        yield make_conninfo(dsn, dbname=copy)
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(copy)))


def test_a_restored_reader_goes_on_where_it_was(elsewhere: str) -> None:
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        touch(connection, 4)
        assert polled(connection) == [2, 3, 4]
        touch(connection, 5)
        assert polled(connection) == [5]
        rows = connection.execute("select epoch from bss_metadata.epochs order by 1").fetchall()
        assert len(rows) > 1
        assert polled(connection) == []
        connection.execute("select bss.replay('reader', 'beginning')")
        assert polled(connection)[-5:] == [1, 2, 3, 4, 5]


def move(connection: Connection) -> None:
    """Let the database be in another cluster, where nobody has written yet."""
    connection.execute(
        "update bss_metadata.epochs set place = concat('left ', epoch) "
        "where epoch = (select max(epoch) from bss_metadata.epochs)"
    )
    connection.execute("select bss_internal.first_id()")
    # the one that it came from had been at work for longer
    connection.execute("update bss_metadata.outbox set xid = '9999999999'")


def test_what_was_read_stays_read_when_it_moves_twice(tenants: Connection) -> None:
    for number in (1, 2, 3):
        touch(tenants, number)
    assert polled(tenants) == [1, 2, 3]
    move(tenants)
    touch(tenants, 4)
    assert polled(tenants) == [4]
    touch(tenants, 5)
    move(tenants)
    assert polled(tenants) == [5]


LAG = "select lag_events, unacknowledged, waiting from bss.consumers"


def test_what_is_replayed_in_another_cluster_is_lag_until_it_is_read(
    tenants: Connection, dsn: str
) -> None:
    for number in (1, 2, 3):
        touch(tenants, number)
    assert polled(tenants) == [1, 2, 3]
    move(tenants)
    with psycopg.connect(dsn) as slow:
        touch(slow, 4)
        ((first,),) = tenants.execute("select max(id) - 1 from bss.events").fetchall()
        tenants.execute("select bss.replay('reader', %s)", [str(first)])
        assert tenants.execute(LAG).fetchone() == (2, 0, 0)
        assert polled(tenants) == [2, 3]
        assert tenants.execute(LAG).fetchone() == (0, 0, 0)
    assert tenants.execute(LAG).fetchone() == (1, 0, 0)


def test_lag_counts_each_event_once(tenants: Connection, dsn: str) -> None:
    for number in range(1, 11):
        touch(tenants, number)
    batch = tenants.execute("select token, id from bss.poll('reader')").fetchall()
    token, third = batch[2]
    tenants.execute("select bss.nack('reader', %s, %s, 'no ink')", [token, third])
    assert tenants.execute(LAG).fetchone() == (10, 2, 8)
    with psycopg.connect(dsn) as monitor:
        monitor.execute("set role bss_monitor")
        assert monitor.execute(LAG).fetchone() == (10, 2, 8)
    tenants.execute("select bss.ack('reader', %s)", [token])
    assert tenants.execute(LAG).fetchone() == (8, 0, 8)


def test_what_waits_behind_a_failure_grows_old(tenants: Connection) -> None:
    touch(tenants, 1)
    ((token, failed),) = tenants.execute("select token, id from bss.poll('reader')").fetchall()
    tenants.execute("select bss.nack('reader', %s, %s, 'no ink')", [token, failed])
    tenants.execute("update bss_metadata.outbox set created_at = created_at - interval '1 hour'")
    lag = "select lag_events, round(lag_seconds / 3600) from bss.consumers"
    assert tenants.execute(lag).fetchone() == (1, 1)


def test_a_shorter_limit_of_delays_is_that_of_what_has_failed_before(tenants: Connection) -> None:
    tenants.execute("select bss.set_setting('events.retry_delay', '\"1 day\"')")
    tenants.execute("select bss.set_setting('events.retry_delay_limit', '\"2 days\"')")
    touch(tenants, 1)
    ((token, failed),) = tenants.execute("select token, id from bss.poll('reader')").fetchall()
    tenants.execute("select bss.nack('reader', %s, %s, 'no ink')", [token, failed])
    tenants.execute("select bss.release('reader', %s)", [token])
    assert polled(tenants) == []
    tenants.execute("select bss.set_setting('events.retry_delay_limit', '\"1 minute\"')")
    assert polled(tenants) == [1]


def test_a_token_of_a_consumer_that_was_given_up_is_refused(tenants: Connection) -> None:
    subscribe = "select bss.subscribe('again', '{business_store.data.**}', null, 'beginning')"
    poll = "select distinct token from bss.poll('again')"
    tenants.execute(subscribe)
    ((old,),) = tenants.execute(poll).fetchall()
    tenants.execute("select bss.unsubscribe('again')")
    tenants.execute(subscribe)
    ((new,),) = tenants.execute(poll).fetchall()
    assert new > old
    with pytest.raises(psycopg.Error, match='lease on consumer "again" was lost'):
        tenants.execute("select bss.ack('again', %s)", [old])


def test_what_is_old_and_read_is_dropped_and_nothing_else(tenants: Connection) -> None:
    touch(tenants, 1)
    tenants.execute("update bss_metadata.outbox set created_at = created_at - interval '30 days'")
    make_old_partition(tenants)
    before = tenants.execute("select count(*) from bss.events").fetchone()
    made = dict(tenants.execute("select partition_name, action from bss.maintain_outbox()"))
    assert sorted(made.values()) == ["kept for a consumer"] + ["made"] * 4
    assert tenants.execute("select count(*) from bss.events").fetchone() == before
    assert polled(tenants) == [1]
    done = dict(tenants.execute("select partition_name, action from bss.maintain_outbox()"))
    assert list(done.values()) == ["dropped"]
    assert tenants.execute("select count(*) from bss.events").fetchone() == (0,)


def make_old_partition(connection: Connection) -> None:
    with connection.transaction():
        connection.execute("set local role bss_owner")
        connection.execute("""
            select bss_internal.make_partition(d, d + interval '1 day')
            from date_trunc('day', now() - interval '30 days', 'UTC') as d
        """)


def test_partitions_are_made_and_dropped_beside_readers(tenants: Connection, dsn: str) -> None:
    """A reader has locked the outbox, and is about to lock its partitions."""
    make_old_partition(tenants)
    done: list[str] = []

    def maintain() -> None:
        with psycopg.connect(dsn, autocommit=True) as operator:
            done.extend(
                row[0] for row in operator.execute("select action from bss.maintain_outbox()")
            )

    with psycopg.connect(dsn) as reader:
        reader.execute("lock table only bss_metadata.outbox in access share mode")
        maintenance = threading.Thread(target=maintain)
        maintenance.start()
        waits = "select from pg_locks where not granted and mode = 'AccessExclusiveLock'"
        while tenants.execute(waits).fetchone() is None:
            time.sleep(0.01)
        reader.execute("select count(*) from bss.events")
    maintenance.join()
    assert sorted(done) == ["dropped"] + ["made"] * 4


def test_a_dead_reader_reads_the_same_again(tenants: Connection, dsn: str) -> None:
    for number in (1, 2, 3):
        touch(tenants, number)
    with psycopg.connect(dsn, autocommit=True) as reader:
        first = reader.execute("select id, attempt, event from bss.poll('reader')").fetchall()
        tenants.execute("select pg_terminate_backend(%s)", [reader.info.backend_pid])
        with pytest.raises(psycopg.OperationalError):
            reader.execute("select bss.ack('reader', 2)")
    time.sleep(0.35)
    again = tenants.execute("select id, attempt, event from bss.poll('reader')").fetchall()
    assert len(first) == 3
    assert again == first


def test_a_large_event_is_told_whole(tenants: Connection) -> None:
    tenants.execute("update tenant_acme.notes set tag = repeat('x', 1000000) where note_id = 1")
    ((event,),) = tenants.execute("select event from bss.poll('reader')").fetchall()
    assert event["data"]["data"]["tag"] == "x" * 1_000_000


@pytest.mark.parametrize("step", ["-1 day", "1 day"])
def test_a_clock_that_steps_harms_neither_order_nor_leases(tenants: Connection, step: str) -> None:
    touch(tenants, 1)
    assert len(tenants.execute("select * from bss.poll('reader')").fetchall()) == 1
    touch(tenants, 2)
    # what was written before the step says another time than the clock does now
    tenants.execute("update bss_metadata.outbox set created_at = created_at - %s::interval", [step])
    tenants.execute(
        "update bss_metadata.consumers set leased_until = leased_until - %s::interval", [step]
    )
    assert polled(tenants) == [1]
    assert polled(tenants) == [2]
