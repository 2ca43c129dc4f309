"""The bells between the two processes."""

import os
import select
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from device import wakeup
from device.wakeup import WakeUp


@pytest.fixture
def bells(tmp_path: Path) -> Iterator[tuple[WakeUp, WakeUp]]:
    pair = WakeUp(tmp_path, "terminal"), WakeUp(tmp_path, "uplink")
    yield pair
    for bell in pair:
        bell.close()


def is_rung(bell: WakeUp) -> bool:
    return bool(select.select([bell], [], [], 0)[0])


def test_ringing_wakes_the_other_side_only(bells: tuple[WakeUp, WakeUp]) -> None:
    terminal, uplink = bells
    terminal.ring()
    assert (is_rung(terminal), is_rung(uplink)) == (False, True)
    assert uplink.drain() == []
    assert not is_rung(uplink)


def test_a_report_goes_along(bells: tuple[WakeUp, WakeUp]) -> None:
    terminal, uplink = bells
    terminal.ring({"health": {"rejected": 3}})
    terminal.ring()
    assert uplink.drain() == [{"health": {"rejected": 3}}]


def test_ringing_where_nobody_is_does_nothing(tmp_path: Path) -> None:
    bell = WakeUp(tmp_path, "terminal")
    bell.ring()
    bell.close()


def test_ringing_somebody_who_never_looks_never_blocks(bells: tuple[WakeUp, WakeUp]) -> None:
    terminal, uplink = bells
    for _ in range(5_000):
        terminal.ring()
    assert is_rung(uplink)


def test_a_report_that_is_too_long_is_left_out(bells: tuple[WakeUp, WakeUp]) -> None:
    terminal, uplink = bells
    terminal.ring({"health": "x" * 20_000})
    assert not is_rung(uplink)


@pytest.mark.parametrize("noise", [b"\xff", b"{", b"[1]", b"7", b"[" * 10_000])
def test_a_datagram_that_is_no_report_is_left_out(
    tmp_path: Path, bells: tuple[WakeUp, WakeUp], noise: bytes
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.sendto(noise, wakeup._address(tmp_path, "uplink"))
    assert bells[1].drain() == []


def test_another_users_datagram_is_not_heard(
    bells: tuple[WakeUp, WakeUp], monkeypatch: pytest.MonkeyPatch
) -> None:
    bells[0].ring({"health": {}})
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert bells[1].drain() == []


def test_two_terminals_on_one_machine_have_bells_of_their_own(tmp_path: Path) -> None:
    one, other = WakeUp(tmp_path / "a", "terminal"), WakeUp(tmp_path / "b", "uplink")
    one.ring()
    assert not is_rung(other)
    one.close()
    other.close()


def test_a_bell_that_is_taken_is_done_without(tmp_path: Path) -> None:
    first, second = WakeUp(tmp_path, "uplink"), WakeUp(tmp_path, "uplink")
    second.ring()
    assert second.drain() == []
    first.close()
    second.close()
