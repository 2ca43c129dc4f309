"""What cases there are to be, of the choices of one counter's month. Pure.

1. A rating's case is told on the day on which its block is given out (`core.choices`).
2. At the grain *rating* each unsatisfied rating of that block has a case; at the grain *day* the
   counter has one for the day, however many they are.
3. What waits at the month's end is never given out; its cases are confined, each of its own day.

A complaint by items needs none of this: it has its case at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.case_events import Subject, key
from fleet_server.core.choices import Choices, given_out


@dataclass(frozen=True, slots=True)
class Line:
    """A counter's day and service: its choices, and the unsatisfied ones by their records."""

    day: str
    service: str
    unit: int
    made: Choices
    unsatisfied: tuple[str, ...] = ()


def subjects(
    grain: Literal["rating", "day"], counter: int, lines: Sequence[Line], over: bool
) -> list[Subject]:
    """Return the subjects of a counter's month so far; asked again, it returns the same and more.

    The caller opens a case of each whose `key` has none.

    Args:
        grain: the setting.
        counter: by its id.
        lines: those of one month, in the order of days; the running day is not among them.
        over: whether no line can come any more.
    """
    told = given_out((line.day, line.service, line.made) for line in lines)
    waiting: dict[str, list[tuple[Line, str]]] = defaultdict(list)
    found: list[Subject] = []
    for line, block in zip(lines, told, strict=True):
        waiting[line.service] += [(line, rating) for rating in line.unsatisfied]
        if block.total:
            ratings = waiting.pop(line.service)
            found += [Subject("rating", line.unit, counter, line.day, one) for _, one in ratings]
    if over:
        found += [
            Subject("rating", line.unit, counter, line.day, one, confined=True)
            for ratings in waiting.values()
            for line, one in ratings
        ]
    return found if grain == "rating" else _by_day(found)


def _by_day(ratings: Iterable[Subject]) -> list[Subject]:
    days = (
        Subject("day", one.unit, one.counter, one.day, confined=one.confined) for one in ratings
    )
    return list({key(day): day for day in days}.values())
