"""Is a button silent because nobody wants it, or because nobody can press it? Pure.

A clerk may cover the button that hurts, and a wire may break; both look the same from here: many
tickets are served, and that choice does not come. How many are too many depends on the counter.
Where a choice was pressed for ``pressed`` of ``served`` tickets before, the chance that it stays
away for n more is (1 - pressed / served) ** n. It is told once this is less than `CHANCE`.

One in a million sounds like little. A city of 3,500 counters sees some 50,000 pauses between two
presses a day, and each is a new chance to be wrong: this makes one false alarm in twenty days.

A choice that was pressed less than `LEAST_PRESSES` times has no history to judge it by; only the
three together are judged then, and with no history at all after `WITHOUT_HISTORY` tickets.

The three together are looked at by the hour: that somebody rated is no secret. A single choice is
looked at by days that are over, as it was given out in blocks (`fleet_server.core.choices`): else a
silence that ends, or the hour since which it lasts, would tell when one citizen chose what.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fleet_server.core.choices import Choices
from fleet_server.core.health import Silence
from wire.records import CHOICES

CHANCE = 1e-6
LEAST_PRESSES = 5
LEAST_SERVED = 50
"""Under so many tickets nothing is told: that is a quiet morning."""
WITHOUT_HISTORY = 50

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a counter that is over: its beginning, what was served and how much chosen."""

    start: int
    served: int
    pressed: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a counter that is over: its end, what was served, and the choices given out."""

    end: int
    served: int
    told: Choices


@dataclass(slots=True)
class _Tale:
    """What is known of one choice, or of all: before its last press, and since."""

    served: int = 0
    pressed: int = 0
    since: int | None = None
    waiting: int = 0

    def add(self, end: int, served: int, pressed: int) -> None:
        self.waiting += served
        if pressed:
            self.served, self.pressed = self.served + self.waiting, self.pressed + pressed
            self.since, self.waiting = end, 0


def most_without(served: int, pressed: int) -> int:
    """Return after how many tickets without a press something is wrong.

    Args:
        served: how many tickets were served before.
        pressed: for how many of them the choice was pressed.
    """
    share = min(pressed / served, 1.0) if served else 0.0
    if share in (0.0, 1.0):
        return WITHOUT_HISTORY
    return max(LEAST_SERVED, math.ceil(math.log(CHANCE) / math.log1p(-share)))


def silences(hours: Iterable[Hour], days: Iterable[Day]) -> list[Silence]:
    """Return which choices of a counter are silent; hours and days in order.

    Where nobody presses anything, that is told, and not each choice.
    """
    anything = _Tale()
    for hour in hours:
        anything.add(hour.start + HOUR_MS, hour.served, hour.pressed)
    whole = _silence("", anything)
    if whole is not None:
        return [whole]
    tales: Sequence[_Tale] = [_Tale() for _ in CHOICES]
    for day in days:
        for tale, choice in zip(tales, CHOICES, strict=True):
            tale.add(day.end, day.served, getattr(day.told, choice))
    judged = (
        _silence(choice, tale)
        for choice, tale in zip(CHOICES, tales, strict=True)
        if tale.pressed >= LEAST_PRESSES
    )
    return [one for one in judged if one is not None]


def _silence(choice: str, tale: _Tale) -> Silence | None:
    enough = tale.pressed >= LEAST_PRESSES
    most = most_without(tale.served, tale.pressed) if enough else WITHOUT_HISTORY
    if tale.waiting < most:
        return None
    return Silence(choice, tale.waiting, most, tale.since)
