"""From sampled button levels to presses: an integrator per button (terminal.md, Buttons).

Every 5 ms a sample adds 1 to a button's count when its line is active and takes 2 when it is not.
A press is accepted at 6 and the button is armed again at 0, so a spike, mains hum or the bounce of
a contact can never look like a press, and a press counts once however long it lasts. The rules:

1. A button counts only after it was seen released: one that is down at the start is ignored.
2. The last 4 of the samples must be active ones *in a row*, since hum whose halves are unequal
   adds up as well. On a noisy site 8 in a row are asked for instead.
3. Two buttons down together: neither counts. *Down* is 4 active samples in a row; a button with
   fewer delays the decision until it has shown whether it is noise.
4. Down for more than 10 s: stuck. It is left out until it has rested for 10 s; the others go on.
5. More than 20 raw edges within a second without an accepted press: noise, said once per burst.
6. A sample that comes late because the machine was busy stands for the whole gap when the level
   is the same at both ends and no edge was counted between: the line cannot have changed.

Pure: levels, edge counts and the time in milliseconds come in as arguments.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE_MS = 5
ACCEPT_AT = 6
FIRM_RUN = 4
NOISY_SITE_RUN = 8
STUCK_AFTER_MS = 10_000
REST_MS = 10_000
NOISE_EDGES = 20
NOISE_WINDOW_MS = 1_000
BOUNCE_MS = 200


@dataclass(frozen=True, slots=True)
class Accepted:
    """Button ``button`` (index of the choice) was pressed; ``up`` is when that became certain."""

    button: int
    up: int


@dataclass(frozen=True, slots=True)
class Together:
    """These buttons were down together; none of them counts."""

    buttons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stuck:
    """The button has been down for more than 10 s and is left out."""

    button: int


@dataclass(frozen=True, slots=True)
class Recovered:
    """A stuck button has rested and takes part again."""

    button: int


@dataclass(frozen=True, slots=True)
class Noise:
    """The button's line changes too often for a finger."""

    button: int
    edges: int


PressEvent = Accepted | Together | Stuck | Recovered | Noise


@dataclass(slots=True)
class _Button:
    """What is known of one line."""

    count: int = 0
    run: int = 0
    active: bool = False
    armed: bool = False
    ripe: bool = False
    disabled: bool = False
    down_since: int | None = None
    rest_since: int | None = None
    accepted_at: int | None = None
    noisy: bool = False
    edges: deque[tuple[int, int]] = field(default_factory=deque)


class PressDetector:
    """Turns samples of all buttons into press events.

    Args:
        buttons: How many buttons there are.
        noisy_site: Ask for 8 consecutive active samples.
    """

    def __init__(self, buttons: int = 3, *, noisy_site: bool = False) -> None:
        self._buttons = [_Button() for _ in range(buttons)]
        self._noisy_site = noisy_site
        self._sampled_at: int | None = None

    def sample(
        self, up: int, levels: Sequence[bool], edges: Sequence[int] | None = None
    ) -> list[PressEvent]:
        """Take one sample of every line.

        Args:
            up: Monotonic milliseconds of the sample.
            levels: Which lines are active.
            edges: Raw edges on each line since the last sample, where they are counted.

        Returns:
            What became certain with this sample.
        """
        events: list[PressEvent] = []
        gap = SAMPLE_MS if self._sampled_at is None else up - self._sampled_at
        self._sampled_at = up
        for index, (button, active) in enumerate(zip(self._buttons, levels, strict=True)):
            unchanged = edges is not None and edges[index] == 0 and active == button.active
            button.active = active
            self._integrate(button, active, max(1, gap // SAMPLE_MS) if unchanged else 1)
            events += _watch_stuck(index, button, active, up)
        events += self._decide(up)
        for index, button in enumerate(self._buttons):
            events += _watch_noise(index, button, edges[index] if edges else 0, up)
        return events

    def busy(self) -> bool:
        """Return True while samples every 5 ms are needed; at rest an edge is enough to wake."""
        return any(
            not button.disabled and (button.count > 0 or button.ripe) for button in self._buttons
        )

    def _integrate(self, button: _Button, active: bool, samples: int) -> None:
        if active:
            button.count = min(button.count + samples, ACCEPT_AT)
            button.run += samples
        else:
            button.count = max(button.count - 2 * samples, 0)
            button.run = 0
        if button.count == 0 and not button.ripe:
            button.armed = True
        wanted = NOISY_SITE_RUN if self._noisy_site else FIRM_RUN
        reached = button.count == ACCEPT_AT and button.run >= wanted
        if reached and button.armed and not button.disabled:
            button.armed = False
            button.ripe = True

    def _decide(self, up: int) -> list[PressEvent]:
        """Accept or reject the buttons that reached their count."""
        taking_part = [(i, b) for i, b in enumerate(self._buttons) if not b.disabled]
        down = tuple(i for i, b in taking_part if b.run >= FIRM_RUN or b.ripe)
        ripe = [(i, b) for i, b in taking_part if b.ripe]
        if not ripe:
            return []
        if len(down) > 1:
            for _, button in taking_part:
                if button.ripe or button.run >= FIRM_RUN:
                    button.ripe = button.armed = False
            return [Together(down)]
        index, button = ripe[0]
        if any(other.run > 0 for i, other in taking_part if i != index):
            return []
        button.ripe = False
        button.accepted_at = up
        return [Accepted(index, up)]


def _watch_stuck(index: int, button: _Button, active: bool, up: int) -> list[PressEvent]:
    if active:
        button.rest_since = None
        button.down_since = up if button.down_since is None else button.down_since
    else:
        button.rest_since = up if button.rest_since is None else button.rest_since
        button.down_since = None if button.count == 0 else button.down_since
    if button.disabled:
        if button.rest_since is None or up - button.rest_since < REST_MS:
            return []
        button.disabled = False
        return [Recovered(index)]
    if button.down_since is None or up - button.down_since <= STUCK_AFTER_MS:
        return []
    button.disabled = True
    button.ripe = button.armed = False
    return [Stuck(index)]


def _watch_noise(index: int, button: _Button, edges: int, up: int) -> list[PressEvent]:
    if edges:
        button.edges.append((up, edges))
    while button.edges and up - button.edges[0][0] >= NOISE_WINDOW_MS:
        button.edges.popleft()
    seen = sum(number for _, number in button.edges)
    if seen <= NOISE_EDGES:
        button.noisy = False
        return []
    if up - button.edges[0][0] < BOUNCE_MS:
        return []  # perhaps the bounce of a press that is not certain yet
    pressed = button.accepted_at is not None and up - button.accepted_at < NOISE_WINDOW_MS
    if pressed or button.noisy:
        return []
    button.noisy = True
    return [Noise(index, seen)]
