"""The statements that PostgREST issues for a request, in their order, as its login.

A request is a transaction, read only for GET: settings, among them the role and the claims, by one
SELECT; the pre-request; the query, whose names are qualified. The form of the queries is that of
PostgREST's own statements for reading a table, inserting into one and calling a function.
"""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bss_loader.manifest import locate
from tests.isolation.attack import Connection, session

HERE = locate().sql.parent / "deploy" / "postgrest"
SECRET = secrets.token_bytes(32)
KEY = "2026-1"

BEGIN: LiteralString = "begin isolation level read committed {}"
SETTINGS: LiteralString = """
    select set_config('search_path', %s, true), set_config('role', %s, true),
        set_config('request.jwt.claims', %s, true), set_config('request.method', %s, true),
        set_config('request.path', '/notes', true), set_config('request.headers', %s, true),
        set_config('request.cookies', '{}', true)
"""
RESULT: LiteralString = """
    select null::bigint as total_result_set, pg_catalog.count(_postgrest_t) as page_total,
        coalesce(json_agg(_postgrest_t), '[]') as body,
        nullif(current_setting('response.headers', true), '') as response_headers,
        nullif(current_setting('response.status', true), '') as response_status,
        '' as response_inserted
    from (select * from pgrst_source) as _postgrest_t
"""
READ: LiteralString = """
    with pgrst_source as (select {0}."notes".* from {0}."notes" limit 1000) {result}
"""
INSERT: LiteralString = """
    with pgrst_source as (
        insert into {0}."notes" ("note_id", "body")
        select "pgrst_body"."note_id", "pgrst_body"."body"
        from (select '{{"note_id": 9, "body": "posted"}}'::json as json_data) as pgrst_payload,
            lateral (
                select "note_id", "body"
                from json_to_record(pgrst_payload.json_data) as _ ("note_id" bigint, "body" text)
                limit 1
            ) as pgrst_body
        returning {0}."notes".*
    )
    {result}
"""
CALL: LiteralString = """
    with pgrst_source as (select pgrst_call.pgrst_scalar from (
        select {0}."bodies"() as pgrst_scalar) as pgrst_call)
    select '' as total_result_set, 1 as page_total,
        coalesce(json_agg(_postgrest_t.pgrst_scalar), '[]') as body
    from (select * from pgrst_source) as _postgrest_t
"""
INJECTED: LiteralString = """
    create function api.injected(statement text) returns void language plpgsql
    as $$ begin execute statement; end $$
"""
FUNCTIONS: LiteralString = """
    create schema api;
    grant usage on schema api to {0};
    create function api.bodies() returns setof text stable language plpgsql
    as $$ begin return query select distinct n.body from notes as n; end $$
"""


def configuration(name: str) -> str:
    lines = (line.partition(" = ") for line in (HERE / "postgrest.conf").read_text().splitlines())
    return {key: value.strip('"') for key, _, value in lines}[name]


def token(claims: dict[str, Any], secret: bytes = SECRET) -> str:
    header = {"alg": "HS256", "typ": "JWT", "kid": KEY}
    signed = b".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
    return b".".join([signed, _encoded(hmac.digest(secret, signed, "sha256"))]).decode()


def _encoded(value: bytes) -> bytes:
    return base64.urlsafe_b64encode(value).rstrip(b"=")


class PostgREST:
    """The login of PostgREST, and the role that the tokens of its users name."""

    def __init__(self, superuser: Connection, connection: Connection, role: str) -> None:
        self.superuser = superuser
        self.connection = connection
        self.role = role
        self.login = connection.info.user

    def claims(self, tenant: str, **changes: Any) -> dict[str, Any]:
        """The claims of a token for a tenant; a change to None takes one away."""
        claims = {
            "role": self.role,
            "tenant_id": tenant,
            "aud": self.connection.info.dbname,
            "exp": int(time.time()) + 60,
            **changes,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def request(
        self,
        claims: dict[str, Any],
        main: LiteralString = READ,
        *,
        schema: str | None = None,
        bearer: str | None = None,
    ) -> Any:
        """The body of the answer to a request, whose claims PostgREST has verified."""
        schema = schema or f"tenant_{claims.get('tenant_id')}"
        method, mode = ("GET", "read only") if main == READ else ("POST", "read write")
        headers = {"authorization": f"Bearer {bearer or token(claims)}", "accept-profile": schema}
        values = [
            sql.Identifier(schema).as_string() + ', "public"',
            *(claims.get("role", self.role), json.dumps(claims), method, json.dumps(headers)),
        ]
        pre_request = sql.Identifier(*configuration("db-pre-request").split("."))
        self.connection.execute(BEGIN.format(mode))
        try:
            self.connection.execute(SETTINGS, values)
            self.connection.execute(sql.SQL("select {}()").format(pre_request))
            query = sql.SQL(main).format(sql.Identifier(schema), result=sql.SQL(RESULT))
            row = self.connection.execute(query).fetchone()
        except psycopg.Error:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")
        assert row is not None
        return row[2]

    def refused(self, claims: dict[str, Any], **changes: Any) -> str | None:
        with pytest.raises(psycopg.Error) as error:
            self.request(claims, **changes)
        assert "canary" not in str(error.value)
        return error.value.sqlstate


@pytest.fixture
def postgrest(tenants: Connection, dsn: str) -> Iterator[PostgREST]:
    """PostgREST with the roles of its script, under names that no server has."""
    mark = secrets.token_hex(4)
    login, role = f"authenticator_{mark}", f"web_user_{mark}"
    script = (HERE / "roles.sql").read_text()
    script = script.replace("authenticator", login).replace("web_user", role)
    tenants.execute(script.encode())
    tenants.execute(f"alter role {login} password 'secret'".encode())
    tenants.execute("select bss.add_token_key(%s, %s)", [KEY, SECRET])
    tenants.execute(sql.SQL(FUNCTIONS).format(sql.Identifier(role)))
    try:
        with session(f"{dsn} user={login} password=secret") as connection:
            yield PostgREST(tenants, connection, role)
    finally:
        for name in (login, role):
            tenants.execute(f"drop owned by {name}".encode())
            tenants.execute(f"drop role {name}".encode())


def bodies(answer: list[dict[str, Any]]) -> set[str]:
    return {row["body"] for row in answer}


def test_the_configuration_is_about_what_there_is(postgrest: PostgREST) -> None:
    assert conninfo_to_dict(configuration("db-uri"))["user"] == "authenticator"
    assert conninfo_to_dict(configuration("db-uri"))["dbname"] == configuration("jwt-aud")
    schemas = configuration("db-schemas").split(", ")
    known = postgrest.superuser.execute("select schema_name from bss.tenants")
    assert {name for (name,) in known} == set(schemas)


@pytest.mark.parametrize("by_token", [False, True])
def test_a_request_is_its_tenants(postgrest: PostgREST, by_token: bool) -> None:
    if by_token:
        postgrest.superuser.execute("select bss.require_token(%s)", [postgrest.login])
    for tenant in ("acme", "globex", "acme"):
        claims = postgrest.claims(tenant)
        assert bodies(postgrest.request(claims)) == {f"canary of {tenant}"}
        left = "select current_setting('backtrace_functions'), current_user"
        assert postgrest.connection.execute(left).fetchone() == ("", postgrest.login)
        assert postgrest.request(claims, CALL, schema="api") == [f"canary of {tenant}"]
    other = postgrest.request(postgrest.claims("acme"), schema="tenant_globex")
    assert other == []


def test_a_request_may_write(postgrest: PostgREST) -> None:
    claims = postgrest.claims("acme")
    assert bodies(postgrest.request(claims, INSERT)) == {"posted"}
    assert "posted" in bodies(postgrest.request(claims))
    assert postgrest.refused(claims, main=INSERT, schema="tenant_globex") == "42501"
    postgrest.superuser.execute("delete from tenant_acme.notes where note_id = 9")


def test_claims_without_an_audience_are_refused(postgrest: PostgREST) -> None:
    assert postgrest.refused(postgrest.claims("acme", aud=None)) == "SB511"
    assert postgrest.refused(postgrest.claims("acme", aud="another")) == "SB511"


def test_a_request_without_a_tenant_sees_nothing(postgrest: PostgREST) -> None:
    claims = postgrest.claims("acme", tenant_id=None)
    assert postgrest.request(claims, schema="tenant_acme") == []


def test_a_request_of_another_role_is_refused(postgrest: PostgREST) -> None:
    assert postgrest.refused(postgrest.claims("acme", role="bss_admin")) == "42501"
    assert postgrest.refused(postgrest.claims("acme", role=postgrest.login)) == "42501"


def test_where_a_token_is_required_claims_count_for_nothing(postgrest: PostgREST) -> None:
    postgrest.superuser.execute("select bss.require_token(%s)", [postgrest.login])
    acme, globex = postgrest.claims("acme"), postgrest.claims("globex")
    seen = postgrest.request(globex, schema="tenant_acme", bearer=token(acme))
    assert bodies(seen) == {"canary of acme"}
    assert postgrest.request(globex, bearer=token(acme)) == []
    assert postgrest.refused(acme, bearer=token(acme, b"another secret")) == "SB511"
    assert postgrest.refused(acme, bearer=token(acme | {"exp": 1})) == "SB511"
    assert postgrest.refused(acme, bearer="none") == "SB511"


@pytest.mark.parametrize("by_token", [False, True])
def test_injected_sql_is_held_by_a_token(postgrest: PostgREST, by_token: bool) -> None:
    """By claims it is not: whoever makes a gateway execute SQL may enter what the gateway may."""
    postgrest.superuser.execute(INJECTED)
    if by_token:
        postgrest.superuser.execute("select bss.require_token(%s)", [postgrest.login])
    call: LiteralString = """
        with done as materialized (
            select api.injected('reset all; select bss.use_tenant(''globex'')')
        )
        select null, null, bss.current_tenant_id() from done
    """
    claims = postgrest.claims("acme")
    if by_token:
        assert postgrest.refused(claims, main=call) == "SB507"
    else:
        globex = "select id::text from bss.tenants where external_id = 'globex'"
        entered = postgrest.request(claims, call)
        assert postgrest.superuser.execute(globex).fetchone() == (str(entered),)
