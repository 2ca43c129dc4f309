"""A way through an HTTP proxy: CONNECT (RFC 9110 section 9.3.6), for all that leaves a terminal.

The TLS of the fleet goes through it untouched: a proxy can refuse or cut, and nothing more.
"""

from __future__ import annotations

import http.client
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from paho.mqtt.client import Client

if TYPE_CHECKING:
    import ssl


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


def reach(proxy: str | None, host: str, port: int, timeout_s: float) -> socket.socket:
    """Return a connection to ``host:port``, through ``proxy`` if there is one.

    Raises:
        ProxyError: There is no way through it.
        OSError: There is no direct way.
    """
    if proxy is None:
        return socket.create_connection((host, port), timeout_s)
    return tunnel(proxy, host, port, timeout_s)


class HttpsThroughProxy(http.client.HTTPSConnection):
    """A connection for HTTPS that may go through a proxy.

    Args:
        url: ``https://host:port``; what follows is not looked at.
        context: Whom it trusts, and as whom it comes.
        timeout_s: For each step.
        proxy: ``http://host:port``, None for none.
    """

    def __init__(
        self, url: str, context: ssl.SSLContext, timeout_s: float, proxy: str | None
    ) -> None:
        where = urlsplit(url)
        host, port = where.hostname or "", where.port or 443
        super().__init__(host, port, context=context, timeout=timeout_s)
        self._proxy = proxy
        self._tls = context

    def connect(self) -> None:
        """Connect, and make sure who answers.

        Raises:
            ProxyError: There is no way through the proxy.
            OSError: The server does not answer, or is another one.
        """
        line = reach(self._proxy, self.host, self.port, self.timeout or 0)
        self.sock = self._tls.wrap_socket(line, server_hostname=self.host)


class MqttThroughProxy(Client):
    """paho's client, whose connection may go through a proxy.

    paho's own way to one needs PySocks, which nobody keeps, and would heed ``http_proxy`` of the
    environment as soon as that is installed.
    """

    proxy: str | None = None

    def _create_socket_connection(self) -> socket.socket:
        return reach(self.proxy, self._host, self._port, self._connect_timeout)
