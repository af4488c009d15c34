"""What takes more than one transaction to see: waiting, and reading only."""

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]

V1 = '{"title": "Customer", "type": "object", "properties": {"name": {"type": "string"}}}'
V2 = (
    '{"title": "Customer", "type": "object",'
    ' "properties": {"name": {"type": "string"}, "email": {"type": "string"}}}'
)
ALL_TYPES = r"""{"title": "Thing", "type": "object", "properties": {
    "text": {"type": "string", "default": "it's a \\ \"thing\"", "pattern": "^it's\\s"},
    "day": {"type": "string", "format": "date", "default": "2024-02-03"},
    "moment": {"type": "string", "format": "date-time", "default": "2024-02-03T04:05:06.7+08:00"},
    "span": {"type": "string", "format": "duration", "default": "P1Y2M3DT4H5M6S"},
    "ratio": {"type": "number", "format": "double", "default": 0.1, "maximum": 1e300},
    "real": {"type": "number", "format": "float", "default": 0.1},
    "exact": {"type": "number", "default": 12345678901234567890.123, "multipleOf": 0.001},
    "bytes": {"type": "string", "contentEncoding": "base64", "default": "AP8n"},
    "address": {"type": "string", "format": "ipv6", "default": "2001:DB8::1"},
    "select": {"type": "boolean", "default": true},
    "value": {"default": {"b": [1.0, null], "a": "\u00e9'\\"}}
}}"""
APPLY = "select bss.apply_schema('acme', %s)"
LEDGER = """
    select t.status, s.versions, a.entries
    from bss_metadata.tenants as t,
        lateral (select count(*) from bss_metadata.tenant_schemas where tenant_id = t.id)
            as s (versions),
        lateral (select count(*) from bss_metadata.tenant_audit_log where tenant_id = t.id)
            as a (entries)
    where t.external_id = 'acme'
"""


@pytest.fixture
def acme(connection: Connection) -> Connection:
    """A connection to a database with a tenant, for which migrations give up early."""
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"200ms"')""")
    connection.execute("select bss.provision_tenant('acme', %s)", [V1])
    return connection


def test_apply_schema_gives_up_on_a_table_that_is_in_use(acme: Connection, dsn: str) -> None:
    before = acme.execute(LEDGER).fetchall()
    with psycopg.connect(dsn) as reader:
        reader.execute("select from tenant_acme.customers")
        begin = time.monotonic()
        with pytest.raises(psycopg.Error, match='table "customers" is in use') as refused:
            acme.execute(APPLY, [V2])
        assert time.monotonic() - begin < 2
    assert refused.value.sqlstate == "SB403"
    assert refused.value.diag.table_name == "customers"
    assert acme.execute(LEDGER).fetchall() == before
    assert acme.execute(APPLY, [V2]).fetchone() == (2,)


def test_apply_schema_gives_up_on_a_tenant_that_is_being_changed(
    acme: Connection, dsn: str
) -> None:
    before = acme.execute(LEDGER).fetchall()
    with psycopg.connect(dsn) as other:
        other.execute("select bss.suspend_tenant('acme')")
        with pytest.raises(psycopg.Error, match='tenant "acme" is in use') as refused:
            acme.execute(APPLY, [V2])
        other.rollback()
    assert refused.value.sqlstate == "SB403"
    assert acme.execute(LEDGER).fetchall() == before


def test_apply_schema_takes_turns_with_itself(acme: Connection, dsn: str) -> None:
    """Two sessions that hand in the same document make one version of it."""
    acme.execute("""select bss.set_setting('apply.lock_timeout', '"20s"')""")
    versions: list[object] = []

    def apply() -> None:
        with psycopg.connect(dsn) as session:
            versions.append(session.execute(APPLY, [V2]).fetchone())

    sessions = [threading.Thread(target=apply) for _ in range(4)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert versions == [(2,)] * 4


def test_provision_tenant_makes_one_tenant_of_a_name(connection: Connection, dsn: str) -> None:
    outcomes: list[str | None] = []

    def provision() -> None:
        try:
            with psycopg.connect(dsn) as session:
                session.execute("select bss.provision_tenant('acme', %s)", [V1])
            outcomes.append(None)
        except psycopg.Error as error:
            outcomes.append(error.sqlstate)

    sessions = [threading.Thread(target=provision) for _ in range(4)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    assert sorted(outcomes, key=str) == [None, "SB603", "SB603", "SB603"]
    assert connection.execute("select count(*) from bss.tenants").fetchone() == (1,)


@pytest.mark.parametrize(
    "question",
    [
        "select from bss.check_schema(%s)",
        "select from bss.plan_schema('acme', %s)",
        "select bss.schema('acme', 1), %s::text",
    ],
)
def test_questions_are_answered_where_nothing_can_be_written(
    acme: Connection, question: str
) -> None:
    acme.execute("set default_transaction_read_only = on")
    acme.execute(question, [V2])


@pytest.mark.parametrize(
    "verb",
    [
        "select bss.provision_tenant('globex')",
        "select bss.apply_schema('acme', '{}')",
        "select bss.suspend_tenant('acme')",
        "select bss.deprovision_tenant('acme')",
    ],
)
def test_verbs_say_that_nothing_can_be_written(acme: Connection, verb: str) -> None:
    acme.execute("set default_transaction_read_only = on")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        acme.execute(verb)


def test_a_plan_holds_for_any_tenant_and_any_session(
    acme: Connection, login: Callable[..., str]
) -> None:
    """What is kept of a plan is proven again for whoever takes it out."""
    with psycopg.connect(login("operator", ["bss_admin"])) as operator:
        operator.execute("set search_path = pg_temp")
        operator.execute("set standard_conforming_strings = off")
        operator.execute("set escape_string_warning = off")
        operator.execute("set datestyle = 'German'")
        operator.execute("set timezone = 'Asia/Kathmandu'")
        operator.execute("set quote_all_identifiers = on")
        operator.execute("set extra_float_digits = -15")
        operator.execute("set bytea_output = escape")
        operator.execute("set lc_numeric = 'C'")
        operator.execute("select bss.provision_tenant('globex', %s)", [ALL_TYPES])
        operator.execute("select bss.provision_tenant('initech', %s)", [ALL_TYPES])
    acme.execute("select bss.provision_tenant('umbrella', %s)", [ALL_TYPES])
    for tenant in ("globex", "initech", "umbrella"):
        plan = acme.execute("select from bss.plan_schema(%s, %s)", [tenant, ALL_TYPES])
        assert plan.fetchone() is None
    fingerprints = acme.execute("""
        select count(distinct fingerprint) from bss.schema_versions where tenant <> 'acme'
    """)
    assert fingerprints.fetchone() == (1,)
