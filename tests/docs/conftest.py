"""Where a page of the documentation is run: a cluster and a home of its own."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bss_loader.programs import server_binaries


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A directory to work in, the environment, and the DSN of an empty database."""

    directory: Path
    environment: dict[str, str]
    dsn: str


@pytest.fixture
def home() -> Iterator[Path]:
    # a server that root starts runs as another user, who has to get through
    directory = Path(tempfile.mkdtemp(prefix="bss-docs-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    path = (str(Path(sys.executable).parent), str(server_binaries()), os.environ["PATH"])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {
        **kept,
        "PATH": os.pathsep.join(path),
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PGTZ": "UTC",
    }


@pytest.fixture
def desk(home: Path, environment: dict[str, str], spare_cluster: str) -> Desk:
    with psycopg.connect(spare_cluster, autocommit=True) as superuser:
        superuser.execute("create database shop")
    dsn = make_conninfo(spare_cluster, dbname="shop")
    return Desk(directory=home, environment=environment, dsn=dsn)
