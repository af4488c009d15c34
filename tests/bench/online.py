"""What users of a large table notice of its migration.

One table goes through each kind of online change, one after the other, while readers and writers
use it through a gateway. For each change: how long it took, the longest that any statement took,
how many statements there were and how many failed; and of batches, the rate of the last tenth of
them against that of the first, counted in blocks of the table.

    python -m tests.bench.online --rows 1000000

A statement that a gateway has prepared for other types than the table has by then fails once; it
is prepared anew and repeated once, as drivers do, and counted apart.
"""

import itertools
import json
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bss_loader.migrate import run_pending
from tests.bench.measure import arguments, installed
from tests.migration.online import OWNER, Json, shop

LOCK_TIMEOUT = 2.0
SLACK = 0.2
ROWS = """
    insert into tenant_shop.items (item_id, name, level, code, owner_id)
    select n, 'name ' || n, n %% 100, case when n %% 1000 = 0 then 'c' || n else n::text end,
        (select owner_id from tenant_shop.owners)
    from generate_series(1, %s) as n
"""
NUMBER = {"level": {"type": "number"}}
CODE = {"code": {"type": "integer", "default": 0}}

CHANGES: Mapping[str, Json] = {
    "add a column with a default": shop({"size": {"type": "integer", "default": 1}}),
    "add a check": shop({"name": {"type": "string", "maxLength": 40}}),
    "require a value": shop({"name": {"type": "string", "maxLength": 40}}, required=("name",)),
    "build an index": shop({"level": {"type": "integer", "x-bss": {"index": True}}}),
    "build a unique key": shop({"code": {"type": "string", "x-bss": {"unique": True}}}),
    "add a reference": shop({"owner_id": OWNER}),
    "drop a column": shop(without=("level",)),
    "take it back, with a default": shop(
        {"level": {"type": "integer", "default": 5}, "kind": {"type": "string"}},
        required=("level",),
    ),
    "drop another column": shop(),
    "take that back, filled in batches": shop(
        {"kind": {"type": "string", "default": "plain"}}, required=("kind",)
    ),
    "widen a type": shop(NUMBER),
    # one at a time: the batches of a second would begin with the room that the first has left
    "convert a type": shop(NUMBER | CODE, required=("code",)),
}
"""The documents that come into force one after the other."""


@dataclass(slots=True)
class Load:
    """What the sessions that use the table have seen since it was last asked."""

    longest: float = 0.0
    statements: int = 0
    repeated: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        self.longest = max(self.longest, seconds)
        self.statements += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a change came to. Times are in seconds; a rate is of blocks a second."""

    change: str
    seconds: float
    stages: int
    longest_statement: float
    statements: int
    repeated: int
    failed: int
    failures: tuple[str, ...]
    last_rate_of_first: float | None


@dataclass(frozen=True, slots=True)
class Users:
    """Those who use the table, and what they have seen; they rest while it is put in order."""

    seen: list[Load]
    busy: threading.Event

    @contextmanager
    def resting(self) -> Iterator[None]:
        self.busy.clear()
        time.sleep(0.5)
        yield
        self.seen[0] = Load()
        self.busy.set()


@contextmanager
def load(dsn: str, rows: int, sessions: int) -> Iterator[Users]:
    """Use the table as long as the block lasts, each session for reads and writes in turns."""
    stop, busy = threading.Event(), threading.Event()
    busy.set()
    seen = [Load()]

    def use(number: int) -> None:
        statements = (
            "select name, code from items where item_id = %s",
            "update items set name = name || '' where item_id = %s",
            "insert into items (item_id, name, code) values (%s, 'new', %s)",
            "delete from items where item_id = %s",
        )
        with psycopg.connect(dsn, autocommit=True) as gateway:
            at = number
            while not stop.is_set():
                busy.wait()
                at += sessions
                key = at % rows + 1
                _attempt(gateway, seen[0], statements[0], key)
                _attempt(gateway, seen[0], statements[1], key)
                _attempt(gateway, seen[0], statements[2], rows + at, str(rows + at))
                _attempt(gateway, seen[0], statements[3], rows + at)
                time.sleep(0.002)

    users = [threading.Thread(target=use, args=[number]) for number in range(sessions)]
    for user in users:
        user.start()
    try:
        yield Users(seen, busy)
    finally:
        stop.set()
        busy.set()
        for user in users:
            user.join()


def _attempt(gateway: psycopg.Connection[Any], seen: Load, query: str, *values: Any) -> None:
    for attempt in (1, 2):
        begin = time.perf_counter()
        try:
            with gateway.transaction():
                gateway.execute("select bss.use_tenant('shop')")
                begin = time.perf_counter()
                gateway.execute(query.encode(), values)
            seen.add(time.perf_counter() - begin)
            return
        except (psycopg.errors.FeatureNotSupported, psycopg.errors.DatatypeMismatch) as error:
            seen.repeated += 1
            gateway.execute("deallocate all")
            if attempt == 2:
                seen.failures.append(f"{error.sqlstate}: {error.diag.message_primary}")
        except psycopg.Error as error:
            seen.add(time.perf_counter() - begin)
            seen.failures.append(f"{error.sqlstate}: {error.diag.message_primary}")
            return


def change(operator: psycopg.Connection[Any], name: str, document: Json, users: Users) -> Finding:
    # what an earlier change has left between the rows would make some batches smaller
    with users.resting():
        operator.execute("vacuum full analyze tenant_shop.items")
    batches: list[tuple[float, int]] = []

    def report(_: str, said: Any) -> None:
        if said.outcome == "more":
            done = operator.execute(
                "select progress ->> 'next' from bss_metadata.pending_steps where state = 'running'"
            ).fetchone()
            batches.append((time.perf_counter(), int(done[0]) if done else 0))

    begin = time.perf_counter()
    while True:
        try:
            operator.execute("select bss.apply_schema('shop', %s)", [json.dumps(document)])
            break
        except psycopg.Error as error:
            if error.sqlstate != "SB403":
                raise
    outcome = run_pending(operator, "shop", report)
    seconds = time.perf_counter() - begin
    if outcome.code:
        raise SystemExit(f"{name}: {outcome.code}: {outcome.message}")
    found = users.seen[0]
    return Finding(
        change=name,
        seconds=seconds,
        stages=outcome.steps,
        longest_statement=found.longest,
        statements=found.statements,
        repeated=found.repeated,
        failed=len(found.failures),
        failures=tuple(sorted(set(found.failures))),
        last_rate_of_first=_rates(batches),
    )


def _rates(batches: list[tuple[float, int]]) -> float | None:
    """The median rate of the last tenth of the batches by that of the first; None for few."""
    rates = [
        (blocks - blocks_before) / (at - before)
        for (before, blocks_before), (at, blocks) in itertools.pairwise(batches)
        if blocks > blocks_before
    ]
    tenth = len(rates) // 10
    if tenth < 2:
        return None
    return statistics.median(rates[-tenth:]) / statistics.median(rates[:tenth])


def gateway_dsn(operator: psycopg.Connection[Any], dsn: str) -> str:
    operator.execute("create role bench_gateway login password 'bench' in role bss_app")
    return psycopg.conninfo.make_conninfo(dsn, user="bench_gateway", password="bench")  # noqa: S106


def show(findings: list[Finding]) -> None:
    print(
        f"{'change':36}{'seconds':>9}{'stages':>8}{'longest':>9}"
        f"{'statements':>12}{'failed':>8}{'repeated':>10}{'last/first':>12}"
    )
    for each in findings:
        rate = f"{each.last_rate_of_first:.2f}" if each.last_rate_of_first is not None else "-"
        print(
            f"{each.change:36}{each.seconds:9.1f}{each.stages:8}{each.longest_statement:9.3f}"
            f"{each.statements:12}{each.failed:8}{each.repeated:10}{rate:>12}"
        )
        for failure in each.failures:
            print(f"    {failure}")
    print(
        f"\nlongest statement {max(each.longest_statement for each in findings):.3f} s "
        f"(goal: at most {LOCK_TIMEOUT + SLACK}), "
        f"failed {sum(each.failed for each in findings)} (goal: none); "
        "the goal for the last batches by the first is 0.8"
    )


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--sessions", type=int, default=3)
    given = parser.parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as operator:
        operator.execute("select bss.set_setting('apply.online_bytes', '0')")
        operator.execute("select bss.provision_tenant('shop', %s)", [json.dumps(shop())])
        operator.execute("insert into tenant_shop.owners default values")
        operator.execute(ROWS, [given.rows])
        operator.execute("vacuum analyze tenant_shop.items")
        findings = []
        with load(gateway_dsn(operator, dsn), given.rows, given.sessions) as users:
            for name, document in CHANGES.items():
                findings.append(change(operator, name, document, users))
                print(f"done: {name}", file=sys.stderr)
        show(findings)
        operator.execute("drop owned by bench_gateway; drop role bench_gateway")
        if given.json:
            Path(given.json).write_text(json.dumps([asdict(each) for each in findings], indent=2))


if __name__ == "__main__":
    main()
