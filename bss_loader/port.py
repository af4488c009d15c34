"""Turns a call that the database asks for into an HTTP request, and the answer into what to record.

The services are those of the requirements: validation says whether a schema is valid, auth who a
tenant is, task takes what is to be done later.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

SERVICES = ("validation", "auth", "task")
_LONGEST_WAIT = 3600
_AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent: a method, where, headers, and a body of JSON or none."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: a status, the header Retry-After if there is one, and the body."""

    status: int
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The service has said what it was asked."""

    response: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It has not; `wait` are the seconds that it asks to be left alone for."""

    reason: str
    is_final: bool = False
    wait: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call as bss.claim_call() gives it: `payload` is text, so that a document stays as it is."""

    id: int
    token: int
    operation: str
    url: str
    seconds: float
    key: str
    payload: str
    correlation_id: str | None


def request(service: str, call: Call, secret: str = "") -> Request:
    """Give the request of a call; `secret` is the token that we show the service."""
    headers = {"Accept": "application/json", "Idempotency-Key": f"bss-{service}-{call.id}"}
    if call.correlation_id:
        # from clients: no header begins in it
        headers["X-Correlation-Id"] = re.sub(r"[^!-~]", "_", call.correlation_id)
    if secret:
        headers["Authorization"] = f"Bearer {secret}"
    if call.operation == "tenant":
        url = f"{call.url}/api/auth/tenants/{quote(call.key, safe='')}"
        return Request(method="GET", url=url, headers=headers)
    path = {"validate": "/api/validation/validateSchema", "schedule": "/api/task/schedule"}
    headers["Content-Type"] = "application/json"
    return Request(
        method="POST",
        url=call.url + path[call.operation],
        headers=headers,
        body=call.payload.encode(),
    )


def judge(operation: str, reply: Reply) -> Answered | Failed:
    """Say what a reply means for the call."""
    if 200 <= reply.status < 300 or (operation == "validate" and reply.status in (400, 422)):
        return _read(operation, reply)
    if reply.status in _AGAIN or reply.status >= 500:
        return Failed(reason=f"status {reply.status}", wait=_seconds(reply.retry_after))
    if 300 <= reply.status < 400:
        return Failed(reason=f"status {reply.status}: redirects are not followed", is_final=True)
    return Failed(reason=f"status {reply.status}", is_final=True)


def _read(operation: str, reply: Reply) -> Answered | Failed:
    try:
        response = json.loads(reply.body, parse_constant=_refuse) if reply.body else {}
    except (ValueError, RecursionError):
        return Failed(reason=f"status {reply.status}: the answer is no JSON")
    if not isinstance(response, dict):
        return Failed(reason=f"status {reply.status}: the answer is no object")
    if operation == "validate" and not isinstance(response.get("valid"), bool):
        return Failed(reason=f'status {reply.status}: the answer has no "valid"')
    if operation == "validate" and reply.status >= 300 and response["valid"]:
        return Failed(reason=f'status {reply.status}: the answer has "valid" all the same')
    return Answered(response=response)


def _refuse(word: str) -> Any:
    raise ValueError(word)


def _seconds(retry_after: str) -> int:
    """Read the seconds of Retry-After; a date, which depends on another clock, says nothing."""
    return min(int(retry_after), _LONGEST_WAIT) if re.fullmatch("[0-9]{1,9}", retry_after) else 0
