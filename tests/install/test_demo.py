"""`bss demo`: what it shows is what the server said."""

import subprocess
import sys

import psycopg


def demo(dsn: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "demo", "--dsn", dsn]
    return subprocess.run(command, capture_output=True, text=True)


def test_demo_shows_the_main_job_twice_over(server_dsn: str) -> None:
    for _ in range(2):
        said = demo(server_dsn)
        assert said.returncode == 0, said.stderr
        shown = said.stdout
        assert 'Table "tenant_abc_123.invoices"' in shown
        # the other tenant sees nothing, by the search path and by the other's name
        assert shown.count("select count(*) from") == 2
        assert shown.count("\ncount\n0    \n(1 row)") == 2
        assert "violates check constraint" in shown
        assert "ERROR:  SB010: " in shown
        assert "ADD COLUMN currency text DEFAULT 'EUR'::text NOT NULL" in shown
        assert "still\n4    " in shown
        assert "SB900" not in shown
        assert shown.rstrip().endswith("dbname=bss_demo'")
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute("drop database bss_demo with (force)")
        connection.execute("drop role bss_demo_gateway")


def test_demo_leaves_a_database_alone_that_it_did_not_make(server_dsn: str) -> None:
    with psycopg.connect(server_dsn, autocommit=True) as connection:
        connection.execute("create database bss_demo")
        try:
            said = demo(server_dsn)
        finally:
            connection.execute("drop database bss_demo with (force)")
    assert said.returncode == 5
    assert 'database "bss_demo" exists and is not of this command\'s making' in said.stderr
