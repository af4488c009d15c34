"""What it costs that many tenants refer to one shared table by foreign keys.

The other side of each comparison is a shared table with the same rows and as many readers, to which
nothing refers, because the documents say so. Where it is the first look of a session that costs,
each turn has a session of its own.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping

import psycopg

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report

ROWS = 1_000
KINDS = {"nothing refers to it": "false", "all tenants refer to it": '{"entity": "Code"}'}
READ = "select c.label from bss_shared.{table} as c where c.code = '1'"
INSERT = "insert into tenant_{kind}0.records (record_id, code) values (0, '1')"
DELETE = "delete from bss_shared.{table} as c where c.code = '1'"


def document(kind: int, references: str) -> str:
    return f"""{{"$defs": {{
        "Code": {{"type": "object",
            "properties": {{"code": {{"type": "string"}}, "label": {{"type": "string"}}}},
            "x-bss": {{"entity": true, "scope": "shared", "primaryKey": "code",
                "table": "codes{kind}"}}}},
        "Record": {{"type": "object", "properties": {{"record_id": {{"type": "integer"}},
            "code": {{"type": "string", "x-bss": {{"references": {references}}}}}}}}}
    }}}}"""


def provisioned(operator: psycopg.Connection, kind: int, references: str) -> Callable[[], None]:
    """Gives what makes one more tenant."""
    numbers: Iterator[int] = itertools.count()
    text = document(kind, references)

    def provision() -> None:
        name = f"{'ab'[kind]}{next(numbers)}"
        operator.execute("select bss.provision_tenant(%s, %s)", [name, text])

    return provision


def first(dsn: str, statement: str) -> Callable[[], float]:
    """Makes a side: the statement as the first of a session, and nothing of it stays."""

    def side() -> float:
        with psycopg.connect(dsn) as session:
            session.execute("select 1")
            took = clock(lambda: session.execute(statement.encode()))()
            session.rollback()
            return took

    return side


def measure(dsn: str, operator: psycopg.Connection, tenants: int, rounds: int) -> list[Comparison]:
    more: Mapping[str, Callable[[], None]] = {
        name: provisioned(operator, kind, references)
        for kind, (name, references) in enumerate(KINDS.items())
    }
    for kind, provision in enumerate(more.values()):
        for _ in range(tenants):
            provision()
        operator.execute(
            f"insert into bss_shared.codes{kind} (code, label) "
            f"select n::text, 'label' from generate_series(1, {ROWS}) as n".encode()
        )
    operator.execute("vacuum analyze")
    subjects = {
        "the first read of a session": READ,
        "the first insert of a session into a tenant's table": INSERT,
        "the first delete of a session from the shared table": DELETE,
    }
    return [
        *(
            compare(
                f"{tenants} tenants: {subject}",
                {
                    name: first(dsn, statement.format(table=f"codes{kind}", kind="ab"[kind]))
                    for kind, name in enumerate(KINDS)
                },
                rounds=rounds,
                warm_up=2,
            )
            for subject, statement in subjects.items()
        ),
        compare(
            f"{tenants} tenants: one more is provisioned",
            {name: clock(provision) for name, provision in more.items()},
            rounds=rounds,
        ),
    ]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--tenants", type=int, default=1_000, help="of each side")
    given = parser.parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as operator:
        comparisons = measure(dsn, operator, given.tenants, given.rounds)
        report(dsn, comparisons, given.json)


if __name__ == "__main__":
    main()
