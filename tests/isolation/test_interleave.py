"""Ten of the interleavings of which `python -m tests.isolation.interleave` runs a hundred."""

import pytest
from pytest_postgresql.executors import NoopExecutor

from tests.conftest import Server
from tests.isolation.arena import arena
from tests.isolation.home import HOMES, Home
from tests.isolation.interleave import rounds


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.name)
def test_clients_that_share_a_connection_are_told_nothing_of_the_other_tenant(
    server: Server, template: NoopExecutor, home: Home
) -> None:
    with arena(server, template.template_dbname, home) as place:
        said = list(rounds(place, range(1000, 1010), 100))
    assert [(each.tenant, each.statement) for each in said if each.betrays] == []
    assert {each.tenant for each in said if each.finds_its_own} == {"acme", "globex"}
    assert sum(each.finds_its_own for each in said) > len(said) / 10
