"""What migrating a fleet costs beyond the statements that it executes.

The bare side is a loop over as many schemas with the same tables: the same statements, one
transaction for each schema, as the role that BSS executes them as. The peer, django-tenants, has
the same tables; its migrate_schemas goes from one tenant to the next. A turn is a whole fleet, and
what is compared is milliseconds for each tenant. Nothing is undone between turns: each adds a
column, with a default or without, to one table of every tenant or to all of them.

For a column with a default the server looks at all indexes of the database, since an expression in
one of them might be of the table's row type: what that costs grows with a fleet, in a bare loop as
well.

    python -m tests.bench.fleet --tenants 1000 --peer-python PYTHON
    python -m tests.bench.fleet --growth 200 2000
"""

import argparse
import itertools
import json
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bss_loader.fleet_driver import drive
from tests.bench.measure import (
    Comparison,
    arguments,
    clock,
    compare,
    installed,
    peer,
    ratio,
    report,
    timing,
)
from tests.bench.models import typical_model

ENTITIES = 10
FOLLOW = "select bss.provision_tenant(%s, blueprint => 'fleet')"
PUBLISH = "select bss.publish_blueprint('fleet', %s)"
START = "select bss.start_fleet_migration('fleet')"
STATEMENTS = """
    select string_agg(m.statement, E';\\n' order by m.position)
    from bss_metadata.schema_migrations as m join bss_metadata.tenants as t on t.id = m.tenant_id
    where t.external_id = 'tenant-0' and m.version = 1
"""
LEFT = """
    select count(*) from bss.tenants as t join bss.blueprints as b on b.name = t.blueprint
    where t.blueprint_version <> b.version
"""


@dataclass(slots=True, kw_only=True)
class Fleet:
    """Tenants that follow a blueprint, and schemas with the same tables that nobody knows of."""

    dsn: str
    operator: psycopg.Connection
    workers: int
    document: dict[str, Any] = field(
        default_factory=lambda: json.loads(typical_model("Fleet", entities=ENTITIES))
    )
    tenants: int = 0
    schemas: int = 0
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def grow(self, tenants: int) -> list[float]:
        """Provision tenants up to a number; gives the milliseconds that each of the last took."""
        if not self.tenants:
            self.operator.execute(PUBLISH, [json.dumps(self.document)])
        took = [self._provision(number) for number in range(self.tenants, tenants)]
        self.tenants = tenants
        return took[-100:]

    def _provision(self, number: int) -> float:
        return clock(lambda: self.operator.execute(FOLLOW, [f"tenant-{number}"]))()

    def make_bare(self) -> None:
        """Make as many schemas with the same tables."""
        row = self.operator.execute(STATEMENTS).fetchone()
        assert row is not None
        for number in range(self.schemas, self.tenants):
            statements = row[0].replace("tenant_tenant_0", f"bare_{number}")
            self.operator.execute(
                # marked as DDL of BSS, so that the watch over that of others costs it as little
                "begin; set local backtrace_functions = 'own_ddl_of_bss'; set local role bss_owner;"
                f"create schema bare_{number}; {statements}; commit"
            )
        self.schemas = self.tenants

    def migrate(self, tables: int, workers: int, **default: str) -> float:
        """Add a column to some tables of all tenants; gives milliseconds for each tenant."""
        name = f"added_{next(self.numbers)}"
        for table in range(tables):
            properties = self.document["$defs"][f"Record{table}"]["properties"]
            properties[name] = {"type": "string", **default}
        self.operator.execute(PUBLISH, [json.dumps(self.document)])
        took = self.run(workers)
        assert self.operator.execute(LEFT).fetchone() == (0,)
        return took

    def run(self, workers: int) -> float:
        return clock(lambda: self._run(workers))() / self.tenants

    def _run(self, workers: int) -> None:
        row = self.operator.execute(START).fetchone()
        assert row is not None
        drive(self.dsn, row[0], workers=workers, watch=lambda: None)

    def bare(self, tables: int, **default: str) -> float:
        """Add a column to the same tables of all bare schemas."""
        form = "text" + "".join(f" default '{value}'" for value in default.values())
        name = f"added_{next(self.numbers)}"
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            # marked as DDL of BSS, so that the watch over that of others costs it as little
            connection.execute("set backtrace_functions = 'own_ddl_of_bss'; set role bss_owner")
            column = f"{name} {form}"
            return clock(lambda: self._bare(connection, tables, column))() / self.schemas

    def _bare(self, connection: psycopg.Connection, tables: int, column: str) -> None:
        for number in range(self.schemas):
            statements = ";".join(
                f"alter table bare_{number}.record{table} add column {column}"
                for table in range(tables)
            )
            connection.execute(f"begin;{statements};commit")


def side(fleet: Fleet, tables: int, workers: int) -> Callable[[], float]:
    return lambda: fleet.migrate(tables, workers, default="none")


def bare_side(fleet: Fleet, tables: int) -> Callable[[], float]:
    return lambda: fleet.bare(tables, default="none")


def of_the_peer(ask: Callable[[str], float], tenants: int, tables: int) -> Callable[[], float]:
    return lambda: ask(f"migrate {tables}") / tenants


def against_others(fleet: Fleet, given: argparse.Namespace) -> Iterator[Comparison]:
    fleet.grow(given.tenants)
    fleet.make_bare()
    with peer(given.peer_python, fleet.dsn, ENTITIES) as ask:
        for _ in range(given.peer_tenants if ask else 0):
            assert ask is not None
            ask("provision")
        for tables, what in ((ENTITIES, "every table"), (1, "one table")):
            sides: Mapping[str, Callable[[], float]] = {
                "a bare loop": bare_side(fleet, tables),
                **{
                    f"a fleet migration, workers: {workers}": side(fleet, tables, workers)
                    for workers in sorted({1, fleet.workers})
                },
                **({"django-tenants": of_the_peer(ask, given.peer_tenants, tables)} if ask else {}),
            }
            yield compare(
                f"a column with a default in {what} of {given.tenants} tenants, for each tenant",
                sides,
                rounds=given.rounds,
                warm_up=1,
                goal="at most 1.5 times the bare loop, a tenth of the peer",
            )
    yield compare(
        f"nothing to do for {given.tenants} tenants, for each tenant",
        {"a fleet migration": lambda: fleet.run(fleet.workers)},
        rounds=given.rounds,
        warm_up=1,
        goal="at most 5 milliseconds",
    )


def by_size(fleet: Fleet, given: argparse.Namespace) -> Iterator[Comparison]:
    """What a tenant costs in a small fleet and in a large one; the loader's memory in both."""
    found: dict[str, dict[str, list[float]]] = {}
    for size in given.growth:
        provisioned = fleet.grow(size)
        fleet.make_bare()
        sides: dict[str, Callable[[], float]] = {
            "a column in every table, a bare loop": lambda: fleet.bare(ENTITIES),
            "a column in every table": lambda: fleet.migrate(ENTITIES, fleet.workers),
            "a column with a default in every table, a bare loop": bare_side(fleet, ENTITIES),
            "a column with a default in every table": side(fleet, ENTITIES, fleet.workers),
            "nothing to do": lambda: fleet.run(fleet.workers),
        }
        taken = {
            name: [action() for _ in range(given.rounds + 1)] for name, action in sides.items()
        }
        for name, samples in {**taken, "provisioning": provisioned}.items():
            found.setdefault(name, {})[f"{size} tenants"] = samples[1:]
        found.setdefault("memory", {})[f"{size} tenants"] = [
            peak(sides["a column in every table"]) for _ in range(2)
        ]
    memory = found.pop("memory")
    for name, taken in found.items():
        yield _table(f"{name}, for each tenant", taken, "milliseconds", "1.1 times")
    yield _table("memory of the loader at its peak", memory, "kilobytes", "the same")


def peak(action: Callable[[], object]) -> float:
    """Gives the kilobytes that an action had allocated at most."""
    tracemalloc.start()
    action()
    allocated = tracemalloc.get_traced_memory()[1] / 1024
    tracemalloc.stop()
    return allocated


def _table(subject: str, found: Mapping[str, list[float]], unit: str, goal: str) -> Comparison:
    first = next(iter(found.values()))
    return Comparison(
        subject=subject,
        timings={name: timing(taken) for name, taken in found.items()},
        ratios={name: ratio(taken, first) for name, taken in found.items()},
        unit=unit,
        goal=f"at most {goal}",
    )


def main() -> None:
    parser = arguments(__doc__)
    parser.set_defaults(rounds=3)
    parser.add_argument("--tenants", type=int, default=1000)
    parser.add_argument("--peer-tenants", type=int, default=100, help="tenants of the peer")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--growth", type=int, nargs="+", help="sizes of a fleet to compare instead")
    given = parser.parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as operator:
        fleet = Fleet(dsn=dsn, operator=operator, workers=given.workers)
        found = by_size(fleet, given) if given.growth else against_others(fleet, given)
        report(dsn, list(found), given.json)


if __name__ == "__main__":
    main()
