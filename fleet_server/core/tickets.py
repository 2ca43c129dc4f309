"""Which of several visits with the same ticket number an event belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A visit with the same number, day and counter that the other source has told of."""

    visit: str
    first_at: int


def match(at: int, candidates: Iterable[Candidate]) -> str | None:
    """Return the visit that an event at ``at`` belongs to: the nearest in time, or None.

    Two of a number on one day happen where the numbers run over; then time decides.
    """
    nearest = min(candidates, key=lambda one: (abs(one.first_at - at), one.visit), default=None)
    return nearest.visit if nearest else None
