"""`bss harden`: what it takes from PUBLIC is gone, it says so, and it takes nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import sql

from bss_loader.checks.public import MEASURES, missing
from bss_loader.harden import OPTIONAL

ALSO = [word for name in OPTIONAL for word in ("--also", name)]
MISDEEDS = {
    "temporary-tables": "create temporary table t (a integer)",
    "public-schema": "create table public.t (a integer)",
    "schemas": "create schema s",
    "large-objects": "select lo_create(0)",
    "do-blocks": "do 'begin end'",
}
"""What each measure keeps a login from, which everyone may do before."""

WITH_A_FUNCTION = """{
    "title": "Note", "type": "object", "properties": {"tree": {"$ref": "#/$defs/Branch"}},
    "$defs": {"Branch": {"type": "object", "properties": {
        "branches": {"type": "array", "items": {"$ref": "#/$defs/Branch"}}}}}
}"""


@pytest.fixture
def open_dsn(dsn: str) -> str:
    """A superuser's DSN of a database in which everyone may do what every measure closes."""
    with psycopg.connect(dsn, autocommit=True) as superuser:
        this = sql.Identifier(superuser.info.dbname)
        superuser.execute(sql.SQL("grant temporary, create on database {} to public").format(this))
        superuser.execute("grant create on schema public to public")
    return dsn


def harden(dsn: str, *arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "bss_loader", "harden", "--dsn", dsn, "--json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def may(dsn: str, statement: str) -> bool:
    with psycopg.connect(dsn) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return False
        finally:
            connection.rollback()
    return True


def privileges(dsn: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute("""
            select 'd', d.oid, d.datacl::text from pg_database as d
            union all select 'n', n.oid, n.nspacl::text from pg_namespace as n
            union all select 'l', l.oid, l.lanacl::text from pg_language as l
            union all select 'f', p.oid, p.proacl::text from pg_proc as p
            order by 1, 2
        """).fetchall()


def test_every_measure_has_its_misdeed() -> None:
    assert MISDEEDS.keys() == {measure.name for measure in MEASURES}


def test_what_everyone_could_do_nobody_can(open_dsn: str, login: Callable[..., str]) -> None:
    somebody = login("somebody", ["bss_app"])
    assert [name for name, misdeed in MISDEEDS.items() if not may(somebody, misdeed)] == []
    code, results = harden(open_dsn, *ALSO)
    assert code == 0
    assert {result["measure"]: result["state"] for result in results} == dict.fromkeys(
        MISDEEDS, "closed"
    )
    assert [name for name, misdeed in MISDEEDS.items() if may(somebody, misdeed)] == []


def test_a_second_run_changes_nothing(open_dsn: str) -> None:
    harden(open_dsn, *ALSO)
    before = privileges(open_dsn)
    code, results = harden(open_dsn, *ALSO)
    assert (code, {result["state"] for result in results}) == (0, {"closed before"})
    assert privileges(open_dsn) == before


def test_a_dry_run_changes_nothing_and_says_what_would_be_done(open_dsn: str) -> None:
    before = privileges(open_dsn)
    code, results = harden(open_dsn, "--dry-run")
    assert (code, {result["state"] for result in results}) == (1, {"open"})
    assert privileges(open_dsn) == before
    with psycopg.connect(open_dsn, autocommit=True) as superuser:
        for result in results:
            assert result["consequence"]
            for statement in result["statements"]:
                superuser.execute(statement.encode())
        assert [m for m in MEASURES if not m.optional and missing(superuser, m)] == []


def test_what_is_left_out_stays_open(open_dsn: str, login: Callable[..., str]) -> None:
    somebody = login("somebody")
    _, results = harden(open_dsn, "--leave", "temporary-tables")
    assert "temporary-tables" not in {result["measure"] for result in results}
    assert may(somebody, MISDEEDS["temporary-tables"])
    assert may(somebody, MISDEEDS["do-blocks"]), "is optional"


def test_grants_to_named_roles_stay(open_dsn: str, login: Callable[..., str]) -> None:
    tool = login("reporting tool")
    name = sql.Identifier(str(psycopg.conninfo.conninfo_to_dict(tool)["user"]))
    with psycopg.connect(open_dsn, autocommit=True) as superuser:
        grant = sql.SQL("grant temporary on database {} to {}")
        superuser.execute(grant.format(sql.Identifier(superuser.info.dbname), name))
    harden(open_dsn)
    assert may(tool, MISDEEDS["temporary-tables"])


def test_bss_works_in_a_hardened_database(open_dsn: str) -> None:
    harden(open_dsn, *ALSO)
    with psycopg.connect(open_dsn) as superuser:
        superuser.execute("set session authorization bss_admin")
        superuser.execute("select bss.provision_tenant('acme', %s)", [WITH_A_FUNCTION])
    command = [sys.executable, "-m", "bss_loader", "verify", "--dsn", open_dsn]
    assert subprocess.run(command, capture_output=True, text=True).returncode == 0


def test_a_measure_that_there_is_not_is_refused(dsn: str) -> None:
    command = [sys.executable, "-m", "bss_loader", "harden", "--dsn", dsn, "--leave", "x"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert 'there is no measure "x"' in done.stderr


def test_who_is_no_superuser_may_only_look(open_dsn: str, login: Callable[..., str]) -> None:
    somebody = login("somebody")
    before = privileges(open_dsn)
    command = [sys.executable, "-m", "bss_loader", "harden", "--dsn", somebody]
    assert subprocess.run(command, capture_output=True, text=True).returncode == 3
    assert harden(somebody, "--dry-run")[0] == 1
    assert privileges(open_dsn) == before
