"""The terminal under a watchdog, as systemd runs it: a real process and a socket for its word."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.system import TERMINAL
from tests.fakes.processes import Process
from tests.fakes.systemd import Systemd


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
    systemd.starves_while_hanging(terminal.pid)


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
