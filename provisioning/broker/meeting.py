"""Whether a broker answers with mutual TLS, without a word of MQTT."""

import contextlib
import socket
import ssl

WAIT_S = 5
REFUSED_S = 0.3
"""How long a refusal of our certificate may take to come, which TLS 1.3 sends after the rest."""


def meet(address: tuple[str, int], name: str, context: ssl.SSLContext) -> None:
    """Shake hands, and wait a moment for a refusal.

    Raises:
        OSError: nobody answers, or one of both does not believe the other. NATS shakes hands with
            a node that it does not take, and hangs up.
    """
    with (
        socket.create_connection(address, WAIT_S) as plain,
        context.wrap_socket(plain, server_hostname=name) as secure,
    ):
        secure.settimeout(REFUSED_S)
        with contextlib.suppress(TimeoutError):
            if not secure.recv(1):
                raise ConnectionAbortedError("hangs up after the handshake")
