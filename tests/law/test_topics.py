"""Topics: the page about events names each that BSS tells of."""

import re
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
RECORDED = re.compile(r"audit\(\s*[^,]+,\s*'([a-z_]+\.[a-z_]+)'")
STATUSES = {
    "fleet": ("running", "paused", "stopped", "finished", "canceled"),
    "tenant": ("active", "suspended", "deactivating", "deleted"),
}
"""What has a topic of its own for each status."""


def recorded() -> Iterator[str]:
    for file in (ROOT / "sql/code").glob("*.sql"):
        for action in RECORDED.findall(file.read_text("utf-8")):
            if action != "tenant.status":
                yield action
    for kind, statuses in STATUSES.items():
        yield from (f"{kind}.{status}" for status in statuses)


def documented() -> Iterator[str]:
    for line in (ROOT / "docs/explanation/events.md").read_text("utf-8").splitlines():
        if line.startswith("| `business_store."):
            first, *others = re.findall(r"`([^`]+)`", line.split("|")[1])
            yield first
            yield from (first.rpartition(".")[0] + other for other in others)


def test_page_names_every_topic(connection: psycopg.Connection) -> None:
    query = "select bss_internal.topic_of(a, '{}') from unnest(%s::text[]) as a"
    found = {topic for (topic,) in connection.execute(query, [[*recorded()]])} - {None}
    named = {topic for topic in documented() if ".data." not in topic}
    assert found == named
