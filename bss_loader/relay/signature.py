"""From secrets and a body to the headers of a signed webhook, as Standard Webhooks 1.0 has them."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SIZES = range(24, 65)


def read_secrets(text: str) -> tuple[bytes, ...]:
    """Read secrets, in base64 and between blanks; ValueError says what is wrong with one."""
    return tuple(_read(word) for word in text.split())


def _read(word: str) -> bytes:
    try:
        secret = base64.b64decode(word.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a secret is not base64") from None
    if len(secret) not in SIZES:
        raise ValueError(f"a secret has {len(secret)} bytes, and not {SIZES[0]} to {SIZES[-1]}")
    return secret


def headers(secrets: Sequence[bytes], identity: str, seconds: int, body: bytes) -> dict[str, str]:
    """Give the headers of a message sent at a Unix time; one signature for each secret."""
    signed = f"{identity}.{seconds}.".encode() + body
    digests = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(
            f"v1,{base64.b64encode(digest).decode()}" for digest in digests
        ),
    }
