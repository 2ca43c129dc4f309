"""One day of the whole district: what terminals send, queue systems tell, citizens say. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from fleet_server.core.days import day_on, local
from fleet_server.district import presence
from fleet_server.district.behaviour import Serving
from fleet_server.district.calendar import HOUR_MS, MINUTE_MS, OPENS
from fleet_server.district.delivery import BEAT_MS, Sent, deliver, runs
from fleet_server.district.district import District
from fleet_server.district.journal import Entry, Journal
from fleet_server.district.places import CounterPlan
from fleet_server.district.stories import Told
from fleet_server.district.voices import BY_QUEUE, Voice, voices
from fleet_server.district.writing import TerminalDay, strange, write_day
from fleet_server.store.queue_events import Word
from wire import topics

LONG_DAY_MS = 620 * MINUTE_MS
"""From the opening until nobody writes any more."""
WORD_MS = 300
"""So long does a word of a queue system take to the server."""
TOLD_OTHERWISE = 0.006
"""Share of visits whose end the queue system does not tell, or tells otherwise."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal between two days: its journal, and what has not been sent yet."""

    journal: Journal
    waiting: tuple[Entry, ...] = ()


States = Mapping[str, Terminal]
One = TypeVar("One", "Saying", "Sent", Voice)


@dataclass(frozen=True, slots=True)
class Saying:
    """One word of a queue system, as it reaches the server at ``at``."""

    at: int
    word: Word


@dataclass(frozen=True, slots=True)
class MadeDay:
    """A day of the district.

    Attributes:
        index: which one.
        sent: what terminals send; ``told`` what queue systems tell; ``said`` what citizens say
            beside the terminals; all in order of time.
        states: the terminals after it.
    """

    index: int
    sent: tuple[Sent, ...]
    told: tuple[Saying, ...]
    said: tuple[Voice, ...]
    states: States


@dataclass(frozen=True, slots=True)
class Pace:
    """How finely a day is sent.

    Attributes:
        beat: milliseconds between two messages of a terminal.
        health: milliseconds between two health reports, None for no reports.
    """

    beat: int = BEAT_MS
    health: int | None = None


def make_day(district: District, states: States, index: int, pace: Pace) -> MadeDay:
    """Make one day; what comes depends on the district, the day and ``states`` alone."""
    sent: list[Sent] = []
    told: list[Saying] = []
    said: list[Voice] = []
    after = dict(states)
    for counter in district.counters:
        day = _CounterDay(district, counter, index, pace)
        after[day.dev] = day.run(states.get(day.dev))
        sent += day.sent
        told += day.told
        said += day.said
    return MadeDay(index, _in_order(sent), _in_order(told), _in_order(said), after)


def _in_order(found: list[One]) -> tuple[One, ...]:
    return tuple(sorted(found, key=lambda one: one.at))


class _CounterDay:
    """One counter and its terminal on one day."""

    def __init__(self, district: District, counter: CounterPlan, index: int, pace: Pace) -> None:
        self._district, self._counter, self._index, self._pace = district, counter, index, pace
        self.dev = district.terminal(counter, index)
        self.sent: list[Sent] = []
        self.told: list[Saying] = []
        self.said: list[Voice] = []
        self.story = self._story_of_terminal()
        self._opens = day_on(district.day(index), district.zone).start + int(OPENS * HOUR_MS)
        self._chance = district.chance("terminal", self.dev, index)
        self._nightly = district.chance("nightly", self.dev).random() < 0.5

    def run(self, before: Terminal | None) -> Terminal:
        """Make the day; return the terminal after it."""
        held = before or Terminal(Journal(self.dev, self._district.seed))
        servings = self._district.servings(self._counter, self._index)
        if not servings:
            return held
        source = self._district.source(self._counter, self._index)
        if source in BY_QUEUE:
            self.told += self._words(servings)
        self.said += voices(self._district, self._counter, self._index, servings)
        if self._is_away():
            return held
        plan = TerminalDay(
            self._index, self._district.day(self._index).isoformat(), self._opens, self._code(),
            source, servings, self.story, self._nightly, self._until(),
        )  # fmt: skip
        written = write_day(plan, held.journal, self._chance)
        pen = written.pen
        delivery = deliver(self.dev, [*held.waiting, *pen.entries], self._moments())
        self.sent += delivery.sent
        self._extras(written.copied, pen.journal)
        self._presence(held.journal, pen.journal, [*held.waiting, *pen.entries])
        return Terminal(pen.journal, delivery.waiting)

    # ---- what queue systems tell ----

    def _words(self, servings: Sequence[Serving]) -> Iterator[Saying]:
        chance = self._district.chance("words", self._counter.code, self._index)
        for one in servings:
            word = Word(
                self._counter.code, one.ticket, "called", one.visit, one.called,
                service=one.service,
            )  # fmt: skip
            yield Saying(one.called + WORD_MS, word)
            if one.recalled is not None:
                again = replace(word, event="recalled", at=one.recalled)
                yield Saying(one.recalled + WORD_MS, again)
            drawn = chance.random()
            if drawn >= TOLD_OTHERWISE:
                yield Saying(one.ended + WORD_MS, replace(word, event=one.end, at=one.ended))
            elif drawn < TOLD_OTHERWISE / 2:
                yield Saying(one.ended + WORD_MS, replace(word, event="no_show", at=one.ended))

    # ---- what stories change ----

    def _story_of_terminal(self) -> Told:
        story, swap = self._district.story(self._counter), None
        swap = story.replaced_on()
        return story if swap is None or self._index < swap else Told({})

    def _is_away(self) -> bool:
        """Whether the terminal does nothing at all on this day."""
        for kind in ("dead", "lost"):
            if self.story.on(kind, self._index) and not self.story.begins(kind, self._index):
                return True
        return False

    def _until(self) -> int | None:
        if self.story.begins("dead", self._index):
            return self._opens + 95 * MINUTE_MS
        if self.story.begins("lost", self._index):
            return self._opens + 490 * MINUTE_MS
        return None

    def _code(self) -> str:
        unit, code = self._counter.unit.code, self._counter.code
        if self.story.on("unknown_counter", self._index):
            return f"{unit}-0{code.rpartition('-')[2]}"
        if self.story.on("other_counter", self._index):
            return f"{unit}-1"
        return code

    def _moments(self) -> list[int]:
        """Return when the terminal sends on this day."""
        end = self._opens + LONG_DAY_MS
        if self.story.on("offline", self._index):
            return []
        moments = list(range(self._opens, end, self._pace.beat))
        late = self.story.begins("stolen", self._index)
        if late:  # what was written after the theft comes when its key is revoked already
            moments = [at for at in moments if not 200 < (at - self._opens) // MINUTE_MS < 320]
        return [*moments, end]

    def _extras(self, copied: Sequence[Entry], journal: Journal) -> None:
        """Add what does not come from the terminal's own journal, and what comes twice."""
        place = topics.topic(self.dev, "records")
        if copied:
            at = copied[-1].at + 200 * MINUTE_MS
            self.sent += (Sent(at, place, run) for run in runs(copied))
        if self.story.begins("stranger", self._index):
            at = self._opens + 130 * MINUTE_MS
            self.sent.append(Sent(at, place, strange(journal, at)))
        twice = 1.0 if self.story.on("repeats", self._index) else 0.004
        again = [one for one in self.sent if self._chance.random() < twice]
        self.sent += (replace(one, at=one.at + 60_000) for one in again)

    def is_up(self, at: int) -> bool:
        """Whether the terminal is switched on and has a connection."""
        until = self._until()
        if self._is_away() or self.story.on("offline", self._index):
            return False
        if until is not None and at >= until:
            return False
        working = bool(self._district.spans(self._counter, self._index))
        day = self._opens - 8 * MINUTE_MS <= at < self._opens + LONG_DAY_MS
        return (working and day) or not self._nightly

    # ---- what the terminal says of itself ----

    def _presence(self, before: Journal, after: Journal, entries: Sequence[Entry]) -> None:
        if self.story.on("offline", self._index):
            if self.story.begins("offline", self._index):
                at = self._opens - 30 * MINUTE_MS
                self.sent.append(presence.gone(at, before, lost=True, shown=at))
            return
        if before.boot != after.boot or self.story.ends("offline", self._index - 1):
            at = after.boot_at + 30_000
            self.sent.append(presence.born(at, after, at))
        until = self._until()
        self._reports(after, entries, until or self._opens + LONG_DAY_MS)
        if until is not None:
            self.sent.append(presence.gone(until + 90_000, after, lost=True, shown=until))
        elif self._nightly and after.clock != "unset":
            at = self._opens + LONG_DAY_MS + 5 * MINUTE_MS
            self.sent.append(presence.gone(at, after, lost=False, shown=at))

    def _reports(self, journal: Journal, entries: Sequence[Entry], until: int) -> None:
        if self._pace.health is None:
            return
        start = self._opens + self._chance.randrange(60_000)
        dice = self._district.chance("health", self.dev, self._index)
        place = 0
        for at in range(start, until, self._pace.health):
            sent = at - self._pace.beat
            while place < len(entries) and entries[place].at <= sent:
                place += 1
            if place:
                last = entries[place - 1]
                held = replace(journal, chain=last.chain, seq=last.seq, last_at=last.at)
                self.sent.append(presence.health(at, held, self.story, self._index, 0, dice))


def up_at(district: District, counter: CounterPlan, at: int) -> tuple[str, Told] | None:
    """Return the terminal at a counter that is switched on and reachable at ``at``, with its story.

    None where there is none: switched off for the night, broken, or without network.
    """
    index = (local(at, district.zone).date() - district.first).days
    day = _CounterDay(district, counter, index, Pace())
    return (day.dev, day.story) if day.is_up(at) else None
