"""Where the broker listens for those who answer its questions: on loopback, or at every node."""

import socket
import ssl
from dataclasses import dataclass

from fleet_server.settings import BrokerSection, Settings


@dataclass(frozen=True, slots=True)
class Door:
    """The servers to connect to, any of them, and by which TLS; by none on loopback."""

    servers: tuple[str, ...]
    context: ssl.SSLContext | None


def door_of(settings: Settings) -> Door:
    """Return where to connect. The nodes of a cluster are those that its name leads to now."""
    broker = settings.broker
    if not broker.cluster:
        return Door((f"nats://127.0.0.1:{broker.client_port}",), None)
    return Door(
        tuple(f"tls://{_bracketed(one)}:{broker.client_port}" for one in addresses_of(broker)),
        ssl.create_default_context(cafile=str(settings.layout.root_certificate)),
    )


def addresses_of(broker: BrokerSection) -> list[str]:
    """Return the addresses of the broker's host, each once; the name itself if it has none now."""
    try:
        found = socket.getaddrinfo(broker.host, broker.port, type=socket.SOCK_STREAM)
    except OSError:
        return [broker.host]
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
