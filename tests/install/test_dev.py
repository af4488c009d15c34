"""`bss dev`: a private cluster in a directory, and nothing outside it."""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


def bss(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bss_loader", "dev", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def up(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without fsync, which is what the time goes into."""
    return bss("up", "--unsafe", "--dir", directory, *arguments)


@contextmanager
def place_for_clusters() -> Iterator[Path]:
    """A directory that the OS user of a server can reach; its clusters go with it."""
    with tempfile.TemporaryDirectory(prefix="bss-test-") as name:
        place = Path(name)
        place.chmod(0o711)
        try:
            yield place
        finally:
            for marker in place.glob("*/cluster.json"):
                bss("down", "--purge", "--dir", marker.parent)


@pytest.fixture
def place() -> Iterator[Path]:
    with place_for_clusters() as place:
        yield place


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """The directory of a cluster that is up; tests leave it so."""
    with place_for_clusters() as place:
        assert up(place / "cluster").returncode == 0
        yield place / "cluster"


def test_up_prints_nothing_but_a_dsn_that_works(running: Path) -> None:
    said = up(running)
    assert said.returncode == 0, said.stderr
    [dsn] = said.stdout.splitlines()
    with psycopg.connect(dsn) as connection:
        assert connection.info.dbname == "bss"
        assert connection.info.parameter_status("server_encoding") == "UTF8"


def test_down_and_up_keep_the_data_and_the_port(running: Path) -> None:
    dsn = up(running).stdout
    with psycopg.connect(dsn.strip()) as connection:
        connection.execute("create table kept ()")
    assert bss("down", "--dir", running).returncode == 0
    assert bss("down", "--dir", running).returncode == 0
    status = bss("status", "--dir", running, "--json")
    assert status.returncode == 1
    assert json.loads(status.stdout)["running"] is False
    assert up(running).stdout == dsn
    with psycopg.connect(dsn.strip()) as connection:
        connection.execute("select from kept")


def test_status_tells_by_its_exit_code(running: Path, place: Path) -> None:
    status = bss("status", "--dir", running)
    assert (status.returncode, status.stdout) == (0, up(running).stdout)
    assert bss("status", "--dir", place / "nothing").returncode == 1


def test_psql_hands_its_arguments_on(running: Path, place: Path) -> None:
    psql = bss("psql", "--dir", running, "-X", "-At", "-c", "select current_user")
    assert (psql.returncode, psql.stdout) == (0, "postgres\n")
    ask = ("-X", "-At", "-c", "select current_database()")
    for arguments in (("-d", "postgres"), ("postgres",)):
        assert bss("psql", "--dir", running, *ask, *arguments).stdout == "postgres\n"
    assert bss("psql", "--dir", running, *ask).stdout == "bss\n"
    assert bss("psql", "--dir", place / "nothing").returncode == 4


def test_tcp_takes_the_password_that_only_the_caller_can_read(running: Path) -> None:
    told = json.loads(up(running, "--json").stdout)
    pgpass = Path(told["pgpass"])
    assert pgpass.stat().st_mode & 0o777 == 0o600
    address = {"host": "127.0.0.1", "port": told["port"], "user": "postgres", "dbname": "bss"}
    psycopg.connect(**address, passfile=str(pgpass)).close()
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(**address, passfile="/dev/null")


def test_server_does_not_inherit_the_callers_python(
    running: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    bss("down", "--dir", running)
    up(running)
    pid = (running / "data" / "postmaster.pid").read_text().splitlines()[0]
    assert b"PYTHON" not in Path("/proc", pid, "environ").read_bytes()


def test_two_clusters_run_side_by_side(running: Path, place: Path) -> None:
    other = json.loads(up(place / "other", "--json").stdout)
    taken = json.loads(up(running, "--json").stdout)["port"]
    assert other["port"] != taken
    assert bss("down", "--dir", place / "other").returncode == 0
    assert bss("status", "--dir", running).returncode == 0
    refused = up(place / "other", "--port", str(taken))
    assert refused.returncode == 5
    assert f"port {taken} is in use" in refused.stderr


def test_up_takes_another_port_where_somebody_took_its_own(place: Path) -> None:
    before = json.loads(up(place / "one", "--json").stdout)["port"]
    assert bss("down", "--dir", place / "one").returncode == 0
    with socket.create_server(("127.0.0.1", before)):
        said = up(place / "one", "--json")
        assert said.returncode == 0, said.stderr
        assert json.loads(said.stdout)["port"] != before


def test_settings_are_safe_until_told_otherwise(place: Path) -> None:
    def fsync(*arguments: str) -> str:
        dsn = bss("up", "--dir", place / "one", *arguments).stdout.strip()
        with psycopg.connect(dsn) as connection:
            [(value,)] = connection.execute("show fsync").fetchall()
            return str(value)

    assert [fsync(), fsync("--unsafe"), fsync(), fsync("--safe")] == ["on", "off", "off", "on"]


def test_directory_of_another_is_refused_and_left_alone(place: Path) -> None:
    theirs = place / "theirs"
    theirs.mkdir()
    (theirs / "letter").write_text("private")
    for command in (["up"], ["down"], ["down", "--purge"], ["status"]):
        refused = bss(*command, "--dir", theirs)
        assert refused.returncode == 5
        assert "not made by this command" in refused.stderr
    assert [path.name for path in theirs.iterdir()] == ["letter"]


def test_socket_path_that_is_too_long_is_refused_before_anything_is_made(place: Path) -> None:
    deep = place / ("d" * 90)
    refused = up(deep)
    assert refused.returncode == 5
    assert "too long" in refused.stderr
    assert not deep.exists()


def test_purge_removes_the_directory(place: Path) -> None:
    up(place / "one")
    assert bss("down", "--purge", "--dir", place / "one").returncode == 0
    assert not (place / "one").exists()
    assert bss("down", "--purge", "--dir", place / "one").returncode == 0
