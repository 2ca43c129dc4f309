"""What systemd hears of the server's processes."""

import os
import socket
from pathlib import Path

import pytest

from fleet_server.watchdog import Watchdog


def test_systemd_hears_once_that_it_is_ready_and_in_time_that_it_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind("notify")
        notify.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", "notify")
        monkeypatch.setenv("WATCHDOG_USEC", "20000000")
        watchdog = Watchdog()
        assert "NOTIFY_SOCKET" not in os.environ, "what it starts does not speak for it"
        for _ in range(2):
            watchdog.ready()
        for now_s in (0.0, 9.9, 10.0):
            watchdog.alive(now_s)
        assert [notify.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        with pytest.raises(BlockingIOError):
            notify.recv(99)


def test_an_abstract_socket_is_one_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind("")  # the kernel chooses an abstract name
        name = notify.getsockname().decode()
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + name[1:])
        Watchdog().ready()
        assert notify.recv(99) == b"READY=1"


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", "nonsense")
    watchdog = Watchdog()
    watchdog.ready()
    assert not watchdog.is_due(0.0)
    watchdog.alive(0.0)


def test_a_systemd_that_is_gone_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    Watchdog().ready()
