"""From a URL, and what goes with it, to an endpoint.

What is secret comes from the environment or from a file: every process can read the arguments of
another.
"""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from urllib.parse import SplitResult, urlsplit

from bss_loader.exit import Exit, LoaderError
from bss_loader.relay import address, signature
from bss_loader.relay.address import ForbiddenAddressError, Network
from bss_loader.relay.endpoint import Endpoint
from bss_loader.relay.webhook import Target, Webhook

SECRETS = "BSS_WEBHOOK_SECRET"
TO = "BSS_RELAY_TO"
PRINTABLE = re.compile(r"[!-~]*")
HTTP = frozenset({"http", "https"})
BROKERS = {
    "redis": ("redis", "bss_loader.relay.redis_stream:RedisStream"),
    "rediss": ("redis", "bss_loader.relay.redis_stream:RedisStream"),
    "nats": ("nats", "bss_loader.relay.jetstream:JetStream"),
    "tls": ("nats", "bss_loader.relay.jetstream:JetStream"),
}
"""The extra that each scheme needs, and the class of its endpoints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An endpoint as it was asked for."""

    to: str
    allow: tuple[str, ...] = ()
    secret_file: Path | None = None
    batch: int = 1
    parallel: int = 4
    timeout: float = 10.0


def open_endpoint(wanted: Wanted) -> Endpoint:
    """Make the endpoint of a URL; LoaderError if that is none, or may not be delivered to."""
    url = _read_url(wanted.to)
    return _webhook(url, wanted) if url.scheme in HTTP else _broker(url, wanted.timeout)


def _read_url(given: str) -> SplitResult:
    text = given or os.environ.get(TO, "")
    try:
        url = urlsplit(text)
        is_known = url.scheme in HTTP | BROKERS.keys() and bool(url.hostname) and url.port != 0
    except ValueError:
        is_known = False
    if not is_known or not PRINTABLE.fullmatch(text):
        raise LoaderError(
            Exit.USAGE,
            "the endpoint is no URL that events can be delivered to",
            hint="Give --to https://…, redis://… or nats://….",
        )
    if given and url.password is not None:
        raise LoaderError(
            Exit.USAGE,
            "the URL in --to has a password",
            "Every process can read the arguments of another.",
            f"Give the URL in the environment, as {TO}.",
        )
    return url


def _broker(url: SplitResult, timeout: float) -> Endpoint:
    extra, name = BROKERS[url.scheme]
    try:
        # by name, because what its module imports is not on every machine
        endpoint: Endpoint = resolve_name(name)(url, timeout)
    except ModuleNotFoundError as error:
        raise LoaderError(
            Exit.MISSING,
            f'the Python package "{error.name}" is not installed',
            hint=f"pip install 'bss[{extra}]'",
        ) from error
    except ValueError as error:
        raise LoaderError(Exit.USAGE, "the URL of the broker cannot be used", f"{error}") from error
    return endpoint


def _webhook(url: SplitResult, wanted: Wanted) -> Endpoint:
    if url.username is not None:
        raise LoaderError(
            Exit.USAGE, "the URL of a webhook names a user", hint="Requests are signed instead."
        )
    target = Target(
        url=url,
        secrets=_secrets(wanted.secret_file),
        allowed=tuple(_network(text) for text in wanted.allow),
        batch=wanted.batch,
        parallel=wanted.parallel,
        timeout=wanted.timeout,
    )
    # a host that cannot be looked up now may be there later
    with suppress(OSError):
        try:
            address.permitted(target.host, target.port, target.allowed, is_secure=target.is_secure)
        except ForbiddenAddressError as error:
            raise LoaderError(
                Exit.USAGE,
                str(error),
                "Without --allow, only public addresses are sent to, and none in clear.",
                "Give --allow with the network if that is where it should go.",
            ) from error
    return Webhook(target)


def _network(text: str) -> Network:
    try:
        return address.read_network(text)
    except ValueError as error:
        raise LoaderError(
            Exit.USAGE,
            f'"{text}" is no network',
            hint="Give an address, or a network as 10.0.0.0/8.",
        ) from error


def _secrets(file: Path | None) -> tuple[bytes, ...]:
    try:
        text = file.read_text("ascii") if file else os.environ.get(SECRETS, "")
        secrets = signature.read_secrets(text)
    except OSError as error:
        raise LoaderError(Exit.USAGE, f'could not read "{file}"', f"{error}.") from error
    except ValueError as error:
        raise LoaderError(
            Exit.USAGE,
            str(error),
            hint='"openssl rand -base64 32" makes one.',
        ) from error
    if not secrets:
        raise LoaderError(
            Exit.USAGE,
            "there is no secret to sign with",
            hint=f'Give --secret-file, or set {SECRETS}; "openssl rand -base64 32" makes one.',
        )
    return secrets
