"""What the terminal counts for its health report (terminal.md, Health report). Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from device.core.events import Reject
    from wire.records import Choice, FaultKind, Rating


@dataclass(slots=True)
class Tally:
    """Presses and faults since the start.

    Attributes:
        presses: Stored presses by choice, buttons and touches together.
        buttons: Those of them that a button took.
        rejected: Presses that did not count, by reason.
        rejected_buttons: Those of them that came from a button, by button.
        noise: Bursts of noise by button.
        stuck: How often a button was stuck.
        faults: Faults that last, by kind and what they concern.
        served_since_press: Tickets called since the last stored press.
        pressed_at: ``up`` of the last stored press.
    """

    presses: Counter[Choice] = field(default_factory=Counter)
    buttons: Counter[Choice] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    rejected_buttons: Counter[Choice] = field(default_factory=Counter)
    noise: Counter[Choice] = field(default_factory=Counter)
    stuck: Counter[Choice] = field(default_factory=Counter)
    faults: set[tuple[FaultKind, str]] = field(default_factory=set)
    served_since_press: int = 0
    pressed_at: int | None = None

    def press(self, rating: Rating, up: int) -> None:
        """Count a stored press."""
        self.presses[rating.choice] += 1
        self.buttons[rating.choice] += rating.input == "button"
        self.served_since_press = 0
        self.pressed_at = up

    def reject(self, rejected: Reject) -> None:
        """Count a press that did not count."""
        self.rejected[rejected.why] += 1
        self.rejected_buttons[rejected.press.choice] += rejected.press.input == "button"

    def together(self, choices: Iterable[Choice]) -> None:
        """Count buttons that were down together: one press, which none of them was."""
        self.rejected["together"] += 1
        self.rejected_buttons.update(choices)

    def stick(self, choice: Choice) -> None:
        """A button is stuck."""
        self.stuck[choice] += 1
        self.faults.add(("button_stuck", choice))

    def recover(self, choice: Choice) -> None:
        """A stuck button takes part again."""
        self.faults.discard(("button_stuck", choice))

    def report(self, up: int) -> dict[str, Any]:
        """Return the figures as JSON values; ``up`` is now."""
        ago = None if self.pressed_at is None else (up - self.pressed_at) // 1000
        return {
            "presses": dict(+self.presses),
            "buttons": dict(+self.buttons),
            "rejected": dict(+self.rejected),
            "rejected_buttons": dict(+self.rejected_buttons),
            "noise": dict(self.noise),
            "stuck": dict(self.stuck),
            "faults": sorted(f"{what} {details}" for what, details in self.faults),
            "served_since_press": self.served_since_press,
            "last_press_s_ago": ago,
        }
