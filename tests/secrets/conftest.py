"""Tenants with secrets, and a gateway that acts for them."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from tests.secrets.vault import DOCUMENT, new_key


@pytest.fixture
def master_key(connection: psycopg.Connection) -> bytes:
    """A master key that is handed in: there is no file."""
    for tenant in ("a-1", "b-1"):
        connection.execute("select bss.provision_tenant(%s, %s)", (tenant, DOCUMENT))
    return new_key()


@pytest.fixture
def gateway(
    login: Callable[..., str], master_key: bytes
) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Executes statements in one transaction of a gateway; gives the rows of the last."""
    with psycopg.connect(login("gateway", ["bss_app"])) as connection:

        def execute(
            *statements: str, tenant: str | None = "a-1", key: bytes | None = master_key
        ) -> list[tuple[Any, ...]]:
            with connection.transaction():
                if tenant is not None:
                    connection.execute("select bss.use_tenant(%s)", (tenant,))
                if key is not None:
                    connection.execute("select bss.use_master_key(%s)", (key,))
                for statement in statements[:-1]:
                    connection.execute(statement)
                cursor = connection.execute(statements[-1])
                return cursor.fetchall() if cursor.description else []

        yield execute
