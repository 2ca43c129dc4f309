"""The LEDs of the buttons: lit when a press is stored, and as `core.lights` says besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.lights import is_lit

if TYPE_CHECKING:
    from device.core.lights import Signal
    from device.ports import Buttons


_ALL, _NONE = frozenset({0, 1, 2}), frozenset[int]()


class Lights:
    """Moves the LEDs only when something changes.

    Args:
        buttons: Has the LEDs.

    Attributes:
        signal: What they blink, None while they don't.
    """

    def __init__(self, buttons: Buttons) -> None:
        self._buttons = buttons
        self._accepted_at: int | None = None
        self._shining = _NONE
        self.signal: Signal | None = None

    def accepted(self, up: int) -> None:
        """A press is stored: say so at once."""
        self._accepted_at = up
        self._shine(_ALL)

    def turn(self, up: int, signal: Signal | None = None, only: int | None = None) -> None:
        """Do what is due at ``up``; ``only`` lights one LED alone, for the self-test."""
        self.signal = signal
        if only is not None:
            self._shine(frozenset({only}))
        else:
            self._shine(_ALL if is_lit(up, self._accepted_at, signal) else _NONE)

    def _shine(self, wanted: frozenset[int]) -> None:
        if wanted == self._shining:
            return
        self._shining = wanted
        if wanted in (_ALL, _NONE):
            self._buttons.acknowledge(wanted == _ALL)
        else:
            self._buttons.light_one(*wanted)
