"""Runs a broker as a child, for what it does not do itself.

It tells systemd when the broker answers and for as long as it does, and makes it read the list of
whom it believes when that has changed.
"""

import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from fleet_server import clock
from fleet_server.leash import leashed
from fleet_server.watchdog import Watchdog

LOOK_S = 1.0
"""Seconds between two looks at the list."""

ANSWER_S = 5.0
HANDSHAKE = 0x16
"""The first byte of a server's part of a TLS handshake (RFC 8446, section 5.1)."""


@dataclass(frozen=True, slots=True)
class Child:
    """How a broker is looked after.

    Attributes:
        command: what starts it.
        answers: asks it something, and says whether it answered.
        reread: a file that it reads again at SIGHUP, if there is one: Mosquitto's revocation list,
            the list of keys by which nodes of a cluster take each other.
    """

    command: Sequence[str]
    answers: Callable[[], bool]
    reread: Path | None = None


def run(broker: Child, watchdog: Watchdog) -> int:
    """Run the broker until it ends or we are told to; return its exit code."""
    told = threading.Event()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    seen = _mark(broker.reread)
    with subprocess.Popen(leashed(broker.command)) as child:  # noqa: S603 - a fixed program, no shell
        while child.poll() is None and not told.wait(LOOK_S):
            mark = _mark(broker.reread)
            if mark != seen:
                child.send_signal(signal.SIGHUP)
                seen = mark
            _report(broker, watchdog)
        if child.poll() is None:
            child.terminate()
        code = child.wait()
    # Ended because we were told to: that is no failure.
    return 0 if told.is_set() else code


def nats_answers(port: int) -> bool:
    """Say whether NATS greets on its own protocol's port of this machine."""
    return _first_bytes("127.0.0.1", port, b"", 5) == b"INFO "


def tls_answers(host: str, port: int) -> bool:
    """Say whether a broker begins a TLS handshake; it asks for no more than that."""
    asked, hello = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(asked, hello, server_hostname=host).do_handshake()
    return _first_bytes(host, port, hello.read(), 1) == bytes([HANDSHAKE])


def _report(broker: Child, watchdog: Watchdog) -> None:
    if watchdog.is_due(clock.monotonic_s()) and broker.answers():
        watchdog.ready()
        watchdog.alive(clock.monotonic_s())


def _first_bytes(host: str, port: int, question: bytes, length: int) -> bytes:
    """Return how an answer begins; nothing where there is none."""
    try:
        with socket.create_connection((host, port), ANSWER_S) as connection:
            connection.sendall(question)
            return connection.recv(length, socket.MSG_WAITALL)
    except OSError:
        return b""


def _mark(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
