"""What a compiled check costs a document, beside validators that PL/Python calls.

A peer has its schema compiled once in the session, and is given each document as PL/Python gives
it: as text. jsonschema-rs is installed for the benchmark alone, for the server's own Python:

    /usr/bin/python3 -m pip install --target DIRECTORY jsonschema-rs
    python -m tests.bench.validation --peer-path DIRECTORY

A turn checks many documents in one statement. Inserts go into the table that was compiled and into
the same one with checks as a person writes them.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.bench.measure import Comparison, arguments, clock, compare, installed, report
from tests.bench.shapes import ACCOUNT, ARRAY, HANDWRITTEN, SHAPES, Shape
from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import parse

MICROSECONDS = 1_000
"""In a millisecond."""
GOAL = "at most 1.0 times jsonschema-rs, and a tenth of python-jsonschema"

CHECK = """
    with documents as materialized (select {document}::jsonb as v)
    select count(*) filter (where {condition}) from documents, generate_series(1, {times})
"""
PEER = """
    create function peer.{name}(document jsonb) returns boolean
    immutable strict parallel safe
    language plpython3u
    as $function$
        import json
        if "{name}" not in GD:
            import sys
            sys.path[:0] = {path}
            {load}
        return GD["{name}"](json.loads(document))
    $function$
"""
RUST = "import jsonschema_rs; GD[{name!r}] = jsonschema_rs.validator_for({schema}).is_valid"
PYTHON = "import jsonschema; GD[{name!r}] = jsonschema.Draft202012Validator({schema}).is_valid"


ROWS = 5_000
TABLES = {"hand-written checks": "peer.accounts", "compiled checks": "tenant_bench.accounts"}
BY_HAND = f"""
    create table peer.accounts (
        like tenant_bench.accounts including defaults including indexes,
        {HANDWRITTEN}
    )
"""
INSERT = f"""
    insert into {{table}} (
        number, name, status, country, age, balance, credit, active, opened_on, seen_at
    )
    select
        'DE-' || (10000 + n), 'The name of number ' || n, 'paid', 'DE', n % 100, n / 4.0, n,
        true, '2026-01-01', '2026-01-01T00:00:00Z'
    from generate_series(1, {ROWS}) as n
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A database with the peers' functions, and where jsonschema-rs is, if it is."""

    superuser: psycopg.Connection
    peer_path: Path | None

    def checked(self, shape: Shape, condition: str, times: int) -> Callable[[], float]:
        """Make a side: the statement finds every document valid."""
        query = CHECK.format(
            document=sql.Literal(json.dumps(shape.value)).as_string(self.superuser),
            condition=condition,
            times=times,
        ).encode()

        def side() -> float:
            cursor = self.superuser.cursor()
            took = clock(lambda: cursor.execute(query))()
            assert cursor.fetchone() == (times,)
            return took * MICROSECONDS / times

        return side

    def compiled(self, shape: Shape) -> str:
        judge = Judge(connection=self.superuser)
        check, diagnostics = judge.compile(parse(json.dumps(shape.schema)))
        assert diagnostics == []
        assert check is not None
        return check.expression

    def peer(self, shape: Shape, name: str, load: str) -> str:
        path = [str(self.peer_path)] if self.peer_path and load is RUST else []
        load = load.format(name=name, schema=repr(shape.schema))
        self.superuser.execute(PEER.format(name=name, path=path, load=load).encode())
        return f"peer.{name}(v)"

    def validate(self, shape: Shape, rounds: int, times: int) -> Comparison:
        """Compare what one shape takes."""
        word = shape.subject.split()[-1]
        sides = {"compiled": self.checked(shape, self.compiled(shape), times)}
        if self.peer_path:
            rust = self.peer(shape, f"rust_{word}", RUST)
            sides = {"jsonschema-rs": self.checked(shape, rust, times), **sides}
        python = self.peer(shape, f"python_{word}", PYTHON)
        sides["python-jsonschema"] = self.checked(shape, python, times // 20)
        return compare(
            shape.subject, sides, rounds=rounds, unit="microseconds a document", goal=GOAL
        )

    def insert(self, rounds: int) -> Comparison:
        """Compare inserts into typed columns; nothing of them stays."""
        self.superuser.execute("select bss.provision_tenant('bench', %s)", [json.dumps(ACCOUNT)])
        self.superuser.execute(BY_HAND.encode())
        sides = {name: self._inserted(table) for name, table in TABLES.items()}
        return compare(
            "an insert into typed columns",
            sides,
            rounds=rounds,
            unit="microseconds a row",
            goal="at most 1.15 times checks written by hand",
        )

    def _inserted(self, table: str) -> Callable[[], float]:
        statement = INSERT.format(table=table).encode()

        def side() -> float:
            with self.superuser.transaction(force_rollback=True):
                took = clock(lambda: self.superuser.execute(statement))()
            self.superuser.execute(f"vacuum {table}".encode())
            return took * MICROSECONDS / ROWS

        return side


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--peer-path", type=Path, metavar="DIRECTORY", help="has jsonschema-rs")
    given = parser.parse_args()
    if not given.peer_path:
        print("no jsonschema-rs: see --peer-path", file=sys.stderr)
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as superuser:
        superuser.execute("set jit = off; set max_parallel_workers_per_gather = 0")
        superuser.execute("create schema peer")
        bench = Bench(superuser=superuser, peer_path=given.peer_path)
        comparisons = [
            bench.validate(shape, given.rounds, 40 if shape is ARRAY else 4_000) for shape in SHAPES
        ]
        comparisons.append(bench.insert(given.rounds))
        report(dsn, comparisons, given.json)


if __name__ == "__main__":
    main()
