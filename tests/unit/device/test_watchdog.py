"""What systemd hears."""

import socket
from pathlib import Path

import pytest

from device.watchdog import Watchdog


def test_systemd_hears_that_the_uplink_is_ready_and_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.bind("notify")
        notify.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", "notify")
        monkeypatch.setenv("WATCHDOG_USEC", "20000000")
        watchdog = Watchdog()
        watchdog.ready()
        for up in (0, 9_999, 10_000):
            watchdog.alive(up)
        assert [notify.recv(99) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
        with pytest.raises(BlockingIOError):
            notify.recv(99)


def test_without_systemd_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", "nonsense")
    watchdog = Watchdog()
    watchdog.ready()
    watchdog.alive(0)


def test_a_systemd_that_is_gone_harms_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    Watchdog().ready()
