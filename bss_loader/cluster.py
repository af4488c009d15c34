"""Turns a directory into a private PostgreSQL cluster, and the directory into its DSN.

    cluster.json     the marker: what is in this directory, we made, and how
    bss.conf         settings, included last by data/postgresql.conf; written at every start
    pg_hba.conf      peer on the socket for the superuser, passwords for everyone else
    pg_ident.conf    which OS users may be that superuser
    pgpass           the superuser's password, for TCP; 0600
    data/ run/ log/  the server's own

The directory belongs to the caller. Root writes nothing into the last three, which belong to
the OS user that the server runs as: what is needed there, that user writes.
"""

import json
import os
import pwd
import secrets
import shutil
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from bss_loader.exit import Exit, LoaderError
from bss_loader.programs import run_as_server, server_account, server_binaries

MARKER = "cluster.json"
FORMAT = 1
FIRST_PORT = 54329
SOCKET_PATH_BYTES = 107  # sun_path of unix(7), less its final NUL
HBA = """\
local  all          postgres                peer map=bss
local  replication  postgres                peer map=bss
local  all          all                     scram-sha-256
host   all          all       127.0.0.1/32  scram-sha-256
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster that `create` made; port 0 means that its first start will choose one."""

    directory: Path
    binaries: Path
    port: int
    unsafe: bool

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def socket(self) -> Path:
        return self.directory / "run"

    @property
    def log(self) -> Path:
        return self.directory / "log" / "server.log"

    @property
    def pgpass(self) -> Path:
        return self.directory / "pgpass"


def default_directory() -> Path:
    """Return where the cluster of `bss dev` lives unless the caller says otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/bss/dev")
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "bss" / "dev"


def dsn(cluster: Cluster, database: str = "bss", *, user: str = "postgres") -> str:
    """Return the URI of a database over the cluster's socket."""
    host = quote(str(cluster.socket))
    name = quote(database, safe="")
    return f"postgresql://{quote(user, safe='')}@/{name}?host={host}&port={cluster.port}"


def environment(cluster: Cluster) -> dict[str, str]:
    """Return this process's environment, in which libpq's variables name the cluster."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return others | {
        "PGHOST": str(cluster.socket),
        "PGPORT": str(cluster.port),
        "PGUSER": "postgres",
        "PGDATABASE": "bss",
    }


def find(directory: Path) -> Cluster | None:
    """Return the cluster in a directory, None where there is nothing; refuse another's."""
    directory = directory.absolute()
    marker = directory / MARKER
    if not marker.exists():
        if directory.exists() and any(directory.iterdir()):
            raise LoaderError(
                Exit.STATE,
                f'directory "{directory}" is not empty and was not made by this command',
                hint="Give another one with --dir.",
            )
        return None
    kept = json.loads(marker.read_text())
    binaries = server_binaries(int((directory / "data" / "PG_VERSION").read_text()))
    return Cluster(directory=directory, binaries=binaries, port=kept["port"], unsafe=kept["unsafe"])


def create(directory: Path, *, port: int = 0, unsafe: bool = False) -> Cluster:
    """Make a cluster in a new or empty directory; do not start it.

    `unsafe` trades durability for speed: a crash of the machine may lose the cluster.
    """
    directory = directory.absolute()
    if find(directory):
        raise LoaderError(Exit.STATE, f'directory "{directory}" already has a cluster')
    cluster = Cluster(directory=directory, binaries=server_binaries(), port=port, unsafe=unsafe)
    _refuse_long_socket_path(cluster)
    try:
        _initialize(cluster)
    except BaseException:
        shutil.rmtree(directory)
        raise
    return cluster


def start(cluster: Cluster, *, pinned: bool = False) -> Cluster:
    """Start a cluster that is not running and return it with the port it listens on.

    That is the one it had before or, if another process has it by now and it is not `pinned`, the
    next free one.
    """
    others = () if pinned else range(FIRST_PORT, 65536)
    for port in (*([cluster.port] if cluster.port else ()), *others):
        started = replace(cluster, port=port)
        if _is_free(port) and _launch(started):
            _remember(started)
            if not started.pgpass.exists():
                _set_password(started)
            return started
    raise LoaderError(
        Exit.STATE,
        f"port {cluster.port or FIRST_PORT} is in use by another process",
        hint="Give another with --port.",
    )


def stop(cluster: Cluster) -> None:
    """End all sessions and stop the server, if it is running."""
    if running(cluster):
        pg_ctl = cluster.binaries / "pg_ctl"
        _must(pg_ctl, "stop", "--wait", "--silent", "--mode=fast", "--pgdata", cluster.data)


def running(cluster: Cluster) -> bool:
    """Tells whether this very cluster's server is up."""
    pg_ctl = cluster.binaries / "pg_ctl"
    return run_as_server(pg_ctl, "status", "--pgdata", cluster.data).returncode == 0


def remove(cluster: Cluster) -> None:
    """Stop the server and remove everything that `create` made."""
    stop(cluster)
    shutil.rmtree(cluster.directory)


def create_database(cluster: Cluster, name: str = "bss") -> None:
    """Create a database unless the cluster has it."""
    with psycopg.connect(dsn(cluster, "postgres"), autocommit=True) as connection:
        known = connection.execute("select from pg_database where datname = %s", [name])
        if not known.rowcount:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _refuse_long_socket_path(cluster: Cluster) -> None:
    path = cluster.socket / ".s.PGSQL.65535"
    if len(os.fsencode(path)) > SOCKET_PATH_BYTES:
        raise LoaderError(
            Exit.STATE,
            f'the path of the socket in "{cluster.socket}" would be too long',
            f"A Unix socket's path has at most {SOCKET_PATH_BYTES} bytes.",
            "Give a shorter directory with --dir.",
        )


def _initialize(cluster: Cluster) -> None:
    _make_directories(cluster)
    _must(
        *(cluster.binaries / "initdb", "--pgdata", cluster.data, "--username=postgres"),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums", "--auth=peer"),
        *("--no-instructions", *(["--no-sync"] if cluster.unsafe else [])),
    )
    include = f"include '{_quoted(cluster.directory / 'bss.conf')}'\n"
    _must("tee", "--append", cluster.data / "postgresql.conf", text=include)
    _remember(cluster)


def _make_directories(cluster: Cluster) -> None:
    """Make the caller's directory, which others may pass through, and the server's in it."""
    account = server_account()
    cluster.directory.mkdir(parents=True, exist_ok=True)
    cluster.directory.chmod(0o711)
    for path in (cluster.data, cluster.socket, cluster.log.parent):
        path.mkdir(mode=0o700)
        os.chown(path, account.pw_uid, account.pw_gid)


def _remember(cluster: Cluster) -> None:
    kept = {
        "format": FORMAT,
        "port": cluster.port,
        "unsafe": cluster.unsafe,
    }
    (cluster.directory / MARKER).write_text(json.dumps(kept, indent=2) + "\n")


def _write_configuration(cluster: Cluster) -> None:
    directory = cluster.directory
    durable = "off" if cluster.unsafe else "on"
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": cluster.port,
        "unix_socket_directories": cluster.socket,
        "unix_socket_permissions": "0700",
        "hba_file": directory / "pg_hba.conf",
        "ident_file": directory / "pg_ident.conf",
        "password_encryption": "scram-sha-256",
        "max_connections": 200,
        "max_locks_per_transaction": 256,
        "max_prepared_transactions": 0,
        "shared_buffers": "256MB",
        "fsync": durable,
        "synchronous_commit": durable,
        "full_page_writes": durable,
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "off",
        "log_line_prefix": "%m [%p] %q%u@%d ",
    }
    lines = (f"{name} = '{_quoted(value)}'\n" for name, value in settings.items())
    (directory / "bss.conf").write_text("".join(lines))
    (directory / "pg_hba.conf").write_text(HBA)
    users = sorted({"root", pwd.getpwuid(os.geteuid()).pw_name, server_account().pw_name})
    (directory / "pg_ident.conf").write_text("".join(f'bss "{user}" postgres\n' for user in users))
    for name in ("bss.conf", "pg_hba.conf", "pg_ident.conf"):
        (directory / name).chmod(0o644)


def _quoted(value: object) -> str:
    return str(value).replace("'", "''")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _launch(cluster: Cluster) -> bool:
    """Start the server; tell whether nobody else took the port at the same moment."""
    _write_configuration(cluster)
    said_before = cluster.log.stat().st_size if cluster.log.exists() else 0
    started = run_as_server(
        *(cluster.binaries / "pg_ctl", "start", "--wait", "--silent"),
        *("--pgdata", cluster.data, "--log", cluster.log),
    )
    if started.returncode == 0:
        return True
    said = cluster.log.read_bytes()[said_before:].decode() if cluster.log.exists() else ""
    if "could not create any TCP/IP sockets" in said:
        return False
    raise LoaderError(
        Exit.STATE,
        f'the server in "{cluster.directory}" did not start',
        detail=(said or started.stderr)[-2000:].strip(),
        hint=f"The whole log is {cluster.log}.",
    )


def _set_password(cluster: Cluster) -> None:
    password = secrets.token_urlsafe(24)
    with psycopg.connect(dsn(cluster, "postgres"), autocommit=True) as connection:
        hashed = connection.pgconn.encrypt_password(
            password.encode(), b"postgres", b"scram-sha-256"
        )
        connection.execute(
            sql.SQL("alter role postgres password {}").format(sql.Literal(hashed.decode()))
        )
    cluster.pgpass.touch(mode=0o600)
    cluster.pgpass.write_text(f"127.0.0.1:*:*:postgres:{password}\n")


def _must(*command: str | Path, text: str = "") -> None:
    done = run_as_server(*command, text=text)
    if done.returncode:
        raise LoaderError(
            Exit.STATE, f'"{command[0]}" failed', detail=(done.stderr or done.stdout).strip()
        )
