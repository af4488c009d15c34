"""Where attacks take place: a database with two tenants, one of them full of words that betray it.

What only the superuser of a database does is done before: it is hardened, and it has what other
applications may well have brought along, such as a schema in which everyone creates.
"""

import hmac
import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bss_loader.checks.public import MEASURES, missing
from tests.conftest import Server, copy_privileges, database
from tests.isolation.canary import OWN, ROWS, SECRET, VICTIM, Kind, word
from tests.isolation.home import STRANGER, Home
from tests.isolation.principal import (
    GATEWAY,
    OUTSIDE,
    PRINCIPALS,
    TENANT,
    TOKEN,
    Principal,
)

KEY_ID, RETIRED_KEY_ID = "2026-1", "2025-1"
VICTIMS_LOGIN = "victim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """The database, by the DSN of its superuser, and the logins of all who take part."""

    dsn: str
    home: Home
    logins: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def database(self) -> str:
        return str(conninfo_to_dict(self.dsn)["dbname"])

    def dsn_of(self, principal: Principal | str) -> str:
        name = principal if isinstance(principal, str) else principal.name
        login = self.logins.get(name)
        return self.dsn if login is None else make_conninfo(self.dsn, user=login, password=login)

    def fill(self, statement: str, **more: str) -> str:
        """Fill in the words of a statement; a token is made anew, as it soon expires."""
        fresh = tokens(self.database) if "{token" in statement else {}
        return statement.format_map({**self.words, "database": self.database, **fresh, **more})

    def entry(self, principal: Principal | str, tenant: str) -> str:
        """Give the statement by which a gateway enters a tenant."""
        if isinstance(principal, Principal) and principal.needs_token:
            return f"select bss.use_token('{token(claims(self.database, tenant))}')"
        return f"select bss.use_tenant('{tenant}')"


def claims(audience: str, tenant: str, **changes: Any) -> dict[str, Any]:
    given = {"tenant_id": tenant, "aud": audience, "exp": int(time.time()) + 120, **changes}
    return {name: value for name, value in given.items() if value is not None}


def token(
    payload: dict[str, Any],
    *,
    secret: bytes = SECRET,
    signed: dict[str, Any] | None = None,
    **header: Any,
) -> str:
    """Make a token; `signed` are the claims that its signature is of, if these are others."""
    header = {"alg": "HS256", "typ": "JWT", "kid": KEY_ID, **header}
    first, second, others = (
        _encoded(json.dumps(part).encode()) for part in (header, payload, signed or payload)
    )
    signature = hmac.digest(secret, b".".join([first, others]), "sha256")
    return b".".join([first, second, _encoded(signature)]).decode()


def tokens(audience: str) -> dict[str, str]:
    """Make a token that is good, for the attacker's tenant, and those that are not."""
    now = int(time.time())
    own, victims = claims(audience, OWN), claims(audience, VICTIM)
    return {
        "token": token(own),
        "token_unsigned": token(victims, alg="none").rpartition(".")[0] + ".",
        "token_of_no_algorithm": token(victims, alg="none"),
        "token_of_another_algorithm": token(victims, alg="HS512"),
        "token_of_another_key": token(victims, secret=b"x" * 32),
        "token_of_no_key": token(victims, secret=b"", kid=None),
        "token_of_unknown_key": token(victims, kid="none"),
        "token_of_retired_key": token(victims, kid=RETIRED_KEY_ID),
        "token_with_other_claims": token(victims, signed=own),
        "token_expired": token({**victims, "exp": now - 40}),
        "token_without_end": token({**victims, "exp": None}),
        "token_of_a_year": token({**victims, "exp": now + 31_536_000}),
        "token_of_the_future": token({**victims, "nbf": now + 90}),
        "token_of_no_audience": token({**victims, "aud": None}),
        "token_of_another_audience": token({**victims, "aud": f"{audience}x"}),
        "token_with_extension": token(victims, crit=["b64"], b64=True),
    }


def _encoded(value: bytes) -> bytes:
    return urlsafe_b64encode(value).rstrip(b"=")


@contextmanager
def arena(server: Server, template: str, home: Home) -> Iterator[Arena]:
    """Make an arena in a copy of a database with BSS."""
    with database(server, template) as dsn, _logins(dsn) as logins:
        copy_privileges(template, dsn)
        with psycopg.connect(dsn, autocommit=True) as superuser:
            _harden(superuser)
            home.make_tenants(superuser)
            words = _furnish(superuser, home, logins)
        yield Arena(dsn=dsn, home=home, logins=logins, words=words)


@contextmanager
def copied(original: Arena, server: Server) -> Iterator[Arena]:
    """Make another arena that is the same; nobody may be in the original meanwhile."""
    name = str(conninfo_to_dict(original.dsn)["dbname"])
    with database(server, name) as dsn:
        copy_privileges(name, dsn)
        yield replace(original, dsn=dsn)


@contextmanager
def _logins(dsn: str) -> Iterator[Mapping[str, str]]:
    """Make the logins; of the first, the name differs from that of the victim's by case alone."""
    suffix = secrets.token_hex(4)
    logins = {principal.name: f'{principal.name}\'s "Login" {suffix}' for principal in PRINCIPALS}
    logins[TENANT.name] = f"{word(Kind.LOGIN, VICTIM)} {suffix}".upper()
    logins[VICTIMS_LOGIN] = logins[TENANT.name].lower()
    groups = {principal.name: principal.group for principal in PRINCIPALS}
    groups[VICTIMS_LOGIN] = TENANT.group
    with psycopg.connect(dsn, autocommit=True) as superuser:
        for name, login in logins.items():
            role, password = sql.Identifier(login), sql.Literal(login)
            superuser.execute(sql.SQL("create role {} login password {}").format(role, password))
            if group := groups[name]:
                grant = sql.SQL("grant {} to {}").format(sql.Identifier(group), role)
                superuser.execute(grant)
    yield logins
    with psycopg.connect(dsn, autocommit=True) as superuser:
        for login in logins.values():
            role = sql.Identifier(login)
            superuser.execute(sql.SQL("drop owned by {}").format(role))
            superuser.execute(sql.SQL("drop role {}").format(role))


def _harden(superuser: psycopg.Connection[Any]) -> None:
    for measure in MEASURES:
        if not measure.optional:
            for statement in missing(superuser, measure):
                superuser.execute(statement.encode())


def _furnish(
    superuser: psycopg.Connection[Any], home: Home, logins: Mapping[str, str]
) -> Mapping[str, str]:
    superuser.execute("select bss.bind_login(%s, %s)", [logins[VICTIMS_LOGIN], VICTIM])
    superuser.execute("select bss.bind_login(%s, %s)", [logins[TENANT.name], OWN])
    for principal in (TOKEN, OUTSIDE):
        superuser.execute("select bss.require_token(%s)", [logins[principal.name]])
    for key_id in (KEY_ID, RETIRED_KEY_ID):
        superuser.execute("select bss.add_token_key(%s, %s)", [key_id, SECRET])
    superuser.execute("select bss.retire_token_key(%s)", [RETIRED_KEY_ID])
    ids = dict(superuser.execute("select external_id, id::text from bss.tenants").fetchall())
    words = {
        "own_name": OWN,
        "victim_name": VICTIM,
        "own": home.schema(OWN),
        "victim": home.schema(VICTIM),
        "own_tables": home.tables(OWN),
        "key": home.key,
        "stranger_name": STRANGER,
        "own_id": ids[OWN],
        "victim_id": ids[VICTIM],
        "victim_context": f"bss_{ids[VICTIM].replace('-', '')}",
        "victims_name": word(Kind.NAME, VICTIM),
        "victims_value": word(Kind.VALUE, VICTIM),
        "victims_login": logins[VICTIMS_LOGIN].replace('"', '""'),
        "gateways_login": logins[GATEWAY.name].replace('"', '""'),
        "rows": str(ROWS),
    }
    for script in (METADATA, BYSTANDERS):
        superuser.execute(
            script.format_map(
                words | {kind.name.lower(): word(kind, VICTIM) for kind in Kind}
            ).encode()
        )
    superuser.execute("vacuum analyze")
    part = superuser.execute(f"select tableoid::regclass::text from {words['victim']}.readings")
    return words | {"part": part.fetchall()[0][0]}


METADATA = """
    begin;
    set local session_replication_role = replica;
    insert into bss_metadata.ddl_log (
        tenant_id, schema_name, command_tag, object_type, object_identity, is_drop, is_protected,
        current_user_name
    ) values ('{victim_id}', '{victim}', 'COMMENT', 'table', '{name}', false, false, '{login}');
    insert into bss_metadata.calls (service, operation, tenant_id, key, payload, reason)
    values ('tasks', 'schedule', '{victim_id}', '', '{{}}', '{rule}');
    insert into bss_metadata.tasks (tenant_id, name, payload, due_at)
    values ('{victim_id}', '{name}', '{{}}', now());
    insert into bss_metadata.tenant_keys (tenant_id, version, wrapped_key, master_key_id)
    values ('{victim_id}', 1, '{value}', '{name}');
    insert into bss_metadata.deliveries (consumer, event_id, tenant_id, reason, dead_at, event)
    values (
        '{name}', 1, '{victim_id}', '{rule}', now(), '{{"type": "{rule}", "data": "{value}"}}'
    );
    insert into bss_metadata.consumer_streams (
        consumer, tenant_id, since, until, low, floors, position
    ) values ('{name}', '{victim_id}', '1:1:', '1:1:', 0, '{{}}', 0);
    insert into bss_metadata.document_uses values ('{victim_id}', 1, '{document}');
    insert into bss_metadata.drift_findings (tenant_id, relation, object, kind, found)
    values ('{victim_id}', 'notes', '{name}', 'column', '["{rule}"]');
    insert into bss_metadata.fleet_migrations (blueprint, version, error_budget, initiator)
    values ('{name}', 1, 1, '');
    insert into bss_metadata.fleet_tenants (
        fleet_migration_id, tenant_id, ring, state, base, message, detail
    ) values (1, '{victim_id}', 1, 'failed', '', '{name}', '{rule}');
    insert into bss_metadata.partitions (tenant_id, relation, name, lower, upper, bound)
    values ('{victim_id}', 'notes', '{name}', '1', '2', '');
    insert into bss_metadata.pending_steps (
        tenant_id, version, position, kind, relation, object, mode, lock, statement, undo, state,
        rows_estimated
    ) values (
        '{victim_id}', 1, 1, 'check', 'notes', '{name}', 'transaction', '', '{rule}', '[]',
        'waiting', {rows}
    );
    insert into bss_metadata.quarantined_values (
        tenant_id, relation, column_name, row_key, value, reason
    ) values ('{victim_id}', 'notes', '{name}', '{{"note_id": 1}}', '"{value}"', '');
    insert into bss_metadata.shared_uses values ('{victim_id}', 1, '{name}', 1);
    insert into bss_metadata.blueprints (name) values ('{name}');
    insert into bss_metadata.blueprint_versions (blueprint, version, schema_json, model, initiator)
    values ('{name}', 1, '{{"$comment": "{document}"}}', '{{}}', '');
    commit;
"""
"""What the functions of BSS would keep of the victim in the course of time."""

BYSTANDERS = """
    create schema sandbox;
    grant usage, create on schema sandbox to public;

    create function sandbox.spy(anyelement) returns boolean language plpgsql cost 0.0000001
    as $$ begin raise notice 'seen: %', $1; return true; end $$;

    create function sandbox.careless() returns setof text security definer language sql
    begin atomic select n.body from {victim}.notes as n; end;
    alter function sandbox.careless() owner to bss_owner;

    create function sandbox.forget() returns bigint security definer language sql
    begin atomic
        with gone as (delete from bss_metadata.tenant_audit_log returning *)
        select count(*) from gone;
    end;
    alter function sandbox.forget() owner to bss_owner;

    create function sandbox.tamper() returns void security definer
    set session_replication_role = replica language sql
    begin atomic
        update bss_metadata.tenant_audit_log set details = '{{}}';
    end;

    create table {victim}.made_by_hand as select '{value}'::text as body;
    grant select on {victim}.made_by_hand to public;
"""
"""What stands around: a schema for everyone; a function that shows what it is given; two of
bss_owner, and one of a superuser, that ask nobody who is calling; and a table that somebody made
among the victim's."""
