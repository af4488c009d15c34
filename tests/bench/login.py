"""What it takes by itself to ask for the tenant, and to enter it, for gateways and bound logins.

A thousand times in a loop inside the server, where nothing else is measured. The other side of each
comparison is the loop without it, so the difference of the milliseconds is the microseconds of one.
"""

from collections.abc import Callable

import psycopg
from psycopg import sql

from tests.bench.context import ENTER, KEY, TABLES, prepare
from tests.bench.measure import Comparison, arguments, clock, compare, installed, report

BOUND = "bss_bench_bound"
LOGINS = 10_000
"""So many others are bound, each to a tenant of its own."""

FILL = f"""
    create role {BOUND} login in role bss_tenant;
    select bss.bind_login('{BOUND}', 'bench');
    grant usage on schema bare to bss_tenant;
    grant select on bare.record0 to bss_tenant;
    insert into bss_metadata.tenants (external_id, schema_name, status)
    select concat('t', n), concat('tenant_t', n), 'ACTIVE' from generate_series(1, {LOGINS}) as n;
    insert into bss_metadata.logins (login, login_name, tenant_id)
    select (1000000 + row_number() over ())::text::regrole, t.external_id, t.id
    from bss_metadata.tenants as t where t.external_id <> 'bench';
    analyze bss_metadata.tenants, bss_metadata.logins;
"""
LOOP = "do $$ begin for i in 1..1000 loop {} end loop; end $$"
NOTHING = "perform 1;"
ASK = "perform bss.current_tenant_id();"
USE = "perform bss.use_tenant('bench');"
READ = f"perform r.amount from {{}} as r where r.record0_id = '{KEY}';"


def in_session(superuser: psycopg.Connection, login: str, body: str) -> Callable[[], float]:
    """Makes a side: a loop in one transaction, which a gateway begins by entering its tenant."""
    statement = LOOP.format(body).encode()

    def side() -> float:
        _become(superuser, login)
        with superuser.transaction(force_rollback=True):
            if login != BOUND:
                superuser.execute(ENTER)
            return clock(lambda: superuser.execute(statement))()

    return side


def in_transactions(superuser: psycopg.Connection, login: str, body: str) -> Callable[[], float]:
    """Makes a side: a loop in which each turn is a transaction."""
    statement = LOOP.format(f"{body} commit;").encode()

    def side() -> float:
        _become(superuser, login)
        return clock(lambda: superuser.execute(statement))()

    return side


def _become(superuser: psycopg.Connection, login: str) -> None:
    superuser.execute("reset session authorization")
    superuser.execute(sql.SQL("set session authorization {}").format(sql.Identifier(login)))


def measure(superuser: psycopg.Connection, gateway: str, rounds: int) -> list[Comparison]:
    asked = {
        "nothing is asked": in_session(superuser, gateway, NOTHING),
        "a gateway asks": in_session(superuser, gateway, ASK),
        "a login that is bound asks": in_session(superuser, BOUND, ASK),
    }
    read = {
        name: in_session(superuser, BOUND, READ.format(table)) for name, table in TABLES.items()
    }
    entered = {
        "empty": in_transactions(superuser, gateway, NOTHING),
        "bss.use_tenant()": in_transactions(superuser, gateway, USE),
    }
    return [
        compare("for the tenant, 1000 times", asked, rounds=rounds, goal="6 ms more"),
        compare("point reads by a login that is bound, 1000", read, rounds=rounds),
        compare("transactions, 1000", entered, rounds=rounds, goal="30 ms more"),
    ]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--login", default="bss_bench_gateway", help="a role that is made for it")
    given = parser.parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as superuser:
        prepare(superuser, sql.Identifier(given.login))
        superuser.execute(FILL)
        try:
            comparisons = measure(superuser, given.login, given.rounds)
        finally:
            superuser.execute("reset session authorization")
            for login in (BOUND, given.login):
                superuser.execute(sql.SQL("drop owned by {}").format(sql.Identifier(login)))
                superuser.execute(sql.SQL("drop role {}").format(sql.Identifier(login)))
        report(dsn, comparisons, given.json)


if __name__ == "__main__":
    main()
