"""HTTPS on the local network: bounded in bytes, time and connections.

Nothing runs while nobody calls: the main loop accepts a connection when there is one, and a thread
of its own serves it, one request, within `handler.CONNECTION_S`. So a slow, silent or hostile peer
holds one of a few places for some seconds, and holds up nobody.
"""

from __future__ import annotations

import logging
import socket
import socketserver
import threading
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from device.core.brake import Brake
from device.tickets.lan.handler import Handler

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from device.tickets.lan.answers import Answer
    from device.tickets.lan.body import Said

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 16
MOST_OF_ONE_ADDRESS = 6
MOST_A_SECOND = 20
# Many times what one counter serves; whoever stole the token must not fill the disk.
MOST_AN_HOUR = 600


class Endpoint(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket and the connections that are being served.

    Args:
        address: Host and port to listen on.
        context: TLS with certificate and key.
        token: What callers must show.
        counter: Code of the counter, which a caller may name in the address.
        now: Gives monotonic milliseconds.
        tell: Hands over what was said; returns the answer, or raises `Problem`.
    """

    allow_reuse_address = True
    request_queue_size = MOST_AT_ONCE
    timeout = 0

    def __init__(
        self,
        address: tuple[str, int],
        context: ssl.SSLContext,
        token: bytes,
        counter: str,
        now: Callable[[], int],
        tell: Callable[[Said], Answer],
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.context = context
        self.token = token
        self.counter = counter
        self.now = now
        self.tell = tell
        self.counts: Counter[str] = Counter()
        self._open: dict[Any, str] = {}
        self._lock = threading.Lock()
        self._brake = Brake((MOST_A_SECOND, 1_000), (MOST_AN_HOUR, 3_600_000))
        super().__init__(address, Handler)

    def accept(self) -> None:
        """Let a waiting connection be served, if there is one; never blocks."""
        self.handle_request()

    def count(self, what: str) -> None:
        """Count something for the health report; safe in any thread."""
        with self._lock:
            self.counts[what] += 1

    def refuse(self, why: str, who: str) -> None:
        """Count and log what was refused; ``why`` holds nothing that came from outside."""
        self.count(why)
        _log.warning("lan: refused %s: %s", who, why)

    def wait_s(self) -> int:
        """Return for how many seconds callers must wait; 0 lets this one through."""
        with self._lock:
            return -(-self._brake.wait_ms(self.now()) // 1_000)

    def close(self) -> None:
        """Stop listening and end what is being served."""
        with self._lock:
            for connection in self._open:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    # ---- what socketserver asks and tells ----

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Refuse a connection where there are too many."""
        host = client_address[0]
        with self._lock:
            hosts = list(self._open.values())
            room = len(hosts) < MOST_AT_ONCE and hosts.count(host) < MOST_OF_ONE_ADDRESS
            if room:
                self._open[request] = host
        if not room:
            self.refuse("too many connections", host)
        return room

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._lock:
            self._open.pop(request, None)
        request.close()

    def handle_error(self, _request: Any, client_address: Any) -> None:
        """A connection broke, or its peer was no TLS client, or too slow."""
        self.refuse("broken connection", client_address[0])
