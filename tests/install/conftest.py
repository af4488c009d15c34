"""Releases to damage, and databases as text to compare."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bss_loader.manifest import Location, locate
from bss_loader.programs import server_binaries


@pytest.fixture
def release(tmp_path: Path) -> Location:
    """A copy of the loader's own release."""
    own = locate()
    copy = Location(sql=tmp_path / "sql", compiler=tmp_path / "bss_compiler")
    shutil.copytree(own.sql, copy.sql)
    shutil.copytree(own.compiler, copy.compiler, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="session")
def dump() -> Callable[[str], str]:
    """What pg_dump says of a database's schema, and the rows of `bss_internal`."""
    return lambda dsn: f"{_schema(dsn)}\n{_rows(dsn)}"


def _schema(dsn: str) -> str:
    program = server_binaries() / "pg_dump"
    done = subprocess.run(
        [program, "--schema-only", "--dbname", dsn], check=True, capture_output=True, text=True
    )
    # recent minor versions of pg_dump print a random key there
    text = re.sub(r"^\\(un)?restrict .*$", "", done.stdout, flags=re.MULTILINE)
    # the server keeps a policy's roles in the order of their oids
    return re.sub(r"(?<= TO )bss_\w+(, bss_\w+)+", _sorted, text)


def _sorted(names: re.Match[str]) -> str:
    return ", ".join(sorted(names[0].split(", ")))


def _rows(dsn: str) -> str:
    """All rows but the columns that are a time or a secret."""
    with psycopg.connect(dsn) as connection:
        columns = connection.execute("""
            select c.relname, array_agg(a.attname::text order by a.attnum)
            from pg_class as c
            join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'bss_internal'::regnamespace and c.relkind = 'r'
                and a.atttypid <> all ('{timestamptz,bytea}'::regtype[])
            group by c.relname
            order by c.relname
        """).fetchall()
        return "\n".join(_table_rows(connection, table, names) for table, names in columns)


def _table_rows(connection: psycopg.Connection, table: str, names: list[str]) -> str:
    query = sql.SQL("select to_jsonb(r)::text from (select {} from bss_internal.{}) as r")
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    rows = connection.execute(query.format(columns, sql.Identifier(table))).fetchall()
    return "\n".join([f"-- {table}", *sorted(row for (row,) in rows)])
