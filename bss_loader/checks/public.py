"""From a database to what PUBLIC may do in it that no tenant should, and the statements against it.

A measure is one query, which gives the statements that are still to be executed: none where what it
is about is closed. `bss doctor` reports them, and `bss harden` executes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import LiteralString

import psycopg

from bss_loader.checks.finding import Finding, State, verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something that PUBLIC should not be able to do; `state` is how bad it is that it can.

    `optional` is what other users of the database may well rely on: it is taken only when asked
    for, and missed by nobody.
    """

    name: str
    check: str
    danger: str
    consequence: str
    query: LiteralString
    state: State = "warn"
    optional: bool = False


MEASURES = (
    Measure(
        name="public-schema",
        check="CREATE on schema public",
        danger="anyone can shadow what others call",
        consequence="who makes tables in schema public needs a grant",
        query="""
            select 'revoke create on schema public from public'
            from pg_namespace as n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
            where n.nspname = 'public' and a.grantee = 0 and a.privilege_type = 'CREATE'
        """,
        state="fail",
    ),
    Measure(
        name="temporary-tables",
        check="TEMPORARY on the database",
        danger="a tenant can shadow tables with its own",
        consequence="who makes temporary tables in this database needs a grant",
        query="""
            select format('revoke temporary on database %I from public', d.datname)
            from pg_database as d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
            where d.datname = current_database() and a.grantee = 0
                and a.privilege_type = 'TEMPORARY'
        """,
    ),
    Measure(
        name="schemas",
        check="CREATE on the database to all",
        danger="anyone can make schemas, and trusted extensions",
        consequence="who makes schemas in this database needs a grant",
        query="""
            select format('revoke create on database %I from public', d.datname)
            from pg_database as d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
            where d.datname = current_database() and a.grantee = 0 and a.privilege_type = 'CREATE'
        """,
    ),
    Measure(
        name="large-objects",
        check="large objects",
        danger="they are under no row-level security, and fill the disk",
        consequence="who keeps large objects in this database needs grants on these functions",
        query="""
            select format('revoke execute on function %s from public', p.oid::regprocedure)
            from pg_proc as p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
            where p.pronamespace = 'pg_catalog'::regnamespace
                and p.proname ~ '^(lo_.*|loread|lowrite)$' and a.grantee = 0
            order by p.oid::regprocedure::text
        """,
    ),
    Measure(
        name="do-blocks",
        check="USAGE on language plpgsql",
        danger="a client can run loops in the server, by DO",
        consequence="who uses DO, or makes functions in PL/pgSQL, needs a grant",
        # bss_owner makes them at each upgrade
        query="""
            select s.statement
            from pg_language as l, aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) as a,
                unnest(array[
                    'grant usage on language plpgsql to bss_owner',
                    'revoke usage on language plpgsql from public'
                ]) as s (statement)
            where l.lanname = 'plpgsql' and a.grantee = 0
                and exists (select from pg_roles as r where r.rolname = 'bss_owner')
        """,
        optional=True,
    ),
)


def missing(connection: psycopg.Connection, measure: Measure) -> tuple[str, ...]:
    """Give the statements of a measure that have not been executed yet."""
    return tuple(statement for (statement,) in connection.execute(measure.query))


def public_privileges(connection: psycopg.Connection) -> Iterator[Finding]:
    """Report every measure that is not optional."""
    for measure in MEASURES:
        if measure.optional:
            continue
        statements = missing(connection, measure)
        yield verdict(
            measure.check,
            not statements,
            "not granted to PUBLIC",
            f"granted to PUBLIC: {measure.danger}",
            f"{statements[0]};" if len(statements) == 1 else "bss harden",
            state=measure.state,
        )
