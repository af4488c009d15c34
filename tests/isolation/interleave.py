"""Two tenants take turns at one pooled connection, in an order that nobody chose.

    python -m tests.isolation.interleave [--dsn DSN] [--seed N] [--rounds N] [--statements N]

The clients of a round, two of each tenant, share one connection to the server; which of them says
what next is drawn from the seed of the round. Nothing that a client is told may be the other
tenant's, and each must find its own, wherever tenants live. The server is a private one, unless a
superuser's DSN is given.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from random import Random

from tests.isolation.arena import Arena, arena
from tests.isolation.canary import OWN, VICTIM, Kind, found
from tests.isolation.client import Client, Reply, client
from tests.isolation.home import HOMES
from tests.isolation.mutate import installed, server_of
from tests.isolation.principal import GATEWAY
from tests.pooler import pooled, pooler

TENANTS = (OWN, VICTIM)

WITHIN = (
    "select body, slug from notes order by note_id limit 5",
    "select body from {acme}.notes union all select body from {globex}.notes limit 5",
    "select count(*), max(body) from replies",
    "select * from bss.audit_log limit 3",
    "select * from bss_metadata.tenant_schemas",
    "update replies set body = body || '' returning body",
    "with gone as (delete from readings returning body) select * from gone",
    "insert into replies (reply_id, note_id) select 7, min(note_id) from notes returning *",
    "explain (costs off) select from notes where body = 'x'",
    "select current_setting('app.current_tenant_id'), bss.current_tenant_id()",
    "savepoint s",
    "rollback to savepoint s",
    "select 1 / 0",
    "set local search_path = {globex}, {acme}",
    "set search_path = {globex}, {acme}",
    "set sandbox.left = 'behind'",
    "select set_config('sandbox.said', max(body), false) from notes",
    "prepare kept as select body from notes limit 3",
    "execute kept",
    "declare kept cursor with hold for select body from notes limit 3",
    "fetch all from kept",
    "listen kept",
    "notify kept, 'x'",
    "reset all",
)
OUTSIDE = (
    "select body from {acme}.notes union all select body from {globex}.notes limit 5",
    "select body from notes limit 5",
    "fetch all from kept",
    "execute kept",
    "select current_setting('sandbox.said', true), current_setting('sandbox.left', true)",
    "select * from bss.audit_log limit 3",
    "set search_path = {acme}",
    "select bss.current_tenant_id()",
    "set plan_cache_mode = force_generic_plan",
)
ENDS = ("commit", "rollback", "commit", "end; select body from {globex}.notes limit 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A statement, the tenant whose client said it, and all that it was told."""

    tenant: str
    statement: str
    reply: Reply

    @property
    def betrays(self) -> frozenset[Kind]:
        (other,) = {*TENANTS} - {self.tenant}
        return found(self.reply.text, other)

    @property
    def finds_its_own(self) -> bool:
        return bool(found(self.reply.text, self.tenant))


def round_of(
    clients: Sequence[tuple[str, Client]], seed: int, statements: int, schemas: Mapping[str, str]
) -> Iterator[Said]:
    """Let clients take turns; who is in a transaction has the connection until that ends."""
    random = Random(seed)
    inside = False
    tenant, speaker = clients[0]
    for turn in range(statements):
        if not inside:
            tenant, speaker = random.choice(clients)
        statement, inside = _next(random, tenant, inside, is_last=turn == statements - 1)
        statement = statement.format_map(schemas)
        reply = speaker.say(statement)
        yield Said(tenant=tenant, statement=statement, reply=reply)
        if inside and reply.sqlstate:
            inside = random.random() < 0.5
            speaker.say("rollback to savepoint s" if inside else "rollback")


def _next(random: Random, tenant: str, inside: bool, *, is_last: bool) -> tuple[str, bool]:
    """Choose a statement; say whether the client is in a transaction after it."""
    if inside:
        ends = is_last or random.random() < 0.15
        return random.choice(ENDS if ends else WITHIN), not ends
    if random.random() < 0.6 and not is_last:
        return f"begin; select bss.use_tenant('{tenant}'); savepoint s", True
    return random.choice(OUTSIDE), False


def rounds(place: Arena, seeds: Sequence[int], statements: int) -> Iterator[Said]:
    """Run a round for each seed, through one connection, by two clients of each tenant."""
    schemas = {tenant: place.home.schema(tenant) for tenant in TENANTS}
    login = place.logins[GATEWAY.name]
    with pooler(place.dsn, [login]) as directory, ExitStack() as stack:
        address = pooled(place.dsn_of(GATEWAY), directory, dbname="pool")
        clients = [(tenant, stack.enter_context(client(address))) for tenant in TENANTS * 2]
        for seed in seeds:
            yield from round_of(clients, seed, statements, schemas)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--dsn", default="", help="a superuser's; databases are made beside it")
    parser.add_argument("--seed", type=int, default=0, help="that of the first round")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--statements", type=int, default=100, help="of each round")
    given = parser.parse_args()
    seeds = range(given.seed, given.seed + given.rounds)
    with server_of(given.dsn) as server, installed(server) as template:
        betrayals = 0
        for home in HOMES:
            with arena(server, template, home) as place:
                said = list(rounds(place, seeds, given.statements))
            for each in said:
                if each.betrays:
                    betrayals += 1
                    print(f"{each.tenant} is told {set(each.betrays)} by: {each.statement}")
            own = sum(each.finds_its_own for each in said)
            print(f"in {home.is_}: {len(said)} statements, {own} find their own")
    print(f"{betrayals} find another's")
    sys.exit(betrayals > 0)


if __name__ == "__main__":
    main()
