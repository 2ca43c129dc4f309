"""No loudspeaker: most counters have none, and the screen says everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.cues import Cue


class NoSound:
    """Implements the port ``Sound`` with nothing behind it."""

    def play(self, cues: Sequence[Cue], language: str) -> None:
        """Play nothing."""

    def report(self) -> dict[str, Any]:
        """Say nothing."""
        return {}

    def close(self) -> None:
        """Close nothing."""
