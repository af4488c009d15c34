"""`bss verify` and `bss status`: what changed behind the loader's back is found and named."""

import json
import subprocess
import sys

import psycopg
import pytest

from bss_loader.exit import Exit
from bss_loader.manifest import read_manifest
from bss_loader.status import read_status
from bss_loader.verify import Finding, verify_installation


def findings(connection: psycopg.Connection) -> tuple[Finding, ...]:
    return verify_installation(connection, read_manifest())


def bss(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bss_loader", *arguments], capture_output=True, text=True
    )


def test_verify_finds_nothing_in_a_fresh_installation(connection: psycopg.Connection) -> None:
    assert findings(connection) == ()


def test_verify_leaves_checks_to_the_documents_that_they_come_from(
    connection: psycopg.Connection,
) -> None:
    connection.execute("""
        select bss.provision_tenant('acme', '{
            "title": "Bag", "type": "object",
            "properties": {"things": {"type": "array", "uniqueItems": true}}
        }')
    """)
    assert findings(connection) == ()


@pytest.mark.parametrize(
    "setting",
    [
        "set search_path = bss_metadata, bss_internal, bss",
        "set quote_all_identifiers = on",
        "set datestyle = german",
        "set intervalstyle = iso_8601",
        "set bytea_output = escape",
    ],
)
def test_verify_does_not_depend_on_the_session(
    connection: psycopg.Connection, setting: str
) -> None:
    connection.execute(setting.encode())
    assert findings(connection) == ()


@pytest.mark.tampers
@pytest.mark.parametrize(
    ("statement", "kind", "what"),
    [
        (
            "create or replace function bss.current_tenant_id() returns uuid "
            "language sql stable as 'select null::uuid'",
            "function",
            "changed",
        ),
        ("create function bss.extra() returns int language sql as 'select 1'", "function", None),
        ("create function bss_checks.extra() returns int return 1", "function", "unexpected"),
        ("grant usage on schema bss_checks to public", "grant", "unexpected"),
        (
            "alter default privileges for role bss_owner in schema bss_checks"
            " grant execute on functions to public",
            "default privileges",
            "changed",
        ),
        ("grant select on bss_metadata.tenants to public", "grant", None),
        ("grant insert on bss_internal.python_modules to bss_admin", "grant", None),
        ("revoke usage on schema bss from bss_admin", "grant", None),
        ("alter table bss_metadata.tenants add column extra text", "column", "unexpected"),
        (
            "create rule silent as on insert to bss_metadata.tenant_audit_log do instead nothing",
            "rule",
            "unexpected",
        ),
        ("alter table bss_metadata.tenant_audit_log set unlogged", "table", "changed"),
        (
            "create table public.child () inherits (bss_metadata.tenants)",
            "inheritance",
            "unexpected",
        ),
        (
            "alter default privileges for role bss_owner in schema bss_internal"
            " grant execute on functions to public",
            "default privileges",
            "unexpected",
        ),
        ("alter table bss_metadata.tenants no force row level security", "table", "changed"),
        (
            "drop index bss_metadata.tenant_audit_log_tenant_id_action_timestamp_idx",
            "index",
            "missing",
        ),
        (
            "alter table bss_metadata.tenants drop constraint tenants_status_check",
            "constraint",
            "missing",
        ),
        ("update bss_internal.python_modules set source = source || '#'", "module", "changed"),
        ("update bss_internal.python_modules set checksum = '0'", "module", "changed"),
        ("delete from bss_internal.python_modules", "module", "missing"),
        (
            "insert into bss_internal.python_modules values ('extra', false, '', '')",
            "module",
            "unexpected",
        ),
        ("update bss_internal.state_files set checksum = '0'", "file", "changed"),
        ("delete from bss_internal.code_files", "file", "missing"),
        ("update bss_internal.installation set release = '0'", "release", "changed"),
    ],
)
def test_verify_finds(
    connection: psycopg.Connection, statement: str, kind: str, what: str | None
) -> None:
    connection.execute(statement.encode())
    found = findings(connection)
    assert kind in {finding.kind for finding in found}, found
    assert what is None or what in {finding.what for finding in found if finding.kind == kind}


@pytest.mark.tampers
def test_verify_exits_with_one_and_names_what_it_found(
    dsn: str, connection: psycopg.Connection
) -> None:
    assert bss("verify", "--dsn", dsn).returncode == Exit.OK
    connection.execute("create view bss.extra as select 1 as n")
    if not connection.autocommit:
        connection.commit()
    done = bss("verify", "--dsn", dsn, "--json")
    assert done.returncode == Exit.FINDINGS
    assert {"kind": "view", "identity": "bss.extra", "what": "unexpected"} in json.loads(
        done.stdout
    )["findings"]
    assert "bss.extra" in bss("verify", "--dsn", dsn).stdout


@pytest.mark.parametrize("command", ["verify", "status", "upgrade"])
def test_without_an_installation_commands_say_so(bare_dsn: str, command: str) -> None:
    done = bss(command, "--dsn", bare_dsn, "--json")
    assert done.returncode == Exit.STATE
    assert json.loads(done.stdout)["error"]["sqlstate"] == "SB902"


def test_status_counts_tenants(dsn: str, connection: psycopg.Connection) -> None:
    connection.execute("select bss.provision_tenant('abc-123')")
    found = read_status(connection)
    assert found.version == read_manifest().version
    assert found.release == read_manifest().release
    assert sum(found.tenants.values()) == 1
    assert found.database_size > 0
    assert bss("status", "--dsn", dsn).returncode == Exit.OK
    assert json.loads(bss("status", "--dsn", dsn, "--json").stdout)["version"] == found.version
