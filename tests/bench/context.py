"""What it costs a gateway to be one tenant: entering it, and row-level security in each statement.

The other side of each comparison is a table with the same rows and indexes, without policies. Point
reads and inserts run in a loop inside the server, where a thousand of them are measured and nothing
else; a scan and a whole transaction are measured as a client sees them.
"""

from collections.abc import Callable

import psycopg
from psycopg import sql

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report
from tests.bench.models import typical_model

ROWS = 200_000
ENTER = "select bss.use_tenant('bench')"
KEY = "00000000-0000-0000-0000-000000000001"
TABLES = {"without policies": "bare.record0", "with policies": "tenant_bench.record0"}

FILL = f"""
    -- what events cost is measured by tests.bench.events
    drop trigger capture_insert on tenant_bench.record0;

    insert into tenant_bench.record0 (record0_id, number, amount)
    select '{KEY}', '0', 0
    union all
    select gen_random_uuid(), n::text, n % 1000 from generate_series(1, {ROWS - 1}) as n;

    create schema bare;
    create table bare.record0 (like tenant_bench.record0 including all);
    insert into bare.record0 select * from tenant_bench.record0;
    grant usage on schema bare to bss_app;
    grant select, insert on bare.record0 to bss_app;
"""
STATEMENTS = {
    "1000 point reads": f"""
        do $$ begin for i in 1..1000 loop
            perform r.amount from {{table}} as r where r.record0_id = '{KEY}';
        end loop; end $$""",
    "1000 inserts of one row": """
        do $$ begin for i in 1..1000 loop
            insert into {table} (number, amount) values ('new', i);
        end loop; end $$""",
    f"a scan of {ROWS} rows": "select count(*), sum(r.amount) from {table} as r",
}


def within_tenant(gateway: psycopg.Connection, statement: str) -> Callable[[], float]:
    """Makes a side: only the statement is measured, and nothing of it stays."""

    def side() -> float:
        with gateway.transaction(force_rollback=True):
            gateway.execute(ENTER)
            return clock(lambda: gateway.execute(statement))()

    return side


def transaction(gateway: psycopg.Connection, first: str, table: str) -> Callable[[], float]:
    """Makes a side: a transaction that enters the tenant, or not, and reads one row."""

    def action() -> None:
        with gateway.transaction():
            gateway.execute(first, prepare=True)
            gateway.execute(
                f"select r.amount from {table} as r where r.record0_id = '{KEY}'", prepare=True
            )

    return clock(action)


def measure(gateway: psycopg.Connection, rounds: int) -> list[Comparison]:
    statements = [
        compare(
            subject,
            {
                name: within_tenant(gateway, statement.format(table=table))
                for name, table in TABLES.items()
            },
            rounds=rounds,
        )
        for subject, statement in STATEMENTS.items()
    ]
    bare, protected = TABLES.values()
    transactions = {
        "no tenant, without policies": transaction(gateway, "select 1", bare),
        "bss.use_tenant(), without policies": transaction(gateway, ENTER, bare),
        "bss.use_tenant(), with policies": transaction(gateway, ENTER, protected),
    }
    subject = "a transaction of two statements, the second a point read"
    return [*statements, compare(subject, transactions, rounds=25 * rounds)]


def prepare(superuser: psycopg.Connection, login: sql.Identifier) -> None:
    document = typical_model("Bench", entities=1)
    superuser.execute("select bss.provision_tenant('bench', %s)", [document])
    superuser.execute(FILL)
    superuser.execute("vacuum analyze")
    superuser.execute(sql.SQL("create role {} login in role bss_app").format(login))


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
