"""pg_dump locks every table: the doctor warns before the server has no room for that."""

import re
import subprocess
from pathlib import Path

import psycopg

from bss_loader import cluster as clusters
from bss_loader.checks import server
from bss_loader.checks.finding import Finding
from bss_loader.programs import server_binaries
from tests.conftest import private_cluster

PARTS = 12
TABLES = """
    do $$ begin
        for _number in 1..250 loop
            execute format('create table part_{}_%s ()', _number);
        end loop;
    end $$
"""
SMALL = (
    "alter system set max_locks_per_transaction = 10",
    "alter system set max_connections = 20",
)


def restart(cluster: clusters.Cluster, *statements: str) -> str:
    dsn = clusters.dsn(cluster, "postgres")
    with psycopg.connect(dsn, autocommit=True) as superuser:
        for statement in statements:
            superuser.execute(statement.encode())
    clusters.stop(cluster)
    clusters.start(cluster)
    return dsn


def finding(dsn: str) -> Finding:
    with psycopg.connect(dsn, autocommit=True) as superuser:
        [found] = server.locks(superuser)
    return found


def dump(dsn: str, file: Path) -> str:
    command = [str(server_binaries() / "pg_dump"), "--schema-only", f"-f{file}", f"-d{dsn}"]
    return subprocess.run(command, capture_output=True, text=True).stderr


def test_doctor_warns_of_a_dump_that_has_no_room_and_says_what_it_needs(tmp_path: Path) -> None:
    with private_cluster() as cluster:
        dsn = restart(cluster, *SMALL)
        assert finding(dsn).state == "ok"
        with psycopg.connect(dsn, autocommit=True) as superuser:
            for part in range(PARTS):
                superuser.execute(TABLES.format(part).encode())
        assert "max_locks_per_transaction" in dump(dsn, tmp_path / "dump.sql")
        warned = finding(dsn)
        assert warned.state == "warn"
        [remedy] = re.findall(r"^alter system set max_locks_per_transaction = \d+", warned.remedy)
        dsn = restart(cluster, remedy)
        assert finding(dsn).state == "ok"
        assert dump(dsn, tmp_path / "dump.sql") == ""
