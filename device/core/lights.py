"""When the LEDs shine: always all three alike, so that none tells which choice it was. Pure.

============================  =============================================
pattern                       meaning
============================  =============================================
on for 400 ms                 a press was accepted: its record is stored
half a second on, half off    *identify*: this is the terminal you look for
half a second on every 4 s    out of service; only where there is no screen
============================  =============================================

While the terminal is out of service a press lights nothing. Nothing flashes faster than 2 Hz.
"""

from __future__ import annotations

from typing import Literal

ACCEPTED_MS = 400
Signal = Literal["identify", "trouble"]
_PATTERNS: dict[Signal, tuple[int, int]] = {"identify": (500, 1_000), "trouble": (500, 4_000)}
"""Milliseconds on, and of the whole period."""


def is_lit(up: int, accepted_at: int | None, signal: Signal | None) -> bool:
    """Return whether the LEDs shine at ``up``.

    Args:
        up: Now, monotonic milliseconds.
        accepted_at: When the last accepted press was stored.
        signal: What else they have to say.
    """
    if accepted_at is not None and up - accepted_at < ACCEPTED_MS:
        return True
    if signal is None:
        return False
    on, period = _PATTERNS[signal]
    return up % period < on
