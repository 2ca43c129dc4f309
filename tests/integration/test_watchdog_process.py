"""The terminal under a watchdog, as systemd runs it: a real process and a socket for its word."""

import os
import select
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.system import TERMINAL
from tests.fakes.processes import Process
from tests.fakes.wait import eventually

PERIOD_S = 0.4


class Systemd:
    """The socket to which a service tells how it is."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))
        self.env = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": str(int(PERIOD_S * 1e6))}

    def hear(self, within_s: float) -> bytes | None:
        """Return the next word, None when there is none for so long."""
        ready, _, _ = select.select([self.socket], [], [], within_s)
        return self.socket.recv(99) if ready else None

    def forget(self) -> None:
        """Take off what was said so far."""
        while self.hear(0):
            pass


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    yield made
    made.socket.close()


@pytest.fixture
def terminal(tmp_path: Path, systemd: Systemd) -> Iterator[Process]:
    config = tmp_path / "terminal.toml"
    config.write_text('[terminal]\nid = "t-1"\ncounter = "Q1"\n[buttons]\nfitted = false\n')
    words = [TERMINAL, "run", "--no-window", "--config", str(config)]
    process = Process(words, tmp_path / "log", systemd.env).start()
    yield process
    if process.running:
        os.kill(process.pid, signal.SIGCONT)
    process.stop()


def test_systemd_hears_of_the_first_screen_and_then_that_the_terminal_lives(
    terminal: Process, systemd: Systemd
) -> None:
    assert systemd.hear(60) == b"READY=1"
    for _ in range(3):
        assert systemd.hear(60) == b"WATCHDOG=1"
    assert terminal.stop() == 0


def test_a_terminal_that_hangs_says_nothing_more(terminal: Process, systemd: Systemd) -> None:
    assert systemd.hear(60) == b"READY=1"
    assert systemd.hear(60) == b"WATCHDOG=1"
    terminal.send(signal.SIGSTOP)
    eventually_stopped(terminal.pid)
    systemd.forget()
    assert systemd.hear(3 * PERIOD_S) is None
    terminal.send(signal.SIGCONT)
    assert systemd.hear(60) == b"WATCHDOG=1"


def test_a_terminal_whose_journal_cannot_be_opened_is_ready_to_say_so_and_lives(
    terminal: Process, systemd: Systemd, tmp_path: Path
) -> None:
    assert systemd.hear(60) == b"READY=1"
    other = Systemd(tmp_path / "other")
    second = Process(terminal.command, tmp_path / "second.log", other.env).start()
    try:
        assert other.hear(60) == b"READY=1"
        assert other.hear(60) == b"WATCHDOG=1"
        second.wait_for("another process writes this journal")
    finally:
        second.stop()
        other.socket.close()


def eventually_stopped(pid: int) -> None:
    """Wait until the kernel says that a process is stopped."""
    stat = Path(f"/proc/{pid}/stat")
    eventually(lambda: stat.read_text().rsplit(")", 1)[1].split()[0] == "T", 20, "the stop")
