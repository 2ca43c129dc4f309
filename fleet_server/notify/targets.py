"""Where a webhook may send to: which addresses are sound, and which of them may be called.

1. An address has a scheme, a host, perhaps a port, path and query; no name, password or fragment.
2. Without leave of the settings only https, and only to addresses of the open Internet: else a
   subscription could reach what only this server sees.
3. The settings give leave to networks (whatever name leads there) and to host names (wherever they
   lead), by http as well.
4. The name is looked up anew for each attempt, and the very address that was judged is called, so
   that a name can't lead elsewhere between the look and the call.
"""

import re
import socket
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from fleet_server.core.webhooks import is_in, is_public
from fleet_server.settings import WebhooksSection

MAX_URL = 500
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")
_PLAIN = re.compile(r"[!-~]+")
PORTS = {"https": 443, "http": 80}


Reason = Literal["address", "parts", "inside", "https", "name"]
"""*address*: it is none; *parts*: it has some that it must not; *inside*: nobody may be called
there; *https* is wanted; the *name* can't be looked up."""


class TargetError(ValueError):
    """An address can't be called; the message says why, ``reason`` for who puts it into words."""

    def __init__(self, reason: Reason, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.reason: Reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """An address in its parts; ``path`` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        """Whether it is https."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """What the ``Host`` header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def parsed(url: str) -> Target:
    """Return the parts of an address.

    Raises:
        TargetError: it is not one.
    """
    wrong = TargetError("address", "is not an address such as https://queue.example/hailong")
    if len(url) > MAX_URL or not _PLAIN.fullmatch(url):
        raise wrong
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host.encode("idna")  # as the look-up will: no part of a name is empty or too long
    except ValueError:
        raise wrong from None
    if parts.scheme not in PORTS or not _HOST.fullmatch(host) or port == 0:
        raise wrong
    if "@" in parts.netloc or "#" in url:
        raise TargetError("parts", "must hold no name, password or part after '#'")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path)


def check(target: Target, allowed: WebhooksSection) -> None:
    """Refuse what can be seen to be wrong without asking for the name.

    Raises:
        TargetError: it is http, or an address inside, and the settings give no leave.
    """
    if target.host in allowed.hosts:
        return
    literal = _is_literal(target.host)
    inside = literal and is_in(target.host, allowed.networks)
    if literal and not inside and not is_public(target.host):
        raise TargetError(
            "inside", "is an address inside; [webhooks] allow in fleet.toml must name it"
        )
    if not target.is_secure and not inside and (literal or not allowed.networks):
        raise TargetError("https", "must begin with https://")


def _is_literal(host: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET6 if ":" in host else socket.AF_INET, host)
    except OSError:
        return False
    return True


def resolve(target: Target, allowed: WebhooksSection) -> str:
    """Return the IP address to call: the first of the name's that may be.

    Raises:
        TargetError: the name leads nowhere, or only to where nobody may be called.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise TargetError("name", f"the name can't be looked up ({error.args[-1]})") from None
    addresses = [str(place[0]) for *_, place in found]
    for address in addresses:
        if may_call(target, address, allowed):
            return address
    raise TargetError(
        "inside", "the name leads inside, and [webhooks] allow in fleet.toml does not name it"
    )


def may_call(target: Target, address: str, allowed: WebhooksSection) -> bool:
    """Whether an IP address of a target may be called."""
    if target.host in allowed.hosts or is_in(address, allowed.networks):
        return True
    return target.is_secure and is_public(address)
