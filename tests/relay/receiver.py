"""A webhook's receiver on this machine, which answers as a test says and keeps what it was sent."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was sent, and over which connection."""

    path: str
    headers: Message
    body: bytes
    connection: tuple[str, int]

    @property
    def events(self) -> list[Any]:
        found = json.loads(self.body)
        return found if isinstance(found, list) else [found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status; `late` seconds before it, `drop` the connection instead, or `slow` byte by byte."""

    status: int = 204
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    late: float = 0
    drop: bool = False
    slow: str = ""


class Receiver:
    """Takes requests; those that are answered by 2xx are `taken`."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.taken: list[Any] = []
        self.answer: Callable[[Request], Answer] = lambda _: Answer()
        self.under_way = 0
        self.most_under_way = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.address}/hook"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def ids(self) -> list[int]:
        return [int(event["id"]) for event in self.taken]

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        request = Request(
            path=handler.path,
            headers=handler.headers,
            body=body,
            connection=handler.client_address,
        )
        with self._lock:
            self.requests.append(request)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        answer = self.answer(request)
        time.sleep(answer.late)
        with self._lock:
            self.under_way -= 1
            if 200 <= answer.status < 300 and not answer.drop:
                self.taken += request.events
        if answer.drop:
            handler.close_connection = True
            return
        self._write(handler, answer)

    def _write(self, handler: BaseHTTPRequestHandler, answer: Answer) -> None:
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        lines = [f"HTTP/1.1 {answer.status} Whatever", *(f"{n}: {v}" for n, v in headers.items())]
        head = "\r\n".join([*lines, "", ""]).encode()
        for part, name in ((head, "head"), (answer.body, "body")):
            if answer.slow == name:
                for byte in part:
                    handler.wfile.write(bytes([byte]))
                    time.sleep(0.05)
            else:
                handler.wfile.write(part)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Take no offence at clients that are killed."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            receiver.respond(self)

        def log_message(self, *_: Any) -> None:
            """Write nothing."""

    return Handler


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(tls)
    try:
        yield receiver
    finally:
        receiver.close()
