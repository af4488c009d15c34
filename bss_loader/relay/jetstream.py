"""Delivers events to a stream of NATS JetStream, which confirms each and knows those it has.

`nats://host:port?stream=name&subject=prefix`: the stream is "BSS" and its subjects begin with
"bss" unless stated; it is made if there is none. The subject of an event is the prefix, its tenant
and its topic, so that a reader can choose by either.
"""

import asyncio
import threading
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote

import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.js.client import JetStreamContext

from bss_loader.relay.endpoint import Event, Receipt, Tally, Unavailable
from bss_loader.relay.url import parameters, shown

STREAM = "BSS"
PREFIX = "bss"
NOBODY = "_"
"""Stands for the tenant where there is none; no tenant's name begins with it."""
HEADERS = 512
"""More bytes than the headers of a message have, which the server counts as well."""

FAILURES = (nats.errors.Error, nats.js.errors.Error, OSError, TimeoutError)
Result = TypeVar("Result")


class JetStream:
    """An endpoint that publishes one message an event, at most one of a tenant at a time."""

    def __init__(self, url: SplitResult, timeout: float) -> None:
        rest, given = parameters(url, {"stream": STREAM, "subject": PREFIX})
        self.url, self.stream, self.prefix = rest.geturl(), given["stream"], given["subject"]
        self.timeout = timeout
        self.address = f"{shown(url)} stream {self.stream}"
        self._client: Client | None = None
        self._loop = asyncio.new_event_loop()
        # keeps answering the server's pings between deliveries
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:
        tally = Tally(until)
        lasts = until - time.monotonic() + self.timeout
        try:
            self._run(asyncio.wait_for(self._deliver(events, tally), lasts))
        except FAILURES as error:
            tally.unavailable = _unavailable(error)
        if tally.unavailable is not None:
            self._run(self._disconnect())
        return tally.receipt()

    def close(self) -> None:
        self._run(self._disconnect())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _deliver(self, events: Sequence[Event], tally: Tally) -> None:
        client = await self._connect()
        stream = client.jetstream(timeout=self.timeout)
        tenants: dict[str | None, list[Event]] = {}
        for event in events:
            tenants.setdefault(event.tenant, []).append(event)
        await asyncio.gather(
            *(self._publish(stream, client.max_payload, lane, tally) for lane in tenants.values())
        )

    async def _publish(
        self, stream: JetStreamContext, largest: int, events: Sequence[Event], tally: Tally
    ) -> None:
        for event in events:
            if tally.is_over():
                return
            body, headers = event.text.encode(), _headers(event)
            if (size := len(body) + HEADERS) > largest:
                tally.refuse(event, f"it has {size} bytes, and NATS takes {largest}")
                return
            try:
                await stream.publish(
                    subject(self.prefix, event), body, stream=self.stream, headers=headers
                )
            except FAILURES as error:
                tally.unavailable = _unavailable(error)
                return
            tally.take([event])

    async def _connect(self) -> Client:
        if self._client is not None and self._client.is_connected:
            return self._client
        await self._disconnect()
        client = Client()
        try:
            await client.connect(
                self.url,
                name="bss relay",
                # the relay knows when to try again
                allow_reconnect=False,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                connect_timeout=max(1, round(self.timeout)),
                error_cb=_ignore,
            )
        except nats.errors.NoServersError as error:
            raise client.last_error or error from error
        self._client = client
        await self._require_stream(client.jetstream(timeout=self.timeout))
        return client

    async def _require_stream(self, context: JetStreamContext) -> None:
        try:
            await context.stream_info(self.stream)
        except nats.js.errors.NotFoundError:
            await context.add_stream(name=self.stream, subjects=[f"{self.prefix}.>"])

    async def _disconnect(self) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            with suppress(*FAILURES):
                await asyncio.wait_for(client.close(), self.timeout)


def subject(prefix: str, event: Event) -> str:
    """Give the subject of an event: words between full stops, without what means more to NATS."""
    tenant = _token(event.tenant) if event.tenant else NOBODY
    return ".".join([prefix, tenant, *map(_token, event.topic.split("."))])


def _token(text: str) -> str:
    # one must not be empty; none that is not begins with a percent sign alone
    return quote(text, safe="").replace(".", "%2E") or "%"


def _headers(event: Event) -> dict[str, str]:
    return {
        "Nats-Msg-Id": event.identity,
        "Content-Type": "application/cloudevents+json; charset=utf-8",
    }


def _unavailable(error: BaseException) -> Unavailable:
    return Unavailable(reason=f"NATS: {str(error) or type(error).__name__}")


async def _ignore(error: Exception) -> None:
    """Leave it to whoever publishes next to find out, instead of writing to standard error."""
