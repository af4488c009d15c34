"""The command `bss demo`: the main job, shown on a database of its own.

Every statement is printed before it is executed, and what is printed after it is what the server
answered. The gateway's statements run under `set session authorization`, which is what a login of
its own would see.
"""

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files

import psycopg
from psycopg import sql
from rich.console import Console
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from bss_loader.connection import Dsn, connect
from bss_loader.exit import Exit, LoaderError
from bss_loader.install import install_into
from bss_loader.programs import server_binaries

DATABASE = "bss_demo"
GATEWAY = "bss_demo_gateway"
MARK = "made by bss demo; dropped at its next run"

_WIDE = 120

_CUSTOMER = "0b0e5a52-6d0c-4b0e-9f57-0d9d5f3b1c01"
_INVOICE = "7f3a1d3e-52a4-4a0b-8a36-1b2b6f8f2e02"


def demo(dsn: Dsn = "") -> None:
    """Show the main job in a database "bss_demo" that this command makes anew."""
    with connect(dsn) as connection:
        target = _fresh_database(connection)
    install_into(target)
    with connect(target) as connection:
        stage = Stage(connection)
        for act in (_provision, _tables, _isolation, _refusals, _second_version, _records):
            act(stage)
        stage.show(f"\nAll of it is left for you to look at: psql '{_shown(connection)}'")


def _fresh_database(connection: psycopg.Connection) -> str:
    """Make the demo's database, in the place of one that an earlier run has made."""
    found = connection.execute(
        "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database"
        " where datname = %s",
        [DATABASE],
    ).fetchone()
    if found is not None and found[0] != MARK:
        raise LoaderError(
            Exit.STATE,
            f'database "{DATABASE}" exists and is not of this command\'s making',
            hint="Rename it, or run the demo on another server.",
        )
    name = sql.Identifier(DATABASE)
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
    connection.execute(sql.SQL("create database {} template template0").format(name))
    connection.execute(sql.SQL("comment on database {} is {}").format(name, MARK))
    return psycopg.conninfo.make_conninfo(
        connection.info.dsn, dbname=DATABASE, password=connection.info.password or None
    )


class Stage:
    """Runs statements on one connection and shows them with what comes back."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self.console = Console(highlight=False)
        connection.add_notice_handler(self._notice)

    def act(self, title: str) -> None:
        """Open a chapter."""
        self.console.print()
        self.console.print(Rule(title, align="left"))

    def run(self, statement: str, document: str | None = None) -> None:
        """Execute a statement; in it, as in psql, `:'name'` is the document of that name."""
        self.console.print()
        self.console.print(
            Syntax(f"{statement};", "postgresql", background_color="default", word_wrap=True)
        )
        query = statement
        if document is not None:
            value = sql.Literal(_document(document)).as_string(self.connection)
            query = statement.replace(f":'{document}'", value)
        try:
            cursor = self.connection.execute(query.encode())
        except psycopg.Error as error:
            self._refused(error)
            return
        if cursor.description is not None:
            self._rows(cursor)

    def show(self, text: str) -> None:
        """Print what another program said."""
        self.console.print(Text(text.rstrip()), soft_wrap=True)

    def _rows(self, cursor: psycopg.Cursor) -> None:
        columns = [column.name for column in cursor.description or ()]
        rows = cursor.fetchall()
        if any(sum(len(_cell(value)) for value in row) > _WIDE for row in rows):
            self._records(columns, rows)
            return
        table = Table(box=None, header_style="bold", pad_edge=False, show_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(Text(_cell(value)) for value in row))
        self.console.print(table)
        self.console.print(f"({len(rows)} {'row' if len(rows) == 1 else 'rows'})", style="dim")

    def _records(self, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print wide rows one value a line, as psql does when it is told to expand."""
        width = max(map(len, columns))
        for number, row in enumerate(rows, start=1):
            self.console.print(Text(f"-[ {number} ]", "dim"))
            for column, value in zip(columns, row, strict=True):
                line = Text.assemble((f"{column:{width}}", "bold"), "  ", _cell(value))
                self.console.print(line, soft_wrap=True)

    def _refused(self, error: psycopg.Error) -> None:
        said = error.diag
        self.console.print(Text(f"ERROR:  {error.sqlstate}: {said.message_primary}", "bold red"))
        for label, text in (("DETAIL", said.message_detail), ("HINT", said.message_hint)):
            if text:
                self.console.print(Text(f"{label}:  {text}", "red"))

    def _notice(self, notice: psycopg.errors.Diagnostic) -> None:
        self.console.print(Text(f"{notice.severity}:  {notice.message_primary}", "yellow"))


def _shown(connection: psycopg.Connection) -> str:
    """Give the address of a database without the secrets that came with it."""
    at = connection.info
    return psycopg.conninfo.make_conninfo(
        host=at.host, port=at.port, user=at.user, dbname=at.dbname
    )


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "t" if value else "f"
        case dict():
            return json.dumps(value)
        case list():
            return ", ".join(map(str, value))
    return str(value)


def _document(name: str) -> str:
    return (files("bss_loader") / "documents" / f"{name}.json").read_text("utf-8")


def _provision(stage: Stage) -> None:
    stage.act("1. Two tenants, and a model from JSON Schema documents")
    stage.show("\n" + _document("invoice"))
    stage.run("select bss.provision_tenant('abc-123', display_name => 'ABC GmbH')")
    for name in ("customer", "invoice", "payment"):
        stage.run(
            f"select bss.apply_entity('abc-123', :'{name}', 'user:john.doe') as version", name
        )
    stage.run("select bss.provision_tenant('xyz-789', bss.schema('abc-123'))")


def _tables(stage: Stage) -> None:
    stage.act("2. What became of it, as psql shows it")
    stage.show(_described(stage.connection, "tenant_abc_123.invoices"))


def _isolation(stage: Stage) -> None:
    stage.act("3. A gateway enters one tenant, then the other")
    stage.connection.execute(
        f"do $$ begin create role {GATEWAY} login; exception when duplicate_object then end $$"
    )
    stage.connection.execute(f"grant bss_app to {GATEWAY}")
    with _as_gateway(stage):
        stage.run("begin")
        stage.run("select bss.use_tenant('abc-123')")
        stage.run(
            "insert into customers (customer_id, name, email)\n"
            f"values ('{_CUSTOMER}', 'Ada Lovelace', 'ada@example.com')"
        )
        stage.run(
            "insert into invoices (invoice_id, customer_id, amount, issued_date, status,"
            " description)\n"
            f"values ('{_INVOICE}', '{_CUSTOMER}', 1200.50, '2025-03-01', 'pending', 'Engines')"
        )
        stage.run(
            "insert into payments (invoice_id, amount, method, status)\n"
            f"values ('{_INVOICE}', 1200.50, 'wire_transfer', 'processing')"
        )
        stage.run("select invoice_id, amount, status, description from invoices")
        stage.run("commit")
        stage.run("begin")
        stage.run("select bss.use_tenant('xyz-789')")
        stage.run("select count(*) from invoices")
        stage.run("select count(*) from tenant_abc_123.invoices")
        stage.run("rollback")


def _refusals(stage: Stage) -> None:
    stage.act("4. A wrong row and a wrong document")
    with _as_gateway(stage):
        stage.run("begin")
        stage.run("select bss.use_tenant('abc-123')")
        stage.run("update invoices set status = 'overdue'")
        stage.run("rollback")
    stage.show("\n" + _document("faulty"))
    stage.run(
        "select code, pointer, message, detail, hint from bss.check_schema(:'faulty')", "faulty"
    )
    stage.run("select bss.apply_entity('abc-123', :'faulty')", "faulty")


def _second_version(stage: Stage) -> None:
    stage.act("5. The invoice gets a currency and loses its description: first the plan")
    stage.show("\n" + _document("invoice_2"))
    stage.run(
        "select kind, lock, reversible, array_to_string(hazards, ', ') as hazards, statement\n"
        "from bss.plan_entity('abc-123', :'invoice_2')",
        "invoice_2",
    )
    stage.act("6. Then the migration: nothing is lost")
    stage.run(
        "select bss.apply_entity('abc-123', :'invoice_2', 'user:john.doe', 'CR-42') as version",
        "invoice_2",
    )
    stage.run("select bss.apply_schema('abc-123', bss.schema('abc-123')) as still")
    with _as_gateway(stage):
        stage.run("begin")
        stage.run("select bss.use_tenant('abc-123')")
        stage.run("select invoice_id, amount, currency, description from invoices")
        stage.run("commit")


def _records(stage: Stage) -> None:
    stage.act("7. What is on record")
    stage.run(
        "select tenant, version, steps, initiator, correlation_id\n"
        "from bss.schema_versions order by applied_at"
    )
    stage.run(
        "select tenant, action_type, initiator, details\n"
        "from bss.audit_log order by action_timestamp"
    )
    stage.show(_described(stage.connection, "tenant_abc_123.invoices"))


@contextmanager
def _as_gateway(stage: Stage) -> Iterator[None]:
    """Within it, the session belongs to the gateway's login."""
    stage.connection.execute(f"set session authorization {GATEWAY}")
    yield
    stage.connection.execute("reset session authorization")


def _described(connection: psycopg.Connection, relation: str) -> str:
    """Give what psql prints for a relation."""
    at = connection.info
    command = (
        str(server_binaries() / "psql"), "--no-psqlrc", f"--host={at.host}", f"--port={at.port}",
        f"--username={at.user}", f"--dbname={at.dbname}", rf"--command=\d {relation}",
    )  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": at.password}
    told = subprocess.run(  # noqa: S603  the server's own psql
        command, env=environment, check=True, capture_output=True, text=True
    )
    return told.stdout
