"""The clock adapter: the only place of the terminal that asks the machine for the time.

``up`` comes from ``CLOCK_BOOTTIME``, which every process of the machine shares, so a time to live
counted by one process can be read by the other. The boot id is new for each *start of the
process*: the journal's rules about "the same boot" then never depend on what a process that has
died may have known.
"""

from __future__ import annotations

import ctypes
import secrets
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from device.ports import Clock
    from wire.records import ClockQuality

AHEAD_MS = 15 * 365 * 86_400_000
"""How long after the newest known time a clock may be: longer than any terminal lies in a store."""

_TIME_ERROR = 5  # adjtimex(2): the clock is not synchronised
_TIMEX_BYTES = 512  # struct timex is 208 bytes on 64-bit Linux; the rest is room
_RTC = Path("/sys/class/rtc/rtc0/since_epoch")
_LIBC = ctypes.CDLL(None, use_errno=True)


class SystemClock:
    """The machine's clocks, held above a floor and corrected by what a fresh receipt said.

    A clock with a battery is believed if it shows no less than the floor, for with an empty battery
    it begins in 1970 again, and no more than `AHEAD_MS` after it, for some begin in 2099.

    Args:
        floor_ms: The newest time known to have passed (journal, image build), Unix ms; 0 where
            none is known. While nothing better is known the wall clock goes on from there.
        trusted: True when the host keeps the system clock right by means that the kernel does
            not report (a container, a desktop).
    """

    def __init__(self, floor_ms: int = 0, *, trusted: bool = False) -> None:
        self._boot_id = secrets.token_hex(16)
        self._trusted = trusted
        self._was_synced = False
        # Both as the wall clock's value at up 0, so that they move with the monotonic clock.
        self._floor_at_0 = floor_ms - _monotonic_ms()
        self._set_at_0: int | None = None
        self._latest = floor_ms + AHEAD_MS if floor_ms else sys.maxsize
        self._has_battery = max(floor_ms, 1) <= _battery_clock_ms() <= self._latest

    @property
    def boot_id(self) -> str:
        """Random id of this start of the process."""
        return self._boot_id

    def up_ms(self) -> int:
        """Return monotonic milliseconds since the machine's boot, suspended time included."""
        return _monotonic_ms()

    def wall_ms(self) -> int:
        """Return Unix milliseconds: the system's if disciplined, else the best that is known."""
        system = time.time_ns() // 1_000_000
        if self._disciplined():
            return system
        if self._set_at_0 is not None:
            return self._set_at_0 + _monotonic_ms()
        floor = self._floor_at_0 + _monotonic_ms()
        return max(system, floor) if system <= self._latest else floor

    def raise_floor(self, floor_ms: int) -> None:
        """Learn a time that has certainly passed, Unix ms."""
        self._floor_at_0 = max(self._floor_at_0, floor_ms - _monotonic_ms())

    def set_wall(self, wall_ms: int, up_ms: int) -> None:
        """Learn that it was ``wall_ms`` (Unix ms) when the machine's ``up`` was ``up_ms``.

        It counts for this process, until the system's own clock is disciplined.
        """
        self._set_at_0 = wall_ms - up_ms

    def quality(self) -> ClockQuality:
        """Return ``synced`` while the kernel says so, ``holdover`` once it was, else ``unset``."""
        if self._disciplined():
            return "synced"
        if self._was_synced or self._set_at_0 is not None or self._has_battery:
            return "holdover"
        return "unset"

    def _disciplined(self) -> bool:
        synced = self._trusted or kernel_is_synced()
        self._was_synced = self._was_synced or synced
        return synced


class SimulatedClock(SystemClock):
    """The real clocks plus what ``advance`` added to both; ``wind`` sets the wall clock alone."""

    def __init__(self, floor_ms: int = 0, *, trusted: bool = False) -> None:
        super().__init__(floor_ms, trusted=trusted)
        self._advanced_ms = 0
        self._wound_ms = 0

    def advance(self, milliseconds: int) -> None:
        """Move the clock forward; it never goes back."""
        if milliseconds < 0:
            raise ValueError("the clock only moves forward")
        self._advanced_ms += milliseconds

    def wind(self, milliseconds: int) -> None:
        """Set the wall clock on, or back with a negative number."""
        self._wound_ms += milliseconds

    def up_ms(self) -> int:
        """Return the machine's monotonic milliseconds plus what was advanced."""
        return super().up_ms() + self._advanced_ms

    def wall_ms(self) -> int:
        """Return Unix milliseconds plus what was advanced and wound."""
        return super().wall_ms() + self._advanced_ms + self._wound_ms


def kernel_is_synced() -> bool:
    """Ask the kernel (adjtimex, read-only) whether something disciplines its clock."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    state: int = _LIBC.adjtimex(timex)
    return 0 <= state != _TIME_ERROR


def _battery_clock_ms() -> int:
    """Return what the clock with a battery shows, Unix ms; 0 where there is none."""
    try:
        return int(_RTC.read_bytes()) * 1000
    except (OSError, ValueError):
        return 0


def local_time(clock: Clock, zone: tzinfo) -> datetime | None:
    """Return the time in a zone, None while the clock is not believed."""
    if clock.quality() == "unset":
        return None
    return datetime.fromtimestamp(clock.wall_ms() / 1000, zone)


def _monotonic_ms() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
