"""`bss doctor`: what it finds is so, and what it tells to do mends it."""

import json
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bss_loader.checks import examine
from bss_loader.checks.finding import Finding
from bss_loader.checks.server import locks_needed


def doctor(dsn: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "doctor", "--dsn", dsn, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def findings(dsn: str) -> dict[str, Finding]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        return {found.check: found for found in examine(connection)}


def execute(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_installed_database_has_nothing_that_fails(dsn: str) -> None:
    said = doctor(dsn, "--json")
    assert said.returncode == 0, said.stdout
    rows = json.loads(said.stdout)
    assert {row["state"] for row in rows} <= {"ok", "warn"}
    assert "CREATE on the database" in {row["check"] for row in rows}


def test_bare_database_is_examined_before_it_is_installed_into(bare_dsn: str) -> None:
    found = findings(bare_dsn)
    assert found["server's Python"].state == "ok"
    assert found["server's jsonschema"].state == "ok"
    with psycopg.connect(bare_dsn) as connection:
        left = connection.execute("select from pg_extension where extname = 'plpython3u'")
        assert left.rowcount == 0


def test_text_has_the_remedy_on_a_line_of_its_own(bare_dsn: str) -> None:
    execute(bare_dsn, "grant create on schema public to public")
    said = doctor(bare_dsn)
    assert said.returncode == 1
    lines = [line.strip() for line in said.stdout.splitlines()]
    assert "revoke create on schema public from public;" in lines


def test_values_that_are_logged_are_a_warning(bare_dsn: str) -> None:
    assert findings(bare_dsn)["values in the log"].state == "ok"
    options = "-c log_min_duration_statement=0 -c log_parameter_max_length=-1"
    logs = make_conninfo(bare_dsn, options=options)
    found = findings(logs)["values in the log"]
    assert (found.state, found.finding.partition(":")[0]) == ("warn", "log_parameter_max_length")
    assert "alter system set log_parameter_max_length = 0" in (found.remedy or "")


@pytest.mark.parametrize(
    ("check", "state", "damage"),
    [
        ("CREATE on schema public", "fail", "grant create on schema public to public"),
        ("TEMPORARY on the database", "warn", "grant temporary on database {} to public"),
        ("CREATE on the database to all", "warn", "grant create on database {} to public"),
        ("CREATE on the database", "fail", "revoke create on database {} from bss_owner"),
        ("role bss_monitor", "fail", "alter role bss_monitor createrole"),
        ("role bss_app", "fail", "alter role bss_app login"),
        ("role bss_analytics", "fail", "alter role bss_analytics bypassrls"),
        ("role bss_tenant", "fail", "grant pg_read_server_files to bss_tenant"),
    ],
)
def test_remedy_mends_what_was_found(dsn: str, check: str, state: str, damage: str) -> None:
    name = str(conninfo_to_dict(dsn)["dbname"])
    execute(dsn, damage.format(f'"{name}"'))
    found = findings(dsn)[check]
    execute(dsn, found.remedy)
    assert found.state == state
    mended = findings(dsn)
    assert check not in mended or mended[check].state == "ok"


def test_setting_that_is_off_is_found(dsn: str) -> None:
    found = findings(f"{dsn} options='-c row_security=off -c synchronous_commit=off'")
    assert found["row_security"].state == "fail"
    assert found["synchronous_commit"].state == "warn"
    assert found["row_security"].remedy.startswith("alter system set row_security = on;")


def test_ordinary_login_is_told_what_could_not_be_examined(login: Callable[..., str]) -> None:
    said = doctor(login("curious"), "--json")
    assert said.returncode == 0, said.stdout
    states = {row["check"]: row["state"] for row in json.loads(said.stdout)}
    assert states["caller"] == "warn"
    assert states["server's Python"] == "warn"


def test_database_that_is_not_utf8_fails(server_dsn: str) -> None:
    execute(
        server_dsn, "create database doctor_latin1 encoding 'LATIN1' locale 'C' template template0"
    )
    try:
        found = findings(f"{server_dsn} dbname=doctor_latin1")["encoding"]
    finally:
        execute(server_dsn, "drop database doctor_latin1")
    assert (found.state, found.finding) == ("fail", "LATIN1: JSON is UTF-8")


def test_locks_needed_leave_half_of_the_table_to_others() -> None:
    assert locks_needed(tables=0, relations=0, slots=200) == 0
    assert locks_needed(tables=4500, relations=40, slots=30) == 300
    assert locks_needed(tables=10, relations=101, slots=100) == 3
