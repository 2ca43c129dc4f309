"""What the terminal counts for its health report (terminal.md, Health report). Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wire.records import Choice, FaultKind


@dataclass(slots=True)
class Tally:
    """Presses and faults since the start.

    Attributes:
        presses: Stored presses by choice.
        rejected: Presses that did not count, by reason.
        noise: Bursts of noise by button.
        faults: Faults that last, by kind and what they concern.
        served_since_press: Tickets called since the last stored press.
        pressed_at: ``up`` of the last stored press.
        write_errors: How often the journal refused to store.
    """

    presses: Counter[Choice] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    noise: Counter[Choice] = field(default_factory=Counter)
    faults: set[tuple[FaultKind, str]] = field(default_factory=set)
    served_since_press: int = 0
    pressed_at: int | None = None
    write_errors: int = 0

    def press(self, choice: Choice, up: int) -> None:
        """Count a stored press."""
        self.presses[choice] += 1
        self.served_since_press = 0
        self.pressed_at = up

    def report(self, up: int) -> dict[str, Any]:
        """Return the figures as JSON values; ``up`` is now."""
        ago = None if self.pressed_at is None else (up - self.pressed_at) // 1000
        return {
            "presses": dict(self.presses),
            "rejected": dict(self.rejected),
            "noise": dict(self.noise),
            "faults": sorted(f"{what} {details}" for what, details in self.faults),
            "served_since_press": self.served_since_press,
            "last_press_s_ago": ago,
            "write_errors": self.write_errors,
        }
