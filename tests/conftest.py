"""A server, and a database of its own for every test that asks for one.

The server is BSS_TEST_DSN's where that is set, else a private cluster that lives as long as the
session. BSS is installed once, into a template; tests get copies. Names are of the kind that
finds what somebody forgot to quote.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from pytest_postgresql import factories
from pytest_postgresql.executors import NoopExecutor
from pytest_postgresql.janitor import DatabaseJanitor

from bss_loader import cluster as clusters
from bss_loader.install import install_into

GRANTS_ON_DATABASE = """
    select
        a.privilege_type,
        case a.grantee when 0 then 'public' else a.grantee::regrole::text end
    from pg_database as d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
    where d.datname = %s and a.grantee <> d.datdba
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where the tests' databases are made; what pytest-postgresql's fixtures depend on."""

    host: str
    port: int
    user: str
    password: str | None = None
    options: str = ""
    maintenance_dbname: str = "postgres"
    template_dbname: str | None = None

    def dsn(self, dbname: str) -> str:
        place = make_conninfo(host=self.host, port=self.port, user=self.user)
        return make_conninfo(place, password=self.password, dbname=dbname)


def load_bss(**target: Any) -> None:
    target.pop("autocommit")
    install_into(make_conninfo(**target))


template = factories.postgresql_noproc(
    dbname=f"bss_test_{os.getpid()}", depends_on="server", load=[load_bss]
)


@contextmanager
def private_cluster(settings: str = "") -> Iterator[clusters.Cluster]:
    # pytest's own directories are closed to the OS user that a server runs as under root
    directory = Path(tempfile.mkdtemp(prefix="bss-test-"))
    try:
        made = clusters.create(directory, unsafe=True)
        with (made.data / "postgresql.auto.conf").open("a") as file:
            file.write(settings)
        cluster = clusters.start(made)
        try:
            yield cluster
        finally:
            clusters.stop(cluster)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if given := os.environ.get("BSS_TEST_DSN"):
        known = conninfo_to_dict(given)
        yield Server(
            host=str(known.get("host") or "localhost"),
            port=int(known.get("port") or 5432),
            user=str(known.get("user") or "postgres"),
            password=str(known["password"]) if "password" in known else None,
        )
    else:
        with private_cluster() as cluster:
            yield Server(host=str(cluster.socket), port=cluster.port, user="postgres")


@pytest.fixture
def server_dsn(server: Server) -> str:
    """A superuser's DSN of the database in which databases are made."""
    return server.dsn(server.maintenance_dbname)


@contextmanager
def database(server: Server, template_name: str | None = None) -> Iterator[str]:
    name = f"Bss test {secrets.token_hex(4)}"
    with DatabaseJanitor(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        dbname=name,
        template_dbname=template_name,
    ):
        yield server.dsn(name)


@pytest.fixture
def dsn(request: pytest.FixtureRequest, server: Server, template: NoopExecutor) -> Iterator[str]:
    """A superuser's DSN of a new database with BSS installed, which is safe when a test is done."""
    with database(server, template.template_dbname) as new:
        copy_privileges(template.template_dbname, new)
        yield new
        if request.node.get_closest_marker("tampers") is None:
            assert lint(new) == []


def lint(dsn: str) -> list[Any]:
    """Give what bss.lint() finds, where BSS is still installed."""
    with psycopg.connect(dsn) as superuser:
        installed = superuser.execute("select to_regproc('bss.lint') is not null").fetchone()
        found = "select * from bss.lint()" if installed == (True,) else "select where false"
        return superuser.execute(found).fetchall()


def copy_privileges(template_name: str, dsn: str) -> None:
    """Grant on a database what is granted on its template: CREATE DATABASE does not copy that."""
    with psycopg.connect(dsn, autocommit=True) as superuser:
        grants = superuser.execute(GRANTS_ON_DATABASE, [template_name]).fetchall()
        this = sql.Identifier(superuser.info.dbname)
        superuser.execute(sql.SQL("revoke all on database {} from public").format(this))
        for privilege, grantee in grants:
            grant = sql.SQL("grant {} on database {} to {}")
            superuser.execute(grant.format(sql.SQL(privilege), this, sql.SQL(grantee)))


@pytest.fixture
def bare_dsn(server: Server) -> Iterator[str]:
    """A superuser's DSN of a new database without BSS."""
    with database(server) as new:
        yield new


@pytest.fixture
def connection(dsn: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection to the database of `dsn`."""
    with psycopg.connect(dsn, autocommit=True) as superuser:
        yield superuser


@pytest.fixture
def login(dsn: str) -> Iterator[Callable[..., str]]:
    """Makes logins: `login("gateway", ["bss_app"])` is the DSN of a new one in that group."""
    made: list[sql.Identifier] = []

    def make(role_name: str = "login", member_of: Sequence[str] = ()) -> str:
        name, password = f"{role_name} {secrets.token_hex(4)}", secrets.token_urlsafe(12)
        role = sql.Identifier(name)
        with psycopg.connect(dsn, autocommit=True) as superuser:
            create = sql.SQL("create role {} login password {}")
            superuser.execute(create.format(role, sql.Literal(password)))
            made.append(role)
            for group in member_of:
                grant = sql.SQL("grant {} to {}")
                superuser.execute(grant.format(sql.Identifier(group), role))
        return make_conninfo(dsn, user=name, password=password)

    yield make
    with psycopg.connect(dsn, autocommit=True) as superuser:
        for role in made:
            superuser.execute(sql.SQL("drop owned by {}").format(role))
            superuser.execute(sql.SQL("drop role {}").format(role))


@pytest.fixture
def spare_cluster() -> Iterator[str]:
    """A superuser's DSN of the database "postgres" in a new cluster."""
    with private_cluster() as cluster:
        yield clusters.dsn(cluster, "postgres")
