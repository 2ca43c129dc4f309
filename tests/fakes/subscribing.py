"""A broker that only answers SUBSCRIBE, to see what a client asks of it (MQTT 3.1.1)."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from provisioning.pki.certificates import issue_server, make_root
from provisioning.pki.files import new_key, pem, write_certificates, write_key

CONNECT, SUBSCRIBE = 0x10, 0x82
CONNACK, SUBACK = b"\x20\x02", b"\x90"
GRANTED, REFUSED = b"\x01", b"\x80"


@dataclass
class Answering:
    """The broker: where it is, and how often it was asked for subscriptions."""

    port: int
    asked: list[bytes] = field(default_factory=list)


@contextmanager
def answering_broker(
    server: ssl.SSLContext, session_present: bool, answer: bytes = GRANTED
) -> Iterator[Answering]:
    """Take one connection and answer each subscription in it with ``answer``."""
    with socket.create_server(("127.0.0.1", 0)) as at:
        broker = Answering(at.getsockname()[1])
        thread = threading.Thread(
            target=_serve,
            args=(at, server, broker, bytes([session_present, 0]), answer),
            daemon=True,
        )
        thread.start()
        try:
            yield broker
        finally:
            with suppress(OSError):
                at.shutdown(socket.SHUT_RDWR)
            thread.join(10)


def tls_pair(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the broker's side of TLS and its client's."""
    now, key = datetime.now(UTC), new_key()
    root = make_root(new_key(), "Example", now)
    write_key(folder / "key", key)
    write_certificates(folder / "crt", [issue_server(root, key.public_key(), ["localhost"], now)])
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "crt", folder / "key")
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(cadata=pem([root.certificate]).decode())
    return server, client


def _serve(
    at: socket.socket, context: ssl.SSLContext, broker: Answering, present: bytes, answer: bytes
) -> None:
    with suppress(OSError):
        taken, _ = at.accept()
        with context.wrap_socket(taken, server_side=True) as line, line.makefile("rb") as packets:
            while head := packets.read(2):
                body = packets.read(_length(head[1], packets))
                if head[0] == CONNECT:
                    line.sendall(CONNACK + present)
                elif head[0] == SUBSCRIBE:
                    broker.asked.append(body)
                    answers = answer * _filters(body)
                    line.sendall(SUBACK + bytes([2 + len(answers)]) + body[:2] + answers)


def _length(first: int, packets: BinaryIO) -> int:
    """Return the remaining length, of one byte or two."""
    if first < 0x80:
        return first
    return first - 0x80 + 0x80 * packets.read(1)[0]


def _filters(body: bytes) -> int:
    """Return how many filters a SUBSCRIBE names."""
    found, at = 0, 2
    while at < len(body):
        at += 2 + int.from_bytes(body[at : at + 2]) + 1
        found += 1
    return found
