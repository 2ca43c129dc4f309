"""What happens to the district in its quarter: faults, gaps, and what people do about them.

Each story has its counters; the first that a district has is taken, so that the small district of
the tests has all of them too. Times are shares of the quarter, 0 its first day and 1 its end, so
that a week has the same stories as a quarter.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "dead",  # the terminal is broken for two weeks: nobody records anything
    "offline",  # no network for a week: all of it comes in one batch
    "lost",  # away since yesterday, and nobody has come
    "late_clock",  # does not know the time until a receipt tells it, days later
    "no_clock",  # switched off before it learnt the time
    "fast_clock",  # its battery-backed clock is fast
    "clone",  # its card was copied, and the copy speaks too
    "poison",  # one record was damaged on the card, and one is of a newer firmware
    "new_key",  # changes its key
    "damage",  # its journal was damaged, so it began a new chain
    "stuck",  # one button is stuck
    "power",  # its supply is too weak
    "repeats",  # a broker that was killed brings everything twice
    "stolen",  # revoked; the thief's copy still speaks; another stands at the counter
    "retired",  # worn out, and replaced by another
    "unknown_counter",  # set up with a counter code that nobody has added
    "other_counter",  # carried to another counter without telling the fleet
    "unbound",  # a child presses where nobody is called
    "shadow",  # a clerk presses for whoever has not, just after closing the ticket
    "stranger",  # somebody without an enrolled key sends records in its name
    "items",  # it asks for complaints, each touch on an item one, in the place of ratings
]


@dataclass(frozen=True, slots=True)
class Story:
    """One story: what, when, and where it may happen; ``begins`` below 0: days before the last."""

    kind: Kind
    begins: float
    ends: float
    counters: tuple[str, ...]


STORIES = (
    Story("dead", 0.47, 0.62, ("P-KG-2", "P-DT-3")),
    Story("offline", 0.70, 0.78, ("P-PH-1", "BH-CT-1")),
    Story("lost", -1, 2.0, ("P-VT-3", "BH-DD-4")),
    Story("late_clock", 0.30, 0.33, ("P-TL-1", "P-DT-1")),
    Story("no_clock", 0.52, 0.55, ("P-NS-1", "P-DT-2")),
    Story("fast_clock", 0.86, 0.88, ("P-MA-2", "P-DT-1")),
    Story("clone", 0.40, 0.42, ("P-BG-3", "BH-CT-2")),
    Story("poison", 0.55, 0.56, ("P-LB-2", "BH-CT-2")),
    Story("new_key", 0.62, 0.63, ("BH-MC-1", "BH-DD-2")),
    Story("damage", 0.74, 0.75, ("P-CQ-2", "P-DT-4")),
    Story("stuck", 0.97, 2.0, ("P-HL-2", "P-DT-2")),
    Story("power", 0.90, 2.0, ("P-CK-1", "BH-CT-2")),
    Story("repeats", 0.66, 0.68, ("P-LB-3", "BH-CT-1")),
    Story("stolen", 0.35, 0.36, ("P-BG-5", "BH-DD-1")),
    Story("retired", 0.20, 0.21, ("BH-BH-3", "BH-DD-3")),
    Story("unknown_counter", 0.97, 2.0, ("P-MA-4", "P-DT-3")),
    Story("other_counter", 0.81, 0.83, ("P-CK-2", "BH-DD-2")),
    Story("unbound", 0.0, 2.0, ("P-HL-1", "BH-CT-2")),
    Story("unbound", 0.5, 2.0, ("P-NS-4",)),
    Story("shadow", 0.60, 2.0, ("P-TL-5", "BH-DD-3")),
    Story("stranger", 0.45, 0.46, ("P-CQ-1", "BH-CT-1")),
    Story("items", -25, 2.0, ("BH-BH-4", "P-DT-4")),
    Story("items", -25, 2.0, ("P-LB-6", "BH-DD-2")),
    Story("items", -22, 2.0, ("BH-MC-10",)),
)

REST_FROM = 0.74
"""From here on the queue systems of some units tell the server themselves."""
REPLACING = ("stolen", "retired")
"""After these another terminal stands at the counter."""


@dataclass(frozen=True, slots=True)
class Told:
    """The stories of one counter, as days of the quarter.

    Attributes:
        days: first day and the day after the last one, by kind; days count from 0.
    """

    days: Mapping[str, tuple[int, int]]

    def on(self, kind: Kind, day: int) -> bool:
        """Whether a story goes on at a day."""
        first, end = self.days.get(kind, (0, 0))
        return first <= day < end

    def begins(self, kind: Kind, day: int) -> bool:
        """Whether a story begins on a day."""
        return kind in self.days and self.days[kind][0] == day

    def ends(self, kind: Kind, day: int) -> bool:
        """Whether a day is the last of a story."""
        return kind in self.days and self.days[kind][1] - 1 == day

    def replaced_on(self) -> int | None:
        """Return the first day on which another terminal stands at the counter."""
        return next((self.days[kind][1] for kind in REPLACING if kind in self.days), None)


def stories_of(
    codes: Collection[str], length: int, is_open: Callable[[int], bool]
) -> dict[str, Told]:
    """Return the stories of each counter that has any.

    Args:
        codes: the district's counters.
        length: days of the quarter.
        is_open: whether offices are open on a day; no story begins on another.
    """
    told: dict[str, dict[str, tuple[int, int]]] = {}
    for story, code in _placed(codes):
        wanted = story.begins * length if story.begins >= 0 else length - 1 + story.begins
        first = next(day for day in range(max(0, int(wanted)), 2 * length) if is_open(day))
        long = max(1, int((story.ends - story.begins) * length))
        told.setdefault(code, {})[story.kind] = (first, first + long)
    return {code: Told(days) for code, days in told.items()}


def _placed(codes: Collection[str]) -> Iterator[tuple[Story, str]]:
    for story in STORIES:
        code = next((code for code in story.counters if code in codes), None)
        if code is not None:
            yield story, code
