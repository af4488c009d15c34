"""A context is made by bss.use_tenant(), holds for a transaction, and cannot be had otherwise."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from tests.isolation.attack import Connection, Login, enter, notes, refused, session

FORGERIES: dict[str, LiteralString] = {
    "set": "set backtrace_functions = '{context}'",
    "set local": "set local backtrace_functions = '{context}'",
    "set_config()": "select set_config('backtrace_functions', '{context}', true)",
    "reset": "reset backtrace_functions",
    "update of pg_settings": "update pg_settings set setting = '{context}'"
    " where name = 'backtrace_functions'",
    "alter role": 'alter role current_user set backtrace_functions = "{context}"',
    "alter database": 'alter database {database} set backtrace_functions = "{context}"',
    "grant": "grant set on parameter backtrace_functions to public",
    "a function": "create function pg_temp.f() returns text"
    " set backtrace_functions = '{context}' language sql"
    " return bss.current_tenant_id()::text; select pg_temp.f()",
    "a function that keeps it": "create function pg_temp.f() returns text"
    " set backtrace_functions from current language sql"
    " return bss.current_tenant_id()::text; select pg_temp.f()",
}
"""Ways to write the parameter that holds the context."""


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_context_cannot_be_written_by_its_client(
    gateway: Connection, tenants: Connection, forgery: LiteralString
) -> None:
    id_ = tenants.execute("select id from bss.tenants where external_id = 'globex'").fetchone()
    assert id_ is not None
    attack = sql.SQL(forgery).format(
        context=sql.SQL(f"bss_{id_[0].hex}"), database=sql.Identifier(gateway.info.dbname)
    )
    with gateway.transaction(force_rollback=True):
        enter(gateway, "acme")
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.Warning)):
            _or_warns(gateway, attack)
        assert notes(gateway, "globex") == []
    assert notes(gateway, "globex") == []
    assert notes(gateway, "acme") == []


def _or_warns(connection: Connection, attack: sql.Composed) -> None:
    """Executes an attack; a warning of the server that nothing was done counts as an error."""
    warnings: list[str] = []
    connection.add_notice_handler(
        lambda notice: warnings.append(notice.severity_nonlocalized or "")
    )
    with connection.transaction():
        connection.execute(attack)
        if "WARNING" in warnings:
            raise psycopg.Warning


def test_a_context_is_no_setting_of_the_whole_server(gateway: Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        gateway.execute("alter system set backtrace_functions = 'bss_'")


def test_a_context_ends_with_its_transaction(gateway: Connection) -> None:
    """What a pooler hands on to the next client, or a client keeps for itself."""
    with gateway.transaction():
        context = enter(gateway, "acme")
        gateway.execute("select set_config('bss.context', %s, false)", [context])
    assert notes(gateway, "acme") == []
    gateway.execute("select bss.use_tenant('acme')")
    assert notes(gateway, "acme") == []
    with gateway.transaction():
        enter(gateway, "globex")
        assert notes(gateway, "globex") == ["canary of globex"]
        assert notes(gateway, "acme") == []


def test_a_context_ends_with_its_transaction_within_one_message(gateway: Connection) -> None:
    gateway.execute("begin; select bss.use_tenant('acme'); commit")
    found = gateway.execute("begin; select count(*) from tenant_acme.notes; commit")
    assert found.nextset()
    assert found.fetchone() == (0,)


def test_a_context_ends_with_the_part_of_the_transaction_that_made_it(gateway: Connection) -> None:
    with gateway.transaction():
        with gateway.transaction(force_rollback=True):
            enter(gateway, "acme")
            assert notes(gateway, "acme") == ["canary of acme"]
        assert notes(gateway, "acme") == []


def test_a_context_that_is_reset_is_nobodys(gateway: Connection) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("reset all")
        assert notes(gateway, "acme") == []


def test_a_context_set_at_the_start_of_a_session_is_refused(
    tenants: Connection, login: Login
) -> None:
    id_ = tenants.execute("select id from bss.tenants where external_id = 'globex'").fetchone()
    assert id_ is not None
    options = f"-c backtrace_functions=bss_{id_[0].hex} -c app.current_tenant_id={id_[0]}"
    dsn = psycopg.conninfo.make_conninfo(login("gateway", ["bss_app"]), options=options)
    with pytest.raises(psycopg.OperationalError, match="permission denied to set parameter"):
        psycopg.connect(dsn)


def test_a_list_of_functions_that_somebody_debugs_is_no_context(tenants: Connection) -> None:
    with tenants.transaction():
        tenants.execute("set local backtrace_functions = 'heap_insert, bss_x'")
        assert tenants.execute("select bss.current_tenant_id()").fetchone() == (None,)


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


def test_a_prepared_statement_that_writes_goes_by_the_tenant_of_the_moment(
    gateway: Connection,
) -> None:
    gateway.execute("set plan_cache_mode = force_generic_plan")
    gateway.execute("prepare change as update tenant_acme.notes set body = 'x' returning note_id")
    gateway.execute("prepare make as insert into tenant_acme.notes (note_id) values (9)")
    for own, rows, refusal in (("acme", 3, None), ("globex", 0, "42501"), ("acme", 3, None)):
        with gateway.transaction(force_rollback=True):
            enter(gateway, own)
            assert len(gateway.execute("execute change").fetchall()) == rows
            if refusal is None:
                gateway.execute("execute make")
            else:
                assert refused(gateway, "execute make") == refusal


def test_a_row_that_changes_under_a_statement_is_judged_again(
    gateway: Connection, tenants: Connection, login: Login
) -> None:
    """What waits for a row goes on with its new version, and with the context that it began in."""
    change = "update tenant_acme.replies set note_id = note_id + 1 returning note_id"
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("insert into tenant_acme.replies (reply_id, note_id) values (1, 1)")
    with session(login("other", ["bss_app"])) as other, ThreadPoolExecutor(1) as pool:
        for own, found in (("globex", []), ("acme", [(3,)])):
            with other.transaction(force_rollback=True):
                enter(other, own)
                with gateway.transaction():
                    enter(gateway, "acme")
                    gateway.execute("update tenant_acme.replies set note_id = 2")
                    waiting = pool.submit(lambda: other.execute(change).fetchall())
                    while own == "acme" and not is_waiting(tenants, other):
                        assert not waiting.done()
                assert waiting.result(timeout=10) == found


def is_waiting(superuser: Connection, other: Connection) -> bool:
    waiting = superuser.execute(
        "select from pg_stat_activity where pid = %s and wait_event_type = 'Lock'",
        [other.info.backend_pid],
    )
    return waiting.fetchone() is not None


def test_an_index_answers_alone_and_to_its_tenant_alone(
    gateway: Connection, tenants: Connection
) -> None:
    tenants.execute("vacuum analyze tenant_acme.notes")
    gateway.execute("set enable_seqscan = off; set enable_bitmapscan = off")
    count = "select count(*) from tenant_acme.notes where note_id > 0"
    for own, rows in (("acme", 3), ("globex", 0)):
        with gateway.transaction():
            enter(gateway, own)
            plan = [line for (line,) in gateway.execute(f"explain {count}")]
            assert any("Index Only Scan using notes_pkey" in line for line in plan)
            assert gateway.execute(count).fetchone() == (rows,)


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


def test_a_clients_operators_and_functions_are_not_taken_for_the_servers(
    gateway: Connection, tenants: Connection
) -> None:
    """Entering a tenant runs as the owner, under the search_path of whoever calls."""
    tenants.execute("""
        create schema evil;
        create function evil.seen(a text, b text) returns boolean language plpgsql
        as $$ begin raise warning 'seen as %', current_user; return true; end $$;
        create function evil.seen(a uuid, b uuid) returns boolean language plpgsql
        as $$ begin raise warning 'seen as %', current_user; return true; end $$;
        create operator evil.= (leftarg = text, rightarg = text, function = evil.seen);
        create operator evil.= (leftarg = uuid, rightarg = uuid, function = evil.seen);
        create function evil.pg_has_role(a name, b text, c text) returns boolean language sql
        return evil.seen('', '');
        create function evil.set_config(a text, b text, c boolean) returns text language sql
        return evil.seen('', '')::text;
        grant usage on schema evil to public;
    """)
    warned: list[str] = []
    gateway.add_notice_handler(lambda notice: warned.append(notice.message_primary or ""))
    with gateway.transaction():
        gateway.execute("set local search_path = evil, pg_catalog")
        assert gateway.execute("select 'a'::text = 'b'").fetchone() == (True,)
        user = gateway.info.user
        assert warned == [f"seen as {user}"]
        for name in ("acme", "acme"):
            gateway.execute("set local search_path = evil, pg_catalog")
            enter(gateway, name)
        assert notes(gateway, "globex") == []
    assert warned == [f"seen as {user}"]
