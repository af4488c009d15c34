"""From what is asked for to an endpoint, or to what is wrong with it."""

from pathlib import Path

import pytest

from bss_loader.exit import Exit, LoaderError
from bss_loader.relay.opening import SECRETS, TO, Wanted, open_endpoint

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  of an example


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRETS, SECRET)
    monkeypatch.delenv(TO, raising=False)


def refusal(**wanted: object) -> LoaderError:
    with pytest.raises(LoaderError) as caught:
        open_endpoint(Wanted(**wanted))  # type: ignore[arg-type]
    assert caught.value.code == Exit.USAGE
    return caught.value


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://h/",
        "https:///path",
        "kafka://h",
        "https://h:99999/",
        "https://h:0/",
        "https://h/a b",
        "https://h/é",
        "https://[::1/",
    ],
)
def test_what_is_no_endpoint_is_refused(url: str) -> None:
    assert "no URL" in refusal(to=url).message


def test_a_password_is_not_taken_from_an_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "redis://user:hunter2@127.0.0.1:1/0?stream=s"
    refused = refusal(to=url)
    assert "password" in refused.message
    assert "hunter2" not in f"{refused.message}{refused.detail}{refused.hint}"
    monkeypatch.setenv(TO, url)
    endpoint = open_endpoint(Wanted(to=""))
    assert endpoint.address == "redis://127.0.0.1:1/0 stream s"
    endpoint.close()


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "http://1.1.1.1/",
        "https://2130706433/", "https://0x7f.1/", "https://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_at_once(url: str) -> None:
    assert "may not be sent to" in refusal(to=url).message


def test_an_address_may_be_allowed() -> None:
    endpoint = open_endpoint(Wanted(to="http://127.0.0.1:8/hook?key=1", allow=("127.0.0.0/8",)))
    assert endpoint.address == "http://127.0.0.1:8"
    endpoint.close()


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"to": "https://user@1.1.1.1/"}, "names a user"),
        ({"to": "https://1.1.1.1/", "allow": ("all",)}, '"all" is no network'),
        ({"to": "https://1.1.1.1/", "secret_file": Path("/nowhere")}, "could not read"),
        ({"to": "redis://h/?maxlen=many"}, "URL of the broker"),
        ({"to": "redis://h/?steam=s"}, "URL of the broker"),
        ({"to": "nats://h?maxlen=1"}, "URL of the broker"),
    ],
)
def test_what_goes_with_it_is_examined(wanted: dict[str, object], message: str) -> None:
    assert message in refusal(**wanted).message


def test_there_has_to_be_a_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(SECRETS)
    assert "no secret" in refusal(to="https://1.1.1.1/").message
    file = tmp_path / "secret"
    file.write_text("short")
    assert "secret" in refusal(to="https://1.1.1.1/", secret_file=file).message
    file.write_text(SECRET)
    open_endpoint(Wanted(to="https://1.1.1.1/", secret_file=file)).close()
