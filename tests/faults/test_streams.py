"""A tenant that writes much does not keep the others waiting, and the order of each is kept."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from tests.faults.streams import TENANTS, Trial, acknowledge_all, write

FLOOD = 20_000
FEW = 10

Connection = psycopg.Connection[Any]


@pytest.fixture
def writers(dsn: str) -> Iterator[list[Connection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(dsn)) for _ in range(3)]


@pytest.mark.parametrize("seed", range(20))
def test_any_reader_is_told_all_once_and_in_order(
    connection: Connection, writers: list[Connection], seed: int
) -> None:
    trial = Trial(connection, writers, seed)
    trial.prepare()
    trial.run(400)
    assert trial.most_streams > 1
