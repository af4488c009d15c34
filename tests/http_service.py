"""A service on this machine that answers over HTTP as a test says, and keeps what it was sent."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Sent = tuple[str, str, dict[str, str], bytes]
"""Method, path, headers by their names in lower case, body."""

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True, kw_only=True)
class Service:
    url: str
    requests: list[Sent] = field(default_factory=list)
    answer: Answer


def says(status: int, value: Any, **headers: str) -> Answer:
    """Answer at once: bytes as they are, anything else as JSON."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, said in headers.items():
            handler.send_header(name.replace("_", "-"), said)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@contextmanager
def serving(answer: Answer) -> Iterator[Service]:
    """Serve until the block ends; `answer` of what it gives may be replaced meanwhile."""
    service = Service(url="", answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):  # the other side has hung up
                super().handle()

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()

        def respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            service.requests.append((self.command, self.path, headers, body))
            service.answer(self)

        do_GET = do_POST = respond  # noqa: N815

        def log_message(self, *_: Any) -> None:
            return

    # its threads are waited for when it is closed
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
