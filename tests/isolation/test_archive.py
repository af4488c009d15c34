"""Rows that are archived instead of deleted: no gateway gets rid of them, or reaches another's."""

from collections.abc import Iterator
from typing import Any, LiteralString

import pytest

from tests.isolation.attack import Connection, Login, enter, refused, session

DOCUMENT = """{
    "$defs": {
        "Note": {
            "type": "object",
            "properties": {"note_id": {"type": "integer"}},
            "x-bss": {"softDelete": true}
        },
        "Reply": {
            "type": "object",
            "properties": {
                "reply_id": {"type": "integer"},
                "note_id": {
                    "type": "integer",
                    "x-bss": {"references": {"entity": "Note", "onDelete": "cascade"}}
                }
            },
            "x-bss": {"softDelete": true}
        }
    }
}"""


@pytest.fixture
def archives(connection: Connection) -> Connection:
    """A superuser's connection to a database with two tenants, each with a note and a reply."""
    for tenant in ("acme", "globex"):
        connection.execute("select bss.provision_tenant(%s, %s)", [tenant, DOCUMENT])
    connection.execute("""
        insert into tenant_acme.notes values (default, 1);
        insert into tenant_globex.notes values (default, 1);
        insert into tenant_acme.replies values (default, 1, 1);
        insert into tenant_globex.replies values (default, 1, 1);
    """)
    return connection


@pytest.fixture
def gateway(archives: Connection, login: Login) -> Iterator[Connection]:
    assert archives
    with session(login("gateway", ["bss_app"])) as connection:
        yield connection


def archived(superuser: Connection) -> list[Any]:
    return superuser.execute("""
        select 'acme notes', is_archived from tenant_acme.notes
        union all select 'acme replies', is_archived from tenant_acme.replies
        union all select 'globex notes', is_archived from tenant_globex.notes
        union all select 'globex replies', is_archived from tenant_globex.replies
        order by 1
    """).fetchall()


def test_a_delete_archives_what_is_the_tenants_own(
    archives: Connection, gateway: Connection
) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        gateway.execute("delete from tenant_globex.notes")
        gateway.execute("delete from tenant_acme.notes")
    assert archived(archives) == [
        ("acme notes", True),
        ("acme replies", True),
        ("globex notes", False),
        ("globex replies", False),
    ]


def test_a_delete_without_a_tenant_archives_nothing(
    archives: Connection, gateway: Connection
) -> None:
    gateway.execute("delete from tenant_acme.notes")
    assert {is_archived for _, is_archived in archived(archives)} == {False}


@pytest.mark.parametrize(
    "attack",
    [
        "set role bss_owner",
        "set session_replication_role = replica",
        "alter table tenant_acme.notes disable trigger archive_on_delete",
        "truncate tenant_acme.notes, tenant_acme.replies",
        "select bss.purge_archived('acme', '0')",
        "select bss_internal.purge_schema('tenant_acme', now())",
    ],
)
def test_a_gateway_does_not_really_delete(gateway: Connection, attack: LiteralString) -> None:
    with gateway.transaction():
        enter(gateway, "acme")
        assert refused(gateway, attack) == "42501"


def test_a_superuser_archives_too(archives: Connection) -> None:
    archives.execute("delete from tenant_acme.notes")
    assert archived(archives)[:2] == [("acme notes", True), ("acme replies", True)]
