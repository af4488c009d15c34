"""An open session notices an upgrade at its next call, and a rollback as if nothing had been."""

import psycopg
import pytest

from bss_loader.bundle import render
from bss_loader.connection import connect
from bss_loader.guard import Origin
from bss_loader.install import upgrade_to
from bss_loader.manifest import Location, Manifest, read_manifest

NEW = "changed by the next release"


def message(connection: psycopg.Connection) -> str:
    found = connection.execute("select message from bss.check_schema('{}') limit 1").fetchone()
    assert found is not None
    return str(found[0])


@pytest.fixture
def next_release(release: Location, dsn: str) -> Manifest:
    """A release whose compiler answers the empty document in other words."""
    with connect(dsn) as connection:
        old = message(connection)
    changed = 0
    for path in release.compiler.rglob("*.py"):
        text = path.read_text()
        if old in text:
            path.write_text(text.replace(old, NEW))
            changed += 1
    assert changed, f"no module of the compiler says {old!r}"
    return read_manifest(release)


def test_an_open_session_uses_the_new_modules(dsn: str, next_release: Manifest) -> None:
    with connect(dsn) as session, connect(dsn) as loader:
        old = message(session)
        backend = session.info.backend_pid
        upgrade_to(loader, next_release)
        assert message(session) == NEW
        upgrade_to(loader, read_manifest())
        assert message(session) == old
        assert session.info.backend_pid == backend


def test_a_rolled_back_upgrade_keeps_the_old_modules(dsn: str, next_release: Manifest) -> None:
    origin = Origin(
        version=read_manifest().version,
        state=read_manifest().state_of(read_manifest().version),
    )
    with connect(dsn) as loader, connect(dsn) as session:
        old = message(session)
        loader.execute("begin")
        for part in render(next_release, origin):
            loader.execute(part.sql.encode())
        assert message(loader) == NEW
        loader.execute("rollback")
        assert message(loader) == old
        assert message(session) == old
