"""Calls of other services end, whatever the service does, and whatever becomes of the worker."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from typing import Any

import psycopg
import pytest

from bss_loader.exit import Exit, LoaderError
from bss_loader.work import work
from tests.http_service import Answer, Service, says, serving

Connection = psycopg.Connection[Any]

TEMPLATE = """{
    "title": "Note", "type": "object", "properties": {"note_id": {"type": "integer"}},
    "description": "%s"
}"""
DOCUMENT = TEMPLATE % "a"
PROVISION = "select bss.provision_tenant('acme', %s)"


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(says(200, {"valid": True})) as service:
        yield service


@pytest.fixture
def validated(connection: Connection, service: Service) -> Connection:
    connection.execute(
        "select bss.set_service('validation', %s, max_attempts => 2, breaker_threshold => 3)",
        [service.url],
    )
    return connection


def once(dsn: str, service: Service, **options: Any) -> None:
    work(dsn=dsn, allow=[service.url], name="w", pause=0.01, once=True, **options)


def request(connection: Connection, document: str = DOCUMENT) -> int:
    asked = connection.execute("select bss.request_validation(%s)", [document]).fetchone()
    assert asked is not None
    return int(asked[0])


def outcome(connection: Connection, call: int) -> tuple[str, int, str | None]:
    query = "select status, attempts, reason from bss.service_calls where id = %s"
    row: tuple[str, int, str | None] | None = connection.execute(query, [call]).fetchone()
    assert row is not None
    return row


def pass_time(connection: Connection) -> None:
    """Let what is put off, leased or resting be due."""
    connection.execute("""
        update bss_metadata.calls set due_at = now(), leased_until = now() where outcome is null;
        update bss_metadata.services set open_until = now() where open_until > now()
    """)


def refusal(connection: Connection, document: str = DOCUMENT) -> str | None:
    with pytest.raises(psycopg.Error) as refused:
        connection.execute(PROVISION, [document])
    return refused.value.sqlstate


def test_a_document_is_taken_when_the_service_has_found_it_valid(
    validated: Connection, service: Service, dsn: str
) -> None:
    assert refusal(validated) == "SB742"
    request(validated)
    assert refusal(validated) == "SB742"
    once(dsn, service)
    validated.execute(PROVISION, [DOCUMENT])
    [(_, path, _, body)] = service.requests
    assert (path, body) == ("/api/validation/validateSchema", DOCUMENT.encode())


def test_a_document_is_refused_that_the_service_found_invalid(
    validated: Connection, service: Service, dsn: str
) -> None:
    service.answer = says(422, {"valid": False, "errors": [{"message": "no title"}]})
    request(validated)
    once(dsn, service)
    with pytest.raises(psycopg.Error, match="no title") as refused:
        validated.execute(PROVISION, [DOCUMENT])
    assert refused.value.sqlstate == "SB740"


def hang(_: BaseHTTPRequestHandler) -> None:
    time.sleep(0.5)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(500, b"oops"), "status 500"),
        (says(200, b"<html>"), "status 200: the answer is no JSON"),
        (says(200, b'{"valid": true, "x": "\\u0000"}'), "the database does not take it"),
        (says(200, b'{"valid": true, "x": "\\ud800"}'), "the database does not take it"),
        (says(200, b" " * 2**20 + b"{}"), "the answer has more than 1048576 bytes"),
        (hang, "no answer in time"),
    ],
    ids=["fails", "garbage", "null character", "half a character", "huge", "slow"],
)  # fmt: skip
def test_what_is_no_answer_is_tried_again_and_given_up(
    validated: Connection, service: Service, dsn: str, answer: Answer, said: str
) -> None:
    service.answer = answer
    validated.execute("update bss_metadata.services set request_timeout = '200 ms'")
    call = request(validated)
    once(dsn, service)
    assert outcome(validated, call) == ("waiting", 1, said)
    pass_time(validated)
    once(dsn, service)
    assert outcome(validated, call) == ("failed", 2, said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (says(404, {}), "status 404"),
        (says(307, {}, Location="/other"), "status 307: redirects are not followed"),
    ],
    ids=["not found", "redirects"],
)
def test_what_is_refused_is_not_tried_again(
    validated: Connection, service: Service, dsn: str, answer: Answer, said: str
) -> None:
    service.answer = answer
    call = request(validated)
    once(dsn, service)
    assert outcome(validated, call) == ("failed", 1, said)
    assert len(service.requests) == 1


def test_an_address_that_is_not_allowed_is_not_called(
    validated: Connection, service: Service, dsn: str
) -> None:
    call = request(validated)
    work(dsn=dsn, allow=["http://127.0.0.1:1"], once=True)
    assert outcome(validated, call) == ("failed", 1, "the address is not allowed")
    assert service.requests == []


def test_the_environment_says_where_a_service_is(
    connection: Connection, service: Service, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VALIDATION_SERVICE_URL", service.url + "/")
    monkeypatch.setenv("VALIDATION_SERVICE_TOKEN", "s3cret")
    work(dsn=dsn, once=True)
    service.answer = says(500, {})
    call = request(connection)
    work(dsn=dsn, once=True)
    [(_, _, headers, _)] = service.requests
    assert headers["authorization"] == "Bearer s3cret"
    assert outcome(connection, call) == ("waiting", 1, "status 500")
    monkeypatch.setenv("VALIDATION_SERVICE_TOKEN", "s3\ncret")
    with pytest.raises(LoaderError) as refused:
        work(dsn=dsn, once=True)
    assert refused.value.code is Exit.USAGE
    assert "cret" not in str(vars(refused.value))


def test_a_service_that_is_down_is_left_alone_and_then_tried_by_one_worker(
    validated: Connection, service: Service, dsn: str
) -> None:
    service.answer = says(503, {})
    for number in range(6):
        request(validated, TEMPLATE % number)
    once(dsn, service)
    assert len(service.requests) == 3
    assert refusal(validated) == "SB741"
    once(dsn, service)
    assert len(service.requests) == 3

    def probe(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.3)
        says(503, {})(handler)

    service.answer = probe
    pass_time(validated)
    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(once, dsn, service) for _ in range(3)]:
            done.result()
    assert len(service.requests) == 4
    service.answer = says(200, {"valid": True})
    pass_time(validated)
    validated.execute("update bss_metadata.services set max_attempts = 9")
    once(dsn, service)
    query = "select breaker, failures, calls_waiting from bss.services where name = 'validation'"
    assert validated.execute(query).fetchone() == ("closed", 0, 0)


def test_validation_falls_back_to_the_check_that_is_built_in(
    validated: Connection, service: Service, dsn: str
) -> None:
    validated.execute("select bss.set_service('validation', %s, 'local')", [service.url])
    service.answer = says(500, {})
    request(validated)
    once(dsn, service)
    assert refusal(validated) == "SB742"
    pass_time(validated)
    once(dsn, service)
    validated.execute(PROVISION, [DOCUMENT])
    wrong = '{"type": "objekt"}'
    request(validated, wrong)
    for _ in range(2):
        pass_time(validated)
        once(dsn, service)
    with pytest.raises(psycopg.Error) as refused:
        validated.execute("select bss.apply_schema('acme', %s)", [wrong])
    assert str(refused.value.sqlstate).startswith("SB0")


def test_a_worker_that_is_killed_between_call_and_record_is_replaced(
    validated: Connection, service: Service, dsn: str
) -> None:
    called = threading.Event()

    def signal_and_wait(handler: BaseHTTPRequestHandler) -> None:
        called.set()
        time.sleep(1)
        says(200, {"valid": True})(handler)

    service.answer = signal_and_wait
    call = request(validated)
    command = [sys.executable, "-m", "bss_loader", "work", "--dsn", dsn, "--allow", service.url]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as killed:
        assert called.wait(20)
        os.kill(killed.pid, signal.SIGKILL)
    service.answer = says(200, {"valid": True})
    once(dsn, service)
    assert outcome(validated, call) == ("waiting", 1, None)
    pass_time(validated)
    once(dsn, service)
    assert outcome(validated, call) == ("answered", 2, None)
    first, second = (headers["idempotency-key"] for _, _, headers, _ in service.requests)
    assert first == second


def test_a_worker_goes_on_when_its_sessions_are_lost(
    validated: Connection, service: Service, dsn: str
) -> None:
    command = [sys.executable, "-m", "bss_loader", "work", "--dsn", dsn, "--allow", service.url]
    with subprocess.Popen([*command, "--pause", "0.05"], stderr=subprocess.DEVNULL) as process:
        try:
            calls = [request(validated)]
            wait_for(validated, calls)
            ended = validated.execute("""
                select count(pg_terminate_backend(a.pid)) from pg_stat_activity as a
                where a.application_name = 'bss' and a.datname = current_database()
                    and a.pid <> pg_backend_pid()
            """).fetchone()
            assert ended is not None
            assert ended[0] >= 4
            calls.append(request(validated, "{}"))
            wait_for(validated, calls)
            assert process.poll() is None
        finally:
            process.terminate()


def wait_for(connection: Connection, calls: list[int]) -> None:
    deadline = time.monotonic() + 20
    while {outcome(connection, call)[0] for call in calls} != {"answered"}:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_workers_make_each_call_once(connection: Connection, dsn: str) -> None:
    with serving(says(202, {"id": "remote"})) as service:
        connection.execute("select bss.set_service('task', %s)", [service.url])
        connection.execute(
            "select bss.schedule_task('a', key => n::text) from generate_series(1, 40) as n"
        )
        with ThreadPoolExecutor(2) as workers:
            for done in [workers.submit(once, dsn, service) for _ in range(2)]:
                done.result()
        keys = [headers["idempotency-key"] for _, _, headers, _ in service.requests]
        sent = [json.loads(body)["name"] for *_, body in service.requests]
    assert len(set(keys)) == len(keys) == 40
    assert sent == ["a"] * 40
    query = "select status, count(*) from bss.tasks group by status"
    assert connection.execute(query).fetchall() == [("forwarded", 40)]


def test_workers_do_each_task_once(connection: Connection, dsn: str) -> None:
    connection.execute("select bss.schedule_task('a') from generate_series(1, 300)")

    def take(worker: str) -> list[int]:
        taken = []
        with psycopg.connect(dsn, autocommit=True) as own:
            claim = "select id, token from bss.claim_tasks(%s, 7)"
            while batch := own.execute(claim, [worker]).fetchall():
                for task, token in batch:
                    own.execute("select bss.finish_task(%s, %s)", [task, token])
                    taken.append(task)
        return taken

    with ThreadPoolExecutor(4) as workers:
        taken = [task for done in workers.map(take, "abcd") for task in done]
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 300
    query = "select value from bss.metrics where name = 'tasks_done_total'"
    assert connection.execute(query).fetchone() == (300,)


def test_tasks_are_done_here_when_the_task_service_is_down(
    connection: Connection, dsn: str
) -> None:
    with serving(says(500, {})) as service:
        connection.execute("select bss.set_service('task', %s, max_attempts => 1)", [service.url])
        connection.execute("select bss.schedule_task('a')")
        once(dsn, service)
    claimed = connection.execute("select name from bss.claim_tasks('w')").fetchall()
    assert claimed == [("a",)]
