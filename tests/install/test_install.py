"""`bss install` and `bss uninstall`: into an empty database, a second time, and out again."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bss_loader.bundle import render
from bss_loader.connection import connect
from bss_loader.exit import Exit, LoaderError
from bss_loader.guard import LOCK_KEY
from bss_loader.install import execute, install_into
from bss_loader.manifest import Location, read_manifest
from bss_loader.uninstall import remove
from bss_loader.verify import verify_installation


def bss(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bss_loader", *arguments], capture_output=True, text=True
    )


def schemas(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("select nspname from pg_namespace where nspname !~ '^pg_'")
        return {name for (name,) in rows} - {"public", "information_schema"}


def test_install_installs_and_says_so(bare_dsn: str) -> None:
    done = bss("install", "--dsn", bare_dsn, "--json")
    assert done.returncode == Exit.OK, done.stderr
    assert json.loads(done.stdout)["outcome"] == "installed"
    assert json.loads(done.stdout)["release"] == read_manifest().release
    assert done.stderr == ""
    with connect(bare_dsn) as connection:
        assert verify_installation(connection, read_manifest()) == ()


def test_install_twice_says_that_it_is_installed(dsn: str) -> None:
    done = bss("install", "--dsn", dsn)
    assert done.returncode == Exit.OK
    assert done.stdout.startswith("already installed")


def test_install_over_another_release_is_refused(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("update bss_internal.installation set release = 'other'")
    done = bss("install", "--dsn", dsn, "--json")
    assert done.returncode == Exit.STATE
    error = json.loads(done.stdout)["error"]
    assert error["sqlstate"] == "SB901"
    assert "bss upgrade" in error["hint"]


def test_install_as_an_ordinary_role_is_refused(bare_dsn: str) -> None:
    with connect(bare_dsn) as connection:
        connection.execute("create role installer_without_rights")
        try:
            connection.execute("set role installer_without_rights")
            with pytest.raises(LoaderError) as caught:
                execute(connection, render(read_manifest()))
        finally:
            connection.execute("reset role")
            connection.execute("drop role installer_without_rights")
    assert caught.value.sqlstate == "42501"
    assert schemas(bare_dsn) == set()


def test_a_failure_leaves_nothing_and_names_the_file_and_the_line(
    bare_dsn: str, release: Location
) -> None:
    file = read_manifest(release).files("code")[-1]
    Path(release.sql, file.name).write_text("select 1;\n\nselect nothing;\n")
    with connect(bare_dsn) as connection, pytest.raises(LoaderError) as caught:
        execute(connection, render(read_manifest(release)))
    assert caught.value.sqlstate == "42703"
    assert caught.value.detail == f'In part "{file.name}", line 3.'
    assert schemas(bare_dsn) == set()


def test_a_second_installation_at_the_same_time_waits_and_is_refused(bare_dsn: str) -> None:
    with connect(bare_dsn) as first, connect(bare_dsn) as second:
        first.execute("begin")
        for part in render(read_manifest()):
            first.execute(part.sql.encode())
        process = subprocess.Popen(
            [sys.executable, "-m", "bss_loader", "install", "--json", "--dsn", bare_dsn],
            stdout=subprocess.PIPE,
            text=True,
        )
        wait_for_the_lock(second)
        first.execute("commit")
        output, _ = process.communicate(timeout=60)
    assert process.returncode == Exit.STATE
    assert json.loads(output)["error"]["sqlstate"] == "SB901"


def test_an_installation_that_waits_too_long_says_what_for(bare_dsn: str) -> None:
    patient, *parts = render(read_manifest())
    hasty = replace(patient, sql=f"{patient.sql}\nset local lock_timeout = '10ms';")
    with connect(bare_dsn) as other, connect(bare_dsn) as connection:
        other.execute("select pg_advisory_lock(%s)", (LOCK_KEY,))
        with pytest.raises(LoaderError, match="is being installed or upgraded") as caught:
            execute(connection, (hasty, *parts))
    assert caught.value.sqlstate == "55P03"


def wait_for_the_lock(connection: psycopg.Connection) -> None:
    for _ in range(600):
        waiting = connection.execute(
            "select pg_sleep(0.1), exists (select from pg_locks "
            "where locktype = 'advisory' and not granted)"
        ).fetchone()
        if waiting is not None and waiting[1]:
            return
    pytest.fail("the second installation did not wait for the first")


def test_uninstall_refuses_while_tenants_exist(dsn: str) -> None:
    provision(dsn)
    done = bss("uninstall", "--dsn", dsn, "--json")
    assert done.returncode == Exit.STATE
    assert json.loads(done.stdout)["error"]["sqlstate"] == "SB904"
    assert "bss" in schemas(dsn)


def test_uninstall_refuses_when_the_name_is_another_database_s(dsn: str) -> None:
    provision(dsn)
    done = bss("uninstall", "--dsn", dsn, "--drop-tenants-of", "postgres", "--json")
    assert done.returncode == Exit.STATE
    assert json.loads(done.stdout)["error"]["sqlstate"] == "SB904"


def test_uninstall_refuses_while_shared_tables_exist(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("""
            select bss.apply_shared('{"title": "Currency", "type": "object",
                "properties": {"currency_id": {"type": "string"}}, "x-bss": {"scope": "shared"}}')
        """)
    done = bss("uninstall", "--dsn", dsn, "--json")
    assert done.returncode == Exit.STATE
    error = json.loads(done.stdout)["error"]
    assert error["sqlstate"] == "SB904"
    assert error["detail"] == 'Shared tables: "currencies".'


def test_uninstall_drops_tenants_by_the_name_of_their_database(dsn: str) -> None:
    provision(dsn)
    with connect(dsn) as connection:
        database = connection.info.dbname
    done = bss("uninstall", "--dsn", dsn, "--drop-tenants-of", database)
    assert done.returncode == Exit.OK, done.stderr
    assert schemas(dsn) == set()


def test_uninstall_then_install_is_as_new(dsn: str) -> None:
    with connect(dsn) as connection:
        with connection.transaction():
            remove(connection)
        assert schemas(dsn) == set()
        install_into(dsn)
        assert verify_installation(connection, read_manifest()) == ()


def test_uninstall_keeps_the_roles_that_are_used_and_drops_the_others(dsn: str) -> None:
    with connect(dsn) as connection:
        connection.execute("create role gateway")
        connection.execute("grant bss_app to gateway")
        connection.execute("create table public.mine (n integer)")
        connection.execute("alter table public.mine owner to bss_analytics")
        with connection.transaction(force_rollback=True):
            remaining = remove(connection)
        connection.execute("drop table public.mine")
        connection.execute("drop role gateway")
    assert {"bss_app", "bss_analytics"} <= set(remaining)


def test_uninstall_where_nothing_is_installed_says_so(bare_dsn: str) -> None:
    done = bss("uninstall", "--dsn", bare_dsn, "--json")
    assert done.returncode == Exit.STATE
    assert json.loads(done.stdout)["error"]["sqlstate"] == "SB902"


def provision(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("select bss.provision_tenant('abc-123')")
