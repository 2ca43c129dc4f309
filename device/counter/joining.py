"""Shows what keeps the terminal from its fleet, where nobody is being served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from device.link import standing

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.joining import Stage
    from device.ports import Clock

LOOK_EVERY_MS = 2_000


class Shows(Protocol):
    """What shows it; the desk."""

    def joining(self, stage: Stage | None) -> None:
        """Show how far the terminal is on its way into the fleet; None when it is there."""


class Joining:
    """Looks every other second at what the uplink says.

    Args:
        data: Folder of the terminal's files.
        clock: The time.
        desk: Shows it.
    """

    def __init__(self, data: Path, clock: Clock, desk: Shows) -> None:
        self._data = data
        self._clock = clock
        self._desk = desk
        self._looked_at: int | None = None

    def turn(self) -> None:
        """Look, if it is time to."""
        now = self._clock.up_ms()
        if self._looked_at is None or now - self._looked_at >= LOOK_EVERY_MS:
            self._looked_at = now
            self._desk.joining(standing.told(self._data).stage)
