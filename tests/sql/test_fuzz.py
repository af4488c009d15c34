"""Whatever the document, the server answers with our own errors, and does all or nothing.

A run is the same every time. With BSS_FUZZ=<number> there are that many documents to each test, and
other ones in every run.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sql.documents import documents, entity_documents, histories

EXAMPLES = int(os.environ.get("BSS_FUZZ", "0"))
COUNTS = """
    select
        (select count(*) from bss_metadata.tenants),
        (select count(*) from bss_metadata.tenant_schemas),
        (select count(*) from bss_metadata.schema_migrations),
        (select count(*) from bss_metadata.tenant_audit_log),
        (select count(*) from bss_internal.plans),
        (select count(*) from pg_namespace),
        (select count(*) from pg_class),
        (select count(*) from pg_constraint)
"""
NOT_JSON = "22P02"
"""What the type json says of an argument that is not JSON, before a function of ours is called."""
Connection = psycopg.Connection[Any]


def fuzzed(examples: int) -> settings:
    """The same examples in every run, so many of them; unless the environment says otherwise."""
    return settings(
        max_examples=EXAMPLES or examples,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


@contextmanager
def undone(connection: Connection) -> Iterator[None]:
    """A transaction, or a part of one, of which nothing stays."""
    with connection.transaction(force_rollback=True):
        yield


def counts(connection: Connection) -> Any:
    return connection.execute(COUNTS).fetchone()


def refusal(connection: Connection, call: LiteralString, document: str) -> str | None:
    """Calls a function; gives the SQLSTATE if it refuses, after which everything is as before."""
    before = counts(connection)
    error = failure(connection, call, document)
    if error is None:
        return None
    assert counts(connection) == before
    assert error.sqlstate == NOT_JSON or is_ours(error), (error.sqlstate, error)
    return error.sqlstate


def failure(connection: Connection, call: LiteralString, document: str) -> psycopg.Error | None:
    try:
        with connection.transaction():
            connection.execute(call, [document])
    except psycopg.Error as error:
        return error
    return None


def is_ours(error: psycopg.Error) -> bool:
    state, said = error.sqlstate or "", error.diag
    return (
        state[:2] == "SB" and state != "SB900" and bool(said.message_primary and said.message_hint)
    )


def check(connection: Connection, document: str) -> set[str]:
    """Gives the codes of the errors that check_schema() finds, each with all that belongs to it."""
    found = connection.execute(
        "select code, severity, pointer, message, hint from bss.check_schema(%s)", [document]
    ).fetchall()
    for code, severity, pointer, message, hint in found:
        assert code.startswith("SB")
        assert code != "SB900", document
        assert severity in ("error", "warning")
        assert message
        assert hint
        assert leads_somewhere(pointer, document), (code, pointer)
    return {code for code, severity, *_ in found if severity == "error"}


def leads_somewhere(pointer: str, document: str) -> bool:
    """Whether a JSON pointer names something in the document, or a member that is missing there."""
    try:
        value = json.loads(document)
    except (ValueError, RecursionError):
        return pointer == ""
    tokens = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    for position, token in enumerate(tokens):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return position == len(tokens) - 1 and isinstance(value, dict)
    return True


def plan_is_empty(connection: Connection, tenant: str, document: str) -> bool:
    plan = connection.execute("select from bss.plan_schema(%s, %s)", [tenant, document])
    return plan.fetchone() is None


@pytest.fixture
def operator(connection: Connection) -> Connection:
    """A connection that gives up on a statement that takes ten seconds."""
    connection.execute("set statement_timeout = '10s'")
    connection.execute("set client_min_messages = error")
    return connection


PROVISION = "select bss.provision_tenant('fuzz', %s)"
APPLY = "select bss.apply_schema('fuzz', %s)"
APPLY_ENTITY = "select bss.apply_entity('fuzz', %s)"


def test_provision_tenant_takes_exactly_what_check_schema_passes(operator: Connection) -> None:
    @fuzzed(1_200)
    @given(documents)
    def attempt(document: str) -> None:
        with undone(operator):
            if refusal(operator, "select bss.check_schema(%s)", document) == NOT_JSON:
                assert refusal(operator, PROVISION, document) == NOT_JSON
                return
            faults = check(operator, document)
            refused = refusal(operator, PROVISION, document)
            assert (refused in faults) if faults else refused is None
            assert refused is not None or plan_is_empty(operator, "fuzz", document)

    attempt()


def test_apply_schema_takes_the_next_document_or_leaves_the_last(operator: Connection) -> None:
    @fuzzed(500)
    @given(histories())
    def attempt(history: tuple[str, str]) -> None:
        first, second = history
        with undone(operator):
            if refusal(operator, PROVISION, first) is not None:
                operator.execute(PROVISION, [None])
            refused = refusal(operator, APPLY, second)
            if refused == NOT_JSON:
                return
            faults = check(operator, second)
            assert (refused in faults) if faults else refused in (None, "SB301")
            assert refused is not None or plan_is_empty(operator, "fuzz", second)

    attempt()


def test_apply_entity_takes_the_next_entity_or_leaves_the_model(operator: Connection) -> None:
    entities = entity_documents().map(json.dumps) | documents

    @fuzzed(250)
    @given(st.tuples(documents, entities))
    def attempt(history: tuple[str, str]) -> None:
        first, second = history
        with undone(operator):
            if refusal(operator, PROVISION, first) is not None:
                operator.execute(PROVISION, [None])
            if refusal(operator, APPLY_ENTITY, second) is None:
                whole = operator.execute("select bss.schema('fuzz')::text").fetchone()
                assert whole is not None
                assert plan_is_empty(operator, "fuzz", whole[0])
                assert refusal(operator, APPLY_ENTITY, second) is None
                versions = operator.execute("select count(*) from bss.schema_versions").fetchone()
                assert versions is not None
                assert versions[0] <= 2

    attempt()


@pytest.mark.parametrize("levels", [65, 5_000])
def test_check_schema_refuses_a_deep_document(operator: Connection, levels: int) -> None:
    for opening, closing in (("[", "]"), ('{"not":', "}")):
        document = opening * levels + "{}" + closing * levels
        assert check(operator, document) == {"SB006"}
        assert refusal(operator, PROVISION, document) == "SB006"


@pytest.mark.parametrize("call", ["select bss.check_schema(%s)", PROVISION])
def test_the_server_refuses_what_its_own_parser_cannot_hold(
    operator: Connection, call: LiteralString
) -> None:
    """Beyond that, it is the type of the argument that speaks, before BSS is called."""
    before = counts(operator)
    with pytest.raises(psycopg.errors.StatementTooComplex):
        operator.execute(call, ["[" * 1_000_000])
    assert counts(operator) == before


def test_check_schema_refuses_a_large_document(operator: Connection) -> None:
    document = json.dumps({"title": "Large", "description": "x" * 1_048_576})
    assert check(operator, document) == {"SB001"}
    assert refusal(operator, PROVISION, document) == "SB001"
