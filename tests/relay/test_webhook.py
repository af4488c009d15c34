"""What is sent to a webhook, and what is made of its answers; without a database."""

import base64
import hashlib
import hmac
import json
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cloudevents.http import from_http

from bss_loader.relay.webhook import Webhook
from tests.relay.conftest import SECRET, deliver, event
from tests.relay.receiver import Answer, Receiver, Request, receiving

Hook = Callable[..., Webhook]


def test_a_request_is_a_structured_event_and_signed(hook: Hook, receiver: Receiver) -> None:
    text = '{"specversion":"1.0", "id":"7", "data":{"sum":12345678901234567890.10}}'
    receipt = deliver(hook(), event(7, text=text))
    assert receipt.taken == {7}
    (request,) = receiver.requests
    assert request.path == "/hook"
    assert request.body.decode() == text
    assert request.headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"
    assert request.headers["webhook-id"] == "00000000-0000-0000-0000-000000000000-7"
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 5
    assert request.headers["webhook-signature"] == f"v1,{signature(request, SECRET)}"


def signature(request: Request, secret: bytes) -> str:
    signed = b".".join(
        (
            request.headers["webhook-id"].encode(),
            request.headers["webhook-timestamp"].encode(),
            request.body,
        )
    )
    return base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def test_two_secrets_sign_twice(hook: Hook, receiver: Receiver) -> None:
    other = bytes(24)
    deliver(hook(secrets=(SECRET, other)), event(1))
    (request,) = receiver.requests
    expected = [f"v1,{signature(request, each)}" for each in (SECRET, other)]
    assert request.headers["webhook-signature"].split() == expected


def test_a_batch_is_one_request(hook: Hook, receiver: Receiver) -> None:
    receipt = deliver(hook(batch=3, parallel=1), *map(event, range(1, 6)))
    assert receipt.taken == {1, 2, 3, 4, 5}
    assert [len(request.events) for request in receiver.requests] == [3, 2]
    request = receiver.requests[0]
    assert request.headers["Content-Type"] == "application/cloudevents-batch+json; charset=utf-8"
    assert request.headers["webhook-id"].endswith("-1-3")


def test_events_of_a_tenant_come_in_order_and_tenants_side_by_side(
    hook: Hook, receiver: Receiver
) -> None:
    receiver.answer = lambda _: Answer(late=0.02)
    events = [event(number, f"t{number % 4}") for number in range(1, 41)]
    receipt = deliver(hook(parallel=4), *events)
    assert receipt.taken == set(range(1, 41))
    assert receiver.most_under_way > 1
    for tenant in range(4):
        ids = [int(each["id"]) for each in receiver.taken if each["tenantid"] == f"t{tenant}"]
        assert ids == sorted(ids)
    assert len({request.connection for request in receiver.requests}) == 4


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 413, 422, 500, 501, 505])
def test_what_is_refused_holds_up_its_tenant_only(
    hook: Hook, receiver: Receiver, status: int
) -> None:
    receiver.answer = lambda request: (
        Answer(status=status, headers={"Location": "/elsewhere"})
        if request.events[0]["id"] == "2"
        else Answer()
    )
    events = [event(1), event(2), event(3), event(4, "globex"), event(5, None)]
    receipt = deliver(hook(parallel=1), *events)
    assert receipt.taken == {1, 4, 5}
    assert set(receipt.refused) == {2}
    assert str(status) in receipt.refused[2]
    assert receipt.unavailable is None
    assert {request.path for request in receiver.requests} == {"/hook"}


def test_a_batch_that_is_refused_is_parted(hook: Hook, receiver: Receiver) -> None:
    receiver.answer = lambda request: Answer(
        status=400 if any(each["id"] == "3" for each in request.events) else 200
    )
    events = [event(number, "acme" if number in (3, 6) else "globex") for number in range(1, 9)]
    receipt = deliver(hook(batch=8, parallel=1), *events)
    assert set(receipt.refused) == {3}
    assert receipt.taken == {1, 2, 4, 5, 7, 8}
    assert receiver.ids == [1, 2, 4, 5, 7, 8]


def test_refusals_without_a_success_end_a_delivery(hook: Hook, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=404)
    receipt = deliver(hook(parallel=1), *(event(number, f"t{number}") for number in range(1, 100)))
    assert len(receipt.refused) == 5
    assert len(receiver.requests) == 5


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(status=429, headers={"Retry-After": "7"}), 7),
        (Answer(status=503, headers={"Retry-After": "99999"}), 3600),
        (Answer(status=503), 0),
        (Answer(status=503, headers={"Retry-After": "soon"}), 0),
        (
            Answer(
                status=429,
                headers={"Retry-After": format_datetime(datetime.now(UTC) + timedelta(hours=9))},
            ),
            3600,
        ),
        (Answer(status=408), 0),
        (Answer(status=425), 0),
    ],
)
def test_an_endpoint_may_ask_to_wait(
    hook: Hook, receiver: Receiver, answer: Answer, seconds: float
) -> None:
    receiver.answer = lambda _: answer
    receipt = deliver(hook(), event(1), event(2))
    assert not receipt.taken
    assert not receipt.refused
    assert receipt.unavailable is not None
    assert receipt.unavailable.retry_after == seconds
    assert not receipt.unavailable.is_unclear
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [502, 504])
def test_what_a_proxy_says_is_unclear(hook: Hook, receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: Answer(status=status)
    receipt = deliver(hook(), event(1))
    assert not receipt.refused
    assert receipt.unavailable.is_unclear


@pytest.mark.parametrize("answer", [Answer(late=1), Answer(slow="head")], ids=["late", "slow"])
def test_an_answer_has_to_be_there_in_time(hook: Hook, receiver: Receiver, answer: Answer) -> None:
    receiver.answer = lambda _: answer
    started = time.monotonic()
    receipt = deliver(hook(), event(1))
    assert time.monotonic() - started < 1.5
    assert receipt.refused == {1: "no answer within 0.5 s"}


def test_what_follows_the_head_of_an_answer_need_not_be_there(
    hook: Hook, receiver: Receiver
) -> None:
    receiver.answer = lambda _: Answer(status=200, body=b"x" * 100, slow="body")
    started = time.monotonic()
    assert deliver(hook(), event(1), event(2)).taken == {1, 2}
    assert time.monotonic() - started < 2.5
    assert len({request.connection for request in receiver.requests}) == 2


def test_a_long_answer_is_not_read(hook: Hook, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(status=200, body=b"x" * 1_000_000)
    webhook = hook()
    assert deliver(webhook, event(1), event(2)).taken == {1, 2}
    assert len({request.connection for request in receiver.requests}) == 2


def test_a_connection_that_breaks_is_a_refusal(hook: Hook, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(drop=True)
    receipt = deliver(hook(), event(1))
    assert receipt.refused == {1: "the connection was lost: RemoteDisconnected"}


def test_a_connection_that_was_closed_in_between_is_opened_again(
    hook: Hook, receiver: Receiver
) -> None:
    webhook = hook()
    receiver.answer = lambda _: Answer(headers={"Connection": "keep-alive"})
    assert deliver(webhook, event(1)).taken == {1}
    broken = iter([True])
    receiver.answer = lambda _: Answer(drop=next(broken, False))
    assert deliver(webhook, event(2)).taken == {2}
    assert [request.events[0]["id"] for request in receiver.requests] == ["1", "2", "2"]


def test_nothing_is_refused_where_nobody_listens(hook: Hook) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        receipt = deliver(hook(url=f"http://127.0.0.1:{taken.getsockname()[1]}/"), event(1))
    assert not receipt.refused
    assert receipt.unavailable.reason.startswith("no connection: ")
    assert not receipt.unavailable.is_unclear


def test_nothing_is_sent_when_the_time_is_over(hook: Hook, receiver: Receiver) -> None:
    receiver.answer = lambda _: Answer(late=0.1)
    receipt = deliver(hook(parallel=1), *map(event, range(1, 50)), seconds=0.35)
    assert receipt.taken
    assert receipt.taken == set(receiver.ids)
    assert len(receiver.requests) < 10


def test_a_host_is_looked_up_once_a_connection_and_that_address_is_used(
    hook: Hook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.1", "169.254.169.254"])

    def look_up(_host: str, port: int, **_: int) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    webhook = hook(url=f"http://rebinding.example:{receiver.port}/", parallel=1)
    assert deliver(webhook, event(1)).taken == {1}
    assert receiver.requests[0].headers["Host"] == f"rebinding.example:{receiver.port}"
    receiver.answer = lambda _: Answer(drop=True)
    receipt = deliver(webhook, event(2))
    assert "169.254.169.254" in receipt.unavailable.reason


def test_events_are_what_the_official_sdk_reads(hook: Hook, receiver: Receiver) -> None:
    text = json.dumps(
        {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", "data": {"a": 1}}
    )
    deliver(hook(), event(1, text=text))
    (request,) = receiver.requests
    read = from_http(dict(request.headers), request.body)
    assert (read["id"], read["type"], read.get_data()) == ("1", "t", {"a": 1})


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of "localhost" and its key, in one file."""
    file = tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", file, "-out", file),
        ],
        check=True,
        capture_output=True,
    )
    return file


def test_who_answers_has_to_be_the_host(hook: Hook, certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with receiving(server) as receiver:
        named, numbered = (
            f"https://{host}:{receiver.port}/" for host in ("localhost", "127.0.0.1")
        )
        assert deliver(hook(url=named, trusted=trusted, timeout=5), event(1)).taken == {1}
        for webhook in (hook(url=named, timeout=5), hook(url=numbered, trusted=trusted, timeout=5)):
            receipt = deliver(webhook, event(2))
            assert "certificate verify failed" in receipt.unavailable.reason
        assert receiver.ids == [1]
