"""Kills what takes part in a fleet migration, at random points of it, and looks at what is left.

    python -m tests.faults.fleet --kills 30 --tenants 300

A trial publishes another version of a blueprint, lets the command migrate all tenants to it, and
kills one of these when some number of tenants is done: the server (as pg_ctl stop -m immediate
does), the process of a backend, the session of a backend, the command itself. A server and a
command that were killed are started again; sessions come back on their own. In the end every tenant
must be at the new version, exactly once, with its rows, and ledger and catalog must agree.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bss_loader import cluster as clusters
from bss_loader.cluster import Cluster
from bss_loader.install import install_into

KINDS = ("server", "process", "session", "command")
DONE = """
    select count(*) from bss.fleet_tenants
    where fleet_migration = (select max(id) from bss.fleet_migrations) and state <> 'pending'
"""
BUSY = """
    select pid from pg_stat_activity
    where query ~ 'migrate_next' and backend_type = 'client backend' and pid <> pg_backend_pid()
    order by random() limit 1
"""
WRONG = """
    select t.external_id
    from bss_metadata.tenants as t
    cross join lateral (
        select
            count(*) as versions, max(s.version) as last,
            count(distinct s.blueprint_version) as steps,
            max(s.blueprint_version) as reached
        from bss_metadata.tenant_schemas as s where s.tenant_id = t.id
    ) as ledger
    where
        (ledger.versions, ledger.last, ledger.steps, ledger.reached)
            <> (%(version)s, %(version)s, %(version)s, %(version)s)
        or (
            select count(*) from bss_metadata.tenant_audit_log as a
            where a.tenant_id = t.id and a.action_type = 'schema.updated'
        ) <> %(version)s
        or (
            select count(*) from pg_attribute as c
            where c.attrelid = to_regclass(format('%%I.%%I', t.schema_name, 'customers'))
                and c.attname ~ '^added_'
        ) <> %(version)s - 1
        or (
            select s.fingerprint from bss_metadata.tenant_schemas as s
            where s.tenant_id = t.id order by s.version desc limit 1
        ) <> bss_internal.fingerprint(t)
        or (
            select count(*) from bss.fleet_tenants as f
            where f.tenant_id = t.id and f.version = %(version)s and f.state = 'migrated'
        ) <> 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was killed, when, and what was wrong afterwards."""

    kind: str
    tenants_done: int
    seconds: float
    wrong: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Shop:
    """A cluster of its own, with tenants that follow a blueprint."""

    cluster: Cluster
    tenants: int
    chance: random.Random
    workers: int = 3
    version: int = 0
    properties: dict[str, object] = field(default_factory=lambda: {"name": {"type": "string"}})

    @property
    def dsn(self) -> str:
        return clusters.dsn(self.cluster, "postgres")

    @contextmanager
    def connection(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self.dsn, autocommit=True) as opened:
            yield opened

    def open(self) -> None:
        self.publish()
        with self.connection() as operator:
            for number in range(self.tenants):
                operator.execute(
                    "select bss.provision_tenant(%s, blueprint => 'shop')", [f"tenant-{number}"]
                )
                operator.execute(
                    f"insert into tenant_tenant_{number}.customers (name) values ('a row')"
                )

    def publish(self) -> None:
        self.version += 1
        if self.version > 1:
            self.properties[f"added_{self.version}"] = {"type": "string", "default": "none"}
        document = {"title": "Customer", "type": "object", "properties": self.properties}
        with self.connection() as operator:
            operator.execute("select bss.publish_blueprint('shop', %s)", [json.dumps(document)])

    def trial(self, kind: str) -> Trial:
        self.publish()
        started, command = time.monotonic(), self.migrate()
        done = self.wait_until(self.chance.randrange(self.tenants))
        time.sleep(self.chance.uniform(0, 0.03))  # somewhere within a tenant
        if kind == "command":
            command.kill()
            command.communicate()
            command = self.migrate()
        else:
            self.kill(kind)
        said, _ = command.communicate(timeout=600)
        assert command.returncode == 0, said
        return Trial(
            kind=kind,
            tenants_done=done,
            seconds=round(time.monotonic() - started, 1),
            wrong=tuple(self.wrong()),
        )

    def migrate(self) -> subprocess.Popen[str]:
        command = [
            sys.executable, "-m", "bss_loader", "fleet", "migrate", "shop", "--dsn", self.dsn,
            "--workers", str(self.workers),
        ]  # fmt: skip
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def wait_until(self, tenants: int) -> int:
        """Wait until a number of tenants is done, or all; gives how many are."""
        with self.connection() as watcher:
            while True:
                [(running, done)] = watcher.execute(
                    f"select max(version) = %s, ({DONE}) from bss.fleet_migrations", [self.version]
                ).fetchall()
                if running and done >= tenants:
                    return int(done)
                time.sleep(0.005)

    def kill(self, kind: str) -> None:
        if kind == "server":
            postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
            os.kill(postmaster, signal.SIGQUIT)
            with suppress(ProcessLookupError):
                while True:
                    os.kill(postmaster, 0)
                    time.sleep(0.02)
            clusters.start(self.cluster, pinned=True)
            return
        with self.connection() as superuser:
            for (pid,) in superuser.execute(BUSY).fetchall():
                if kind == "process":
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                else:
                    superuser.execute("select pg_terminate_backend(%s)", [pid])

    def wrong(self) -> Iterator[str]:
        """Name the tenants that are not where they should be, or have lost their row."""
        with self.connection() as auditor:
            for (name,) in auditor.execute(WRONG, {"version": self.version}):
                yield name
            for number in range(self.tenants):
                rows = auditor.execute(f"select count(*) from tenant_tenant_{number}.customers")
                if rows.fetchone() != (1,):
                    yield f"tenant-{number}"


@contextmanager
def shop(tenants: int, seed: int) -> Iterator[Shop]:
    # pytest's own directories are closed to the OS user that a server runs as under root
    directory = Path(tempfile.mkdtemp(prefix="bss-test-"))
    # apart from where other clusters look for a port while this one is down
    port = 20_000 + os.getpid() % 10_000
    cluster = clusters.create(directory, port=port, unsafe=True)
    try:
        clusters.start(cluster, pinned=True)
        opened = Shop(cluster=cluster, tenants=tenants, chance=random.Random(seed))  # noqa: S311
        install_into(opened.dsn)
        opened.open()
        yield opened
    finally:
        clusters.remove(cluster)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--tenants", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    failed = 0
    with shop(given.tenants, given.seed) as opened:
        for number in range(given.kills):
            found = opened.trial(KINDS[number % len(KINDS)])
            failed += bool(found.wrong)
            print(f"{number + 1:3} {found}", flush=True)
    print(f"{given.kills} kills, {given.tenants} tenants: {failed} trials found something wrong")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
