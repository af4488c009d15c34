"""How long the compiler takes inside the server: warm, and in a backend that has just started.

Every document is new, so no plan comes from memory. A document with defaults makes the compiler
validate them, for which a new backend first has to import jsonschema.
"""

import itertools
from collections.abc import Iterator

import psycopg

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report
from tests.bench.models import broad_model

PLAN = "select count(*) from bss.plan_schema('bench', %s)"
ENTITIES, PROPERTIES = 25, 200


def documents(*, defaults: bool) -> Iterator[str]:
    for number in itertools.count():
        yield broad_model(
            f"Model {number}", entities=ENTITIES, properties=PROPERTIES, defaults=defaults
        )


def warm(dsn: str, rounds: int) -> Comparison:
    plain, with_defaults = documents(defaults=False), documents(defaults=True)
    with psycopg.connect(dsn, autocommit=True) as operator:
        return compare(
            f"planning {ENTITIES} entities with {PROPERTIES} properties, warm",
            {
                "plain": clock(lambda: operator.execute(PLAN, [next(plain)])),
                "with defaults": clock(lambda: operator.execute(PLAN, [next(with_defaults)])),
            },
            rounds=rounds,
            goal="at most 100 ms",
        )


def first_call(dsn: str, document: str) -> float:
    with psycopg.connect(dsn, autocommit=True) as operator:
        return clock(lambda: operator.execute(PLAN, [document]))()


def cold(dsn: str, rounds: int) -> Comparison:
    plain, with_defaults = documents(defaults=False), documents(defaults=True)
    return compare(
        "the same as the first call of a backend",
        {
            "plain": lambda: first_call(dsn, next(plain)),
            "with defaults": lambda: first_call(dsn, next(with_defaults)),
        },
        rounds=rounds,
        goal="at most 500 ms",
    )


def main() -> None:
    given = arguments(__doc__).parse_args()
    with installed(given.dsn) as dsn:
        with psycopg.connect(dsn, autocommit=True) as operator:
            operator.execute("select bss.provision_tenant('bench')")
        report(dsn, [warm(dsn, given.rounds), cold(dsn, given.rounds)], given.json)


if __name__ == "__main__":
    main()
