"""Shared tables: read by whoever is bound to a tenant, written by operators alone."""

from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from tests.isolation.attack import Connection, Login, enter, refused, session

DOCUMENT = """{
    "$defs": {
        "Currency": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "names": {"type": "array", "uniqueItems": true}
            },
            "x-bss": {"entity": true, "scope": "shared", "primaryKey": "code"}
        },
        "Invoice": {
            "type": "object",
            "properties": {
                "invoice_id": {"type": "integer"},
                "currency": {"type": "string", "x-bss": {"references": {"entity": "Currency"}}}
            }
        }
    }
}"""
READ = "select code from bss_shared.currencies order by code"
WRITES: tuple[LiteralString, ...] = (
    "insert into bss_shared.currencies (code) values ('XXX')",
    "update bss_shared.currencies set code = 'XXX'",
    "delete from bss_shared.currencies",
    "merge into bss_shared.currencies as c using (values (1)) as v (n) on true "
    "when matched then delete",
    "truncate bss_shared.currencies cascade",
    "copy bss_shared.currencies from stdin",
    "select from bss_shared.currencies for update",
    "select from bss_shared.currencies for key share",
    "lock table bss_shared.currencies in row share mode",
)
CHANGES: tuple[LiteralString, ...] = (
    "alter table bss_shared.currencies add column loot text",
    "alter table bss_shared.currencies disable row level security",
    "drop policy tenant_read on bss_shared.currencies",
    "create policy loot on bss_shared.currencies using (true)",
    "create table bss_shared.loot (a integer)",
    "create function bss_shared.lower(text) returns text language sql return $1",
    "create index on bss_shared.currencies (code)",
    "drop table bss_shared.currencies cascade",
    "alter schema bss_shared rename to loot",
)


@pytest.fixture
def tenants(connection: Connection) -> Iterator[Connection]:
    for name in ("acme", "globex"):
        connection.execute("select bss.provision_tenant(%s, %s)", [name, DOCUMENT])
    connection.execute("insert into bss_shared.currencies (code) values ('EUR'), ('USD')")
    yield connection
    assert connection.execute(READ).fetchall() == [("EUR",), ("USD",)]


def codes(connection: Connection) -> list[str]:
    return [code for (code,) in connection.execute(READ)]


def test_a_gateway_reads_what_is_shared_from_each_tenant(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("gateway", ["bss_app"])) as gateway:
        assert codes(gateway) == []
        for tenant in ("acme", "globex"):
            with gateway.transaction():
                enter(gateway, tenant)
                assert codes(gateway) == ["EUR", "USD"]
                found = gateway.execute("select count(*) from currencies").fetchone()
                assert found == (2,)
            assert codes(gateway) == []


def test_a_gateway_writes_nothing_that_is_shared(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("gateway", ["bss_app"])) as gateway, gateway.transaction():
        enter(gateway, "acme")
        for attack in WRITES + CHANGES:
            assert refused(gateway, attack) == "42501"


def test_a_login_that_is_bound_to_no_tenant_sees_nothing(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("unbound", ["bss_tenant"])) as unbound:
        assert codes(unbound) == []
        for attack in WRITES + CHANGES:
            assert refused(unbound, attack) == "42501"


def test_those_who_have_no_business_there_are_kept_out(tenants: Connection, login: Login) -> None:
    assert tenants
    for groups in (["bss_monitor"], ["bss_subscriber"], []):
        with session(login("stranger", groups)) as stranger:
            for attack in (READ, *WRITES, *CHANGES):
                assert refused(stranger, attack) == "42501"


def test_analytics_reads_and_writes_nothing(tenants: Connection, login: Login) -> None:
    assert tenants
    with session(login("analyst", ["bss_analytics"])) as analyst:
        assert codes(analyst) == ["EUR", "USD"]
        for attack in WRITES + CHANGES:
            assert refused(analyst, attack) == "42501"


def test_operators_write_what_is_shared_and_change_no_table(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("operator", ["bss_admin"])) as operator:
        operator.execute(
            "insert into bss_shared.currencies (code, names) values ('CHF', '[\"Franken\"]')"
        )
        twice: LiteralString = "update bss_shared.currencies set names = '[1, 1.0]'"
        assert refused(operator, twice) == "23514"
        updated = operator.execute(
            "update bss_shared.currencies set names = '[\"franc\"]' where code = 'CHF' "
            "returning updated_at = now()"
        )
        assert updated.fetchall() == [(True,)]
        assert codes(operator) == ["CHF", "EUR", "USD"]
        assert operator.execute("delete from bss_shared.currencies where code = 'CHF'").rowcount
        for attack in (*CHANGES, "truncate bss_shared.currencies cascade"):
            assert refused(operator, attack) == "42501"


def test_a_reference_is_held_whoever_looks(tenants: Connection, login: Login) -> None:
    """The server checks it with the rights of the tables' owner, whom no policy hinders."""
    with session(login("gateway", ["bss_app"])) as gateway, gateway.transaction():
        enter(gateway, "globex")
        gateway.execute("insert into invoices (invoice_id, currency) values (1, 'EUR')")
        none: LiteralString = "insert into invoices (invoice_id, currency) values (2, 'XXX')"
        assert refused(gateway, none) == "23503"
    with session(login("operator", ["bss_admin"])) as operator:
        assert refused(operator, "delete from bss_shared.currencies") == "23503"
        rename: LiteralString = "update bss_shared.currencies set code = 'X' where code = 'EUR'"
        assert refused(operator, rename) == "23503"
    tenants.execute("delete from tenant_globex.invoices")


def test_a_reference_is_proven_by_rows_that_row_security_does_not_hide(
    tenants: Connection, login: Login
) -> None:
    loose = DOCUMENT.replace('"references": {"entity": "Currency"}', '"references": false')
    with session(login("operator", ["bss_admin"])) as operator:
        operator.execute("select bss.apply_schema('acme', %s)", [loose])
        tenants.execute("insert into tenant_acme.invoices (invoice_id, currency) values (1, 'XXX')")
        apply: LiteralString = "select bss.apply_schema('acme', %s)"
        assert refused(operator, apply, DOCUMENT) == "SB402"
        tenants.execute("update tenant_acme.invoices set currency = 'EUR'")
        assert operator.execute(apply, [DOCUMENT]).fetchone() == (3,)
    tenants.execute("delete from tenant_acme.invoices")


def test_bss_owner_sees_what_is_shared_only_for_an_operator(
    tenants: Connection, login: Login
) -> None:
    tenants.execute("""
        create function public.look() returns bigint language sql security definer
        begin atomic select count(*) from bss_shared.currencies; end;
        alter function public.look() owner to bss_owner;
        grant execute on function public.look() to public
    """)
    for group, seen in (("bss_app", 0), ("bss_admin", 2), ("bss_monitor", 0)):
        with session(login("someone", [group])) as someone:
            assert someone.execute("select public.look()").fetchone() == (seen,)


def test_what_a_pooled_client_leaves_in_pg_temp_shadows_nothing_shared(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("gateway", ["bss_app"])) as gateway:
        gateway.execute("create temp table currencies as select 'loot'::text as code")
        with gateway.transaction():
            enter(gateway, "acme")
            found = gateway.execute("select code from currencies order by code").fetchall()
    assert found == [("EUR",), ("USD",)]


def test_what_documents_declare_is_read_by_all_and_who_declared_it_by_operators(
    tenants: Connection, login: Login
) -> None:
    assert tenants
    with session(login("gateway", ["bss_app"])) as gateway, gateway.transaction():
        enter(gateway, "acme")
        assert gateway.execute("select name from bss.shared_tables").fetchall() == [("currencies",)]
        for view in ("bss.shared_versions", "bss.shared_uses"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), gateway.transaction():
                gateway.execute(f"select from {view}".encode())
    with session(login("operator", ["bss_admin"])) as operator:
        uses = operator.execute("select tenant from bss.shared_uses order by tenant").fetchall()
        assert uses == [("acme",), ("globex",)]
