"""Removes one defence at a time, and says which attacks notice.

    python -m tests.isolation.mutate [--dsn DSN] [--jobs N] [--only WORDS]

Each defence is removed in a copy of an arena, and every attack is tried there again; which of them
get through is written to docs/reference/defences.md. It ends with 1 if a defence is missed by none.
The server is a private one, unless a superuser's DSN is given.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bss_loader.install import install_into
from bss_loader.manifest import locate
from tests.conftest import Server, database, private_cluster
from tests.isolation.arena import Arena, arena, copied
from tests.isolation.catalogue.entry import Attack
from tests.isolation.catalogue.whole import ATTACKS
from tests.isolation.defences.entry import Defence
from tests.isolation.defences.whole import DEFENCES
from tests.isolation.home import Home
from tests.isolation.principal import PRINCIPALS
from tests.isolation.run import leaks, outcomes

Found = tuple[list[str], bool]
"""The numbers of the attacks that get through, and whether bss.lint() reports anything."""

PAGE = locate().sql.parent / "docs" / "reference" / "defences.md"
INTRODUCTION = """\
# Defences

What each defence is worth: it was taken away, and the [attacks](attacks.md) were tried again. These
are the numbers of those that got through then. Made by `python -m tests.isolation.mutate`, which
ends with an error if a defence is missed by none; the tests take away some of them again each time,
and all of them with `BSS_DEFENCES=all`.

{count} defences, each missed by at least one attack. Where two defences do the same, so that one is
enough, both are taken away. The last column says whether `bss.lint()` reports it, too.

| without | attacks that get through | lint |
| --- | --- | --- |"""


@contextmanager
def without(defence: Defence, original: Arena, server: Server) -> Iterator[Arena]:
    """Make an arena that lacks a defence."""
    with copied(original, server) as place:
        try:
            _execute(place, defence.removal)
            yield place
        finally:
            _execute(place, defence.restore)


def _execute(place: Arena, script: str) -> None:
    if script:
        with psycopg.connect(place.dsn, autocommit=True) as superuser:
            superuser.execute(place.fill(script).encode())


def noticed(place: Arena, defence: Defence, attacks: Iterable[Attack]) -> list[str]:
    """Give the numbers of the attacks that get through."""
    attacks = list(attacks)
    found = outcomes(
        place, attacks, ("pooled",) if defence.settings else ("direct",), defence.settings
    )
    lines = leaks(place.home, attacks, found, PRINCIPALS)
    return list(dict.fromkeys(line.partition(" ")[0] for line in lines))


def lints(place: Arena) -> set[str]:
    with psycopg.connect(place.dsn) as superuser:
        return {str(row) for row in superuser.execute("select * from bss.lint()")}


def page(found: Mapping[str, Found]) -> str:
    lines = (
        f"| {name} | {', '.join(numbers)} | {'yes' if reported else ''} |"
        for name, (numbers, reported) in found.items()
    )
    return "\n".join([INTRODUCTION.format(count=len(found)), *lines, ""])


def listed() -> Mapping[str, list[str]]:
    """Read from the page which attacks get through without a defence."""
    lines = re.findall(r"^\| (.+?) \| ([A-Z]\d.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    return {name: numbers.split(", ") for name, numbers in lines}


def arenas(
    server: Server, template: str, defences: Iterable[Defence], stack: ExitStack
) -> Mapping[Home, Arena]:
    """Make an arena of each home that a defence is in."""
    return {
        home: stack.enter_context(arena(server, template, home))
        for home in dict.fromkeys(defence.home for defence in defences)
    }


@contextmanager
def installed(server: Server) -> Iterator[str]:
    with database(server) as dsn:
        install_into(dsn)
        yield str(conninfo_to_dict(dsn)["dbname"])


@contextmanager
def server_of(dsn: str) -> Iterator[Server]:
    if dsn:
        known = conninfo_to_dict(dsn)
        port = int(str(known["port"]))
        yield Server(host=str(known["host"]), port=port, user=str(known["user"]))
    else:
        with private_cluster() as cluster:
            yield Server(host=str(cluster.socket), port=cluster.port, user="postgres")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--dsn", default="", help="a superuser's; databases are made beside it")
    parser.add_argument("--jobs", type=int, default=2, help="how many at the same time")
    parser.add_argument("--only", default="", help="defences whose name has this in it")
    given = parser.parse_args()
    with (
        server_of(given.dsn) as server,
        installed(server) as template,
        ExitStack() as stack,
    ):
        chosen = [defence for defence in DEFENCES if given.only in defence.name]
        originals = arenas(server, template, chosen, stack)
        clean = {home: lints(original) for home, original in originals.items()}

        def tried(defence: Defence) -> Found:
            with without(defence, originals[defence.home], server) as place:
                reported = bool(lints(place) - clean[defence.home])
                numbers = noticed(place, defence, ATTACKS)
            print(f"{defence.name}: {', '.join(numbers) or 'SURVIVES'}", flush=True)
            return numbers, reported

        # what is removed from the whole cluster is missing in every database
        alone = [defence for defence in chosen if defence.restore or defence.settings]
        with ThreadPoolExecutor(given.jobs) as pool:
            together = [defence for defence in chosen if defence not in alone]
            results = dict(zip(together, pool.map(tried, together), strict=True))
        results |= {defence: tried(defence) for defence in alone}
    found = {defence.name: results[defence] for defence in chosen}
    survivors = [name for name, (numbers, _) in found.items() if not numbers]
    print(f"{len(found)} defences, {len(survivors)} survivors")
    if not given.only and not survivors:
        PAGE.write_text(page(found), "utf-8")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()
