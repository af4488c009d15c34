"""What a tenant costs in a pool, beside one with tables of its own: to make, to visit, to move.

Tenants of both kinds are provisioned in turns. A session that has read and written as many silos is
compared with one that has done so in a pool, by what the server says of its memory. A tenant is
moved to and fro while somebody writes to it, who says for how long that was held off: the longest
time from when something is written first until it is committed, however often it was refused.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report
from tests.bench.models import typical_model

ENTITIES = 10
KINDS = ("pool", "silo")
PROVISION = "select bss.provision_tenant(%s, blueprint => 'bench', isolation => %s)"
FILL = """
    insert into record0 (record0_id, number, amount)
    select gen_random_uuid(), n::text, n from generate_series(1, %s) as n
"""
MEMORY = "select sum(total_bytes) / 1e6 from pg_backend_memory_contexts"


def provisioning(operator: psycopg.Connection, tenants: int) -> Comparison:
    made = dict.fromkeys(KINDS, 0)

    def provision(kind: str) -> Callable[[], object]:
        def one_more() -> object:
            made[kind] += 1
            return operator.execute(PROVISION, [f"{kind}-{made[kind]}", kind])

        return one_more

    return compare(
        f"provisioning one of {tenants} tenants with {ENTITIES} entities",
        {kind: clock(provision(kind)) for kind in KINDS},
        rounds=tenants,
        warm_up=0,
        goal="a tenant of a pool in at most 3",
    )


def memory(gateway_dsn: str, visits: int) -> Comparison:
    def visit(kind: str) -> Callable[[], float]:
        def session() -> float:
            with psycopg.connect(gateway_dsn, autocommit=True) as gateway:
                for number in range(1, visits + 1):
                    with gateway.transaction():
                        gateway.execute("select bss.use_tenant(%s)", [f"{kind}-{number}"])
                        gateway.execute(FILL, [1])
                        for entity in range(ENTITIES):
                            gateway.execute(f"select count(*) from record{entity}")
                row = gateway.execute(MEMORY).fetchone()
                assert row is not None
                return float(row[0])

        return session

    return compare(
        f"memory of a session that has touched {visits} tenants",
        {kind: visit(kind) for kind in KINDS},
        rounds=3,
        warm_up=0,
        unit="megabytes",
    )


@contextmanager
def load(gateway_dsn: str, tenant: str) -> Iterator[list[float]]:
    """Somebody who writes to a tenant all the time; gives how many milliseconds each write took."""
    waits: list[float] = []
    is_over = threading.Event()

    def write() -> None:
        with psycopg.connect(gateway_dsn, autocommit=True) as gateway:
            began = time.perf_counter()
            while not is_over.is_set():
                try:
                    with gateway.transaction():
                        gateway.execute("select bss.use_tenant(%s)", [tenant])
                        gateway.execute(FILL, [1])
                except psycopg.Error:
                    continue
                waits.append((time.perf_counter() - began) * 1000)
                began = time.perf_counter()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield waits
    finally:
        is_over.set()
        thread.join()


def moving(operator: psycopg.Connection, gateway_dsn: str, rows: int, rounds: int) -> Comparison:
    with psycopg.connect(gateway_dsn) as gateway:
        gateway.execute("select bss.use_tenant('pool-1')")
        gateway.execute(FILL, [rows])
    operator.execute("analyze")
    operator.execute("""select bss.set_setting('move.hold_time', '"10 min"')""")

    def move(waits: list[float], source: str, target: str) -> Callable[[], float]:
        def held() -> float:
            operator.execute("select bss.move_tenant('pool-1', %s)", [source])
            before = len(waits)
            operator.execute("select bss.move_tenant('pool-1', %s)", [target])
            # the write that was held off is told of when it is done
            moved = len(waits)
            while len(waits) < moved + 2:
                time.sleep(0.01)
            return max(waits[before:])

        return held

    with load(gateway_dsn, "pool-1") as waits:
        return compare(
            f"holding off a tenant with {rows} rows under load",
            {
                "out of a pool": move(waits, "pool", "silo"),
                "into a pool": move(waits, "silo", "pool"),
            },
            rounds=rounds,
            warm_up=0,
            goal="less than 1000",
        )


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--tenants", type=int, default=2000, help="of each kind")
    parser.add_argument("--visits", type=int, default=500, help="of one session")
    parser.add_argument("--rows", type=int, default=100_000, help="of the tenant that is moved")
    given = parser.parse_args()
    with (
        installed(given.dsn) as dsn,
        psycopg.connect(dsn, autocommit=True) as operator,
    ):
        document = typical_model("Bench", entities=ENTITIES)
        operator.execute("select bss.publish_blueprint('bench', %s)", [document])
        operator.execute(PROVISION, ["first", "pool"])
        operator.execute("drop role if exists bss_bench_gateway")
        operator.execute("create role bss_bench_gateway login in role bss_app, pg_read_all_stats")
        gateway_dsn = psycopg.conninfo.make_conninfo(dsn, user="bss_bench_gateway")
        try:
            found = [
                provisioning(operator, given.tenants),
                memory(gateway_dsn, min(given.visits, given.tenants)),
                moving(operator, gateway_dsn, given.rows, max(2, given.rounds // 10)),
            ]
        finally:
            operator.execute("drop role bss_bench_gateway")
        report(dsn, found, given.json)


if __name__ == "__main__":
    main()
