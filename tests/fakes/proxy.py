"""An HTTP proxy that lets CONNECT through, or doesn't."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Proxy:
    """A proxy on 127.0.0.1.

    Attributes:
        answer: its status line; only 200 lets through.
        asked: the ``host:port`` of each CONNECT.
    """

    answer: str = "200 Connection established"
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """How a terminal names it."""
        return f"http://127.0.0.1:{self.port}"

    def _serve(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                line, _ = listening.accept()
                threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += line.recv(4096)
            where = head.split()[1].decode()
            self.asked.append(where)
            line.sendall(f"HTTP/1.1 {self.answer}\r\n\r\n".encode())
            if not self.answer.startswith("200"):
                return
            host, _, port = where.rpartition(":")
            with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as beyond:
                back = threading.Thread(target=_pour, args=(beyond, line), daemon=True)
                back.start()
                _pour(line, beyond)
                back.join(10)


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def running_proxy(answer: str = "200 Connection established") -> Iterator[Proxy]:
    """Run a proxy until the end of the block."""
    proxy = Proxy(answer)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        proxy.port = listening.getsockname()[1]
        serving = threading.Thread(target=proxy._serve, args=(listening,), daemon=True)
        serving.start()
        yield proxy
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        serving.join(10)
