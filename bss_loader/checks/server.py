"""From a server to findings: its version, its extensions, its settings, and who is asking."""

import math
from collections.abc import Iterator
from typing import LiteralString

import psycopg

from bss_loader.checks.finding import Finding, State, verdict
from bss_loader.programs import SUPPORTED

# The first minor of each major that contains the row-security fixes of November 2026
# (CVE-2026-116311, CVE-2026-116327, CVE-2026-120154): without them a tenant's statement can see
# through its policies. Minors of all majors are released together; these are 15.20's siblings.
MINOR_FLOORS = {15: 20, 16: 16, 17: 12, 18: 6}

PACKAGES = {
    "plpython3u": "postgresql-plpython3-{major}",
    "vector": "postgresql-{major}-pgvector",
    "pgcrypto": "postgresql-{major}",
    "pgtap": "postgresql-{major}-pgtap",
}
FOR_TESTS = {"pgtap"}

# pg_dump locks every table in one transaction; making or dropping a tenant locks every relation
# of its schema.
LOCKS: LiteralString = """
    select
        coalesce(sum(n.tables), 0)::bigint,
        coalesce(max(n.relations), 0)::bigint,
        current_setting('max_locks_per_transaction')::int,
        current_setting('max_connections')::int
            + current_setting('max_prepared_transactions')::int
    from (
        select
            count(*) filter (where c.relkind in ('r', 'p')) as tables,
            count(*) as relations
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')
            and c.relpersistence <> 't'
        group by n.oid
    ) as n
"""
CONNECTIONS: LiteralString = """
    select count(*), current_setting('max_connections')::int
    from pg_stat_activity
    where backend_type = 'client backend'
"""
# Each is a way by which the values that a client binds get into the log.
LOGGED_VALUES: LiteralString = """
    select array_remove(array[
        case when current_setting('log_parameter_max_length_on_error') <> '0'
            then 'log_parameter_max_length_on_error' end,
        case when current_setting('log_parameter_max_length') <> '0' and (
            current_setting('log_statement') in ('mod', 'all')
            or current_setting('log_min_duration_statement') <> '-1'
            or current_setting('log_min_duration_sample') <> '-1'
            or current_setting('log_transaction_sample_rate') <> '0'
        ) then 'log_parameter_max_length' end
    ], null)
"""
SWITCHES: tuple[tuple[str, State, str], ...] = (
    ("row_security", "fail", "every query of a protected table fails"),
    ("fsync", "warn", "a crash of the machine may corrupt the cluster"),
    ("full_page_writes", "warn", "a crash of the machine may corrupt the cluster"),
    ("synchronous_commit", "warn", "a crash may lose the last commits"),
)


def version(connection: psycopg.Connection) -> Iterator[Finding]:
    major, minor = divmod(connection.info.server_version, 10000)
    floor = MINOR_FLOORS.get(major)
    if floor is None:
        yield Finding(
            check="server version",
            state="fail",
            finding=f"{major}.{minor}; supported are {SUPPORTED[0]} to {SUPPORTED[-1]}",
            remedy=f"apt-get install postgresql-{SUPPORTED[-1]}",
        )
        return
    yield verdict(
        "server version",
        minor >= floor,
        f"{major}.{minor}",
        f"{major}.{minor} lacks the row-security fixes of {major}.{floor}",
        f"apt-get update && apt-get install --only-upgrade postgresql-{major}",
        state="warn",
    )


def extensions(connection: psycopg.Connection) -> Iterator[Finding]:
    available = {
        name: f"{installed}, created" if installed else f"{default}, available"
        for name, default, installed in connection.execute(
            "select name, default_version, installed_version from pg_available_extensions"
        )
    }
    major = connection.info.server_version // 10000
    for name, package in PACKAGES.items():
        absent = "not on the server" + (": the tests want it" if name in FOR_TESTS else "")
        yield verdict(
            f"extension {name}",
            name in available,
            available.get(name, ""),
            absent,
            f"apt-get install {package.format(major=major)}",
            state="warn" if name in FOR_TESTS else "fail",
        )


def caller(connection: psycopg.Connection) -> Iterator[Finding]:
    user = connection.info.user
    yield verdict(
        "caller",
        is_superuser(connection),
        f'"{user}" is a superuser',
        f'"{user}" is no superuser: it cannot install or upgrade',
        "bss doctor --dsn with a superuser's DSN",
        state="warn",
    )


def is_superuser(connection: psycopg.Connection) -> bool:
    return connection.info.parameter_status("is_superuser") == "on"


def locks(connection: psycopg.Connection) -> Iterator[Finding]:
    [(tables, relations, setting, slots)] = connection.execute(LOCKS).fetchall()
    needed = locks_needed(tables=tables, relations=relations, slots=slots)
    size = f"{setting}; {tables} tables, the largest schema has {relations} relations"
    yield verdict(
        "max_locks_per_transaction",
        setting >= needed,
        size,
        f"{size}: {needed} needed for pg_dump and for that schema's migrations",
        f"alter system set max_locks_per_transaction = {needed * 3 // 2}; -- then restart",
        state="warn",
    )


def locks_needed(*, tables: int, relations: int, slots: int) -> int:
    """Return the max_locks_per_transaction that leaves half of the lock table to everyone else.

    `tables` are the whole database's, `relations` the largest schema's, and `slots` the number
    of transactions that the server sizes its lock table for.
    """
    return math.ceil(2 * max(tables, relations) / slots)


def connections(connection: psycopg.Connection) -> Iterator[Finding]:
    [(used, limit)] = connection.execute(CONNECTIONS).fetchall()
    yield verdict(
        "max_connections",
        used <= limit * 0.8,
        f"{limit}; {used} in use",
        f"{limit}; {used} in use: put a pooler in front, or raise it",
        f"alter system set max_connections = {limit * 2}; -- then restart",
        state="warn",
    )


def settings(connection: psycopg.Connection) -> Iterator[Finding]:
    for name, state, consequence in SWITCHES:
        [(value,)] = connection.execute("select current_setting(%s)", [name]).fetchall()
        yield verdict(
            name,
            value != "off",
            value,
            f"off: {consequence}",
            f"alter system set {name} = on; select pg_reload_conf();",
            state=state,
        )


def logged_values(connection: psycopg.Connection) -> Iterator[Finding]:
    [(names,)] = connection.execute(LOGGED_VALUES).fetchall()
    changes = "; ".join(f"alter system set {name} = 0" for name in names)
    yield verdict(
        "values in the log",
        not names,
        "what clients bind is not logged",
        f"{', '.join(names)}: what clients bind is logged, secrets among it",
        f"{changes}; select pg_reload_conf();",
        state="warn",
    )
