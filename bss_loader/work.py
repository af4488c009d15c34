"""The command `bss work`: makes the calls that the database asks for, and tries again what failed.

Each service has a thread and a connection of its own, so that one that is slow keeps none of the
others waiting. Everything is recorded by the database, call by call: a worker may be killed at any
time, and any number of them may be at work.
"""

import json
import os
import random
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from math import inf
from typing import Annotated

import psycopg
import typer

from bss_loader import console
from bss_loader.breaker import Backoff
from bss_loader.connection import Dsn, connect
from bss_loader.exit import Exit, LoaderError
from bss_loader.outbound import NotSentError, origin, send
from bss_loader.port import SERVICES, Answered, Call, Failed, judge, request

_CLAIM = """
    select
        c.id, c.token, c.operation, c.url, extract(epoch from c.request_timeout)::float8, c.key,
        c.payload::text, c.correlation_id
    from bss.claim_call(%s, %s) as c
"""
_FINISH = "select bss.finish_call(%s, %s, %s::jsonb)"
_FAIL = "select bss.fail_call(%s, %s, %s, %s, make_interval(secs => %s))"
_RETRY = "select bss.retry_received(1)"
_MAINTAIN = "select * from bss.maintain_services()"
_LOCATE = """
    select bss.set_service(s.name, %(url)s) from bss.services as s
    where s.name = %(name)s and s.url is distinct from %(url)s
"""
_LEASE_LOST = "SB737"
_BETWEEN_MAINTENANCE = 600.0
_BACKOFF = Backoff(attempts=1_000_000, first=0.2, longest=5.0)

Allowed = Annotated[
    list[str] | None,
    typer.Option(
        "--allow",
        metavar="ORIGIN",
        help="An address that may be called, as https://host:port; for each service, "
        "VALIDATION_SERVICE_URL, AUTH_SERVICE_URL and TASK_SERVICE_URL are as well.",
        show_default=False,
    ),
]


def work(
    dsn: Dsn = "",
    allow: Allowed = None,
    name: Annotated[str, typer.Option(help="What to be called in the records.")] = "",
    pause: Annotated[
        float, typer.Option(metavar="SECONDS", help="The wait before it looks for work again.")
    ] = 1.0,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
) -> None:
    """Make the calls of other services that are due, and handle received events again."""
    located = urls(os.environ)
    with connect(dsn) as connection:
        for service, url in located.items():
            connection.execute(_LOCATE, {"name": service, "url": url})
    allowed = origins([*(allow or ()), *located.values()])
    worker = name or f"{os.uname().nodename}/{os.getpid()}"
    stopped = threading.Event()
    jobs: list[Callable[[psycopg.Connection], bool]] = [
        *(_caller(service, worker, allowed) for service in SERVICES),
        _retrier(),
    ]
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        running = [pool.submit(_keep_at, job, dsn, pause, once, stopped) for job in jobs]
        try:
            wait(running, return_when=FIRST_EXCEPTION)
        finally:
            stopped.set()
        for each in running:
            each.result()


def urls(environment: Mapping[str, str]) -> dict[str, str]:
    """Give where the environment says that the services are."""
    named = {name: environment.get(f"{name.upper()}_SERVICE_URL", "") for name in SERVICES}
    return {name: url.rstrip("/") for name, url in named.items() if url}


def origins(addresses: Collection[str]) -> frozenset[str]:
    """Give the origins of addresses; LoaderError for what is none."""
    try:
        return frozenset(map(origin, addresses))
    except ValueError as error:
        raise LoaderError(
            Exit.USAGE,
            f'address "{error}" cannot be called',
            hint="Give http or https, a host, and a port if it is another than usual.",
        ) from error


def token(environment: Mapping[str, str], service: str) -> str:
    """Give what we show a service; LoaderError, without it, for what no header can hold."""
    name = f"{service.upper()}_SERVICE_TOKEN"
    secret = environment.get(name, "")
    if not re.fullmatch("[!-~]*", secret):
        raise LoaderError(
            Exit.USAGE,
            f'environment variable "{name}" cannot be a token',
            hint="It has visible characters of ASCII, and no spaces.",
        )
    return secret


def _keep_at(
    job: Callable[[psycopg.Connection], bool],
    dsn: str,
    pause: float,
    once: bool,
    stopped: threading.Event,
) -> None:
    """Do a job as long as there is anything to do, and look again later; through lost sessions."""
    failures = 0
    while not stopped.is_set():
        try:
            with connect(dsn) as connection:
                while not stopped.is_set():
                    if not job(connection):
                        if once:
                            return
                        stopped.wait(pause)
                    failures = 0
        except (LoaderError, psycopg.OperationalError) as error:
            failures += 1
            if once or (isinstance(error, LoaderError) and error.code != Exit.UNREACHABLE):
                raise
            console.progress(str(error).strip())
            # so that the threads of workers do not come all at once
            stopped.wait(_BACKOFF.delay(failures, random.random()))  # noqa: S311


def _caller(
    service: str, worker: str, allowed: Collection[str]
) -> Callable[[psycopg.Connection], bool]:
    secret = token(os.environ, service)

    def job(connection: psycopg.Connection) -> bool:
        row = connection.execute(_CLAIM, [service, worker]).fetchone()
        if row is None:
            return False
        fields = ("id", "token", "operation", "url", "seconds", "key", "payload", "correlation_id")
        call = Call(**dict(zip(fields, row, strict=True)))
        with _lease(service, call):
            record(connection, call, make(service, call, secret, allowed))
        return True

    return job


def make(service: str, call: Call, secret: str, allowed: Collection[str]) -> Answered | Failed:
    """Make a call, and say what came of it."""
    try:
        reply = send(request(service, call, secret), seconds=call.seconds, allowed=allowed)
    except NotSentError as error:
        return Failed(reason=error.reason, is_final=error.is_final)
    return judge(call.operation, reply)


def record(connection: psycopg.Connection, call: Call, came: Answered | Failed) -> None:
    if isinstance(came, Answered):
        try:
            connection.execute(_FINISH, [call.id, call.token, json.dumps(came.response)])
        except (psycopg.DataError, psycopg.errors.StatementTooComplex):
            came = Failed(reason="the database does not take it")
        else:
            return
    connection.execute(_FAIL, [call.id, call.token, came.reason, came.is_final, came.wait])
    console.progress(f"call {call.id} of {call.operation}: {came.reason}")


@contextmanager
def _lease(service: str, call: Call) -> Iterator[None]:
    """Drop what cannot be recorded any more, because another worker has the call."""
    try:
        yield
    except psycopg.Error as error:
        if error.sqlstate != _LEASE_LOST:
            raise
        console.progress(f"call {call.id} of the {service} service: {error.diag.message_primary}")


def _retrier() -> Callable[[psycopg.Connection], bool]:
    """Handle received events again, one a transaction; and maintain what there is, now and then."""
    maintained_at = -inf

    def job(connection: psycopg.Connection) -> bool:
        nonlocal maintained_at
        if time.monotonic() - maintained_at > _BETWEEN_MAINTENANCE:
            connection.execute(_MAINTAIN)
            maintained_at = time.monotonic()
        return connection.execute(_RETRY).fetchone() != (0,)

    return job
