"""Fields that describe a network: addresses, Wi-Fi, a proxy, a key for SSH."""

import base64
import binascii
import re
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface
from typing import Any

from wire.errors import WireError
from wire.fields import Field, text

_URL = re.compile(r"([a-z]+)://(?:\[([^\]]+)\]|([^:\[\]]+))(?::([0-9]{1,5}))?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9.-]{1,253}", re.ASCII)
_SSH_KEY = re.compile(
    r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com"
    r"|sk-ecdsa-sha2-nistp256@openssh\.com) ([A-Za-z0-9+/]{16,1400}={0,2})(?: [!-~ ]{1,100})?",
    re.ASCII,
)
_SSID_BYTES = 32

Address = IPv4Address | IPv6Address

DHCP = "dhcp"
"""The word for no static address, where the file before had one."""
NO_PROXY = "none"
"""The word for no proxy, where the file before had one."""


def address() -> Field:
    """Return a field for an IPv4 or IPv6 address."""
    return _by(ip_address, "an address as 10.1.2.1")


def interface_address() -> Field:
    """Return a field for an address with the length of its network's prefix, or `DHCP`.

    It is one that a machine can have: neither the network's own nor the one that means all in it.
    """
    with_prefix = _by(_with_prefix, f"an address with its prefix as 10.1.2.3/24, or {DHCP}")

    def read(value: Any) -> str:
        named: str = with_prefix.read(value)
        if named != DHCP and not _of_a_machine(ip_interface(named).ip, ip_interface(named).network):
            raise WireError("is no machine's address: it stands for its network, or for many")
        return named

    return Field(read, read)


def check_gateway(gateway: str, address: str) -> None:
    """Refuse a next hop that can't be one for a machine at ``address``, both as their fields read.

    Raises:
        WireError: it lies elsewhere, is the machine itself, or no machine's address.
    """
    if address == DHCP or ip_address(gateway) not in ip_interface(address).network:
        raise WireError("network: gateway: is not in the network of address")
    if ip_address(gateway) == ip_interface(address).ip:
        raise WireError("network: gateway: is the terminal's own address")
    if not _of_a_machine(ip_address(gateway), ip_interface(address).network):
        raise WireError("network: gateway: is no machine's address")


def ssid() -> Field:
    """Return a field for the name of a Wi-Fi network: 1 to 32 bytes of UTF-8 (IEEE 802.11)."""
    printable = text(_SSID_BYTES)

    def read(value: Any) -> str:
        name: str = printable.read(value)
        if len(name.encode()) > _SSID_BYTES:
            raise WireError(f"must be no more than {_SSID_BYTES} bytes long")
        return name

    return Field(read, read)


def host() -> Field:
    """Return a field for the name or the address of a server."""
    return _by(_reachable, "a host name or address")


def https() -> Field:
    """Return a field for a server as ``https://host:port``, without a path."""
    return _by(lambda value: _server(value, "https"), "an address as https://host:port")


def proxy() -> Field:
    """Return a field for a proxy as ``http://host:port`` without a password, or `NO_PROXY`."""

    def parse(value: str) -> None:
        if value != NO_PROXY and _server(value, "http") is None:
            raise ValueError(value)

    return _by(parse, f"a proxy as http://host:port, or {NO_PROXY}")


def ssh_key() -> Field:
    """Return a field for one public key as ``ssh-keygen`` writes it: kind, key, comment.

    Options before the kind (``command=``) are refused, and so is a key that isn't of the kind
    it is called (RFC 4253 section 6.6: the blob begins with its kind).
    """

    def read(value: Any) -> str:
        found = _SSH_KEY.fullmatch(value) if isinstance(value, str) else None
        if found is None or not _blob(found[2]).startswith(_ssh_string(found[1])):
            raise WireError("is not one public key of OpenSSH as in id_ed25519.pub")
        return found[0]

    return Field(read, read)


def _server(value: str, scheme: str) -> int | None:
    """Return the port that an address of a server names; ValueError where it is none."""
    found = _URL.fullmatch(value)
    if found is None or found[1] != scheme:
        raise ValueError(value)
    if found[2] is not None:
        IPv6Address(found[2])
    else:
        _reachable(found[3])
    port = None if found[4] is None else int(found[4])
    if port is not None and not 1 <= port <= 65535:
        raise ValueError(value)
    return port


def _reachable(value: str) -> None:
    """Raise ValueError for what can't be looked up; a resolver would do so much later."""
    if ":" in value:
        ip_address(value)
    elif _NAME.fullmatch(value) is None:
        raise ValueError(value)
    value.encode("idna")  # no part of a name is empty, or longer than 63 letters


def _with_prefix(value: str) -> None:
    if value != DHCP:
        ip_interface(value)
        if "/" not in value:
            raise ValueError


def _of_a_machine(address: Address, network: IPv4Network | IPv6Network) -> bool:
    """Return whether a machine in a network can have an address.

    A network of one or two addresses has none that means all of it (RFC 3021, RFC 6164); IPv6 has
    no broadcast, and its first address means any router (RFC 4291 section 2.6.1).
    """
    if address.is_multicast or address.is_unspecified or address.is_loopback:
        return False
    if network.num_addresses <= 2:
        return True
    last = isinstance(network, IPv4Network) and address == network.broadcast_address
    return address != network.network_address and not last


def _by(parse: Callable[[str], object], what: str) -> Field:
    def read(value: Any) -> str:
        try:
            if isinstance(value, str) and "%" not in value:
                parse(value)
                return value
        except ValueError:
            pass
        raise WireError(f"is not {what}")

    return Field(read, read)


def _blob(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""


def _ssh_string(kind: str) -> bytes:
    return len(kind).to_bytes(4, "big") + kind.encode()
