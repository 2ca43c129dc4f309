"""How long the main loop may sleep: touches are seen at once, and a rest costs nothing. Pure.

Descriptors wake the loop for everything that comes from outside. Sleep is bounded for what
only time brings (the end of a thank-you, a light that goes out), and where a screen has no
descriptor, by how long a finger may wait.
"""

from __future__ import annotations

LIVELY_MS = 10_000
"""For so long after something happened more is to be expected."""

_LIVELY = 50
_BLINKING = 250
_RESTING = 500
_ASKING = 40


def patience(up: int, stirred_at: int, *, asks: bool, blinks: bool = False) -> int:
    """Return for how many milliseconds the loop may sleep.

    Args:
        up: Now.
        stirred_at: When something last happened.
        asks: True when touches are only found by asking for them.
        blinks: True while a light blinks, at most twice a second.
    """
    if asks:
        return _ASKING
    if up - stirred_at < LIVELY_MS:
        return _LIVELY
    return _BLINKING if blinks else _RESTING
