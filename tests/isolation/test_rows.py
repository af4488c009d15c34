"""Who sees and changes rows of a tenant: those who are in it, and nobody else."""

from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.isolation.attack import (
    DOCUMENT,
    WRITES,
    Connection,
    Login,
    enter,
    notes,
    refused,
    session,
)


def test_a_gateway_sees_nothing_before_it_enters_a_tenant(gateway: Connection) -> None:
    assert notes(gateway, "acme") == notes(gateway, "globex") == []
    with gateway.transaction():
        assert notes(gateway, "acme") == []


def test_a_gateway_sees_the_tenant_that_it_entered_until_the_end_of_the_transaction(
    gateway: Connection,
) -> None:
    for own, other in (("acme", "globex"), ("globex", "acme")):
        with gateway.transaction():
            enter(gateway, own)
            assert notes(gateway, own) == [f"canary of {own}"]
            assert notes(gateway, other) == []
            plain = gateway.execute("select distinct body from notes").fetchall()
            assert plain == [(f"canary of {own}",)]
        assert notes(gateway, own) == notes(gateway, other) == []
        assert refused(gateway, "select from notes") == "42P01"


def test_a_context_does_not_outlive_a_transaction_that_failed(gateway: Connection) -> None:
    gateway.execute("begin")
    enter(gateway, "acme")
    with pytest.raises(psycopg.errors.DivisionByZero):
        gateway.execute("select 1 / 0")
    gateway.execute("commit")
    assert notes(gateway, "acme") == []


def test_a_context_goes_with_the_savepoint_that_it_came_after(gateway: Connection) -> None:
    with gateway.transaction():
        with gateway.transaction(force_rollback=True):
            enter(gateway, "acme")
        assert notes(gateway, "acme") == []
        enter(gateway, "globex")
        assert notes(gateway, "globex") == ["canary of globex"]


def test_a_savepoint_does_not_bring_back_a_context(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("savepoint inside")
        assert refused(gateway, "select bss.use_tenant('globex')") == "SB504"
        gateway.execute("rollback to savepoint inside")
        assert notes(gateway, "acme") == ["canary of acme"]
        assert notes(gateway, "globex") == []


def test_analytics_reads_all_tenants_and_writes_none(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("analyst", ["bss_analytics"])) as analyst:
        assert notes(analyst, "acme") == ["canary of acme"]
        assert notes(analyst, "globex") == ["canary of globex"]
        for attack in WRITES:
            assert refused(analyst, attack) == "42501"


@pytest.mark.parametrize("group", ["bss_tenant", "bss_monitor", "bss_subscriber", None])
def test_those_who_have_no_business_there_are_kept_out_of_the_schema(
    tenants: Connection, login: Login, group: str | None
) -> None:
    assert tenants
    with session(login("stranger", [group] if group else [])) as stranger:
        for attack in ("select from tenant_acme.notes", *WRITES):
            assert refused(stranger, attack) == "42501"
        assert refused(stranger, "select bss.use_tenant('acme')") == "42501"


def test_operators_see_no_rows_before_they_say_why(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("operator", ["bss_admin"])) as operator:
        assert refused(operator, "set role bss_owner") == "42501"
        assert notes(operator, "acme") == []
        assert refused(operator, "insert into tenant_acme.notes (note_id) values (9)") == "42501"
        assert refused(operator, "select bss.use_tenant('acme')") == "SB502"
        assert operator.execute("select from bss.plan_schema('acme', %s)", [DOCUMENT]).rowcount == 0


def test_operators_who_say_why_see_the_rows_of_one_tenant_until_the_transaction_ends(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("operator", ["bss_admin"])) as operator:
        with operator.transaction():
            operator.execute("select bss.as_operator('ticket 123')")
            for name, other in (("acme", "globex"), ("globex", "acme")):
                enter(operator, name)
                assert notes(operator, name) == [f"canary of {name}"]
                assert notes(operator, other) == []
        assert notes(operator, "globex") == []
        assert refused(operator, "select bss.use_tenant('acme')") == "SB502"
        with operator.transaction():
            operator.execute("set transaction read only")
            assert refused(operator, "select bss.as_operator('unrecorded')") == "25006"


def test_bss_owner_sees_rows_only_for_an_operator(tenants: Connection, login: Login) -> None:
    """What runs with the owner's rights, but for somebody else, is stopped by forced security."""
    look: LiteralString = """
        create function pg_temp.look() returns bigint language sql security definer
        begin atomic select count(*) from tenant_acme.notes; end;
        alter function pg_temp.look() owner to bss_owner;
        grant execute on function pg_temp.look() to public
    """
    for group, seen in (("bss_app", 0), ("bss_admin", 3), ("bss_monitor", 0)):
        name = psycopg.conninfo.conninfo_to_dict(login("someone", [group]))["user"]
        with tenants.transaction(force_rollback=True):
            tenants.execute(look)
            session_of = sql.SQL("set session authorization {}").format(sql.Identifier(str(name)))
            tenants.execute(session_of)
            assert tenants.execute("select pg_temp.look()").fetchone() == (seen,)


@pytest.mark.parametrize(
    "attack",
    [
        "insert into tenant_acme.notes (note_id, tenant_id) values (9, {globex})",
        "update tenant_acme.notes set tenant_id = {globex}",
        "update tenant_acme.notes set tenant_id = gen_random_uuid()",
        "insert into tenant_acme.notes (note_id, tenant_id) values (1, {globex})"
        " on conflict (note_id) do update set tenant_id = {globex}",
        "merge into tenant_acme.notes as t using (values (1)) as s (id) on t.note_id = s.id"
        " when matched then update set tenant_id = {globex}",
        "insert into tenant_globex.notes (note_id) values (9)",
    ],
)
def test_a_gateway_cannot_give_rows_to_another_tenant(
    gateway: Connection, tenants: Connection, attack: LiteralString
) -> None:
    ids: dict[str, Any] = dict(
        tenants.execute("select external_id, id from bss.tenants").fetchall()
    )
    statement = sql.SQL(attack).format(**{name: sql.Literal(id_) for name, id_ in ids.items()})
    with gateway.transaction():
        enter(gateway, "acme")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), gateway.transaction():
            gateway.execute(statement)


@pytest.mark.parametrize(
    "attack",
    [
        # a key that globex has, and one that it has not: the answer is the same
        "insert into tenant_globex.notes (note_id, tenant_id) values (4, {acme})",
        "insert into tenant_globex.notes (note_id, tenant_id) values (99, {acme})",
        "insert into tenant_globex.notes (note_id, tenant_id) values (9, {acme}), (10, {globex})",
        "insert into tenant_globex.notes (note_id, tenant_id) values (4, {acme})"
        " on conflict do nothing",
        # a reference to a row that globex has, and to one that it has not
        "insert into tenant_globex.replies (reply_id, note_id, tenant_id) values (9, 4, {acme})",
        "insert into tenant_globex.replies (reply_id, note_id, tenant_id) values (9, 99, {acme})",
    ],
)
def test_a_gateway_puts_no_rows_of_its_own_into_anothers_tables(
    gateway: Connection, tenants: Connection, attack: LiteralString
) -> None:
    """Not as a squatter, and not to learn which keys there are."""
    ids: dict[str, Any] = dict(
        tenants.execute("select external_id, id from bss.tenants").fetchall()
    )
    statement = sql.SQL(attack).format(**{name: sql.Literal(id_) for name, id_ in ids.items()})
    with gateway.transaction():
        enter(gateway, "acme")
        assert refused(gateway, statement.as_string(gateway)) == "42501"


OF_OTHERS: tuple[LiteralString, ...] = (
    "insert into tenant_globex.notes (note_id, tenant_id) values (9, {acme})",
    "update tenant_globex.notes set tenant_id = {acme}",
)


@pytest.mark.parametrize("attack", OF_OTHERS)
def test_rows_of_others_are_refused_whoever_writes_them(
    tenants: Connection, attack: LiteralString
) -> None:
    """No policy binds a superuser; what the policy of a table shows is all that is in it."""
    acme = tenants.execute("select id from bss.tenants where external_id = 'acme'").fetchone()
    assert acme is not None
    statement = sql.SQL(attack).format(acme=sql.Literal(acme[0]))
    with pytest.raises(psycopg.errors.CheckViolation):
        tenants.execute(statement)


@pytest.mark.tampers
@pytest.mark.parametrize("attack", OF_OTHERS)
@pytest.mark.parametrize(
    ("removal", "refusal"),
    [
        ("alter table tenant_globex.notes drop constraint notes_tenant_id_check", "42501"),
        ("alter policy tenant_isolation on tenant_globex.notes with check (true)", "23514"),
    ],
)
def test_policy_and_check_refuse_rows_of_others_each_without_the_other(
    gateway: Connection,
    tenants: Connection,
    attack: LiteralString,
    removal: LiteralString,
    refusal: str,
) -> None:
    acme = tenants.execute("select id from bss.tenants where external_id = 'acme'").fetchone()
    assert acme is not None
    tenants.execute(removal)
    with gateway.transaction():
        enter(gateway, "globex")
        statement = sql.SQL(attack).format(acme=sql.Literal(acme[0]))
        assert refused(gateway, statement.as_string(gateway)) == refusal


def test_what_a_pooled_client_leaves_in_pg_temp_shadows_nothing(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("create temp table notes as select 'loot'::text as body")
    with gateway.transaction():
        enter(gateway, "globex")
        found = gateway.execute("select body from notes").fetchall()
    assert {body for (body,) in found} == {"canary of globex"}


@pytest.mark.parametrize(
    "attack",
    [
        "update tenant_globex.notes set body = 'x'",
        "delete from tenant_globex.notes",
        "select from tenant_globex.notes for update",
        "select from tenant_globex.notes where ctid = '(0,1)'",
        "with gone as (delete from tenant_globex.notes returning body) select from gone",
    ],
)
def test_a_gateway_finds_no_rows_of_another_tenant(
    gateway: Connection, attack: LiteralString
) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        assert gateway.execute(attack).rowcount == 0


def test_a_gateway_copies_no_rows_of_another_tenant(gateway: Connection) -> None:
    with gateway.transaction(), gateway.cursor() as cursor:
        enter(gateway, "acme")
        with cursor.copy("copy tenant_acme.notes (body) to stdout") as copy:
            assert [row for (row,) in copy.rows()] == ["canary of acme"] * 3
        with cursor.copy("copy tenant_globex.notes to stdout") as copy:
            assert list(copy.rows()) == []
        assert refused(gateway, "copy tenant_acme.notes (note_id) from stdin") == "0A000"


def test_a_foreign_key_leads_to_no_row_of_another_tenant(gateway: Connection) -> None:
    with gateway.transaction(force_rollback=True):
        enter(gateway, "acme")
        gateway.execute("insert into replies (reply_id, note_id) values (1, 1)")
        assert refused(gateway, "insert into replies (reply_id, note_id) values (2, 4)") == "23503"


@pytest.mark.parametrize("attack", [attack for attack in WRITES if not attack.startswith(
    ("insert", "update", "delete", "copy", "lock")
)])  # fmt: skip
def test_a_gateway_changes_no_table_of_the_tenant_that_it_entered(
    gateway: Connection, attack: LiteralString
) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        assert refused(gateway, attack) == "42501"


def test_a_foreign_key_is_proven_by_rows_that_row_security_does_not_hide(
    tenants: Connection, login: Login
) -> None:
    loose = DOCUMENT.replace(
        '"note_id": {"type": "integer"}},\n            "required": ["reply_id"',
        '"note_id": {"type": "integer", "x-bss": {"references": false}}},\n'
        '            "required": ["reply_id"',
    )
    assert loose != DOCUMENT
    with session(login("operator", ["bss_admin"])) as operator:
        operator.execute("select bss.apply_schema('acme', %s)", [loose])
        tenants.execute("insert into tenant_acme.replies (reply_id, note_id) values (1, 99)")
        apply: LiteralString = "select bss.apply_schema('acme', %s)"
        assert refused(operator, apply, DOCUMENT) == "SB402"
        tenants.execute("delete from tenant_acme.replies")
        assert operator.execute(apply, [DOCUMENT]).fetchone() == (3,)
