"""Provisioning, migrating and dropping take turns, whoever does them at the same time.

BSS_INTERLEAVINGS is how many of them are tried; 1,000 take a few minutes.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg

from tests.faults.oracle import orphans

INTERLEAVINGS = int(os.environ.get("BSS_INTERLEAVINGS", "50"))
WORKERS = 4
NAMES = ("a-b", "a_b", "acme")
DOCUMENT = """{{"title": "Note", "type": "object", "properties": {{
    "note_id": {{"type": "integer"}}, "tags": {{"type": "array", "uniqueItems": true}},
    "v{0}": {{"type": "string"}}}}}}"""
ACTIONS = (
    "select bss.provision_tenant({name}, {document})",
    "select bss.provision_tenant({name})",
    "select bss.apply_schema({name}, {document})",
    "select bss.apply_schema({name}, {document})",
    "select bss.deprovision_tenant({name}, '0')",
    "select bss.drop_tenant({name}, {name})",
    "select bss.drop_tenant({name}, {name})",
    "select bss.drop_unused_checks()",
    "select * from bss.repair({name})",
    "select * from bss.drift_all()",
)
REFUSALS = {"SB403", "SB503", "SB601", "SB603", "SB606", "SB609"}
"""What a call may say that came too late, or too early."""


def raced(dsn: str, calls: list[str], workers: int) -> list[str]:
    """Make the calls at the same time, as far as workers go; what each said, or ''."""
    start = Barrier(workers)

    def work(mine: list[str]) -> list[str]:
        said = []
        with psycopg.connect(dsn, autocommit=True) as connection:
            start.wait()
            for call in mine:
                try:
                    connection.execute(call.encode())
                except psycopg.Error as error:
                    said.append(error.sqlstate or "")
                else:
                    said.append("")
        return said

    with ThreadPoolExecutor(workers) as pool:
        parts = [calls[number::workers] for number in range(workers)]
        return [item for part in pool.map(work, parts) for item in part]


def test_of_fifty_who_provision_a_tenant_at_once_one_does(
    dsn: str, connection: psycopg.Connection
) -> None:
    said = raced(dsn, ["select bss.provision_tenant('acme')"] * 50, workers=50)
    assert Counter(said) == {"": 1, "SB603": 49}
    assert orphans(connection) == []


def test_provisioning_migrating_and_dropping_leave_nothing_behind(
    dsn: str, connection: psycopg.Connection
) -> None:
    choose = random.Random(12)  # noqa: S311  no secret
    calls = [_call(choose) for _ in range(INTERLEAVINGS)]
    said = Counter(raced(dsn, calls, workers=WORKERS))
    assert said.keys() - {""} <= REFUSALS, said
    assert said[""] >= INTERLEAVINGS // 10
    connection.execute("select bss.drop_unused_checks()")
    assert orphans(connection) == []


def _call(choose: random.Random) -> str:
    name = f"'{choose.choice(NAMES)}'"
    document = f"'{DOCUMENT.format(choose.randrange(4))}'"
    return choose.choice(ACTIONS).format(name=name, document=document)


def test_the_oracle_sees_what_is_orphaned(connection: psycopg.Connection) -> None:
    changes: dict[str, Callable[[], object]] = {
        "schema tenant_nobody has no tenant": lambda: connection.execute(
            "create schema tenant_nobody"
        ),
        "tenant acme has no schema": lambda: connection.execute("drop schema tenant_acme cascade"),
    }
    connection.execute("select bss.provision_tenant('acme')")
    assert orphans(connection) == []
    for fault, change in changes.items():
        change()
        assert fault in orphans(connection)
