"""From the name of a host to the addresses that a relay may connect to.

A name is looked up once for each connection, and the address that was examined is the one that is
connected to: what the name means a moment later is of no consequence.
"""

import socket
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")  # RFC 6052
_COMPATIBLE = ip_network("::/96")  # RFC 4291, section 2.5.5.1


class ForbiddenAddressError(Exception):
    """A host has no address that may be connected to."""


def read_network(text: str) -> Network:
    """Read an address or a network in CIDR notation; ValueError if it is neither."""
    return ip_network(text.strip("[]"), strict=False)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet's, and leads nowhere else in disguise."""
    inner = _embedded(address)
    if inner is not None:
        return is_public(inner)
    is_site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not address.is_multicast and not is_site_local


def is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    """Whether an address is in one of the networks, or the address that is embedded in it."""
    inner = _embedded(address)
    return any(
        address in network or (inner is not None and inner in network) for network in allowed
    )


def connect(
    host: str, port: int, allowed: Sequence[Network], *, is_secure: bool, timeout: float
) -> socket.socket:
    """Connect to a host; OSError if that fails, ForbiddenAddressError if it must not be tried."""
    failed: OSError | None = None
    for family, address in permitted(host, port, allowed, is_secure=is_secure):
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            failed = error
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise failed or OSError(f'host "{host}" has no address')


def permitted(
    host: str, port: int, allowed: Sequence[Network], *, is_secure: bool
) -> Sequence[tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int]]]:
    """Look a host up; give what may be connected to, in clear only what is allowed by name."""
    found = [
        (family, address)
        for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if isinstance(address[0], str)
    ]
    kept = [
        (family, address)
        for family, address in found
        if _may_be_used(_numeric(address[0]), allowed, is_secure=is_secure)
    ]
    if found and not kept:
        addresses = ", ".join(sorted({str(address[0]) for _, address in found}))
        how = "" if is_secure else "in clear "
        raise ForbiddenAddressError(f'host "{host}" may not be sent to {how}at {addresses}')
    return kept


def _may_be_used(address: Address, allowed: Sequence[Network], *, is_secure: bool) -> bool:
    return is_allowed(address, allowed) or (is_secure and is_public(address))


def _numeric(text: str) -> Address:
    return ip_address(text.partition("%")[0])


def _embedded(address: Address) -> IPv4Address | None:
    """Give the IPv4 address that packets to an IPv6 address are sent on to."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
