"""What the rules look at: one day of one counter. Times are Unix milliseconds.

1. Only a time that the terminal's or the queue system's clock showed (`times.py`: *exact*) is
   evidence. A visit with a *derived* or *estimated* time, its rating's among them, is left out by
   every rule: who has no clock is not accused by it.
2. Ratings are those that stand, and those without a visit. What is contested, disputed or replaced
   is shown elsewhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fleet_server.core.participation import ChoiceName
from fleet_server.core.times import AtQuality

Span = tuple[int, int]
"""From the first until before the second."""


@dataclass(frozen=True, slots=True)
class Press:
    """A rating, as the table of ratings holds it."""

    at: int
    choice: ChoiceName
    quality: AtQuality = "exact"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit, as the table of visits holds it, with the rating that stands.

    Two clocks differ by seconds, and some rules count seconds. So both times are those of the
    terminal's own events, by the clock of its rating; the queue system's only where the terminal
    heard of neither, and then there is no rating to compare them with.

    Attributes:
        called_at: when it was first called; None where nobody said so.
        closed_at: when it was *closed*; None where it was *followed*, or never served: then nobody
            saw its end.
        served: whether it counts as served.
        missed: whether only the queue system told of it, although the terminal told of something
            later (``disagreement`` is *only_rest*): the citizen was not asked.
        press: the rating that stands.
        quality: the worst ``at_quality`` of these events.
    """

    called_at: int | None
    closed_at: int | None
    served: bool
    missed: bool = False
    press: Press | None = None
    quality: AtQuality = "exact"

    @property
    def sure(self) -> bool:
        """Whether its times are evidence (rule 1)."""
        return self.quality == "exact" and (self.press is None or self.press.quality == "exact")


@dataclass(frozen=True, slots=True)
class Absence:
    """A terminal was *gone* or *off* (`strip.Was`); *silent* may be the network, so it is not here.

    Attributes:
        alone: whether another terminal of its office was there all the time, and none went away
            on that day for some of it. A power cut or a dead switch takes several; where an office
            has one terminal only, nobody can tell, and this is False. So it is where the server
            itself heard nobody for some of it.
    """

    since: int
    until: int
    alone: bool


@dataclass(frozen=True, slots=True)
class CounterDay:
    """A counter's day that is over.

    Attributes:
        day: YYYY-MM-DD in the fleet's zone.
        open: when it was open (`opening.Calendar.open_spans`), in order.
        visits: in the order of their calls.
        unbound: ratings without a visit.
        absences: of the terminal that stood there, and the times in which the server itself heard
            nobody, which are never *alone*.
    """

    day: str
    open: tuple[Span, ...]
    visits: tuple[Visit, ...] = ()
    unbound: tuple[Press, ...] = ()
    absences: tuple[Absence, ...] = ()

    def sure(self) -> Iterator[Visit]:
        """Yield the visits whose times are evidence."""
        return (visit for visit in self.visits if visit.sure)

    def bound(self) -> list[Press]:
        """Return the ratings of sure visits, by time."""
        found = [one.press for one in self.visits if one.sure and one.press is not None]
        return sorted(found, key=lambda press: press.at)

    def presses(self) -> list[Press]:
        """Return all ratings whose time is evidence, by time."""
        free = (press for press in self.unbound if press.quality == "exact")
        return sorted((*self.bound(), *free), key=lambda press: press.at)
