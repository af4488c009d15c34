"""Finds the server's programs and runs them as the OS user that a server may run as."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bss_loader.exit import Exit, LoaderError

SUPPORTED = range(15, 19)
DEBIAN = Path("/usr/lib/postgresql")


def server_account() -> pwd.struct_passwd:
    """Return the OS user that a server of ours runs as: the caller, or `postgres` for root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise LoaderError(
            Exit.MISSING,
            'no operating-system user "postgres" on this machine',
            "A PostgreSQL server does not run as root.",
            "Install the PostgreSQL packages, or call the command as an ordinary user.",
        ) from None


def server_binaries(major: int | None = None) -> Path:
    """Return the directory of the newest supported server's programs, or of that major version."""
    for directory in _candidates():
        found = _major_version(directory)
        if found == major or (major is None and found in SUPPORTED):
            return directory
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {SUPPORTED[0]} to {SUPPORTED[-1]}"
    raise LoaderError(
        Exit.MISSING,
        f"the server programs of {wanted} are not installed",
        hint=f"apt-get install postgresql-{major}" if major else "apt-get install postgresql",
    )


def run_as_server(*command: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program as the server's OS user and return its output and exit code.

    The environment is not handed on: PG… would redirect the programs, and a server keeps its
    environment for life, where PYTHON… would reach PL/Python.
    """
    account = server_account()
    prefix: tuple[str, ...] = ()
    if os.geteuid() != account.pw_uid:
        prefix = ("setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}")
        prefix += ("--init-groups", "--")
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    if path := os.environ.get("LD_LIBRARY_PATH"):
        environment["LD_LIBRARY_PATH"] = path
    return subprocess.run(  # noqa: S603
        [*prefix, *map(str, command)],
        input=text,
        cwd="/",
        env=environment,
        text=True,
        capture_output=True,
        check=False,
    )


def _candidates() -> Iterator[Path]:
    """Yield directories to look in: Debian's, newest first, then pg_config's, then PATH's."""
    versions = (path for path in DEBIAN.glob("*/bin") if path.parent.name.isdecimal())
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
    if pg_config := shutil.which("pg_config"):
        yield Path(run_as_server(pg_config, "--bindir").stdout.strip())
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def _major_version(directory: Path) -> int | None:
    if not os.access(directory / "initdb", os.X_OK):
        return None
    said = run_as_server(directory / "initdb", "--version").stdout
    version = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(version[1]) if version else None
