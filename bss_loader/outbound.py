"""Turns a request into a reply, over HTTP, as long as it goes where calls are allowed to go.

Nothing is followed anywhere: no redirects, no proxies of the environment. A call takes no longer
than it may, however slowly the other side speaks, and reads no more than it may.
"""

import socket
import ssl
import threading
from collections.abc import Collection
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Self
from urllib.parse import urlsplit

from bss_loader.port import Reply, Request

_LATE = "no answer in time"
LARGEST = 1024 * 1024
"""The largest body of an answer, in bytes."""


class NotSentError(Exception):
    """A call that came to nothing; its text says why, and holds nothing that was sent."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


def origin(url: str) -> str:
    """Give scheme, host and port of a URL, spelled the same for the same; ValueError for no URL."""
    parts = urlsplit(url)
    ports = {"http": 80, "https": 443}
    if parts.scheme not in ports or not parts.hostname or parts.username is not None:
        raise ValueError(url)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or ports[parts.scheme]}"


def send(request: Request, *, seconds: float, allowed: Collection[str]) -> Reply:
    """Send a request to one of the `allowed` origins; NotSentError if no answer comes in time."""
    if origin(request.url) not in allowed:
        raise NotSentError("the address is not allowed", is_final=True)
    parts = urlsplit(request.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=seconds)
    try:
        with _Deadline(connection, seconds) as deadline:
            try:
                deadline.connect()
                connection.request(request.method, parts.path or "/", request.body, request.headers)
                reply = _read(connection)
            except (OSError, HTTPException, NotSentError) as error:
                raise NotSentError(_reason(error, is_late=deadline.is_over)) from error
            if deadline.is_over:
                raise NotSentError(_LATE)
            return reply
    finally:
        connection.close()


def _read(connection: HTTPConnection) -> Reply:
    with connection.getresponse() as answer:
        body = answer.read(LARGEST + 1)
        if len(body) > LARGEST:
            raise NotSentError(f"the answer has more than {LARGEST} bytes")
        if answer.length:
            raise NotSentError("the answer was cut off")
    return Reply(status=answer.status, retry_after=answer.headers.get("Retry-After", ""), body=body)


class _Deadline:
    """Ends what a connection waits for when the time is over: its own timeout begins anew."""

    def __init__(self, connection: HTTPConnection, seconds: float) -> None:
        self.is_over = False
        self._connection = connection
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def connect(self) -> None:
        self._connection.connect()
        # of which the connection lets go while the answer is still being read
        self._socket = self._connection.sock

    def _end(self) -> None:
        self.is_over = True
        waiting = self._socket or self._connection.sock
        if waiting is not None:
            with suppress(OSError):  # it has ended by itself
                waiting.shutdown(socket.SHUT_RDWR)


def _reason(error: Exception, *, is_late: bool) -> str:
    match error:
        case _ if is_late or isinstance(error, TimeoutError):
            return _LATE
        case NotSentError():
            return error.reason
        case ConnectionRefusedError():
            return "nobody listens there"
        case socket.gaierror():
            return "the host has no address"
        case ssl.SSLError():
            return f"TLS: {error.reason or 'failed'}"
        case _:
            return f"the connection failed: {type(error).__name__}"
