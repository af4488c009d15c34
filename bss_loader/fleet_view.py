"""Turns what the database says of a fleet into tables, and into a bar that moves."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from bss_loader import console
from bss_loader.fleet_driver import Session
from bss_loader.status import size

RINGS: LiteralString = """
    select ring, tenants, pending, migrated, current, drifted, failed, skipped, unfinished
    from bss.fleet_rings where fleet_migration = %s order by ring
"""
TROUBLED: LiteralString = """
    select tenant, ring, state, attempts, sqlstate, message, detail
    from bss.fleet_tenants
    where fleet_migration = %s
        and (state in ('drifted', 'failed', 'skipped') or sqlstate is not null)
    order by state, tenant
"""
STATES = ("pending", "migrated", "current", "drifted", "failed", "skipped")
PLAN = ("plan", "tenants", "from", "steps", "hazards", "rows", "size")
NAMED = 3  # tenants, where others are only counted
QUIET = 10.0  # seconds between two lines where there is no terminal


def rings(session: Session, migration: int) -> list[dict[str, Any]]:
    names = ("ring", "tenants", *STATES, "unfinished")
    return [dict(zip(names, row, strict=True)) for row in session.rows(RINGS, [migration])]


def troubled(session: Session, migration: int) -> list[dict[str, Any]]:
    names = ("tenant", "ring", "state", "attempts", "sqlstate", "message", "detail")
    return [dict(zip(names, row, strict=True)) for row in session.rows(TROUBLED, [migration])]


def ring_name(ring: int | None) -> str:
    if ring is None:
        return "none"
    return "canary" if ring == 0 else f"wave {ring}"


def show_rings(found: Sequence[dict[str, Any]]) -> None:
    console.result_table(
        ("ring", "tenants", *STATES),
        (
            [ring_name(item["ring"]), *(str(item[name]) for name in ("tenants", *STATES))]
            for item in found
        ),
    )
    if unfinished := sum(item["unfinished"] for item in found):
        console.result(f'with pending steps, which "bss migrate" executes: {unfinished}')


def show_troubled(found: Sequence[dict[str, Any]]) -> None:
    for item in found:
        code = f"{item['sqlstate']}: " if item["sqlstate"] else ""
        console.result(f"{item['tenant']} {item['state']}: {code}{item['message']}")
        for line in (item["detail"] or "").splitlines():
            console.result(f"    {line}")


def show_plans(found: Sequence[dict[str, Any]]) -> None:
    """Show each plan once, with those who share it; then who is left out, and why."""
    count = Counter(item["outcome"] for item in found)
    counted = ", ".join(f"{count[name]} {name}" for name in STATES if count[name])
    console.result(f"{len(found)} tenants: {counted}" if found else "no tenants")
    plans = sorted({item["plan"] for item in found if item["plan"] is not None})
    rows = []
    for plan in plans:
        members = [item for item in found if item["plan"] == plan]
        rows.append(
            [
                str(plan),
                _whom([item["tenant"] for item in members]),
                str(members[0]["from_version"] or "its own"),
                str(members[0]["steps"]),
                ", ".join(members[0]["hazards"]) or "none",
                str(sum(item["estimated_rows"] for item in members)),
                size(sum(item["bytes"] for item in members)),
            ]
        )
    if rows:
        console.result_table(PLAN, rows)
    for item in found:
        if item["outcome"] in ("drifted", "failed", "skipped"):
            code = f"{item['sqlstate']}: " if item["sqlstate"] else ""
            console.result(f"{item['tenant']} {item['outcome']}: {code}{item['message']}")


def _whom(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown


@contextmanager
def progress(session: Session, migration: int) -> Iterator[Callable[[], None]]:
    """Give what shows how far a migration is, on standard error: call it often."""
    if not sys.stderr.isatty():
        yield _lines(session, migration)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[trouble]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as bar:
        tasks: dict[int | None, TaskID] = {}

        def watch() -> None:
            for ring in rings(session, migration):
                name = ring["ring"]
                if name not in tasks:
                    tasks[name] = bar.add_task(ring_name(name), total=ring["tenants"], trouble="")
                bar.update(
                    tasks[name],
                    completed=ring["tenants"] - ring["pending"],
                    trouble=_trouble(ring),
                )

        yield watch


def _lines(session: Session, migration: int) -> Callable[[], None]:
    said = 0.0

    def watch() -> None:
        nonlocal said
        if time.monotonic() - said < QUIET:
            return
        said = time.monotonic()
        for ring in rings(session, migration):
            done = ring["tenants"] - ring["pending"]
            parts = [f"{ring_name(ring['ring'])}: {done} of {ring['tenants']}", _trouble(ring)]
            console.progress(", ".join(part for part in parts if part))

    return watch


def _trouble(ring: dict[str, Any]) -> str:
    counts = ((ring[name], name) for name in ("drifted", "failed", "skipped"))
    return ", ".join(f"{count} {name}" for count, name in counts if count)
