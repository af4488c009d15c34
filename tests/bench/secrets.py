"""What it takes that a column is encrypted: inserts, point reads and scans beside a plain one.

A gateway works in one transaction; the master key is in a file, as it would be, or handed in.
"""

import base64
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report

ROWS = 1_000
GATEWAY = "bss_bench_secrets"
DOCUMENT = """{"$defs": {
    "Open": {"type": "object", "properties": {
        "open_id": {"type": "integer"}, "name": {"type": "string"},
        "pin": {"type": "string", "minLength": 3, "x-bss": {"unique": true}}}},
    "Hidden": {"type": "object", "properties": {
        "hidden_id": {"type": "integer"}, "name": {"type": "string"},
        "pin": {"type": "string", "minLength": 3, "x-bss": {"encrypted": true}}}},
    "Found": {"type": "object", "properties": {
        "found_id": {"type": "integer"}, "name": {"type": "string"},
        "pin": {"type": "string", "minLength": 3, "x-bss": {"encrypted": true, "unique": true}}}}
}}"""
INSERT = """
    insert into {0}s ({0}_id, name, pin) select i, 'n', 1000000 + i from generate_series({1}, {2}) i
"""
SIDES = {"plain": "open", "encrypted": "hidden", "encrypted, unique": "found"}


@contextmanager
def key_file() -> Iterator[Path]:
    descriptor, name = tempfile.mkstemp(prefix="bss-bench-", suffix=".key")
    path = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.b64encode(secrets.token_bytes(64)))
    path.chmod(0o644)  # the server is another user
    yield path
    path.unlink()


def prepare(superuser: psycopg.Connection, path: Path) -> None:
    superuser.execute("select bss.use_master_key_file(%s)", [str(path)])
    superuser.execute("select bss.provision_tenant('bench', %s)", [DOCUMENT])
    create = sql.SQL("create role {} login in role bss_app")
    superuser.execute(create.format(sql.Identifier(GATEWAY)))
    for entity in SIDES.values():
        superuser.execute(INSERT.format(f"tenant_bench.{entity}", 1, ROWS).replace(
            f"tenant_bench.{entity}_id", f"{entity}_id").encode())  # fmt: skip
    superuser.execute("analyze")


def as_gateway(
    superuser: psycopg.Connection, statement: str, key: bytes | None = None
) -> Callable[[], float]:
    """Makes a side: a statement in a transaction of a gateway, which is taken back."""

    def side() -> float:
        with superuser.transaction(force_rollback=True):
            if key is not None:
                superuser.execute("select bss.use_master_key(%s)", [key])
            superuser.execute(sql.SQL("set local session authorization {}").format(
                sql.Identifier(GATEWAY)))  # fmt: skip
            superuser.execute("select bss.use_tenant('bench')")
            return clock(lambda: superuser.execute(statement.encode()))()

    return side


def loop(statement: str) -> str:
    return f"do $$ begin for i in 1..{ROWS} loop {statement} end loop; end $$"


def measure(superuser: psycopg.Connection, key: bytes, rounds: int) -> list[Comparison]:
    def sides(statement: Callable[[str], str]) -> dict[str, Callable[[], float]]:
        return {name: as_gateway(superuser, statement(of)) for name, of in SIDES.items()}

    def point(entity: str, column: str) -> str:
        return loop(f"perform {column} from {entity}s where {entity}_id = i;")

    inserted = sides(lambda of: INSERT.format(of, ROWS + 1, 2 * ROWS))
    updated = sides(lambda of: f"update {of}s set name = 'x'")
    read = {
        "plain": as_gateway(superuser, point("open", "pin")),
        "encrypted, not decrypted": as_gateway(superuser, point("hidden", "pin")),
        "decrypted": as_gateway(superuser, point("hidden", "pin::text")),
        "decrypted, key handed in": as_gateway(superuser, point("hidden", "pin::text"), key),
    }
    find = "perform name from {0}s where {1};"
    of_digest = "pin_digest = bss.secret_digest('founds', 'pin', (1000000 + i)::text)"
    found = {
        "plain": as_gateway(superuser, loop(find.format("open", "pin = (1000000 + i)::text"))),
        "by digest": as_gateway(superuser, loop(find.format("found", of_digest))),
    }
    return [
        compare(f"inserts, {ROWS} in a statement", inserted, rounds=rounds),
        compare(f"updates of another column, {ROWS} rows", updated, rounds=rounds),
        compare(f"point reads, {ROWS}", read, rounds=rounds),
        compare(f"look-ups of a value, {ROWS}", found, rounds=rounds),
    ]


def main() -> None:
    given = arguments(__doc__).parse_args()
    with (
        installed(given.dsn) as dsn,
        psycopg.connect(dsn, autocommit=True) as superuser,
        key_file() as path,
    ):
        prepare(superuser, path)
        try:
            key = base64.b64decode(path.read_bytes())
            comparisons = measure(superuser, key, given.rounds)
        finally:
            superuser.execute("reset session authorization")
            superuser.execute(sql.SQL("drop owned by {0}; drop role {0}").format(
                sql.Identifier(GATEWAY)))  # fmt: skip
        report(dsn, comparisons, given.json)


if __name__ == "__main__":
    main()
