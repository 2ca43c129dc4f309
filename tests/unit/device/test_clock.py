"""The clock adapter (device/clock.py)."""

import time
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from device import clock as module
from device.clock import AHEAD_MS, SimulatedClock, SystemClock, local_time
from tests.fakes.journals import StillClock

HOUR = 3_600_000


@pytest.fixture
def nobody_keeps_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "kernel_is_synced", lambda: False)
    monkeypatch.setattr(module, "_RTC", tmp_path / "none")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_every_start_has_a_boot_id_of_its_own() -> None:
    first, second = SystemClock().boot_id, SystemClock().boot_id
    assert first != second
    assert len(first) == 32


def test_up_is_shared_by_all_processes_of_the_machine() -> None:
    assert abs(SystemClock().up_ms() - time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 10**6) < 1000


@pytest.mark.usefixtures("nobody_keeps_time")
def test_a_clock_that_nobody_keeps_is_unset_and_never_shows_less_than_what_has_passed() -> None:
    floor = now_ms() + 5 * HOUR
    clock = SystemClock(floor)
    assert clock.quality() == "unset"
    assert floor <= clock.wall_ms() < floor + 1000
    clock.raise_floor(floor + HOUR)
    assert clock.wall_ms() >= floor + HOUR
    clock.raise_floor(floor)
    assert clock.wall_ms() >= floor + HOUR


@pytest.mark.usefixtures("nobody_keeps_time")
def test_a_time_that_the_server_gave_counts_from_its_own_moment() -> None:
    clock = SystemClock(now_ms() + 5 * HOUR)
    clock.set_wall(1_000_000, clock.up_ms() - 500)
    assert 1_000_500 <= clock.wall_ms() < 1_001_500
    assert clock.quality() == "holdover"


@pytest.mark.usefixtures("nobody_keeps_time")
def test_a_clock_that_was_synced_is_in_holdover_when_the_network_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = SystemClock()
    monkeypatch.setattr(module, "kernel_is_synced", lambda: True)
    assert clock.quality() == "synced"
    monkeypatch.setattr(module, "kernel_is_synced", lambda: False)
    assert clock.quality() == "holdover"


@pytest.mark.usefixtures("nobody_keeps_time")
@pytest.mark.parametrize(
    ("shows", "quality"),
    [
        ("1790000000\n", "holdover"),
        ("1780000000\n", "unset"),
        ("4070908800\n", "unset"),
        ("17\n", "unset"),
        ("", "unset"),
    ],
)
def test_a_clock_with_a_battery_is_believed_unless_it_is_behind_what_has_passed_or_far_ahead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shows: str, quality: str
) -> None:
    (tmp_path / "since_epoch").write_text(shows)
    monkeypatch.setattr(module, "_RTC", tmp_path / "since_epoch")
    assert SystemClock(1_785_000_000_000).quality() == quality


@pytest.mark.usefixtures("nobody_keeps_time")
def test_a_system_clock_that_is_decades_ahead_is_not_taken_over() -> None:
    floor = now_ms() - AHEAD_MS - HOUR
    assert floor <= SystemClock(floor).wall_ms() < floor + 1000
    assert abs(SystemClock(floor + 2 * HOUR).wall_ms() - now_ms()) < 1000


@pytest.mark.usefixtures("nobody_keeps_time")
def test_a_host_that_keeps_the_time_is_believed_more_than_any_floor() -> None:
    clock = SystemClock(now_ms() + 5 * HOUR, trusted=True)
    assert clock.quality() == "synced"
    assert abs(clock.wall_ms() - now_ms()) < 1000


def test_the_simulated_clock_moves_both_times_forward_and_never_back() -> None:
    clock = SimulatedClock(trusted=True)
    up, wall = clock.up_ms(), clock.wall_ms()
    clock.advance(HOUR)
    assert clock.up_ms() - up >= HOUR
    assert clock.wall_ms() - wall >= HOUR
    with pytest.raises(ValueError, match="forward"):
        clock.advance(-1)


def test_the_simulated_clock_can_be_set_back_while_up_goes_on() -> None:
    clock = SimulatedClock(trusted=True)
    up, wall = clock.up_ms(), clock.wall_ms()
    clock.wind(-HOUR)
    assert clock.wall_ms() - wall < 0
    assert clock.up_ms() >= up


def test_the_kernel_can_be_asked() -> None:
    assert module.kernel_is_synced() in (True, False)


def test_the_local_time_is_known_where_the_clock_is_believed() -> None:
    clock = StillClock(1_790_000_000_000)
    assert str(local_time(clock, ZoneInfo("Asia/Ho_Chi_Minh"))) == "2026-09-21 21:13:20+07:00"
    clock.now_is = "unset"
    assert local_time(clock, UTC) is None
