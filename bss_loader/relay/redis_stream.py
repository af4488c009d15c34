"""Delivers events to a stream of Redis: a batch is one transaction there, so it is there whole.

`redis://host:port/database?stream=name&maxlen=count`: the stream is "bss" and is not trimmed unless
stated. Redis answers when it has the batch in memory; how soon it is on disk is its own setting.
"""

from collections.abc import Sequence
from urllib.parse import SplitResult

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.typing import EncodableT, FieldT

from bss_loader.relay.endpoint import Event, Receipt, Unavailable
from bss_loader.relay.url import parameters, shown

STREAM = "bss"


class RedisStream:
    """An endpoint that appends one entry an event, with its CloudEvents attributes beside it."""

    def __init__(self, url: SplitResult, timeout: float) -> None:
        rest, given = parameters(url, {"stream": STREAM, "maxlen": ""}, others="ssl_")
        self.stream = given["stream"]
        self.maxlen = int(given["maxlen"]) if given["maxlen"] else None
        self.address = f"{shown(url)} stream {self.stream}"
        self._redis = redis.Redis.from_url(
            rest.geturl(),
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            # a transaction that is sent again without our knowing would be there twice
            retry=Retry(NoBackoff(), 0),
        )

    def deliver(self, events: Sequence[Event], until: float) -> Receipt:  # noqa: ARG002  at once
        try:
            with self._redis.pipeline(transaction=True) as transaction:
                for event in events:
                    transaction.xadd(self.stream, _entry(event), maxlen=self.maxlen)
                transaction.execute()
        except (redis.RedisError, OSError) as error:
            return Receipt(
                taken=frozenset(), refused={}, unavailable=Unavailable(reason=f"Redis: {error}")
            )
        return Receipt(taken=frozenset(event.id for event in events), refused={})

    def close(self) -> None:
        self._redis.close()


def _entry(event: Event) -> dict[FieldT, EncodableT]:
    return {
        "id": str(event.id),
        "source": event.source,
        "type": event.topic,
        "tenantid": event.tenant or "",
        "event": event.text,
    }
