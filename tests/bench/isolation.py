"""What isolation costs a gateway: a key, scans, an insert, and entering a tenant.

The other side is a table with the same rows and indexes, without policies. Statements come one by
one, prepared, as a driver sends them, and take turns, so that the median of each is that of the
same moments. Scans and loops are measured in the processor time of the server: one scan only adds
up, one is of an index that answers alone, and one sends every column to the client. Of the first
two and of the loops nothing is left but the statement itself: the worst that it can look.
"""

from collections.abc import Callable

import psycopg
from psycopg import sql

from tests.backend import seconds
from tests.bench.context import ENTER, KEY, ROWS, STATEMENTS, TABLES, prepare
from tests.bench.measure import Comparison, arguments, clock, compare, installed, report

POINT_GOAL, SCAN_GOAL = "at most 1.18 times", "at most 1.08 times"
SENT = {
    "a point read": (f"select r.amount from {{}} as r where r.record0_id = '{KEY}'", POINT_GOAL),
    "an insert of one row": ("insert into {} (number, amount) values ('new', 1)", POINT_GOAL),
}
SCAN = f"a scan of {ROWS} rows"
EVERY_COLUMN = f"a scan that gives the client all columns of {ROWS} rows"
BY_INDEX = f"counting half of {ROWS} rows by their key"
LOOPS = ("1000 point reads", "1000 inserts of one row")
ALL = "select * from {table}"
COUNT = (
    "select count(*) from {table} as r where r.record0_id < '80000000-0000-0000-0000-000000000000'"
)
ENTERING = "do $$ begin for i in 1..1000 loop {} commit; end loop; end $$"


def sent(gateway: psycopg.Connection, statement: str) -> Callable[[], float]:
    """Make a side: the time that a client waits for one statement."""
    return clock(lambda: gateway.execute(statement, prepare=True))


def processor(gateway: psycopg.Connection, statement: str) -> Callable[[], float]:
    """Make a side: the milliseconds that a statement keeps a processor of the server busy."""

    def side() -> float:
        began = seconds(gateway)
        gateway.execute(statement)
        return (seconds(gateway) - began) * 1000

    return side


def as_sent(gateway: psycopg.Connection, rounds: int) -> list[Comparison]:
    comparisons = []
    for subject, (statement, goal) in SENT.items():
        with gateway.transaction(force_rollback=True):
            gateway.execute(ENTER)
            sides = {name: sent(gateway, statement.format(table)) for name, table in TABLES.items()}
            comparisons.append(compare(subject, sides, rounds=100 * rounds, goal=goal))
    return comparisons


def in_server(
    gateway: psycopg.Connection,
    subject: str,
    statement: str,
    rounds: int,
    goal: str | None = None,
) -> Comparison:
    with gateway.transaction(force_rollback=True):
        gateway.execute(ENTER)
        # the time of workers would not be seen
        gateway.execute("set local max_parallel_workers_per_gather = 0")
        sides = {
            name: processor(gateway, statement.format(table=table))
            for name, table in TABLES.items()
        }
        unit = "milliseconds of a processor"
        return compare(subject, sides, rounds=rounds, unit=unit, goal=goal)


def entering(gateway: psycopg.Connection, rounds: int) -> Comparison:
    sides = {
        "empty": processor(gateway, ENTERING.format("")),
        "bss.use_tenant()": processor(gateway, ENTERING.format("perform bss.use_tenant('bench');")),
    }
    unit = "milliseconds of a processor"
    return compare("1000 transactions", sides, rounds=rounds, unit=unit, goal="30 ms more")


def measure(gateway: psycopg.Connection, rounds: int) -> list[Comparison]:
    return [
        *as_sent(gateway, rounds),
        in_server(gateway, SCAN, STATEMENTS[SCAN], rounds, SCAN_GOAL),
        in_server(gateway, BY_INDEX, COUNT, rounds, SCAN_GOAL),
        in_server(gateway, EVERY_COLUMN, ALL, rounds, SCAN_GOAL),
        entering(gateway, rounds),
        *(in_server(gateway, subject, STATEMENTS[subject], rounds) for subject in LOOPS),
    ]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--login", default="bss_bench_gateway", help="a role that is made for it")
    given = parser.parse_args()
    login = sql.Identifier(given.login)
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as superuser:
        prepare(superuser, login)
        try:
            # row-level security does not apply to a superuser, whose session this is otherwise
            superuser.execute(sql.SQL("set session authorization {}").format(login))
            comparisons = measure(superuser, given.rounds)
        finally:
            superuser.execute("reset session authorization")
            superuser.execute(sql.SQL("drop role {}").format(login))
        report(dsn, comparisons, given.json)


if __name__ == "__main__":
    main()
