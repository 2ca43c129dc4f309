"""systemd as a service sees it: the socket to which it tells how it is (sd_notify(3))."""

import os
import select
import signal
import socket
from pathlib import Path

from tests.fakes.wait import eventually

PERIOD_S = 0.4


class Systemd:
    """Waits for a word of a service at least each ``PERIOD_S``.

    Attributes:
        env: what the service finds in its environment.
    """

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.env = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(PERIOD_S * 1e6))}

    def hear(self, within_s: float) -> bytes | None:
        """Return the next word, None when there is none for so long."""
        ready, _, _ = select.select([self.socket], [], [], within_s)
        return self.socket.recv(99) if ready else None

    def hear_until(self, wanted: bytes, within_s: float) -> list[bytes]:
        """Return all words up to the wanted one."""
        words: list[bytes] = []
        while wanted not in words:
            word = self.hear(within_s)
            assert word is not None, f"{wanted!r} did not come, but {words}"
            words.append(word)
        return words

    def starves_while_hanging(self, pid: int) -> None:
        """See that a process which hangs says nothing more, until it goes on."""
        _hang(pid)
        self.forget()
        assert self.hear(3 * PERIOD_S) is None
        os.kill(pid, signal.SIGCONT)
        assert self.hear(60) == b"WATCHDOG=1"

    def forget(self) -> None:
        """Take off what was said so far."""
        while self.hear(0):
            pass


def _hang(pid: int) -> None:
    """Let a process hang, until it gets SIGCONT."""
    os.kill(pid, signal.SIGSTOP)
    stat = Path(f"/proc/{pid}/stat")
    eventually(lambda: stat.read_text().rsplit(")", 1)[1].split()[0] == "T", 20, "the stop")
