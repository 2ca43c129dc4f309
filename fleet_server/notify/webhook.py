"""One attempt to deliver an event, over HTTP: signed, bounded in time, and believed in nothing."""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from fleet_server.core.webhooks import signature
from fleet_server.notify.targets import Target, TargetError, parsed, resolve
from fleet_server.settings import WebhooksSection
from fleet_server.store.deliveries import Due, Outcome

CONNECT_S = 5.0
READ_S = 10.0
TOTAL_S = 15.0
"""However slowly a receiver answers, byte by byte: after this it is cut off."""

AGENT = "Hailong-Webhooks/1"


class Caller:
    """Calls receivers.

    Args:
        allowed: what the settings give leave for.
        clock: returns Unix milliseconds, for signatures and for how long a call took.
    """

    def __init__(self, allowed: WebhooksSection, clock: Callable[[], int]) -> None:
        self._allowed, self._clock = allowed, clock

    def send(self, due: Due, secrets: list[bytes]) -> Outcome:
        """Try once to deliver an event; whatever goes wrong is an outcome."""
        began = self._clock()
        try:
            target = parsed(due.url)
            address = resolve(target, self._allowed)
            status = _post(target, address, self._headers(due, secrets), due.body.encode())
        except (TargetError, HTTPError, OSError) as error:
            return Outcome(None, _words(error), self._clock() - began)
        wrong = None if 200 <= status < 300 else _refusal(status)
        return Outcome(status, wrong, self._clock() - began)

    def _headers(self, due: Due, secrets: list[bytes]) -> dict[str, str]:
        seconds = self._clock() // 1_000
        return {
            "Content-Type": "application/json",
            "User-Agent": AGENT,
            "webhook-id": due.event,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(secrets, due.event, seconds, due.body.encode()),
        }


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refusal(status: int) -> str:
    if 300 <= status < 400:
        return f"answered {status}; redirects are not followed: give the address itself"
    return f"answered {status}"


def _post(target: Target, address: str, headers: Mapping[str, str], body: bytes) -> int:
    """Send to the address that was judged, under the target's own name; return the status.

    The answer's body is not read: nobody here needs it, and it may have no end.
    """
    connection = _connection(target, address)
    cut = threading.Timer(TOTAL_S, _cut, (connection,))
    cut.daemon = True
    cut.start()
    try:
        connection.request(
            "POST",
            target.path,
            body=body,
            headers={**headers, "Host": target.authority},
            preload_content=False,
        )
        if connection.sock is not None:
            connection.sock.settimeout(READ_S)
        return int(connection.getresponse().status)
    finally:
        cut.cancel()
        connection.close()


def _connection(target: Target, address: str) -> HTTPConnection:
    if not target.is_secure:
        return HTTPConnection(address, target.port, timeout=CONNECT_S)
    return HTTPSConnection(
        address,
        target.port,
        timeout=CONNECT_S,
        server_hostname=target.host,
        assert_hostname=target.host,
        cert_reqs="CERT_REQUIRED",
    )


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)
