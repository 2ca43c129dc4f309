"""Which TCP ports others reach, and whether each should be reached."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from provisioning.finding import Finding, good, note, wrong
from provisioning.server import payload, units
from provisioning.server.install import inside
from provisioning.server.payload import BROKER, SERVER, Role

LISTENING = "0A"
USUAL = {22: "SSH", 80: "the proxy", 443: "the proxy"}
INNER = {5432: "PostgreSQL"}
_PORT = re.compile(r'(?m)^\s*(?:port: |listen: "[^"]*:)(\d+)')


def look(root: Path, roles: Sequence[Role]) -> Iterator[Finding]:
    """Compare what listens for others with what the settings want."""
    public, inner = dict(USUAL), dict(INNER)
    found = exposed()
    ready = [role for role in roles if units.is_configured(root, role)]
    if not units.may_be_read(root, ready):
        listed = ", ".join(map(str, sorted(found)))
        yield note(
            "ports", f"whose they are can't be read; reached by others: {listed}", "look as root"
        )
        found &= inner.keys()
        ready = []
    if SERVER in ready:
        settings = tomllib.loads(units.settings_file(root).read_text("utf-8"))
        inner[int(settings["web"]["port"])] = "pages, which belong behind the proxy"
        public[int(settings["est"]["port"])] = "enrolment"
        public[int(settings["broker"]["port"])] = "the broker"
    if BROKER in ready:
        text = (inside(root, payload.NODE) / "nats.conf").read_text("utf-8")
        public |= {int(port): "the broker's node" for port in _PORT.findall(text)}
    yield from _judge(found, public, inner)


def exposed() -> set[int]:
    """Return the TCP ports on which this machine listens for others."""
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text("ascii").splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            address, port = local.split(":")
            if state == LISTENING and not _is_loopback(_address(address)):
                found.add(int(port, 16))
    return found


def _judge(found: set[int], public: dict[int, str], inner: dict[int, str]) -> Iterator[Finding]:
    for port in sorted(found & inner.keys()):
        yield wrong(
            "ports",
            f"{port} is reached by others: {inner[port]}",
            "let it listen on 127.0.0.1 alone, or close the port in the firewall",
        )
    for port in sorted(found - public.keys() - inner.keys()):
        yield note(
            "ports", f"{port} is reached by others, and is none of the fleet's", "is it needed?"
        )
    if known := sorted(found & public.keys()):
        listed = ", ".join(f"{port} ({public[port]})" for port in known)
        yield good("ports", f"reached by others as they should be: {listed}")


def _address(text: str) -> IPv4Address | IPv6Address:
    """Read an address as the kernel writes it: words of 32 bits in the machine's order."""
    raw = bytes.fromhex(text)
    return ip_address(b"".join(raw[i : i + 4][::-1] for i in range(0, len(raw), 4)))


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
