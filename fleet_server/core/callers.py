"""Whom a brake takes for one caller."""

from ipaddress import IPv6Address, IPv6Network, ip_address

HOUSE_BITS = 64
"""Who has one IPv6 address has the whole network of it (RFC 6177), and could take a new address for
each try."""

LONGEST = 64


def caller(address: str) -> str:
    """Return what stands for one caller: an IPv4 address, or the /64 network of an IPv6 one.

    What is no address, such as the path of a socket, stands for itself.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:LONGEST]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((int(found), HOUSE_BITS), strict=False))
