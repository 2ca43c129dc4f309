"""Which report that waits is made next, and when one is given up. Pure.

1. Those who ordered take turns: first comes whose last try was longest ago, then the oldest report.
   So who orders many waits for themselves, and for nobody else.
2. A try is counted before it begins. So one that ends the process, or that the database refuses,
   is counted as well.
3. After each try a report waits at least as long as after the last (`PAUSES_MS`); others go on.
   When the last pause is over too, it is given up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MINUTE_MS = 60_000

PAUSES_MS = (0, MINUTE_MS, 10 * MINUTE_MS, 60 * MINUTE_MS, 60 * MINUTE_MS)
"""How long a report waits that has been tried so often, 0 to 4 times."""

TRIES = len(PAUSES_MS) - 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that is still to be made.

    Attributes:
        id: its number; a later one has a higher one.
        by: who ordered it.
        tries: how often it was begun.
        tried_at: when it was begun last, Unix milliseconds; None where it never was.
    """

    id: int
    by: str
    tries: int
    tried_at: int | None


def next_up(waiting: Iterable[Waiting], turns: Mapping[str, int], now: int) -> Waiting | None:
    """Return the report that is to be made now (rules 1 and 3); None where none is.

    Args:
        waiting: all that are still to be made.
        turns: when a report of somebody was begun last, whatever became of it.
        now: Unix milliseconds.
    """
    due = (one for one in waiting if one.tries < TRIES and _rested(one, now))
    return min(due, key=lambda one: (turns.get(one.by, 0), one.id), default=None)


def given_up(waiting: Iterable[Waiting], now: int) -> list[Waiting]:
    """Return the reports that are not tried again (rule 3)."""
    return [one for one in waiting if one.tries >= TRIES and _rested(one, now)]


def _rested(one: Waiting, now: int) -> bool:
    pause = PAUSES_MS[min(one.tries, TRIES)]
    return one.tried_at is None or now - one.tried_at >= pause
