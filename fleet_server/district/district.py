"""The district as a whole: its size, its calendar, its counters with their tempers. Pure."""

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import cached_property
from random import Random

from fleet_server.district import places
from fleet_server.district.behaviour import Day, Serving, Temper, choice, servings, temper
from fleet_server.district.calendar import CLOSED_SHARE, Span, is_holiday, opening
from fleet_server.district.places import CounterPlan, Source, UnitPlan
from fleet_server.district.shadowing import shadowed
from fleet_server.district.stories import REST_FROM, Told, stories_of
from wire.records import Choice

SEED = "hailong"
QUARTER_DAYS = 92
LATE_DAYS = 28
"""So many days before the quarter's end the city began to have its offices explain, to take ratings
by other ways, and to ask citizens."""
WEEK_UNITS = ("HK", "BH", "STP", "SMT", "BH-DD", "BH-CT", "P-DT")
"""The offices of the small district: every kind of source, ten counters."""
_STORYLESS = Told({})


@dataclass(frozen=True)
class District:
    """A district from its first day on.

    Attributes:
        first: the first day.
        length: days of its quarter, to which stories and drifts are scaled; it goes on after that.
        offices: codes of the units, None for all.
        volume: how busy it is; 1 is usual.
    """

    first: date
    zone: tzinfo
    length: int = QUARTER_DAYS
    seed: str = SEED
    offices: tuple[str, ...] | None = None
    volume: float = 1.0

    @cached_property
    def units(self) -> tuple[UnitPlan, ...]:
        """All offices, each after the one above it."""
        return tuple(
            unit for unit in places.units() if self.offices is None or unit.code in self.offices
        )

    @cached_property
    def counters(self) -> tuple[CounterPlan, ...]:
        """All counters."""
        return places.counters(self.units)

    @cached_property
    def closed(self) -> date:
        """The one working day of the quarter on which everything is closed."""
        day = self.first + timedelta(days=int(CLOSED_SHARE * self.length))
        while day.weekday() not in (1, 2, 3):
            day += timedelta(days=1)
        return day

    @cached_property
    def stories(self) -> dict[str, Told]:
        """What happens, by counter."""
        return stories_of({one.code for one in self.counters}, self.length, self._working)

    @cached_property
    def tempers(self) -> dict[str, Temper]:
        """How each counter is."""
        return {one.code: temper(one, self.seed) for one in self.counters}

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        letters = Tally((one.unit.code, one.service.letter) for one in self.counters)
        seen: Tally[tuple[str, str]] = Tally()
        found: dict[str, tuple[int, int]] = {}
        for one in self.counters:
            key = (one.unit.code, one.service.letter)
            found[one.code] = (seen[key], letters[key])
            seen[key] += 1
        return found

    def day(self, index: int) -> date:
        """Return the date of a day, which count from 0."""
        return self.first + timedelta(days=index)

    def is_late(self, index: int) -> bool:
        """Return whether the city has begun with explanations, other ways and interviews."""
        return index >= self.length - LATE_DAYS

    def story(self, counter: CounterPlan) -> Told:
        """Return what happens at a counter."""
        return self.stories.get(counter.code, _STORYLESS)

    def spans(self, counter: CounterPlan, index: int) -> tuple[Span, ...]:
        """Return when a counter is open on a day."""
        return opening(self.day(index), self.closed, counter.unit.saturday, self.zone)

    def source(self, counter: CounterPlan, index: int) -> Source:
        """Return who tells of the tickets of a counter on a day."""
        early = index < int(REST_FROM * self.length)
        source = counter.unit.source
        if early and source == "rest":
            return "lan"
        return "scanner" if early and source == "own_id" else source

    def terminal(self, counter: CounterPlan, index: int) -> str:
        """Return the terminal that stands at a counter on a day."""
        swap = self.story(counter).replaced_on()
        return counter.terminal + ("-b" if swap is not None and index >= swap else "")

    def servings(self, counter: CounterPlan, index: int) -> tuple[Serving, ...]:
        """Return who is served at a counter on a day."""
        day = self.day(index)
        spans = self.spans(counter, index)
        if not spans:
            return ()
        chance = self.chance("day", counter.code, day)
        place, volume = self._places[counter.code], self.volume
        progress = self._progress(index)
        plan = Day(counter, self.tempers[counter.code], day, spans, progress, place, volume)
        found = servings(plan, chance)
        if self.story(counter).on("shadow", index):
            found = shadowed(found, self.chance("shadow", counter.code, day))
        return tuple(found)

    def choice(self, counter: str, index: int, chance: Random) -> Choice:
        """Return what a citizen whom a counter served on a day thinks of it."""
        return choice(self.tempers[counter], self._progress(index), chance)

    def chance(self, *words: object) -> Random:
        """Return a chance that the seed and these words alone decide."""
        return Random(":".join(map(str, (self.seed, *words))))

    def _progress(self, index: int) -> float:
        return min(1.0, index / self.length)

    def _working(self, index: int) -> bool:
        day = self.day(index)
        return day.weekday() < 5 and not is_holiday(day, self.closed)
