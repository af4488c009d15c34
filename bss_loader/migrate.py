"""The command `bss migrate`: executes the pending steps of tenants, one after the other.

What is done in a transaction is done by the database, and recorded there in the same transaction;
so it does not matter where this is interrupted. What cannot be in a transaction, an index that is
built while its table is used, is executed here, by the statement that the database gives.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Annotated, Any

import psycopg
import typer
from psycopg.rows import namedtuple_row
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bss_loader import console
from bss_loader.connection import Dsn, connect
from bss_loader.console import Json
from bss_loader.exit import Exit, LoaderError
from bss_loader.installation import reading, require_installation

_WAITING = """
    select distinct t.external_id
    from bss_metadata.pending_steps as p
    join bss_metadata.tenants as t on t.id = p.tenant_id
    where p.finished_at is null and %(tenant)s in ('', t.external_id, t.id::text)
    order by t.external_id
"""
_TRY = "select * from bss.run_pending_step(%s)"
_FAIL = "select * from bss.fail_pending_step(%s, %s, %s)"
_OUTSIDE = """
    select
        set_config('role', 'bss_owner', false), set_config('lock_timeout', '0', false),
        -- by which the database knows its own DDL
        set_config('backtrace_functions', 'own_ddl_of_bss', false)
"""
_IS_OWNER = "select pg_has_role(session_user, 'bss_owner', 'member')"
_IN_USE = "SB403"
_ATTEMPTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a tenant: how many steps were done, and what stopped it, if anything did."""

    tenant: str
    steps: int
    code: str = ""
    message: str = ""
    hint: str = ""


Report = Callable[[str, Any], None]
"""Is told of every attempt: the tenant, and what the database said of it."""


def migrate(
    tenant: Annotated[
        str, typer.Option(help="The tenant; all that wait if absent.", show_default=False)
    ] = "",
    dsn: Dsn = "",
    as_json: Json = False,
) -> None:
    """Execute the steps that migrations of large tables have left; exit 1 if one cannot be."""
    with connect(dsn) as connection:
        with reading(connection):
            require_installation(connection)
        tenants = [name for (name,) in connection.execute(_WAITING, {"tenant": tenant})]
        with _shown(len(tenants)) as report:
            outcomes = [run_pending(connection, name, report) for name in tenants]
    if as_json:
        console.result_json({"tenants": [asdict(outcome) for outcome in outcomes]})
    elif outcomes:
        rows = [(each.tenant, str(each.steps), _said(each)) for each in outcomes]
        console.result_table(("tenant", "steps", "outcome"), rows)
    else:
        console.result("no tenant has pending steps")
    if any(outcome.code for outcome in outcomes):
        raise typer.Exit(Exit.FINDINGS)


def run_pending(
    connection: psycopg.Connection, tenant: str, report: Report | None = None
) -> Outcome:
    """Execute the pending steps of a tenant up to the first that cannot be, on an idle session."""
    steps = 0
    while (said := _try(connection, tenant)) is not None:
        if report is not None:
            report(tenant, said)
        if said.outcome == "outside":
            said = _build(connection, tenant, said.statement)
        if said is not None and said.outcome == "failed":
            return Outcome(
                tenant=tenant, steps=steps, code=said.code, message=said.message, hint=said.hint
            )
        if said is not None:
            steps += said.outcome == "done"
            time.sleep(said.wait)
    return Outcome(tenant=tenant, steps=steps)


def _try(connection: psycopg.Connection, tenant: str) -> Any:
    """Try the next step; whoever else changes the tenant comes first, within reason."""
    for attempt in range(_ATTEMPTS):
        try:
            return _row(connection, _TRY, tenant)
        except psycopg.Error as error:
            if error.sqlstate != _IN_USE or attempt + 1 == _ATTEMPTS:
                raise
        time.sleep(random.uniform(0.1, 1))  # noqa: S311  spreads those who wait
    raise AssertionError("the last attempt returns or raises")


def _build(connection: psycopg.Connection, tenant: str, statement: str) -> Any:
    """Execute a statement that is in no transaction; gives what the database says of a failure."""
    try:
        _execute_outside(connection, statement)
    except (psycopg.errors.IntegrityError, psycopg.errors.DeadlockDetected) as error:
        failed = _row(
            connection, _FAIL, tenant, error.sqlstate or "", error.diag.message_primary or ""
        )
        if failed is not None and failed.statement is not None:
            _execute_outside(connection, failed.statement)
        return failed
    return None


def _execute_outside(connection: psycopg.Connection, statement: str) -> None:
    if not connection.execute(_IS_OWNER).fetchone() == (True,):
        raise LoaderError(
            Exit.REFUSED,
            "login may not build indexes",
            detail=f"It should execute: {statement}",
            hint="Run this as a superuser, or as a login that is a member of bss_owner as well.",
            sqlstate="SB421",
        )
    # it is in nobody's way while it waits for older transactions, so it waits as long as they take
    connection.execute(_OUTSIDE)
    try:
        connection.execute(statement.encode())
    finally:
        if not connection.closed:
            connection.execute("reset backtrace_functions")
            connection.execute("reset role")
            connection.execute("reset lock_timeout")


def _row(connection: psycopg.Connection, query: Any, *parameters: str) -> Any:
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        return cursor.execute(query, parameters).fetchone()


def _said(outcome: Outcome) -> str:
    return f"{outcome.code}: {outcome.message}" if outcome.code else "done"


@contextmanager
def _shown(tenants: int) -> Iterator[Report]:
    """Show on stderr what is being done: a bar for each step on a terminal, else lines."""
    screen = Console(stderr=True)
    if not screen.is_terminal or not tenants:
        yield _lines
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=screen) as progress:
        bars: dict[tuple[str, int], Any] = {}

        def report(tenant: str, said: Any) -> None:
            place = (tenant, said.step)
            if place not in bars:
                words = f"{tenant}: {said.kind} {said.relation}"
                bars[place] = progress.add_task(words, total=None)
            if said.outcome == "done":
                progress.update(bars[place], total=1, completed=1)
            elif said.outcome == "more":
                total = max(said.rows_estimated, said.rows_done)
                progress.update(bars[place], total=total, completed=said.rows_done)

        yield report


def _lines(tenant: str, said: Any) -> None:
    if said.outcome != "more":
        console.progress(f"{tenant}: {said.kind} {said.relation}: {said.message or said.outcome}")
