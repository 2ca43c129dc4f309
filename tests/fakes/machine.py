"""A machine whose clocks the test holds: the terminal's own clock code runs over them.

There is no battery: after a power cut the system's clock begins in 1970 and is right again only
when something keeps it.
"""

from pathlib import Path
from types import SimpleNamespace

import pytest

from device import clock as module

STARTED_MS = 20_000
"""What ``up`` shows when the terminal's process starts."""


class Machine:
    """The real time, and what the machine knows of it; milliseconds.

    Args:
        now: The real time, Unix milliseconds.
        patch: Puts the machine under ``device/clock.py``.

    Attributes:
        kept: Whether something disciplines the system's clock.
        right: Whether the system's clock shows the real time.
    """

    def __init__(self, now: int, patch: pytest.MonkeyPatch) -> None:
        self.now = now
        self.kept = self.right = True
        self._booted = now - STARTED_MS
        fake = SimpleNamespace(
            time_ns=lambda: (self.now if self.right else self.up) * 1_000_000,
            clock_gettime_ns=lambda _clock: self.up * 1_000_000,
            CLOCK_BOOTTIME=7,
        )
        patch.setattr(module, "time", fake)
        patch.setattr(module, "kernel_is_synced", lambda: self.kept)
        patch.setattr(module, "_RTC", Path("/nonexistent"))

    @property
    def up(self) -> int:
        """Milliseconds since the boot."""
        return self.now - self._booted

    def lose_the_time_server(self) -> None:
        """Nothing keeps the clock any more; it goes on by itself."""
        self.kept = False

    def find_the_time_server(self) -> None:
        """The clock is set right, and kept so."""
        self.kept = self.right = True

    def cut_power(self, dark_ms: int) -> None:
        """Be without power for a while, then boot."""
        self.right = self.kept
        self.now += dark_ms + STARTED_MS
        self._booted = self.now - STARTED_MS
