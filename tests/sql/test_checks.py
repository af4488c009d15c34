"""Functions that checks call: who may write through them, who shares them, and what is found out.

What takes one session alone to see is in drop_unused_checks.sql.
"""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import psycopg
import pytest

Connection = psycopg.Connection[Any]
Login = Callable[..., str]

INJECTIONS = (
    "\\' or true) --", "it's", "$$; drop schema bss cascade; $$", "\\", "\\\\'", "E'\\x27'",
    "'::pg_catalog.text) or true; end; $body$", "\u2019\uff07\u02bc", "\x01", "\\000", "%s %1$I",
    "*/ /*", "--\n",
)  # fmt: skip
BAG = json.dumps({
    "title": "Bag",
    "type": "object",
    "properties": {
        "bag_id": {"type": "integer"},
        "things": {"type": "array", "uniqueItems": True},
        "tree": {"$ref": "#/$defs/Tree"},
        "rule": {"type": "string", "format": "regex"},
        "hosts": {"type": "array", "items": {"type": "string", "format": "idn-hostname"}},
        "odd": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "properties": {text: {"minLength": 300} for text in INJECTIONS},
                "patternProperties": {"^\\\\'": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "$defs": {
        "Tree": {
            "type": "object",
            "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
            "additionalProperties": False,
        },
    },
})  # fmt: skip
PLAIN = '{"title": "Bag", "type": "object", "properties": {"bag_id": {"type": "integer"}}}'
OTHER = """{"title": "A", "type": "object", "properties": {
    "a": {"type": "array", "uniqueItems": true, "maxItems": 9}
}}"""
PROVISION = "select bss.provision_tenant(%s, %s)"
APPLY = "select bss.apply_schema(%s, %s)"
CHECKS = """
    select oid from pg_proc
    where pronamespace = 'bss_checks'::regnamespace and proname ~ '^v_'
"""
GOOD: tuple[LiteralString, ...] = (
    """insert into tenant_acme.bags (bag_id, things) values (1, '[1, 2, "1"]')""",
    """insert into tenant_acme.bags (bag_id, tree) values (2, '{"children": [{}]}')""",
    r"insert into tenant_acme.bags (bag_id, rule) values (5, E'^(?<n>\\d)\\k<n>[^\\]a-c]$')",
    """insert into tenant_acme.bags (bag_id, hosts) values (6, '["l·l.cat", "xn--bcher-kva"]')""",
)
BAD: tuple[LiteralString, ...] = (
    """insert into tenant_acme.bags (bag_id, things) values (3, '[1, 1.0]')""",
    """insert into tenant_acme.bags (bag_id, tree) values (4, '{"children": [{"child": 1}]}')""",
    r"insert into tenant_acme.bags (bag_id, rule) values (7, E'^(\\a)')",
    """insert into tenant_acme.bags (bag_id, hosts) values (8, '["l·a.cat"]')""",
)


@pytest.fixture
def acme(connection: Connection) -> Connection:
    """A connection to a database with a tenant, for which migrations give up early."""
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"200ms"')""")
    connection.execute(PROVISION, ["acme", BAG])
    return connection


@pytest.fixture
def other(dsn: str) -> Iterator[Connection]:
    """Another session, in transactions."""
    with psycopg.connect(dsn) as session:
        yield session


def assert_checked(session: Connection) -> None:
    for statement in GOOD:
        session.execute(statement)
    for statement in BAD:
        with pytest.raises(psycopg.errors.CheckViolation), session.transaction():
            session.execute(statement)


def refused(session: Connection, statement: LiteralString, *values: object) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught, session.transaction():
        session.execute(statement, values)
    return caught.value


@pytest.mark.usefixtures("acme")
def test_a_gateway_writes_rows_that_functions_check(login: Login) -> None:
    with psycopg.connect(login("gateway", ["bss_app"])) as gateway:
        gateway.execute("select bss.use_tenant('acme')")
        assert_checked(gateway)


def test_a_login_of_a_tenant_writes_rows_that_functions_check(
    acme: Connection, login: Login
) -> None:
    with psycopg.connect(login("tenant", ["bss_tenant"])) as tenant:
        acme.execute("select bss.bind_login(%s, 'acme')", [tenant.info.user])
        tenant.execute("set search_path = tenant_acme")
        assert_checked(tenant)


@pytest.mark.usefixtures("acme")
def test_an_operator_writes_rows_that_functions_check(login: Login) -> None:
    with psycopg.connect(login("operator", ["bss_admin"])) as operator:
        operator.execute("select bss.as_operator('ticket 123')")
        operator.execute("select bss.use_tenant('acme')")
        assert_checked(operator)


@pytest.mark.parametrize("group", ["bss_analytics", "bss_subscriber", "bss_monitor"])
def test_who_writes_no_rows_calls_no_checks(acme: Connection, login: Login, group: str) -> None:
    row = acme.execute(
        "select proname from pg_proc where pronamespace = 'bss_checks'::regnamespace"
        " and proname ~ '^v_'"
    )
    name = row.fetchall()[0][0]
    with psycopg.connect(login("somebody", [group]), autocommit=True) as somebody:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            somebody.execute(f"select bss_checks.{name}('1')".encode())
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            somebody.execute("create function bss_checks.mine() returns int return 1")


@pytest.mark.parametrize(
    "setting",
    [
        "set standard_conforming_strings = off",
        "set backslash_quote = on",
        "set search_path = evil, pg_catalog",
        "set plpgsql.extra_errors = 'all'",
        "set plpgsql.variable_conflict = 'use_column'",
        "set transform_null_equals = on",
        "set array_nulls = off",
        "set quote_all_identifiers = on",
        "set lc_messages = 'C'",
    ],
)
def test_checks_decide_the_same_whatever_a_session_sets(
    acme: Connection, other: Connection, setting: LiteralString
) -> None:
    acme.execute("create schema evil")
    for number, operator in enumerate(("=", "<=", ">=", "<>", "->", "~", "-")):
        for type_ in ("bigint", "integer", "text", "jsonb"):
            name = f"of_{type_}_{number}"
            acme.execute(
                f"create function evil.{name}({type_}, {type_}) returns boolean immutable "
                f"return false; create operator evil.{operator} "
                f"(function = evil.{name}, leftarg = {type_}, rightarg = {type_})".encode()
            )
    other.execute(setting)
    assert_checked(other)
    for text in INJECTIONS:
        odd = json.dumps([{text: "x" * 299}])
        assert (
            refused(
                other, "insert into tenant_acme.bags (bag_id, odd) values (9, %s)", odd
            ).sqlstate
            == "23514"
        )
        long = json.dumps([{text: "x" * 300}])
        other.execute("insert into tenant_acme.bags (bag_id, odd) values (%s, %s)", [
            100 + INJECTIONS.index(text), long,
        ])  # fmt: skip


def test_tenants_of_one_document_share_their_checks(acme: Connection) -> None:
    before = acme.execute(CHECKS).fetchall()
    assert before
    acme.execute(PROVISION, ["globex", BAG])
    assert sorted(acme.execute(CHECKS).fetchall()) == sorted(before)
    steps = acme.execute("""
        select t.external_id, count(*) filter (where m.kind = 'create_function')
        from bss_metadata.schema_migrations as m
        join bss_metadata.tenants as t on t.id = m.tenant_id
        group by 1 order by 1
    """)
    assert steps.fetchall() == [("acme", len(before)), ("globex", 0)]


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_sessions_that_bring_the_same_checks_take_turns(
    connection: Connection, dsn: str, isolation: str
) -> None:
    connection.execute("""select bss.set_setting('apply.lock_timeout', '"20s"')""")
    outcomes: list[str | None] = []
    start = threading.Barrier(6)

    def provision(name: str) -> None:
        with psycopg.connect(dsn) as session:
            session.execute(f"set transaction isolation level {isolation}".encode())
            session.execute("select from bss_metadata.tenants")
            start.wait()
            try:
                session.execute(PROVISION, [name, BAG])
                outcomes.append(None)
            except psycopg.Error as error:
                outcomes.append(error.sqlstate)

    sessions = [threading.Thread(target=provision, args=[f"tenant-{n}"]) for n in range(6)]
    for session in sessions:
        session.start()
    for session in sessions:
        session.join()
    # one that cannot see what another brought meanwhile says so, and can be tried again
    assert None in outcomes
    assert set(outcomes) <= ({None} if isolation == "read committed" else {None, "SB403"})
    checked = connection.execute("select bss.plan_schema(external_id, %s) from bss.tenants", [BAG])
    assert checked.fetchall() == []


def test_who_needs_checks_that_another_creates_waits_for_it(
    acme: Connection, other: Connection
) -> None:
    acme.execute(APPLY, ["acme", PLAIN])
    assert acme.execute("select bss.drop_unused_checks() > 0").fetchone() == (True,)
    other.execute(PROVISION, ["globex", BAG])
    assert refused(acme, PROVISION, "initech", BAG).sqlstate == "SB403"
    acme.execute(PROVISION, ["umbrella", PLAIN])
    other.commit()
    acme.execute(PROVISION, ["initech", BAG])


def test_who_needs_checks_that_are_there_waits_for_nobody(
    acme: Connection, other: Connection
) -> None:
    other.execute(PROVISION, ["globex", BAG])
    acme.execute(PROVISION, ["initech", BAG])
    other.execute(PROVISION, ["hooli", OTHER])
    acme.execute(PROVISION, ["umbrella", BAG])


def test_checks_are_not_dropped_while_somebody_is_about_to_use_them(
    acme: Connection, other: Connection
) -> None:
    acme.execute(APPLY, ["acme", PLAIN])
    other.execute(PROVISION, ["globex", BAG])
    error = refused(acme, "select bss.drop_unused_checks()")
    assert (error.sqlstate, error.diag.message_primary) == ("SB403", "checks of values are in use")
    # dropping a tenant does not wait, and leaves them to others
    acme.execute("select bss.deprovision_tenant('acme', '0')")
    acme.execute("select bss.drop_tenant('acme', 'acme')")
    other.commit()
    assert acme.execute("select bss.drop_unused_checks()").fetchone() == (0,)
    assert acme.execute("select bss.plan_schema('globex', %s)", [BAG]).fetchall() == []


def test_checks_are_not_used_while_somebody_drops_them(acme: Connection, other: Connection) -> None:
    other.execute("select bss.drop_unused_checks()")
    assert refused(acme, PROVISION, "globex", BAG).sqlstate == "SB403"
    other.commit()
    acme.execute(PROVISION, ["globex", BAG])


def test_a_transaction_with_an_old_snapshot_drops_no_checks(
    acme: Connection, other: Connection
) -> None:
    other.execute("set transaction isolation level repeatable read")
    other.execute("select from bss_metadata.tenants")
    assert refused(other, "select bss.drop_unused_checks()").sqlstate == "SB404"
    checks = acme.execute(CHECKS).fetchall()
    other.execute("select bss.deprovision_tenant('acme', '0')")
    other.execute("select bss.drop_tenant('acme', 'acme')")
    other.commit()
    assert sorted(acme.execute(CHECKS).fetchall()) == sorted(checks)


@pytest.mark.usefixtures("acme")
def test_nobody_keeps_checks_locked_who_may_not_use_them(login: Login) -> None:
    with psycopg.connect(login("gateway", ["bss_app"])) as gateway:
        error = refused(gateway, "lock table bss_internal.check_lock in access share mode")
    assert error.sqlstate == "42501"


TAMPERING = (
    "create or replace function bss_checks.{name}(v jsonb) returns boolean"
    " language plpgsql immutable parallel safe strict as 'begin return true; end'",
    "alter function bss_checks.{name}(jsonb) volatile",
    "alter function bss_checks.{name}(jsonb) called on null input",
    "alter function bss_checks.{name}(jsonb) security definer",
    "alter function bss_checks.{name}(jsonb) parallel unsafe",
    "alter function bss_checks.{name}(jsonb) set search_path = public",
    "alter function bss_checks.{name}(jsonb) owner to postgres",
    "revoke execute on function bss_checks.{name}(jsonb) from bss_app",
    "grant execute on function bss_checks.{name}(jsonb) to public",
    "alter function bss_checks.{name}(jsonb) rename to another",
)


@pytest.mark.tampers
@pytest.mark.parametrize("tampering", TAMPERING)
@pytest.mark.parametrize("is_inner", [False, True])
def test_a_check_that_was_tampered_with_is_found(
    acme: Connection, tampering: str, is_inner: bool
) -> None:
    """A function that a constraint calls, and one that only another function calls."""
    names = acme.execute(
        """
        select p.proname from pg_proc as p
        where
            p.pronamespace = 'bss_checks'::regnamespace and p.proname ~ '^v_'
            and %s = not exists (
                select from pg_depend as d
                where d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
            )
        """,
        [is_inner],
    ).fetchall()
    acme.execute(tampering.format(name=names[0][0]).encode())
    error = refused(acme, "select bss.plan_schema('acme', %s)", BAG)
    assert error.sqlstate == "SB401"
    assert names[0][0] in (error.diag.message_detail or "")
    assert "begin return" not in (error.diag.message_detail or "")


def test_a_check_that_is_gone_is_found(acme: Connection) -> None:
    acme.execute("""
        do $$
        declare _name text;
        begin
            for _name in
                select p.proname from pg_proc as p
                where
                    p.pronamespace = 'bss_checks'::regnamespace and p.proname ~ '^v_'
                    and not exists (
                        select from pg_depend as d
                        where d.refclassid = 'pg_proc'::regclass and d.refobjid = p.oid
                    )
            loop
                execute format('drop function bss_checks.%I(jsonb)', _name);
            end loop;
        end
        $$
    """)
    error = refused(acme, "select bss.plan_schema('acme', %s)", BAG)
    assert error.sqlstate == "SB401"
    assert "found nothing, should be" in (error.diag.message_detail or "")
    assert refused(acme, BAD[1]).sqlstate == "42883"


@pytest.mark.tampers
def test_another_function_of_the_name_of_a_check_is_not_taken_for_it(acme: Connection) -> None:
    (name, body) = acme.execute(
        "select p.proname, p.prosrc from pg_proc as p"
        " where p.pronamespace = 'bss_checks'::regnamespace and p.proname ~ '^v_' limit 1"
    ).fetchone()  # type: ignore[misc]
    acme.execute(APPLY, ["acme", PLAIN])
    acme.execute("select bss.drop_unused_checks()")
    acme.execute(
        f"create function bss_checks.{name}(v jsonb) returns boolean language plpgsql"
        " immutable parallel safe strict as 'begin return true; end'".encode()
    )
    assert body != "begin return true; end"
    assert refused(acme, PROVISION, "globex", BAG).sqlstate == "SB401"
