"""A way through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6), for EST and for MQTT.

The TLS of the fleet goes through it untouched: a proxy can refuse or cut, and nothing more.
"""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import socket


class ProxyError(OSError):
    """The proxy cannot be reached, or does not let us through; the text says which."""


def tunnel(proxy: str, host: str, port: int, timeout_s: float) -> socket.socket:
    """Return a connection to ``host:port`` through ``proxy``.

    Args:
        proxy: ``http://host:port``.
        host: Name or address; a name is looked up by the proxy.
        port: Where to.
        timeout_s: For connecting, and for the proxy's answer.

    Raises:
        ProxyError: There is no way through it.
    """
    where = urlsplit(proxy)
    connection = http.client.HTTPConnection(
        where.hostname or "", where.port or 80, timeout=timeout_s
    )
    connection.set_tunnel(host, port)
    try:
        connection.connect()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise ProxyError(f"the proxy {proxy}: {reason}") from None
    line: socket.socket = connection.sock
    connection.sock = None  # it is the caller's from here on
    return line
