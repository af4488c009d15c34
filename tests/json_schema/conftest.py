"""The public suite, and judges that ask the server of a test."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.json_schema.judge import Judge
from tests.json_schema.public_suite import Suite, read

CHECKS = "select proname::text from pg_proc where pronamespace = 'bss_checks'::regnamespace"


@pytest.fixture(scope="session")
def suite() -> Suite:
    return read()


@pytest.fixture
def judge(connection: psycopg.Connection) -> Callable[..., Judge]:
    """Makes judges, who know the functions that there are."""

    def make(**options: Any) -> Judge:
        # they make functions of their own beside those of tenants, and as the superuser
        connection.execute("alter default privileges revoke execute on functions from public")
        created = {name for (name,) in connection.execute(CHECKS)}
        return Judge(connection=connection, created=created, **options)

    return make
