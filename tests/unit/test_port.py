import json
from dataclasses import replace
from typing import Any

import pytest

from bss_loader.port import Answered, Call, Failed, Reply, judge, request

CALL = Call(
    id=7, token=1, operation="validate", url="https://v/base", seconds=2, key="k",
    payload='{"title": "Note"}', correlation_id="request 7",
)  # fmt: skip


def test_a_document_is_sent_as_it_is_to_be_validated() -> None:
    sent = request("validation", CALL, "secret")
    assert (sent.method, sent.url) == ("POST", "https://v/base/api/validation/validateSchema")
    assert sent.body == b'{"title": "Note"}'
    assert sent.headers == {
        "Accept": "application/json",
        "Authorization": "Bearer secret",
        "Content-Type": "application/json",
        "Idempotency-Key": "bss-validation-7",
        "X-Correlation-Id": "request_7",
    }


def test_a_tenant_is_asked_for_by_its_name() -> None:
    sent = request("auth", replace(CALL, operation="tenant", key="a/../b"))
    assert (sent.method, sent.url) == ("GET", "https://v/base/api/auth/tenants/a%2F..%2Fb")
    assert sent.body is None
    assert "Authorization" not in sent.headers


def test_a_task_is_sent_to_be_scheduled() -> None:
    sent = request("task", replace(CALL, operation="schedule"))
    assert (sent.method, sent.url) == ("POST", "https://v/base/api/task/schedule")


def test_no_header_begins_in_another() -> None:
    sent = request("task", replace(CALL, operation="schedule", correlation_id="a\r\nX: y\u0100"))
    assert sent.headers["X-Correlation-Id"] == "a__X:_y_"


def body(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("operation", "status", "value"),
    [
        ("validate", 200, {"valid": True}),
        ("validate", 422, {"valid": False, "errors": [{"message": "no"}]}),
        ("tenant", 200, {"name": "Acme"}),
        ("schedule", 202, {"id": 1}),
    ],
)
def test_answers_are_taken(operation: str, status: int, value: Any) -> None:
    assert judge(operation, Reply(status=status, body=body(value))) == Answered(response=value)


def test_a_task_is_taken_without_a_word() -> None:
    assert judge("schedule", Reply(status=204)) == Answered(response={})


@pytest.mark.parametrize(
    ("operation", "status", "said", "reason"),
    [
        ("validate", 200, b"", 'status 200: the answer has no "valid"'),
        ("validate", 200, b'{"valid": "yes"}', 'status 200: the answer has no "valid"'),
        ("validate", 422, b'{"valid": true}', 'status 422: the answer has "valid" all the same'),
        ("tenant", 200, b"<html>", "status 200: the answer is no JSON"),
        ("tenant", 200, b'{"a": NaN}', "status 200: the answer is no JSON"),
        ("tenant", 200, b"\xff", "status 200: the answer is no JSON"),
        ("tenant", 200, b"[" * 100_000, "status 200: the answer is no JSON"),
        ("tenant", 200, b"[]", "status 200: the answer is no object"),
        ("tenant", 500, b"{}", "status 500"),
        ("schedule", 429, b"{}", "status 429"),
    ],
)
def test_what_is_no_answer_is_tried_again(
    operation: str, status: int, said: bytes, reason: str
) -> None:
    assert judge(operation, Reply(status=status, body=said)) == Failed(reason=reason)


@pytest.mark.parametrize("status", [302, 404, 403])
def test_refusals_are_final(status: int) -> None:
    came = judge("tenant", Reply(status=status))
    assert isinstance(came, Failed)
    assert came.is_final


@pytest.mark.parametrize(
    ("said", "wait"), [("7", 7), ("999999", 3600), ("Fri, 31 Dec 1999 23:59:59 GMT", 0), ("-1", 0)]
)
def test_service_is_left_alone_for_as_long_as_it_asks(said: str, wait: int) -> None:
    assert judge("tenant", Reply(status=503, retry_after=said)) == Failed(
        reason="status 503", wait=wait
    )
