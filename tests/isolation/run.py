"""Runs the catalogue: each attack, by each principal that it is for, on each path."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from types import MappingProxyType
from typing import Any

import psycopg

from tests.isolation.arena import Arena
from tests.isolation.canary import VICTIM
from tests.isolation.catalogue.entry import PATHS, Attack, Path
from tests.isolation.home import Home
from tests.isolation.principal import Principal
from tests.isolation.report import Key
from tests.isolation.trial import Outcome, Ring, attempt
from tests.pooler import pooler

VICTIMS_ROWS = """
    select md5(string_agg(row::text, '' order by row::text))
    from (
        select to_jsonb(n) - 'updated_at' as row from {0}.notes as n
        union all select to_jsonb(r) - 'updated_at' from {0}.replies as r
        union all select to_jsonb(r) - 'updated_at' from {0}.readings as r
        union all select to_jsonb(t) - 'updated_at' from bss_metadata.tenants as t
        union all select to_jsonb(l) from bss_metadata.logins as l
        union all select to_jsonb(k) from bss_internal.token_keys as k
        union all select to_jsonb(s) from bss_metadata.tenant_schemas as s
    ) as t
"""


def outcomes(
    arena: Arena,
    attacks: Iterable[Attack],
    paths: Iterable[Path] = PATHS,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[Key, Outcome]:
    """Let everyone try; `settings` are those of the pooler that differ."""
    with ExitStack() as stack:
        rings: dict[Path, Ring] = {}
        for path in paths:
            directory = None
            if path == "pooled":
                logins = list(arena.logins.values())
                directory = stack.enter_context(pooler(arena.dsn, logins, settings=settings))
            rings[path] = stack.enter_context(Ring(arena, directory))
        return {
            (attack.number, principal.name, path): attempt(rings[path], attack, principal)
            for attack in attacks
            if arena.home.name in attack.homes
            for principal in attack.by
            for path in attack.on
            if path in rings
        }


def leaks(
    home: Home, attacks: Iterable[Attack], found: Mapping[Key, Outcome], by: Iterable[Principal]
) -> Iterator[str]:
    """Say what came out that neither the principal may see nor a known channel gives away."""
    principals = {principal.name: principal for principal in by}
    numbers = {attack.number: attack for attack in attacks}
    for (number, name, path), outcome in found.items():
        principal, attack = principals[name], numbers[number]
        known = attack.known(principal, home.name)
        if beyond := outcome.kinds - principal.may_see - known:
            yield f"{number} {name} {path}: {', '.join(sorted(beyond))}"


def victims_rows(arena: Arena) -> Any:
    """Give a hash of what no attack is to change."""
    schema = arena.home.schema(VICTIM)
    with psycopg.connect(arena.dsn) as superuser:
        return superuser.execute(VICTIMS_ROWS.format(schema).encode()).fetchone()
