"""What provisioning a tenant costs beyond the statements that it executes.

The bare side executes the very statements that BSS would emit for this tenant, with the same
schema and grants before them, as one script in one transaction, as the role that BSS executes
them as. The peer, django-tenants, makes the same tables by its migrations, without row-level
security, triggers and grants, which it does not have.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg

from tests.bench.measure import arguments, clock, compare, installed, peer, report
from tests.bench.models import typical_model

ENTITIES = 10
PROVISION = "select bss.provision_tenant(%s, %s)"
FOLLOW = "select bss.provision_tenant(%s, blueprint => 'known')"
PLAN = "select string_agg(statement, E';\\n' order by step) from bss.plan_schema('model', %s)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioning:
    """The ways to make the tables of one more tenant."""

    operator: psycopg.Connection
    statements: str
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def proven(self) -> None:
        self._provision("Known")

    def blueprint(self) -> None:
        self.operator.execute(FOLLOW, [f"tenant-{next(self.numbers)}"])

    def new(self) -> None:
        self._provision(f"Model {next(self.numbers)}")

    def bare(self) -> None:
        schema = f"bare_{next(self.numbers)}"
        self.operator.execute(
            # marked as DDL of BSS, so that the watch over that of others costs it as little
            f"begin; set local backtrace_functions = 'own_ddl_of_bss'; set local role bss_owner;"
            f"create schema {schema} authorization bss_owner;"
            f"grant usage on schema {schema} to bss_admin, bss_app, bss_analytics;"
            f"{self.statements.replace('tenant_model', schema)}; commit"
        )

    def _provision(self, title: str) -> None:
        document = typical_model(title, entities=ENTITIES)
        self.operator.execute(PROVISION, [f"tenant-{next(self.numbers)}", document])


def provisioning(operator: psycopg.Connection) -> Provisioning:
    operator.execute("select bss.provision_tenant('model')")
    document = typical_model("Known", entities=ENTITIES)
    operator.execute("select bss.publish_blueprint('known', %s)", [document])
    row = operator.execute(PLAN, [document]).fetchone()
    assert row is not None
    return Provisioning(operator=operator, statements=row[0])


def main() -> None:
    parser = arguments(__doc__)
    given = parser.parse_args()
    with (
        installed(given.dsn) as dsn,
        psycopg.connect(dsn, autocommit=True) as operator,
        peer(given.peer_python, dsn, ENTITIES) as ask,
    ):
        ours = provisioning(operator)
        comparison = compare(
            f"provisioning a tenant with {ENTITIES} entities",
            {
                "bare statements": clock(ours.bare),
                "a blueprint": clock(ours.blueprint),
                "a document proven before": clock(ours.proven),
                "a document never seen": clock(ours.new),
                **({"django-tenants": lambda: ask("provision")} if ask else {}),
            },
            rounds=given.rounds,
            goal="a blueprint in at most 1.25 times the bare statements, a fourth of the peer",
        )
        report(dsn, [comparison], given.json)


if __name__ == "__main__":
    main()
