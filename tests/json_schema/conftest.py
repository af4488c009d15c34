"""The public suite, and judges that ask the server of a test."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import Suite, read


@pytest.fixture(scope="session")
def suite() -> Suite:
    return read()


@pytest.fixture
def judge(connection: psycopg.Connection) -> Callable[..., Judge]:
    """Makes judges."""

    def make(**options: Any) -> Judge:
        return Judge(connection=connection, **options)

    return make
