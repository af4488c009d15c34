import re
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from bss_loader.outbound import LARGEST, NotSentError, origin, send
from bss_loader.port import Reply, Request
from tests.http_service import Service, says, serving


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(says(200, {"ok": True})) as service:
        yield service


def get(service: Service, *, seconds: float = 5, path: str = "/a") -> Reply:
    request = Request(method="GET", url=service.url + path, headers={})
    return send(request, seconds=seconds, allowed={service.url})


def reason(service: Service, *, seconds: float = 5) -> str:
    with pytest.raises(NotSentError) as refused:
        get(service, seconds=seconds)
    return refused.value.reason


def test_reply_is_what_the_service_says(service: Service) -> None:
    service.answer = says(503, b"later", Retry_After="7")
    assert get(service) == Reply(status=503, retry_after="7", body=b"later")


def test_body_and_headers_are_sent(service: Service) -> None:
    request = Request(method="POST", url=service.url + "/a/b", headers={"X": "y"}, body=b"{}")
    assert send(request, seconds=5, allowed={service.url}).status == 200
    [(method, path, headers, body)] = service.requests
    assert (method, path, headers["x"], body) == ("POST", "/a/b", "y", b"{}")


def test_address_that_is_not_allowed_is_not_called(service: Service) -> None:
    request = Request(method="GET", url=service.url + "/a", headers={})
    with pytest.raises(NotSentError) as refused:
        send(request, seconds=5, allowed={"http://127.0.0.1:1"})
    assert refused.value.is_final
    assert service.requests == []


def test_redirect_is_not_followed(service: Service) -> None:
    with serving(says(200, {})) as other:
        service.answer = says(302, {}, Location=other.url + "/b")
        assert get(service).status == 302
        assert other.requests == []


def test_proxy_of_the_environment_is_not_used(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(says(200, {})) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert get(service).status == 200
        assert proxy.requests == []


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte again and again, each in time by itself."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def sleep(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1)
    says(200, {})(handler)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    for _ in range(100):
        handler.wfile.write(b"H")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("slow", [drip, drip_headers, sleep])
def test_slow_answer_is_not_waited_for(service: Service, slow: object) -> None:
    service.answer = slow  # type: ignore[assignment]
    started = time.monotonic()
    assert reason(service, seconds=0.3) == "no answer in time"
    assert time.monotonic() - started < 1.5


def test_huge_answer_is_not_read(service: Service) -> None:
    service.answer = says(200, b"x" * (LARGEST + 1))
    assert reason(service) == f"the answer has more than {LARGEST} bytes"
    service.answer = says(200, b"x" * LARGEST)
    assert len(get(service).body) == LARGEST


def test_answer_that_is_cut_off_is_none(service: Service) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10")
        handler.end_headers()
        handler.wfile.write(b"{}")
        handler.close_connection = True

    service.answer = cut
    assert reason(service) == "the answer was cut off"


def test_garbage_is_no_answer(service: Service) -> None:
    def garbage(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x16\x03garbage\r\n\r\n")

    service.answer = garbage
    assert reason(service) == "the connection failed: BadStatusLine"


def test_hanging_up_is_no_answer(service: Service) -> None:
    service.answer = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert reason(service) == "the connection failed: RemoteDisconnected"


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    request = Request(method="GET", url=url, headers={})
    with pytest.raises(NotSentError, match="nobody listens there"):
        send(request, seconds=1, allowed={url})


def test_origin_is_spelled_the_same_for_the_same() -> None:
    assert origin("https://Host/path") == origin("https://host:443") == "https://host:443"
    assert origin("http://[::1]:80/") == "http://[::1]:80"


@pytest.mark.parametrize("url", ["host", "file:///etc/passwd", "https://", "http://me:word@host"])
def test_what_is_no_address_has_no_origin(url: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(url)}$"):
        origin(url)
