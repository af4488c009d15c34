"""Where tenants live: each in a schema of its own, or in the tables of a pool."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.isolation.canary import OWN, OWN_ROWS, ROWS, VICTIM, Kind, word

FIRST_KEY = {OWN: 1, VICTIM: 20_000_001}
"""The keys of a tenant are from here on."""
BLUEPRINT, STRANGER = "common", "initech"
"""What the tenants of a pool follow, and so does one that has a schema of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home(ABC):
    """A way of keeping tenants apart; attacks are the same in each.

    `key` is the primary key of notes, and `silent` names what BSS keeps of tenants that here has
    nothing of the victim's.
    """

    name: str
    is_: str
    key: str
    silent: frozenset[str] = frozenset()

    @abstractmethod
    def schema(self, tenant: str, /) -> str:
        """Give the schema that a tenant's rows are in."""

    @abstractmethod
    def tables(self, tenant: str, /) -> str:
        """Give the name by which operators change its tables."""

    @abstractmethod
    def provision(self, superuser: psycopg.Connection[Any]) -> None:
        """Make both tenants, the victim first."""

    def make_tenants(self, superuser: psycopg.Connection[Any]) -> None:
        """Make both tenants, each with rows."""
        self.provision(superuser)
        for tenant, rows in ((VICTIM, ROWS), (OWN, OWN_ROWS)):
            superuser.execute(
                sql.SQL(FILL).format(
                    tenant=tenant,
                    schema=sql.Identifier(self.schema(tenant)),
                    first=FIRST_KEY[tenant],
                    rows=rows,
                    value=word(Kind.VALUE, tenant),
                )
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Silo(Home):
    """Each tenant has a document of its own, with its words in it."""

    def schema(self, tenant: str, /) -> str:
        return f"tenant_{tenant}"

    def tables(self, tenant: str, /) -> str:
        return tenant

    def provision(self, superuser: psycopg.Connection[Any]) -> None:
        for tenant in (VICTIM, OWN):
            superuser.execute(
                "select bss.provision_tenant(%s, %s, %s, %s, %s)",
                [
                    tenant,
                    json.dumps(document(tenant)),
                    word(Kind.NAME, tenant),
                    *[word(Kind.AUDIT, tenant)] * 2,
                ],
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool(Home):
    """Both tenants are in the tables of a blueprint, which the victim was the first to need."""

    def schema(self, _: str, /) -> str:
        return f"pool_{BLUEPRINT}"

    def tables(self, _: str, /) -> str:
        return f"pool:{BLUEPRINT}"

    def provision(self, superuser: psycopg.Connection[Any]) -> None:
        superuser.execute(
            "select bss.publish_blueprint(%s, %s)", [BLUEPRINT, json.dumps(document(BLUEPRINT))]
        )
        for tenant, isolation in ((VICTIM, "pool"), (OWN, "pool"), (STRANGER, "silo")):
            superuser.execute(
                "select bss.provision_tenant(%s, null, %s, %s, %s, %s, %s)",
                [
                    tenant,
                    word(Kind.NAME, tenant),
                    *[word(Kind.AUDIT, tenant)] * 2,
                    BLUEPRINT,
                    isolation,
                ],
            )


def document(tenant: str) -> dict[str, Any]:
    """Give the document of a tenant, or of all; they are the same except for their words."""
    integer, text = {"type": "integer"}, {"type": "string"}
    return {
        "$comment": word(Kind.DOCUMENT, tenant),
        "$defs": {
            "Note": {
                "type": "object",
                "description": word(Kind.COMMENT, tenant),
                "properties": {
                    "note_id": integer,
                    "body": {**text, "x-bss": {"index": True}},
                    "slug": {**text, "x-bss": {"unique": True}},
                    "kind": {"type": "string", "enum": ["plain", word(Kind.RULE, tenant)]},
                    # a schema that refers to itself becomes a function, which all can read
                    "tree": {
                        "type": "object",
                        "properties": {
                            "kind": {"const": word(Kind.RULE, tenant)},
                            "under": {"$ref": "#/$defs/Note/properties/tree"},
                        },
                    },
                    word(Kind.NAME, tenant): text,
                },
                "required": ["note_id"],
            },
            "Reply": {
                "type": "object",
                "properties": {"reply_id": integer, "note_id": integer, "body": text},
                "required": ["reply_id", "note_id"],
            },
            "Reading": {
                "type": "object",
                "properties": {
                    "reading_id": integer,
                    "taken_on": {"type": "string", "format": "date"},
                    "body": text,
                },
                "required": ["reading_id", "taken_on"],
                "x-bss": {
                    "primaryKey": ["reading_id", "taken_on"],
                    "partitionBy": {"column": "taken_on", "strategy": "range", "interval": "year"},
                },
            },
        },
    }


FILL: LiteralString = """
    with tenant as (
        select id from bss.tenants where external_id = {tenant}
    ),

    keys as (
        select id, n + {first} as key from tenant, generate_series(0, {rows} - 1) as n
    ),

    notes as (
        insert into {schema}.notes (tenant_id, note_id, body, slug)
        select id, key, {value}, concat({value}, key) from keys
    ),

    readings as (
        insert into {schema}.readings (tenant_id, reading_id, taken_on, body)
        select id, {first}, current_date, {value} from tenant
    )

    insert into {schema}.replies (tenant_id, reply_id, note_id, body)
    select id, {first}, {first}, {value} from tenant
"""

SILO = Silo(name="silo", is_="a schema for each tenant", key="note_id")
POOL = Pool(
    name="pool",
    is_="a pool, whose tables they share",
    key="tenant_id, note_id",
    # the document is everyone's, and its versions are the pool's
    silent=frozenset({"tenant_schemas", "schema_migrations"}),
)
HOMES: tuple[Home, ...] = (SILO, POOL)
