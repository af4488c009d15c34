"""Every attack of the catalogue, by everyone, on every path: what comes out is what is known."""

import os
import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import psycopg
import pytest
from pytest_postgresql.executors import NoopExecutor

from bss_loader.manifest import locate
from tests.conftest import Server
from tests.isolation.arena import Arena, arena
from tests.isolation.canary import WORDS, Kind, found
from tests.isolation.catalogue.elsewhere import ELSEWHERE, UNMEASURED
from tests.isolation.catalogue.entry import Elsewhere
from tests.isolation.catalogue.probes import METADATA_OF_TENANTS
from tests.isolation.catalogue.whole import ATTACKS, BY_LETTER, LETTERS
from tests.isolation.home import HOMES, POOL, Home
from tests.isolation.principal import PRINCIPALS, SUPERUSER
from tests.isolation.report import PAGE, Outcomes, page
from tests.isolation.run import leaks, outcomes, victims_rows
from tests.isolation.trial import Ring, attempt

ROOT = locate().sql.parent
EXPLANATION = ROOT / "docs" / "explanation" / "isolation.md"


def test_no_attack_gets_at_another_tenant(server: Server, template: NoopExecutor) -> None:
    run: dict[Home, Outcomes] = {}
    for home in HOMES:
        with arena(server, template.template_dbname, home) as place:
            assert _without_effect_for_a_superuser(place) == []
            before = victims_rows(place)
            run[home] = outcomes(place, ATTACKS)
            assert victims_rows(place) == before
            assert _silent_tables(place) == home.silent
        assert list(leaks(home, ATTACKS, run[home], PRINCIPALS)) == []
    assert _revealed(run) == {attack.number: attack.reveals for attack in ATTACKS if attack.reveals}
    if os.environ.get("BSS_WRITE"):
        PAGE.write_text(page(run), "utf-8")
    assert PAGE.read_text("utf-8").splitlines() == page(run).splitlines(), "BSS_WRITE=1"


def _without_effect_for_a_superuser(place: Arena) -> list[str]:
    """Name the attacks that fail of themselves: not even a superuser's come to anything."""
    with Ring(place) as ring:
        tried = {
            attack.number: attempt(ring, attack, SUPERUSER)
            for attack in ATTACKS
            if attack.works_for_superuser and place.home.name in attack.homes
            # the document of a pool is nobody's own
            if not (attack.of_documents and place.home is POOL)
        }
    return [f"{number}: {outcome.word}" for number, outcome in tried.items() if not outcome.kinds]


def _revealed(run: Mapping[Home, Outcomes]) -> Mapping[str, frozenset[Kind]]:
    """Say what known channels gave to those who may not see it, in one home or another."""
    may_see = {principal.name: principal.may_see for principal in PRINCIPALS}
    found: dict[str, frozenset[Kind]] = {}
    for (number, name, _), outcome in chain.from_iterable(each.items() for each in run.values()):
        if beyond := outcome.kinds - may_see[name]:
            found[number] = found.get(number, frozenset()) | beyond
    return found


def _silent_tables(place: Arena) -> set[str]:
    """Name the tables in which nothing would betray the victim, were they read."""
    with psycopg.connect(place.dsn) as superuser:
        texts = {
            table: superuser.execute(f"select t::text from bss_metadata.{table} as t".encode())
            for table in METADATA_OF_TENANTS
        }
        return {table for table, rows in texts.items() if not found(str(rows.fetchall()))}


def test_what_is_kept_of_tenants_is_all_attacked(connection: psycopg.Connection) -> None:
    tables = connection.execute("""
        select c.relname
        from pg_class as c join pg_attribute as a on a.attrelid = c.oid
        where c.relnamespace = 'bss_metadata'::regnamespace and c.relkind in ('r', 'p', 'v')
            and a.attname in ('tenant_id', 'external_id')
    """)
    assert {name for (name,) in tables} <= set(METADATA_OF_TENANTS)


def test_numbers_are_given_once() -> None:
    assert len({attack.number for attack in ATTACKS}) == len(ATTACKS)
    assert len({attack.title for attack in ATTACKS}) == len(ATTACKS)
    assert BY_LETTER.keys() == LETTERS.keys()


@pytest.mark.parametrize("shown", ELSEWHERE, ids=lambda shown: shown.number)
def test_what_is_shown_elsewhere_is(shown: Elsewhere) -> None:
    file, _, name = shown.test.partition("::")
    wanted = rf"^def {name}\(" if file.endswith(".py") else re.escape(name)
    assert re.search(wanted, Path(ROOT, "tests", file).read_text("utf-8"), re.MULTILINE)


def test_channels_that_remain_are_those_of_the_page() -> None:
    listed = re.findall(r"^\| ([A-Z]\d+[a-z]?) \|", EXPLANATION.read_text("utf-8"), re.MULTILINE)
    known = {attack.number for attack in ATTACKS if attack.reveals}
    assert sorted(listed) == sorted(known | {item.number for item in UNMEASURED})


def test_each_kind_has_a_word_that_only_it_has() -> None:
    for kind in WORDS:
        assert found(f"x canary_{kind.name.lower()}_of_globex y") == {kind}
