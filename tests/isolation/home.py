"""Where tenants live: a tenant's tables may be in a schema of its own."""

import json
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.isolation.canary import OWN, ROWS, VICTIM, Kind, word

FIRST_KEY = {OWN: 1, VICTIM: 20_000_001}
"""The keys of a tenant are from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A way of keeping tenants apart; attacks are the same in each."""

    name: str
    is_: str

    def schema(self, tenant: str) -> str:
        return f"tenant_{tenant}"

    def make_tenants(self, superuser: psycopg.Connection[Any]) -> None:
        """Make both tenants, each with rows."""
        for tenant, rows in ((OWN, 3), (VICTIM, ROWS)):
            superuser.execute(
                "select bss.provision_tenant(%s, %s, %s, %s, %s)",
                [
                    tenant,
                    json.dumps(document(tenant)),
                    word(Kind.NAME, tenant),
                    *[word(Kind.AUDIT, tenant)] * 2,
                ],
            )
            superuser.execute(
                sql.SQL(FILL).format(
                    schema=sql.Identifier(self.schema(tenant)),
                    first=FIRST_KEY[tenant],
                    rows=rows,
                    value=word(Kind.VALUE, tenant),
                )
            )


def document(tenant: str) -> dict[str, Any]:
    """Give the document of a tenant; of the two, the same except for its words."""
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
    with keys as (
        select n + {first} as key from generate_series(0, {rows} - 1) as n
    ),

    notes as (
        insert into {schema}.notes (note_id, body, slug)
        select key, {value}, concat({value}, key) from keys
    ),

    readings as (
        insert into {schema}.readings (reading_id, taken_on, body)
        values ({first}, current_date, {value})
    )

    insert into {schema}.replies (reply_id, note_id, body) values ({first}, {first}, {value})
"""

SILO = Home(name="silo", is_="a schema for each tenant")
HOMES = (SILO,)
