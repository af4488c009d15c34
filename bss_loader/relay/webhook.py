"""Delivers events as CloudEvents over HTTP, structured or in batches, signed.

One request is under way in each lane, and each tenant has one lane. A batch that is refused is
parted until it is known which of its events it was.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import SplitResult

from bss_loader.relay import address, signature
from bss_loader.relay.address import ForbiddenAddressError, Network
from bss_loader.relay.endpoint import Event, Receipt, Tally, Unavailable, lanes

ONE = "application/cloudevents+json; charset=utf-8"
MANY = "application/cloudevents-batch+json; charset=utf-8"
LATER = frozenset({408, 425, 429, 503})
UNCLEAR = frozenset({502, 504})
"""What a proxy says whose server is away, or does not survive this event."""
LONGEST_ANSWER = 65536
LONGEST_WAIT = 3600.0
STALE = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL, whom it may lead to, and how requests to it are made. Times are in seconds."""

    url: SplitResult
    secrets: tuple[bytes, ...] = field(repr=False)
    allowed: tuple[Network, ...] = ()
    batch: int = 1
    parallel: int = 4
    timeout: float = 10.0
    trusted: ssl.SSLContext | None = None

    @property
    def is_secure(self) -> bool:
        return self.url.scheme == "https"

    @property
    def host(self) -> str:
        return self.url.hostname or ""

    @property
    def port(self) -> int:
        return self.url.port or (443 if self.is_secure else 80)

    @property
    def resource(self) -> str:
        return (self.url.path or "/") + (f"?{self.url.query}" if self.url.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is read of an answer."""

    status: int
    retry_after: float


class Webhook:
    """An endpoint that takes events by POST, and confirms them by any status of 2xx."""

    def __init__(self, target: Target) -> None:
        self.target = target
        # a path may be as secret as a password
        self.address = f"{target.url.scheme}://{target.host}:{target.port}"
        self._senders = [_Sender(target) for _ in range(target.parallel)]
        self._pool = ThreadPoolExecutor(target.parallel, thread_name_prefix="webhook")

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        tally = Tally(until)
        parts = zip(self._senders, lanes(events, self.target.parallel), strict=False)
        for done in [self._pool.submit(sender.send, part, tally) for sender, part in parts]:
            done.result()
        return tally.receipt()

    def close(self) -> None:
        self._pool.shutdown()
        for sender in self._senders:
            sender.close()


class _Sender:
    """A lane: one connection, and one request after the other."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.connection = _Connection(target)

    def send(self, events: Sequence[Event], tally: Tally) -> None:
        size = self.target.batch
        left = [events[at : at + size] for at in range(0, len(events), size)][::-1]
        blocked: set[str | None] = set()
        while left and not tally.is_over():
            part = [event for event in left.pop() if event.tenant not in blocked]
            if not part:
                continue
            refusal = self._post(part, tally)
            if refusal is None:
                continue
            if len(part) > 1:
                half = len(part) // 2
                left += [part[half:], part[:half]]
            else:
                tally.refuse(part[0], refusal)
                blocked.add(part[0].tenant)

    def close(self) -> None:
        self.connection.close()

    def _post(self, events: Sequence[Event], tally: Tally) -> str | None:
        """Send events in one request; note what came of it, and give why they were refused."""
        try:
            answer = self._request(events)
        except _UnreachableError as error:
            tally.unavailable = Unavailable(reason=f"no connection: {error}")
            return None
        except TimeoutError:
            return f"no answer within {self.target.timeout:g} s"
        except (OSError, http.client.HTTPException) as error:
            return f"the connection was lost: {type(error).__name__}"
        said = _said(answer.status)
        if 200 <= answer.status < 300:
            tally.take(events)
        elif answer.status in LATER:
            tally.unavailable = Unavailable(reason=said, retry_after=answer.retry_after)
        elif answer.status in UNCLEAR:
            tally.unavailable = Unavailable(reason=said, is_unclear=True)
        else:
            return said
        return None

    def _request(self, events: Sequence[Event]) -> Answer:
        body, headers = _message(events, self.target)
        is_new = self.connection.open()
        try:
            return self.connection.post(body, headers)
        except STALE:
            # the server may close a connection that nobody uses at any time
            if is_new:
                raise
        self.connection.open()
        return self.connection.post(body, headers)


class _UnreachableError(Exception):
    """There is no connection, so nothing was sent."""


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was examined; TLS names and verifies the host."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=target.timeout)
        self.target = target
        self.default_port = 443 if target.is_secure else 80

    def open(self) -> bool:
        """Connect unless that is done; whether it was not."""
        if self.sock is not None:
            return False
        try:
            self.connect()
        except (OSError, ForbiddenAddressError) as error:
            raise _UnreachableError(error) from error
        return True

    def connect(self) -> None:
        target = self.target
        plain = address.connect(
            target.host,
            target.port,
            target.allowed,
            is_secure=target.is_secure,
            timeout=target.timeout,
        )
        if not target.is_secure:
            self.sock = plain
            return
        try:
            context = target.trusted or ssl.create_default_context()
            self.sock = context.wrap_socket(plain, server_hostname=target.host)
        except OSError:
            plain.close()
            raise

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a request; TimeoutError if the whole answer is not there in time."""
        with self._deadline():
            try:
                self.request("POST", self.target.resource, body, headers)
                answer = self.getresponse()
                answer.read(LONGEST_ANSWER)
            except BaseException:
                self.close()
                raise
        if answer.will_close or not answer.isclosed():
            self.close()
        return Answer(
            status=answer.status, retry_after=_seconds(answer.getheader("Retry-After", ""))
        )

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """Bound all of it: a socket's own timeout begins anew with every byte that comes."""
        is_late = threading.Event()
        timer = threading.Timer(self.target.timeout, self._cut, (self.sock, is_late))
        timer.start()
        try:
            yield
        except (OSError, ValueError, http.client.HTTPException):
            if is_late.is_set():
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    @staticmethod
    def _cut(connection: socket.socket, is_late: threading.Event) -> None:
        is_late.set()
        with suppress(OSError):
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _message(events: Sequence[Event], target: Target) -> tuple[bytes, dict[str, str]]:
    first, last = events[0], events[-1]
    identity = f"{first.source.rpartition('/')[2]}-{first.id}"
    if target.batch == 1:
        kind, text = ONE, first.text
    else:
        kind, text = MANY, f"[{','.join(event.text for event in events)}]"
        identity = f"{identity}-{last.id}"
    body = text.encode()
    return body, {
        "Content-Type": kind,
        "User-Agent": "bss",
        **signature.headers(target.secrets, identity, int(time.time()), body),
    }


def _said(status: int) -> str:
    try:
        return f"it answered {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"it answered {status}"


def _seconds(text: str) -> float:
    """Read Retry-After (RFC 9110, section 10.2.3): seconds, or a date."""
    if text.isdecimal():
        return min(float(text), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_WAIT)
