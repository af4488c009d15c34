"""A tenant that writes much does not keep the others waiting, and the order of each is kept."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.faults.streams import LEASE, SETTINGS, TENANTS, Trial, acknowledge_all, write

FLOOD, *OTHERS = TENANTS
SECOND = OTHERS[0]
STREAMS = "select tenant_id::text from bss_metadata.consumer_streams order by 1"
PATTERN = "{business_store.data.**}"

Connection = psycopg.Connection[Any]


@pytest.fixture
def writers(dsn: str) -> Iterator[list[Connection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(dsn)) for _ in range(3)]


@pytest.fixture
def reader(connection: Connection) -> Connection:
    for name, value in SETTINGS.items():
        connection.execute("select bss.set_setting(%s, %s)", [name, value])
    connection.execute("select bss.subscribe('reader', %s)", [PATTERN])
    return connection


def written(connection: Connection, tenant: str | None, count: int) -> list[int]:
    with connection.transaction():
        return write(connection, tenant, count)


def apart(connection: Connection) -> list[str]:
    return [tenant for (tenant,) in connection.execute(STREAMS)]


def polled(connection: Connection, limit: int = 100) -> tuple[int, list[int]]:
    """Give the token and the batch of a reader that comes anew."""
    time.sleep(LEASE)
    rows = connection.execute("select token, id from bss.poll('reader', %s)", [limit]).fetchall()
    return rows[0][0], [number for _, number in rows]


@pytest.mark.parametrize("seed", [300, 301])
def test_any_reader_is_told_all_once_and_in_order(
    connection: Connection, writers: list[Connection], seed: int
) -> None:
    trial = Trial(connection, writers, seed)
    trial.prepare()
    trial.run(400)
    assert trial.most_streams > 1


def test_a_flood_keeps_nobody_waiting(reader: Connection) -> None:
    flood = written(reader, FLOOD, 20_000)
    others = {tenant: written(reader, tenant, 10) for tenant in [*OTHERS, None]}
    batches = list(acknowledge_all(reader, 500))
    seen = [number for batch in batches for number in batch]
    few = {number for batch in others.values() for number in batch}
    assert few == set(batches[0])
    assert [number for number in seen if number not in few] == flood
    for expected in others.values():
        assert [number for number in seen if number in set(expected)] == expected
    assert apart(reader) == []


def test_several_floods_are_read_in_turn(reader: Connection) -> None:
    floods = {tenant: written(reader, tenant, 200) for tenant in TENANTS}
    few = written(reader, None, 10)
    halves = [flood[half] for half in (slice(100), slice(100, None)) for flood in floods.values()]
    assert list(acknowledge_all(reader, 100)) == [few, *halves]
    assert apart(reader) == []


def test_tenants_that_write_alike_are_read_together(reader: Connection) -> None:
    expected = [number for _ in range(40) for tenant in TENANTS
                for number in written(reader, tenant, 1)]  # fmt: skip
    batches = acknowledge_all(reader, 100)
    assert [*next(batches), *next(batches), *next(batches)] == expected
    assert apart(reader) == []


def test_a_reader_of_one_tenant_has_one_stream(reader: Connection) -> None:
    reader.execute("select bss.provision_tenant('acme')")
    ((acme,),) = reader.execute("select id::text from bss.tenants").fetchall()
    reader.execute("select bss.unsubscribe('reader')")
    reader.execute("select bss.subscribe('reader', %s, '{acme}')", [PATTERN])
    written(reader, acme, 300)
    token, batch = polled(reader)
    assert len(batch) == 100
    reader.execute("select bss.ack('reader', %s)", [token])
    assert apart(reader) == []


def test_a_flood_behind_what_failed_stays_where_it_is(reader: Connection) -> None:
    reader.execute("select bss.set_setting('events.retry_delay_limit', '\"1 hour\"')")
    reader.execute("select bss.set_setting('events.retry_delay', '\"1 hour\"')")
    flood = written(reader, FLOOD, 1000)
    few = written(reader, SECOND, 10)
    batches = acknowledge_all(reader, 100)
    assert next(batches) == few
    assert next(batches) == flood[:100]
    batches.close()
    token, _ = polled(reader)
    reader.execute("select bss.nack('reader', %s, %s, 'x')", [token, flood[50]])
    reader.execute("select bss.ack('reader', %s)", [token])
    later = written(reader, SECOND, 10)
    assert list(acknowledge_all(reader, 100)) == [later]
    ((waiting,),) = reader.execute("select count(*) from bss_metadata.deliveries").fetchall()
    assert waiting == 50
    reader.execute("update bss_metadata.deliveries set due_at = now() where attempts > 0")
    again = [number for batch in acknowledge_all(reader, 100) for number in batch]
    assert again == flood[50:]
    assert apart(reader) == []


def test_what_failed_later_comes_behind_what_failed_before_it(reader: Connection) -> None:
    expected = written(reader, FLOOD, 10)
    token, _ = polled(reader)
    for failed in (expected[7], expected[2]):
        reader.execute("select bss.nack('reader', %s, %s, 'x')", [token, failed])
    reader.execute("select bss.ack('reader', %s)", [token])
    reader.execute("update bss_metadata.deliveries set due_at = now() where attempts > 0")
    again = [number for batch in acknowledge_all(reader, 100) for number in batch]
    assert again == expected[2:]


def test_what_a_stream_has_not_read_is_kept(reader: Connection) -> None:
    flood = written(reader, FLOOD, 300)
    few = written(reader, SECOND, 1)
    reader.execute("update bss_metadata.outbox set created_at = created_at - interval '30 days'")
    with reader.transaction():
        reader.execute("set local role bss_owner")
        reader.execute("""
            select bss_internal.make_partition(d, d + interval '1 day')
            from date_trunc('day', now() - interval '30 days', 'UTC') as d
        """)
    batches = acknowledge_all(reader, 100)
    assert next(batches) == few
    assert next(batches) == flood[:100]
    assert next(batches) == flood[100:200]
    ((position,),) = reader.execute("select position from bss_metadata.consumers").fetchall()
    assert position == 2**63 - 1, "the others are read to the end"
    maintain = "select action from bss.maintain_outbox() where action <> 'made'"
    assert reader.execute(maintain).fetchall() == [("kept for a consumer",)]
    assert [number for batch in batches for number in batch] == flood[200:]
    assert reader.execute(maintain).fetchall() == [("dropped",)]


def test_a_reader_goes_on_in_another_cluster_with_all_its_streams(reader: Connection) -> None:
    flood = written(reader, FLOOD, 300)
    few = written(reader, SECOND, 150)
    batches = acknowledge_all(reader, 100)
    assert next(batches) == flood[:100]
    assert next(batches) == few[:100]
    batches.close()
    assert apart(reader) == [FLOOD, SECOND]
    reader.execute("update bss_metadata.epochs set place = 'elsewhere'")
    later = written(reader, FLOOD, 1)
    rest = [number for batch in acknowledge_all(reader, 100) for number in batch]
    assert sorted(rest) == [*flood[100:], *few, *later]
    assert [number for number in rest if number not in few] == [*flood[100:], *later]
    assert apart(reader) == []


def deliveries_looked_at(connection: Connection) -> int:
    """Give how many rows this transaction has read of what is tried again."""
    ((count,),) = connection.execute("""
        select seq_tup_read + idx_tup_fetch
        from pg_stat_xact_all_tables where relname = 'deliveries'
    """).fetchall()
    return int(count)


def test_what_is_listed_for_another_cluster_is_not_looked_through_each_time(
    reader: Connection,
) -> None:
    flood = written(reader, FLOOD, 3000)
    few = written(reader, SECOND, 5)
    reader.execute("update bss_metadata.epochs set place = 'elsewhere'")
    batches = acknowledge_all(reader, 100)
    assert next(batches) == [*flood[:50], *few], "each tenant has a share"
    with reader.transaction():
        assert next(batches) == flood[50:150]
        assert deliveries_looked_at(reader) < 1000
    assert [number for batch in batches for number in batch] == flood[150:]


def test_lag_is_that_of_all_streams(reader: Connection) -> None:
    reader.execute("select bss.provision_tenant('acme')")
    ((acme,),) = reader.execute("select id::text from bss.tenants").fetchall()
    written(reader, acme, 300)
    written(reader, SECOND, 10)
    batches = acknowledge_all(reader, 100)
    lag = "select lag_events, lag_seconds is null, apart from bss.consumers"
    for expected in ((310, False, ["acme"]), (300, False, ["acme"]), (200, False, ["acme"])):
        next(batches)
        assert reader.execute(lag).fetchone() == expected
    list(batches)
    assert reader.execute(lag).fetchone() == (0, True, None)


def test_a_replay_begins_with_one_stream(reader: Connection) -> None:
    flood = written(reader, FLOOD, 300)
    token, _ = polled(reader)
    assert apart(reader) == [FLOOD]
    reader.execute("select bss.replay('reader', %s)", [str(flood[10])])
    assert apart(reader) == []
    with pytest.raises(psycopg.Error, match="was lost"):
        reader.execute("select bss.ack('reader', %s)", [token])
    again = [number for batch in acknowledge_all(reader, 100) for number in batch]
    assert again == flood[10:]
