"""What a counter's day comes to: who was served, who rated, hour by hour.

Of the visits as `fleet_server.core.visits` tells them:

1. A visit belongs to the hour of its first event; where that lies outside the service day, to the
   day's nearest hour. Estimated times count for this only where there are no others.
2. *Rated* are served visits with a standing rating. A choice that stands counts in its visit's
   hour, or in its own where no visit is known.
3. A service's figures of the day count the same: a visit by its own service, a rating by that of
   its visit; what has none, and a rating without a visit, as of no service.
4. Unbound, contested and disputed ratings count in their own hour, and for nothing else. A replaced
   one counts nowhere.

Nothing here reads a clock; times are Unix milliseconds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import tzinfo
from operator import add, attrgetter
from typing import Literal

from fleet_server.core.choices import Choices
from fleet_server.core.days import QUARTER_MS, Day, hour_of
from fleet_server.core.standing import Status
from fleet_server.core.visits import Visit

ChoiceName = Literal["very_satisfied", "satisfied", "unsatisfied"]


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating that concerns the day: bound to one of its visits, or made in it."""

    visit: str | None
    choice: ChoiceName
    at: int
    status: Status
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of a counter, a service or a unit over an hour, a day, or longer."""

    served: int = 0
    rated: int = 0
    very_satisfied: int = 0
    satisfied: int = 0
    unsatisfied: int = 0
    unbound: int = 0
    contested: int = 0
    disputed: int = 0
    estimated: int = 0

    @property
    def choices(self) -> Choices:
        """The choices that stand, also those that may not be told."""
        return Choices(self.very_satisfied, self.satisfied, self.unsatisfied)

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together."""
        return Counts(*map(add, _NUMBERS(self), _NUMBERS(other)))


COUNTED = tuple(field.name for field in fields(Counts))
"""The names of the figures, in their order: columns of all roll-ups."""

_NUMBERS = attrgetter(*COUNTED)


@dataclass(frozen=True, slots=True)
class Hour(Counts):
    """The figures of one hour of a counter; ``hour`` is when it began."""

    hour: int = 0


def hours_of(
    visits: Iterable[Visit], ratings: Iterable[Rating], day: Day, zone: tzinfo
) -> list[Hour]:
    """Return the hours of one counter-day in which anything happened.

    Args:
        visits: All visits of the day.
        ratings: All ratings bound to these visits, and all others made in that day; but no
            standing ones of another day's visits.
        day: The service day.
        zone: The fleet's time zone.
    """
    known = {visit.id: visit for visit in visits}
    hours: dict[int, Counter[str]] = {}
    by_quarter: dict[int, Counter[str]] = {}

    def hour(at: int) -> Counter[str]:
        inside = day.nearest(at)
        row = by_quarter.get(inside // QUARTER_MS)
        if row is None:
            start = hour_of(inside, zone)
            row = by_quarter[inside // QUARTER_MS] = hours.setdefault(start, Counter())
        return row

    for visit in known.values():
        hour(visit.first_at)["served"] += visit.served
    for rating, bound in _counting(known, ratings, day):
        row = hour(rating.at if bound is None else bound.first_at)
        row["rated"] += bound is not None and bound.served
        _count(row, rating)
    return [Hour(hour=start, **hours[start]) for start in sorted(hours)]


def services_of(
    visits: Iterable[Visit], ratings: Iterable[Rating], day: Day, services: Mapping[str, str]
) -> dict[str, Counts]:
    """Return the figures of each service on one counter-day (rule 3); ``""`` is no service.

    Args:
        visits: see `hours_of`.
        ratings: see `hours_of`.
        day: The service day.
        services: The service of each visit that has one, by the visit's id.
    """
    known = {visit.id: visit for visit in visits}
    found: dict[str, Counter[str]] = {}
    for visit in known.values():
        found.setdefault(services.get(visit.id, ""), Counter())["served"] += visit.served
    for rating, bound in _counting(known, ratings, day):
        name = "" if bound is None else services.get(bound.id, "")
        row = found.setdefault(name, Counter())
        row["rated"] += bound is not None and bound.served
        _count(row, rating)
    return {name: Counts(**row) for name, row in found.items()}


def _counting(
    known: Mapping[str, Visit], ratings: Iterable[Rating], day: Day
) -> Iterator[tuple[Rating, Visit | None]]:
    """Yield the ratings that count in a day, each that stands with its visit, if that is known."""
    for rating in ratings:
        bound = known.get(rating.visit or "")
        if rating.status == "standing" and bound is not None:
            yield rating, bound
        elif rating.status != "replaced" and day.holds(rating.at):
            yield rating, None


def _count(row: Counter[str], rating: Rating) -> None:
    row[rating.choice if rating.status == "standing" else rating.status] += 1
    row["estimated"] += rating.estimated
