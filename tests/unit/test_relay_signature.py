"""Signatures are those of Standard Webhooks, whose reference gives this example."""

import base64

import pytest

from bss_loader.relay.signature import headers, read_secrets


def test_signature_is_that_of_the_reference() -> None:
    made = headers(
        read_secrets("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_are_between_blanks_with_a_prefix_or_without() -> None:
    one, other = bytes(24), bytes(range(64))
    text = f"whsec_{base64.b64encode(one).decode()}\n{base64.b64encode(other).decode()}\n"
    assert read_secrets(text) == (one, other)
    assert read_secrets(" \n") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hunter2!", "not base64"),
        ("whsec_", "has 0 bytes"),
        (base64.b64encode(bytes(23)).decode(), "has 23 bytes"),
        (base64.b64encode(bytes(65)).decode(), "has 65 bytes"),
    ],
)
def test_secret_that_cannot_be_used_is_refused_and_not_shown(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        read_secrets(text)
    assert "hunter2" not in str(caught.value)
