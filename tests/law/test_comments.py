"""Everything in the catalog says what it is, in one sentence; the reference is made of these."""

import psycopg
import pytest

COMMENTS = """
    select 'schema', n.nspname::text, obj_description(n.oid, 'pg_namespace')
    from pg_namespace as n
    where n.nspname in ('bss', 'bss_metadata', 'bss_internal', 'bss_shared', 'bss_checks',
        'bss_watch')
    union all
    select 'function', p.oid::regprocedure::text, obj_description(p.oid, 'pg_proc')
    from pg_proc as p
    join pg_namespace as n on n.oid = p.pronamespace
    where n.nspname like 'bss%'
    union all
    select 'relation', c.oid::regclass::text, obj_description(c.oid, 'pg_class')
    from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname like 'bss%' and c.relkind in ('r', 'v', 'm', 'p', 'f')
    union all
    select 'column', format('%s.%I', c.oid::regclass, a.attname), col_description(c.oid, a.attnum)
    from pg_attribute as a
    join pg_class as c on c.oid = a.attrelid
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname like 'bss%' and c.relkind in ('r', 'v', 'm', 'p', 'f')
        and a.attnum > 0 and not a.attisdropped
    union all
    select 'role', r.rolname::text, shobj_description(r.oid, 'pg_authid')
    from pg_roles as r
    where r.rolname in (
        'bss_owner', 'bss_admin', 'bss_app', 'bss_tenant', 'bss_analytics', 'bss_subscriber',
        'bss_monitor'
    )
"""


def test_everything_has_a_comment(connection: psycopg.Connection) -> None:
    found = connection.execute(COMMENTS).fetchall()
    assert {kind for kind, _, _ in found} == {"schema", "function", "relation", "column", "role"}
    faults = [f"{kind} {name}: {comment!r}" for kind, name, comment in found if not _good(comment)]
    assert not faults, "\n".join(faults)


def _good(comment: str | None) -> bool:
    return (
        comment is not None
        and comment[0] == comment[0].upper()
        and comment.endswith(".")
        and "\n" not in comment
        and len(comment) <= 160
    )


@pytest.mark.parametrize("comment", [None, "lower case.", "No full stop", "Two\nlines."])
def test_the_law_refuses(comment: str | None) -> None:
    assert not _good(comment)
