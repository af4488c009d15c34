"""What becomes of the schemas that people publish: tables or faults, and in how much time.

Each is given to bss.check_schema() as it is, and put whole into one column of an entity. For what
has no errors the columns and checks are counted that a tenant would get.
"""

import json
import time
from dataclasses import dataclass

import psycopg

from tests.bench.measure import arguments, installed
from tests.json_schema.published import published

CHECK = """
    select
        count(*) filter (where severity = 'error'), count(*) filter (where severity = 'warning'),
        string_agg(distinct code, ' ' order by code) filter (where severity = 'error')
    from bss.check_schema(%s)
"""
MADE = """
    select
        count(distinct c.oid) filter (where c.relkind = 'r'),
        count(distinct (c.oid, a.attnum)) filter (where a.attnum > 0),
        count(distinct k.oid) filter (where k.contype = 'c')
    from pg_class as c
    left join pg_attribute as a on a.attrelid = c.oid
    left join pg_constraint as k on k.conrelid = c.oid
    where c.relnamespace = 'tenant_bench'::regnamespace and c.relkind = 'r'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The faults of a document, or what it makes, and the milliseconds of the check."""

    errors: int
    warnings: int
    codes: str
    made: tuple[int, int, int] | None
    milliseconds: float

    def __str__(self) -> str:
        made = "{:3} {:4} {:4}".format(*self.made) if self.made else f"{'-':>3} {'-':>4} {'-':>4}"
        return f"{made} {self.errors:4} {self.warnings:4} {self.milliseconds:6.0f}"


def outcome(connection: psycopg.Connection, document: str) -> Outcome:
    began = time.perf_counter()
    row = connection.execute(CHECK, [document]).fetchone()
    took = (time.perf_counter() - began) * 1000
    assert row is not None
    errors, warnings, codes = row
    made = None
    if errors == 0:
        with connection.transaction(force_rollback=True):
            connection.execute("select bss.provision_tenant('bench', %s)", [document])
            made = connection.execute(MADE).fetchone()
    return Outcome(
        errors=errors, warnings=warnings, codes=codes or "", made=made, milliseconds=took
    )


def main() -> None:
    given = arguments(__doc__).parse_args()
    with installed(given.dsn) as dsn, psycopg.connect(dsn, autocommit=True) as operator:
        operator.execute("set client_min_messages = error")
        operator.execute("select bss.set_setting('limit.document_bytes', '4194304')")
        head = "tab  col  chk  err warn     ms"
        print(f"{'':44} {'':>5}  {'as it is':{len(head)}}   whole, in one column")
        print(f"{'schema':44} {'KiB':>5}  {head}   {head}  codes")
        for schema in published():
            plain = outcome(operator, schema.text)
            whole = outcome(operator, json.dumps(schema.whole()))
            codes = " ".join(sorted({*plain.codes.split(), *whole.codes.split()}))
            size = len(schema.text) // 1024
            print(f"{str(schema)[:44]:44} {size:5}  {plain}   {whole}  {codes}")


if __name__ == "__main__":
    main()
