"""What provisioning a tenant costs beyond the statements that it executes.

The bare side executes the very statements that BSS would emit for this tenant, with the same
schema and grants before them, as one script in one transaction, as the role that BSS executes
them as. The peer, django-tenants, makes the same tables by its migrations, without row-level
security, triggers and grants, which it does not have.
"""

import itertools
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests.bench.measure import arguments, clock, compare, installed, report
from tests.bench.models import typical_model

ENTITIES = 10
PROVISION = "select bss.provision_tenant(%s, %s)"
PLAN = "select string_agg(statement, E';\\n' order by step) from bss.plan_schema('model', %s)"
PEER = "tests.bench.peer_django_tenants"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioning:
    """The ways to make the tables of one more tenant."""

    operator: psycopg.Connection
    statements: str
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def proven(self) -> None:
        self._provision("Known")

    def new(self) -> None:
        self._provision(f"Model {next(self.numbers)}")

    def bare(self) -> None:
        schema = f"bare_{next(self.numbers)}"
        self.operator.execute(
            f"begin; set local role bss_owner; create schema {schema} authorization bss_owner;"
            f"grant usage on schema {schema} to bss_admin, bss_app, bss_analytics;"
            f"{self.statements.replace('tenant_model', schema)}; commit"
        )

    def _provision(self, title: str) -> None:
        document = typical_model(title, entities=ENTITIES)
        self.operator.execute(PROVISION, [f"tenant-{next(self.numbers)}", document])


def provisioning(operator: psycopg.Connection) -> Provisioning:
    operator.execute("select bss.provision_tenant('model')")
    row = operator.execute(PLAN, [typical_model("Known", entities=ENTITIES)]).fetchone()
    assert row is not None
    return Provisioning(operator=operator, statements=row[0])


@contextmanager
def peer(python: str, dsn: str) -> Iterator[dict[str, Callable[[], float]]]:
    """Runs the peer beside us; no side at all where that Python does not have it."""
    known = subprocess.run([python, "-c", "import django_tenants"], capture_output=True)
    if known.returncode:
        print(f"no peer: {python} has no django-tenants; see --peer-python", file=sys.stderr)
        yield {}
        return
    command = [python, "-m", PEER, dsn, str(ENTITIES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        sent, received = process.stdin, process.stdout

        def side() -> float:
            print(file=sent, flush=True)
            return float(received.readline())

        yield {"django-tenants": side}
        sent.close()


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--peer-python", default=sys.executable, help="has django-tenants")
    given = parser.parse_args()
    with (
        installed(given.dsn) as dsn,
        psycopg.connect(dsn, autocommit=True) as operator,
        peer(given.peer_python, dsn) as others,
    ):
        ours = provisioning(operator)
        comparison = compare(
            f"provisioning a tenant with {ENTITIES} entities",
            {
                "bare statements": clock(ours.bare),
                "a document proven before": clock(ours.proven),
                "a document never seen": clock(ours.new),
                **others,
            },
            rounds=given.rounds,
            goal="a document proven before in at most 1.4 times the bare statements",
        )
        report(dsn, [comparison], given.json)


if __name__ == "__main__":
    main()
