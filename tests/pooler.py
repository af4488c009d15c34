"""PgBouncer as deploy/pgbouncer configures it, in front of the server of the tests.

Only what names this machine is said anew: where the server is, who logs in, where files are. The
rest is the file that users have.
"""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from configparser import ConfigParser
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bss_loader.manifest import locate
from bss_loader.programs import run_as_server, server_account

CONFIGURATION = locate().sql.parent / "deploy" / "pgbouncer" / "pgbouncer.ini"
PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"
PORT = 6432
"""The number in the name of the socket; nothing listens on a network."""

VERIFIERS = "select rolname, rolpassword from pg_authid where rolname = any (%s)"


@contextmanager
def pooler(
    superuser: str,
    logins: Sequence[str],
    *,
    pool_size: int = 1,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Path]:
    """Start PgBouncer for the database of a superuser's DSN; give the directory of its socket."""
    program = shutil.which("pgbouncer", path=PATH)
    assert program, "pgbouncer is not installed: bash deploy/packages.sh"
    directory = Path(tempfile.mkdtemp(prefix="bss-pool-"))
    account = server_account()
    try:
        ini = _configure(
            directory, superuser, logins, {"default_pool_size": str(pool_size), **settings}
        )
        for path in (directory, *directory.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
        pid, socket = directory / "pid", directory / f".s.PGSQL.{PORT}"
        started = run_as_server(program, "--daemon", ini)
        assert started.returncode == 0, started.stderr
        _wait(lambda: pid.exists() and socket.exists())
        try:
            yield directory
        finally:
            os.kill(int(pid.read_text()), signal.SIGTERM)
            _wait(lambda: not pid.exists())
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def pooled(dsn: str, directory: Path, **changes: str) -> str:
    """Give the DSN by which a login reaches its database through the pool."""
    return make_conninfo(dsn, host=str(directory), port=PORT, **changes)


def _configure(
    directory: Path, superuser: str, logins: Sequence[str], settings: Mapping[str, str]
) -> Path:
    server = conninfo_to_dict(superuser)
    place = f"host={server['host']} port={server['port']} dbname='{server['dbname']}'"
    ini = ConfigParser(interpolation=None)
    ini.read_string(CONFIGURATION.read_text())
    ini["databases"] = {"pool": place, "pool_session": f"{place} pool_mode=session"}
    ini["pgbouncer"].update(
        {
            "listen_addr": "",
            "listen_port": str(PORT),
            "unix_socket_dir": str(directory),
            "logfile": str(directory / "log"),
            "pidfile": str(directory / "pid"),
            "auth_file": str(directory / "users"),
            **settings,
        }
    )
    with psycopg.connect(superuser) as connection:
        rows = connection.execute(VERIFIERS, [list(logins)]).fetchall()
    users = directory / "users"
    quoted = ((name.replace('"', '""'), verifier) for name, verifier in rows)
    users.write_text("".join(f'"{name}" "{verifier}"\n' for name, verifier in quoted))
    users.chmod(0o600)
    with (directory / "pgbouncer.ini").open("w") as file:
        ini.write(file)
    return directory / "pgbouncer.ini"


def _wait(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)
