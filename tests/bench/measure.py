"""Turns what should be compared into medians and ratios: printed, and written as JSON.

A figure means something only beside another of the same run, so the sides of a comparison take
turns, in an order that changes from round to round, and what is compared are medians. A benchmark
asserts nothing: goals are printed beside what was found.
"""

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bss_loader.install import install_into

SETTINGS = (
    "server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "jit",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """What one side took: the median, and what half of the rounds lie between."""

    median: float
    lower_quartile: float
    upper_quartile: float
    rounds: int

    def __str__(self) -> str:
        return f"{self.median:9.3f}  ({self.lower_quartile:.3f} to {self.upper_quartile:.3f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What sides took in the same rounds, and in how many times that of the first."""

    subject: str
    timings: Mapping[str, Timing]
    ratios: Mapping[str, float]
    unit: str
    goal: str | None


def timing(samples: Sequence[float]) -> Timing:
    """Summarizes samples, two at least."""
    lower, median, upper = statistics.quantiles(samples, n=4, method="inclusive")
    return Timing(median=median, lower_quartile=lower, upper_quartile=upper, rounds=len(samples))


def ratio(samples: Sequence[float], base: Sequence[float]) -> float:
    """Gives the median of the rounds' ratios, which a machine that slows down leaves alone."""
    return statistics.median(ours / theirs for ours, theirs in zip(samples, base, strict=True))


def clock(action: Callable[[], object]) -> Callable[[], float]:
    """Makes a side of an action: it says how many milliseconds the action took."""

    def side() -> float:
        started = time.perf_counter()
        action()
        return (time.perf_counter() - started) * 1000

    return side


def compare(
    subject: str,
    sides: Mapping[str, Callable[[], float]],
    *,
    rounds: int,
    warm_up: int = 5,
    unit: str = "milliseconds",
    goal: str | None = None,
) -> Comparison:
    """Lets sides take turns; each says what its turn took."""
    names = list(sides)
    samples: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(warm_up + rounds):
        for name in names if turn % 2 else reversed(names):
            took = sides[name]()
            if turn >= warm_up:
                samples[name].append(took)
    timings = {name: timing(taken) for name, taken in samples.items()}
    ratios = {name: ratio(taken, samples[names[0]]) for name, taken in samples.items()}
    return Comparison(subject=subject, timings=timings, ratios=ratios, unit=unit, goal=goal)


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Gives a parser with what every benchmark takes."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--dsn", default="", help="a superuser's; databases are made beside it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the result")
    parser.add_argument("--rounds", type=int, default=40, help="turns of each side")
    parser.add_argument("--peer-python", default=sys.executable, help="has django-tenants")
    return parser


@contextmanager
def installed(dsn: str) -> Iterator[str]:
    """Makes a database with this tree's BSS in it, and drops it at the end."""
    name = f"bss_bench_{secrets.token_hex(4)}"
    with psycopg.connect(dsn, autocommit=True) as superuser:
        superuser.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            new = make_conninfo(dsn, dbname=name)
            install_into(new)
            yield new
        finally:
            superuser.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@contextmanager
def peer(python: str, dsn: str, entities: int) -> Iterator[Callable[[str], float] | None]:
    """Runs django-tenants beside us, and gives what asks it; None where that Python has it not."""
    known = subprocess.run([python, "-c", "import django_tenants"], capture_output=True)
    if known.returncode:
        print(f"no peer: {python} has no django-tenants; see --peer-python", file=sys.stderr)
        yield None
        return
    command = [python, "-m", "tests.bench.peer_django_tenants", dsn, str(entities)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        sent, received = process.stdin, process.stdout
        assert sent is not None
        assert received is not None

        def ask(line: str) -> float:
            print(line, file=sent, flush=True)
            return float(received.readline())

        yield ask
        sent.close()


def report(dsn: str, comparisons: Sequence[Comparison], file: Path | None) -> None:
    """Prints comparisons, and writes them to a file where one is given."""
    result = {"machine": machine(dsn), "comparisons": [asdict(item) for item in comparisons]}
    print(", ".join(f"{name} {value}" for name, value in machine(dsn).items()))
    for item in comparisons:
        goal = f"  (goal: {item.goal})" if item.goal else ""
        print(f"\n{item.subject}, {item.unit}{goal}")
        for name, taken in item.timings.items():
            print(f"  {name:40} {taken}  {item.ratios[name]:6.2f} times")
    if file:
        file.write_text(json.dumps(result, indent=2) + "\n")


def machine(dsn: str) -> dict[str, Any]:
    """Gives what a reader must know of where it ran."""
    with psycopg.connect(dsn) as connection:
        known = connection.execute(
            "select name, setting from pg_settings where name = any (%s) order by name",
            [list(SETTINGS)],
        )
        return {"processors": os.cpu_count(), **dict(known.fetchall())}
