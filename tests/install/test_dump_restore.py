"""Restored equals dumped: roles and a database, taken to another cluster, work there."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bss_loader.connection import connect
from bss_loader.manifest import read_manifest
from bss_loader.programs import server_binaries
from bss_loader.verify import verify_installation

DOCUMENT = """{
    "title": "Invoice",
    "type": "object",
    "properties": {
        "invoice_id": {"type": "string", "format": "uuid"},
        "amount": {"type": "number", "minimum": 0},
        "rule": {"type": "string", "format": "regex"},
        "host": {"type": "string", "format": "idn-hostname"},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/Tag"}, "uniqueItems": true}
    },
    "required": ["amount"],
    "$defs": {
        "Tag": {"type": ["string", "array"], "maxLength": 300, "items": {"$ref": "#/$defs/Tag"}}
    }
}"""

SHARING = """{
    "$defs": {
        "Currency": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "names": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}
            },
            "x-bss": {"entity": true, "scope": "shared", "primaryKey": "code"}
        },
        "Price": {
            "type": "object",
            "properties": {
                "price_id": {"type": "integer"},
                "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}
            }
        }
    }
}"""


def run(program: str, *arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [server_binaries() / program, *arguments], input=text, capture_output=True, text=True
    )


PATIENTS = """{
    "title": "Patient",
    "type": "object",
    "properties": {
        "patient_id": {"type": "integer"},
        "ssn": {"type": "string", "x-bss": {"encrypted": true, "unique": true}}
    }
}"""
MASTER_KEY = bytes(range(64))


@pytest.fixture
def restored_dsn(dsn: str, spare_cluster: str, tmp_path: Path) -> str:
    """The database of `dsn`, with a tenant in it, restored into an empty cluster."""
    with psycopg.connect(dsn) as connection:
        connection.execute("select bss.provision_tenant('abc-123')")
        connection.execute("select bss.apply_schema('abc-123', %s::json)", (DOCUMENT,))
        connection.execute("""
            select bss.subscribe('reader', '{business_store.data.invoices.*}');
            insert into tenant_abc_123.invoices (amount, tags, rule, host)
            values (1, '["a", ["b", ["c"]]]', '^(?<a>.)$', '例え.jp');
            insert into tenant_abc_123.invoices (amount) values (2)
        """)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("select bss.ack('reader', token) from bss.poll('reader', 1)")
        # as if the cluster had been at work for longer than the one that it is restored into
        connection.execute("""
            update bss_metadata.outbox set xid = '9999999999'
            where id = (select max(id) from bss_metadata.outbox)
        """)
        connection.execute("select bss.provision_tenant('sharing-1', %s)", (SHARING,))
        connection.execute("""
            insert into bss_shared.currencies (code, names) values ('EUR', '["Euro"]');
            insert into tenant_sharing_1.prices (price_id, currency) values (1, 'EUR')
        """)
        connection.execute("select bss.provision_tenant('secret-1', %s)", (PATIENTS,))
        with connection.transaction():
            connection.execute("select bss.use_master_key(%s)", (MASTER_KEY,))
            connection.execute("insert into tenant_secret_1.patients values (default, 1, '123-45')")
    roles = run("pg_dumpall", "--roles-only", "--dbname", dsn)
    assert roles.returncode == 0, roles.stderr
    created = run("psql", "--no-psqlrc", "--quiet", spare_cluster, text=roles.stdout)
    errors = [line for line in created.stderr.splitlines() if "ERROR" in line]
    assert all("already exists" in error for error in errors), errors
    archive = tmp_path / "bss.dump"
    dumped = run("pg_dump", "--format=custom", "--create", "--dbname", dsn, "--file", archive)
    assert dumped.returncode == 0, dumped.stderr
    restored = run(
        *("pg_restore", "--create", "--exit-on-error", "--dbname", spare_cluster, archive)
    )
    assert (restored.returncode, restored.stderr) == (0, "")
    return make_conninfo(spare_cluster, dbname=conninfo_to_dict(dsn)["dbname"])


def test_restored_readers_go_on_where_they_were(restored_dsn: str) -> None:
    insert = "insert into tenant_abc_123.invoices (amount) values (3)"
    told = """
        select (select amount from tenant_abc_123.invoices where to_jsonb(invoice_id) = p.key)
        from (select id, event::jsonb #> '{data,recordId}' as key from bss.poll('reader')) as p
        order by p.id
    """
    with connect(restored_dsn) as connection:
        connection.execute(insert)
        assert connection.execute(told).fetchall() == [(2,), (3,)]


def _read_secrets(connection: psycopg.Connection) -> None:
    """With the master key and without, of which neither the dump nor the database knows."""
    read = "select ssn::text from patients"
    for key, found in ((None, "SB522"), (bytes(64), "SB523"), (MASTER_KEY, "123-45")):
        try:
            with connection.transaction(force_rollback=True):
                connection.execute("select bss.as_operator('restored')")
                connection.execute("select bss.use_tenant('secret-1')")
                if key is not None:
                    connection.execute("select bss.use_master_key(%s)", (key,))
                row = connection.execute(read).fetchone()
                seen = row and row[0]
        except psycopg.Error as error:
            seen = error.sqlstate
        assert seen == found


def test_restored_database_verifies_and_works(
    dsn: str, restored_dsn: str, dump: Callable[[str], str]
) -> None:
    assert dump(restored_dsn) == dump(dsn)
    with connect(restored_dsn) as connection:
        assert verify_installation(connection, read_manifest()) == ()
        faults = connection.execute("select * from bss.check_schema('{}')").fetchall()
        assert faults
        plan = connection.execute("select * from bss.plan_schema('abc-123', %s)", (DOCUMENT,))
        assert plan.fetchall() == []
        drifted = connection.execute("""
            select from bss_metadata.tenants as t
            join bss_metadata.tenant_schemas as s on s.tenant_id = t.id
            where s.fingerprint <> bss_internal.fingerprint(t)
        """)
        assert drifted.fetchall() == []
        shared = connection.execute("select code, names from bss_shared.currencies").fetchall()
        assert shared == [("EUR", ["Euro"])]
        connection.execute("select bss.provision_tenant('sharing-2', %s)", (SHARING,))
        changed = SHARING.replace('"names"', '"n": {"type": "integer"}, "names"')
        assert connection.execute("select bss.apply_shared(%s)", (changed,)).fetchone() == (2,)
        _read_secrets(connection)
        connection.execute("select bss.provision_tenant('xyz-789')")
        connection.execute("select bss.apply_schema('xyz-789', %s::json)", (DOCUMENT,))
        tables = connection.execute("""
            select count(*) from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
            where c.relname = 'invoices' and n.nspname like 'tenant%%'
        """).fetchone()
        assert tables == (2,)
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("""
                insert into tenant_xyz_789.invoices (amount, tags) values (1, '["a", ["b", [1]]]')
            """)
