"""Which addresses a webhook is sent to: those of the internet, and what is allowed by name."""

import socket
from ipaddress import ip_address

import pytest

from bss_loader.relay.address import (
    ForbiddenAddressError,
    is_allowed,
    is_public,
    permitted,
    read_network,
)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.1", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1",
        "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    ],
)  # fmt: skip
def test_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101"]
)
def test_address_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "network", "expected"),
    [
        ("10.1.2.3", "10.0.0.0/8", True),
        ("::ffff:10.1.2.3", "10.0.0.0/8", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("::1", "[::1]", True),
        ("::1", "127.0.0.1", False),
        ("10.0.0.7", "10.0.0.5/29", True),
    ],
)
def test_network_allows_what_is_in_it(address: str, network: str, expected: bool) -> None:
    assert is_allowed(ip_address(address), [read_network(network)]) is expected


@pytest.mark.parametrize("text", ["", "example.com", "10.0.0.0/33", "10.0.0"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="appear"):
        read_network(text)


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names stand for, instead of what they do."""
    names: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_: int) -> list[tuple[object, ...]]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in names[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return names


def test_of_many_addresses_only_public_ones_are_tried(resolver: dict[str, list[str]]) -> None:
    resolver["h"] = ["10.0.0.1", "1.1.1.1", "fe80::1%eth0", "2606:4700::1111"]
    found = permitted("h", 443, (), is_secure=True)
    assert [address[0] for _, address in found] == ["1.1.1.1", "2606:4700::1111"]


def test_a_name_for_a_private_address_is_refused(resolver: dict[str, list[str]]) -> None:
    resolver["h"] = ["169.254.169.254", "::1"]
    with pytest.raises(ForbiddenAddressError, match=r'host "h" may not be sent to at 169\.254'):
        permitted("h", 443, [read_network("10.0.0.0/8")], is_secure=True)


def test_in_clear_only_allowed_addresses_are_tried(resolver: dict[str, list[str]]) -> None:
    resolver["h"] = ["1.1.1.1", "10.0.0.1"]
    allowed = [read_network("10.0.0.1")]
    found = permitted("h", 80, allowed, is_secure=False)
    assert [address[0] for _, address in found] == ["10.0.0.1"]
    with pytest.raises(ForbiddenAddressError, match=r"in clear at 1\.1\.1\.1, 10\.0\.0\.1"):
        permitted("h", 80, (), is_secure=False)
