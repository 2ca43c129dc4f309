"""When may an update make a terminal useless for some minutes? Pure.

1. A terminal whose own process says nothing serves nobody: at once. The update may be its cure.
2. While somebody is being served or asked: no.
3. Outside the opening hours: yes.
4. Within them once nobody was served or pressed for long enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from device.core.health import SILENT_AFTER_MS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Pulse:
    """What the terminal process says of itself beside its figures.

    Attributes:
        drawn: A screen that is of use was drawn, or none is fitted.
        read: The levels of all buttons were read, or none are fitted.
        open: The office is open, or nobody knows.
        serving: Somebody is being served or asked.
        idle_s: Seconds since the last ticket or press.
    """

    drawn: bool = False
    read: bool = False
    open: bool = True
    serving: bool = False
    idle_s: int = 0


def read_pulse(said: Mapping[str, Any]) -> Pulse:
    """Return the pulse in what the terminal process said; what is missing or odd says nothing."""
    value = said.get("pulse")
    found = value if isinstance(value, dict) else {}
    idle = found.get("idle_s")
    return Pulse(
        drawn=found.get("drawn") is True,
        read=found.get("read") is True,
        open=found.get("open") is not False,
        serving=found.get("serving") is True,
        idle_s=idle if type(idle) is int else 0,
    )


def is_quiet(pulse: Pulse, silence_ms: int, patience_s: int) -> bool:
    """Return whether nobody would miss the terminal now.

    Args:
        pulse: What the terminal process said last.
        silence_ms: Milliseconds since then.
        patience_s: How long nobody must have been served within the opening hours.
    """
    if silence_ms >= SILENT_AFTER_MS:
        return True
    if pulse.serving:
        return False
    return not pulse.open or pulse.idle_s >= patience_s
