"""What happens on the lines of three buttons, made by a seeded chance, with the truth beside it.

Lines are levels for each millisecond, for ``tests.fakes.lines.watch``. A contact bounces for up to
7 ms when it closes and up to 6 ms when it opens.
"""

import random
from dataclasses import dataclass, field

from tests.fakes.lines import down, rest

SPIKE_MS = (1, 5)
PRESS_MS = (30, 120)
PAUSE_MS = (60, 200)


@dataclass(frozen=True, slots=True)
class Press:
    """A finger on button ``button``: on the line from ``began`` to ``ended``, bounce included."""

    button: int
    began: int
    ended: int


@dataclass
class Recording:
    """Lines that grow by what is done on them.

    Attributes:
        lines: One list of levels per button, all of one length.
        presses: What fingers did, one at a time; what must be taken, each once.
        together: Presses of two buttons at once; none of them may be taken.
    """

    chance: random.Random
    lines: list[list[bool]] = field(default_factory=lambda: [[], [], []])
    presses: list[Press] = field(default_factory=list)
    together: list[tuple[Press, Press]] = field(default_factory=list)

    @property
    def now(self) -> int:
        """The length so far, milliseconds."""
        return len(self.lines[0])

    def rest(self, ms: int) -> None:
        """Nobody does anything."""
        self._put({}, ms)

    def pause(self) -> None:
        """Rest as long as people do between two presses in a hurry."""
        self.rest(self.chance.randint(*PAUSE_MS))

    def press(self, button: int, shortest: int = PRESS_MS[0]) -> None:
        """A finger presses a button for ``shortest`` to 120 ms, and the contact bounces."""
        line = self._bounced(shortest)
        self.presses.append(Press(button, self.now, self.now + len(line)))
        self._put({button: line}, len(line))

    def press_two(self, one: int, other: int) -> None:
        """Two fingers press; the second follows within 15 ms, while the first is down."""
        late = self.chance.randint(0, 15)
        first, second = self._bounced(60), rest(late) + self._bounced(60)
        now = self.now
        self.together.append(
            (Press(one, now, now + len(first)), Press(other, now + late, now + len(second)))
        )
        self._put({one: first, other: second}, max(len(first), len(second)))

    def spike(self, button: int) -> None:
        """A lone spike of 1 to 5 ms."""
        width = self.chance.randint(*SPIKE_MS)
        self._put({button: down(width)}, width)

    def laid_over(self, button: int, line: list[bool]) -> list[list[bool]]:
        """Return the lines with ``line`` on one button, where only the others were touched."""
        assert not any(self.lines[button])
        return [line if i == button else own for i, own in enumerate(self.lines)]

    def _bounced(self, shortest: int) -> list[bool]:
        closing = [True, *self._toggles(6)]
        return closing + down(self.chance.randint(shortest, PRESS_MS[1])) + self._toggles(6)

    def _toggles(self, most: int) -> list[bool]:
        return [self.chance.random() < 0.5 for _ in range(self.chance.randint(0, most))]

    def _put(self, what: dict[int, list[bool]], ms: int) -> None:
        for button, line in enumerate(self.lines):
            own = what.get(button, [])
            line += own + rest(ms - len(own))


def hum(ms: int, hertz: float = 50.0, duty: float = 0.5, phase: float = 0.0) -> list[bool]:
    """Return a square wave: mains that couple into a long lead.

    Args:
        ms: How long.
        hertz: How often; mains wander by some tenths.
        duty: The share of each period in which the line is active.
        phase: Where in the period it begins, 0 to 1.
    """
    return [(now * hertz / 1000 + phase) % 1 < duty for now in range(ms)]
