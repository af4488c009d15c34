"""A context is made by bss.use_tenant(), holds for a transaction, and cannot be had otherwise."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.isolation.attack import Connection, Login, enter, notes, refused, session

FORGERIES = {
    "a tenant's id": "{id}",
    "an id with a dot": "{id}.",
    "an id and a signature of zeros": "{id}." + "0" * 96,
    "an id, a process and a number": "{id}.1.1.0000",
    "nothing of the right form": "globex",
    "a blank": " ",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_context_is_refused(
    gateway: Connection, tenants: Connection, forgery: str
) -> None:
    id_ = tenants.execute("select id from bss.tenants where external_id = 'globex'").fetchone()
    assert id_ is not None
    with gateway.transaction():
        gateway.execute("select set_config('bss.context', %s, true)", [forgery.format(id=id_[0])])
        assert refused(gateway, "select from tenant_globex.notes") == "SB501"
        assert refused(gateway, "update tenant_globex.notes set body = 'x'") == "SB501"
        assert refused(gateway, "select from bss.tenants") == "SB501"


def test_a_context_is_not_replayed_in_a_later_transaction(gateway: Connection) -> None:
    with gateway.transaction():
        context = enter(gateway, "acme")
    with gateway.transaction():
        gateway.execute("select set_config('bss.context', %s, true)", [context])
        assert refused(gateway, "select from tenant_acme.notes") == "SB501"


def test_a_context_is_not_carried_to_another_session(gateway: Connection, login: Login) -> None:
    with session(login("other gateway", ["bss_app"])) as thief, gateway.transaction():
        context = enter(gateway, "acme")
        with thief.transaction():
            thief.execute("select set_config('bss.context', %s, true)", [context])
            assert refused(thief, "select from tenant_acme.notes") == "SB501"


def test_a_context_that_a_session_kept_is_refused(gateway: Connection) -> None:
    """What a pooler hands on to the next client, or a client keeps for itself."""
    with gateway.transaction():
        context = enter(gateway, "acme")
        gateway.execute("select set_config('bss.context', %s, false)", [context])
    assert refused(gateway, "select from tenant_acme.notes") == "SB501"
    with gateway.transaction():
        enter(gateway, "globex")
        assert notes(gateway, "globex") == ["canary of globex"]
        assert notes(gateway, "acme") == []
    assert refused(gateway, "select from tenant_acme.notes") == "SB501"


def test_a_context_set_at_the_start_of_a_session_is_refused(
    tenants: Connection, login: Login
) -> None:
    id_ = tenants.execute("select id from bss.tenants where external_id = 'globex'").fetchone()
    assert id_ is not None
    options = f"-c bss.context={id_[0]}.{'0' * 96} -c app.current_tenant_id={id_[0]}"
    dsn = psycopg.conninfo.make_conninfo(login("gateway", ["bss_app"]), options=options)
    with session(dsn) as gateway:
        assert refused(gateway, "select from tenant_globex.notes") == "SB501"


def test_a_setting_that_anyone_can_write_changes_nothing(
    gateway: Connection, tenants: Connection
) -> None:
    ids: dict[str, Any] = dict(
        tenants.execute("select external_id, id from bss.tenants").fetchall()
    )
    gateway.execute("select set_config('app.current_tenant_id', %s, false)", [str(ids["globex"])])
    assert notes(gateway, "globex") == []
    with gateway.transaction():
        enter(gateway, "acme")
        for name in ("app.current_tenant_id", "app.tenant_id", "bss.tenant"):
            gateway.execute("select set_config(%s, %s, true)", [name, str(ids["globex"])])
        assert notes(gateway, "globex") == []
        assert notes(gateway, "acme") == ["canary of acme"]


def test_a_second_tenant_is_not_entered_in_one_transaction(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        assert refused(gateway, "select bss.use_tenant('globex')") == "SB504"
        assert notes(gateway, "acme") == ["canary of acme"]


def test_a_suspended_tenant_is_not_entered(gateway: Connection, tenants: Connection) -> None:
    tenants.execute("select bss.suspend_tenant('acme')")
    with gateway.transaction():
        assert refused(gateway, "select bss.use_tenant('acme')") == "SB503"
        assert notes(gateway, "acme") == []


def test_a_prepared_statement_goes_by_the_tenant_of_the_moment(gateway: Connection) -> None:
    gateway.execute("set plan_cache_mode = force_generic_plan")
    gateway.execute("""
        prepare look as
        select body from tenant_acme.notes union all select body from tenant_globex.notes
    """)
    for own in ("acme", "globex", "acme"):
        with gateway.transaction():
            enter(gateway, own)
            found = gateway.execute("execute look").fetchall()
            assert found == [(f"canary of {own}",)] * 3
        assert gateway.execute("execute look").fetchall() == []


def test_a_prepared_statement_under_plain_names_goes_by_the_path_of_the_moment(
    gateway: Connection,
) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("prepare look as select distinct body from notes")
        assert gateway.execute("execute look").fetchall() == [("canary of acme",)]
    with gateway.transaction():
        enter(gateway, "globex")
        assert gateway.execute("execute look").fetchall() == [("canary of globex",)]


def test_a_held_cursor_of_a_tenant_is_made_of_its_rows_alone(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("""
            declare held cursor with hold for
            select body from tenant_acme.notes union all select body from tenant_globex.notes
        """)
    assert gateway.execute("fetch all from held").fetchall() == [("canary of acme",)] * 3


def test_row_security_cannot_be_switched_off(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("set local row_security = off")
        assert refused(gateway, "select from tenant_acme.notes") == "42501"
        assert refused(gateway, "delete from tenant_globex.notes") == "42501"
        assert refused(gateway, "select bss.use_tenant('acme')") == "42501"


def test_a_cheap_function_in_the_query_is_not_shown_rows_before_the_policy(
    gateway: Connection, tenants: Connection
) -> None:
    tenants.execute("""
        create function public.spy(body text) returns boolean language plpgsql cost 0.0000001
        as $$ begin raise notice 'seen %', body; return true; end $$
    """)
    seen: list[str] = []
    gateway.add_notice_handler(lambda notice: seen.append(notice.message_primary or ""))
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("select from tenant_globex.notes where public.spy(body)")
        gateway.execute("select from tenant_acme.notes where public.spy(body)")
    assert seen == ["seen canary of acme"] * 3


def test_parallel_workers_see_what_their_leader_sees(
    gateway: Connection, tenants: Connection
) -> None:
    tenants.execute("analyze tenant_acme.notes")
    renamed = gateway.info.server_version >= 160000
    setting = sql.Identifier("debug_parallel_query" if renamed else "force_parallel_mode")
    gateway.execute(sql.SQL("set {} = on").format(setting))
    gateway.execute("set parallel_setup_cost = 0")
    gateway.execute("set min_parallel_table_scan_size = 0")
    with gateway.transaction():
        enter(gateway, "acme")
        assert notes(gateway, "acme") == ["canary of acme"]
        assert notes(gateway, "globex") == []


def test_a_temporary_type_is_not_taken_for_the_server_s(gateway: Connection) -> None:
    """A function with an empty search_path would look for its types in pg_temp first."""
    with gateway.transaction(force_rollback=True):
        try:
            with gateway.transaction():
                gateway.execute("create domain pg_temp.uuid as text check (value is null)")
        except psycopg.errors.InsufficientPrivilege:
            return  # no temporary objects at all, which is better still
        gateway.execute("set local search_path = pg_temp, pg_catalog")
        enter(gateway, "acme")
        assert notes(gateway, "acme") == ["canary of acme"]
