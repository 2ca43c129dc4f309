"""Ports of this machine: they are free before a process starts, and found by others after."""

import errno
import socket
import time
from contextlib import closing

from fleet_server.errors import FleetError

TRIES = 5
PAUSE_S = 1.0
"""Seconds between two tries: a worker whose master was killed holds the port a little longer."""


def check_port(host: str, port: int, key: str) -> None:
    """Make sure that a TCP port can be listened on, so that it is said in one sentence.

    NATS looks at its port only after it has opened its store: a second broker, started by mistake,
    would open the store of the first.

    Args:
        host: Address or name to listen on.
        port: The port.
        key: Where fleet.toml sets it, such as ``[web] port``.

    Raises:
        FleetError: it can't.
    """
    for left in reversed(range(TRIES)):
        try:
            _bind(host, port)
        except OSError as error:
            if left == 0 or error.errno != errno.EADDRINUSE:
                raise FleetError(_why(error, host, port, key)) from None
            time.sleep(PAUSE_S)
        else:
            return


def at_hand(host: str) -> str:
    """Return where a server that listens on ``host``, perhaps on all addresses, is found here."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # not to listen on


def _bind(host: str, port: int) -> None:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with closing(socket.socket(family, kind, protocol)) as one:
        # As the servers do: a connection that has just ended does not count.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(address)


def _why(error: OSError, host: str, port: int, key: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use, perhaps by the same command started before; "
            f"end that, or choose another {key} in fleet.toml"
        )
    return f"can't listen on port {port} of {host} ({error.strerror}); see {key} in fleet.toml"
