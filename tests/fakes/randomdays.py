"""Random days of eight counters: what their terminals write, what queue systems tell, what arrives.

Around a change of the clocks, with everything that may go wrong on the way: records that come late,
twice, with a gap before them, from a copied card, under a revoked key, without the time, or that
nobody can read; corrections, visits over midnight, numbers that are given out again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from fleet_server.district.journal import Entry, Journal, Pen
from wire import codec, records
from wire.envelope import digest
from wire.records import CHOICES
from wire.strictjson import dump

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
CHANGES = (
    ("Asia/Ho_Chi_Minh", date(2026, 11, 22)),
    ("America/Sao_Paulo", date(2018, 11, 4)),  # midnight does not exist
    ("America/Sao_Paulo", date(2018, 2, 18)),  # an hour before midnight comes twice
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Asia/Beirut", date(2026, 10, 25)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("Asia/Pyongyang", date(2015, 8, 15)),  # midnight becomes half past eleven
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
)
KINDS = ("rest", "numbers", "terminal", "unset", "both", "both_unset", "own", "revoked")
"""Who tells of a counter's tickets: the queue system, by visits or by numbers alone; terminals,
some without the time; both, by the same ids or by their own; a terminal that is revoked."""
BEFORE, AFTER = 2, 2
"""So many days before and after the change."""


@dataclass(frozen=True)
class Arrival:
    """Something that reaches the server: a word, a run, or a revocation."""

    at: int
    kind: str
    what: Any


@dataclass
class Place:
    """A counter, its terminal, and all that is written there."""

    code: str
    kind: str
    dev: str
    entries: list[Entry] = field(default_factory=list)
    copied: list[Entry] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    revoked_at: int | None = None


class RandomDays:
    """The days of a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(f"days:{seed}")
        name, day = CHANGES[seed % len(CHANGES)]
        self.seed, self.zone = f"random-{seed}", ZoneInfo(name)
        self._change = day
        self._ids = 0
        self.first = self._midnight(-BEFORE)
        self.last = self._midnight(AFTER + 1)
        self.places = [Place(f"C{i}", kind, f"t-{i}") for i, kind in enumerate(KINDS)]
        for place in self.places:
            self._fill(place)

    def days(self) -> list[str]:
        """Return the names of the days."""
        return [
            (self._change + timedelta(days=add)).isoformat() for add in range(-BEFORE, AFTER + 1)
        ]

    def _midnight(self, add: int) -> int:
        day = self._change + timedelta(days=add)
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return int(start.astimezone(UTC).timestamp() * 1000)

    def _day(self, at: int) -> str:
        return datetime.fromtimestamp(at / 1000, self.zone).date().isoformat()

    def _new_id(self) -> str:
        self._ids += 1
        return f"{self.chance.getrandbits(64):016x}-{self._ids}"

    # ---- what happens at a counter ----

    def _fill(self, place: Place) -> None:
        doings: list[tuple[int, Any]] = []
        for at in self._times():
            doings += self._visit(place, at)
        pen = Pen(Journal(place.dev, self.seed))
        self._boot(place, pen, self.first - HOUR)
        pen.begin(self.first - HOUR, records.ChainStart("first"))
        self._write(place, pen, sorted(doings, key=lambda one: one[0]))
        place.entries = pen.entries
        if place.kind == "revoked":
            place.revoked_at = self.chance.randint(self.first + DAY, self.last)

    def _times(self) -> list[int]:
        """Return when citizens are called: all day, and some about midnight and the change."""
        many = self.chance.randint(22, 40)
        times = [self.chance.randint(self.first, self.last - MINUTE) for _ in range(many)]
        for add in range(-BEFORE + 1, AFTER + 1):
            near = self._midnight(add)
            times += [near + self.chance.randint(-HOUR, 3 * HOUR) for _ in range(3)]
        return sorted({max(self.first, min(at, self.last - MINUTE)) for at in times})

    def _visit(self, place: Place, at: int) -> Iterator[tuple[int, Any]]:
        chance = self.chance
        visit, ends = self._new_id(), at + chance.choice((30_000, 5 * MINUTE, 90 * MINUTE))
        several = 10_000 if place.kind == "both_unset" else 4
        number = chance.randrange(1, several) if several < 10 else self._ids % 10_000
        if place.kind not in ("terminal", "unset", "revoked") and chance.random() < 0.95:
            self._tell(place, None if place.kind == "numbers" else visit, number, at, ends)
        own = self._new_id() if place.kind == "own" else visit
        if place.kind not in ("rest", "numbers") and chance.random() < 0.92:
            yield from self._tickets(place, own, number, at, ends)
        if place.kind == "numbers":
            return
        yield from self._presses(place, own, at, ends)

    def _tell(self, place: Place, visit: str | None, number: int, at: int, ends: int) -> None:
        ticket = self.chance.choice((f"A{number:03d}", f"a-{number}", f"A {number}"))
        told = {"counter": place.code, "ticket": ticket, "visit": visit}
        place.words.append({**told, "event": "called", "at": at})
        if self.chance.random() < 0.15:
            place.words.append({**told, "event": "recalled", "at": at + 20_000})
        end = self.chance.choice(("closed", "closed", "closed", "no_show", "transferred", None))
        if end is not None:
            place.words.append({**told, "event": end, "at": ends})

    def _tickets(
        self, place: Place, visit: str, number: int, at: int, ends: int
    ) -> Iterator[tuple[int, Any]]:
        chance = self.chance
        stated = place.kind == "both_unset" or (place.kind != "unset" and chance.random() < 0.5)
        told = records.Ticket(
            place.code, visit, f"A{number:03d}", "called", "lan", self._day(at) if stated else None
        )
        yield at + 150, told
        if chance.random() < 0.15:
            yield at + 20_150, replace(told, event="recalled")
        end = chance.choice(("closed", "closed", "no_show", "transferred", "assumed", None))
        if end == "assumed":
            yield ends + 200, replace(told, event="closed", assumed=True)
        elif end is not None:
            yield ends + 200, replace(told, event=end)

    def _presses(self, place: Place, visit: str, at: int, ends: int) -> Iterator[tuple[int, Any]]:
        chance = self.chance
        if chance.random() < 0.08:
            yield at + 777, (None, False)
        if chance.random() < 0.05:
            visit = self._new_id()  # nobody ever tells of it
        if chance.random() < 0.7:
            press = chance.randint(at + 1_000, ends + MINUTE)
            yield press, (visit, False)
            while chance.random() < 0.3:
                press += chance.choice((900, 4_000, 5_000, 5_001, MINUTE, HOUR))
                yield press, (visit, chance.random() < 0.5)

    # ---- what terminals write ----

    def _write(self, place: Place, pen: Pen, doings: list[tuple[int, Any]]) -> None:
        last: dict[str, int] = {}
        copied_at = self.chance.randrange(len(doings)) if place.kind == "both" else -1
        for index, (at, what) in enumerate(doings):
            drawn = self.chance.random()
            if drawn < 0.06:
                self._boot(place, pen, at - 500)
                if drawn < 0.01:
                    held = pen.journal
                    start = records.ChainStart("damage", held.chain, held.seq, held.prev)
                    pen.begin(at - 400, start)
                    last = {}
            elif drawn < 0.11 and pen.journal.clock == "unset":
                before = pen.shown(at - 300)
                pen.set_clock(self.chance.choice(("unset", "synced")))
                pen.write(at - 300, records.ClockSet(before, at - 300, "ntp"))
            elif drawn > 0.985:
                self._unreadable(pen, at - 200)
            if index == copied_at:
                self._copy(place, pen.journal, at)
            self._body(place, pen, at, what, last)

    def _boot(self, place: Place, pen: Pen, at: int) -> None:
        without = place.kind in ("unset", "both_unset") and self.chance.random() < 0.7
        pen.start(at, "unset" if without else self.chance.choice(("synced", "holdover")))

    def _body(self, place: Place, pen: Pen, at: int, what: Any, last: dict[str, int]) -> None:
        if isinstance(what, records.Ticket):
            pen.write(at, what)
            return
        visit, corrects = what
        replaces = last.get(visit) if corrects else None
        flagged = visit is not None and replaces is None and self.chance.random() < 0.04
        body = records.Rating(
            place.code, visit, self.chance.choice(CHOICES), "touch", 1, replaces, flagged or None
        )
        seq = pen.write(at, body)
        if visit is not None:
            last[visit] = seq

    def _unreadable(self, pen: Pen, at: int) -> None:
        held = pen.journal
        stamp = records.Stamp(
            held.dev, held.chain, held.seq + 1, held.prev, held.boot, max(0, at - held.boot_at),
            pen.shown(at), held.clock,
        )  # fmt: skip
        pen.raw(at, pen.sign(dump({"v": 1, **codec.STAMP.write(stamp), "type": "gesture"})))

    def _copy(self, place: Place, held: Journal, at: int) -> None:
        pen = Pen(replace(held, boots=held.boots + 1000))
        pen.start(at, "synced")
        for number in range(self.chance.randint(2, 5)):
            self._body(place, pen, at + number * MINUTE, (self._new_id(), False), {})
        place.copied = pen.entries

    # ---- what arrives, when ----

    def arrivals(self) -> Iterator[Arrival]:
        """Yield attempts of terminals to send, and words, in order of time.

        An attempt names the terminal alone: what it sends depends on its receipts (`Uplink`).
        """
        found: list[Arrival] = []
        for place in self.places:
            found += self._words_of(place)
            at = self.first
            while at < self.last + 2 * DAY:
                at += self.chance.choice((10 * MINUTE, 2 * HOUR, 9 * HOUR, 30 * HOUR))
                found.append(Arrival(at, "attempt", place))
            if place.copied:
                late = place.copied[-1].at + self.chance.randint(0, DAY)
                found.append(Arrival(late, "copied", place))
            if place.revoked_at is not None:
                found.append(Arrival(place.revoked_at, "revoke", place))
        yield from sorted(found, key=lambda one: one.at)

    def _words_of(self, place: Place) -> Iterator[Arrival]:
        late = 0 if place.kind == "numbers" else 10 * HOUR
        for word in place.words:
            at = word["at"] + 300
            if late and self.chance.random() < 0.1:
                at += self.chance.randint(0, late)
            yield Arrival(at, "word", word)
            if self.chance.random() < 0.05:
                yield Arrival(at + MINUTE, "word", word)


@dataclass
class Uplink:
    """Sends what a terminal has written, as its receipts say; sometimes too much or too early."""

    place: Place
    chance: Random
    held: dict[str, int] = field(default_factory=dict)

    def hear(self, chain: str, heads: Iterable[tuple[int, str]]) -> None:
        """Take heads that the server names; one that is not in the journal is a copy's."""
        mine = [digest(one.token) for one in self.place.entries if one.chain == chain]
        own = [seq for seq, hashed in heads if 0 < seq <= len(mine) and mine[seq - 1] == hashed]
        self.held[chain] = max(own, default=0)

    def run(self, now: int, *, all_of_it: bool = False) -> list[bytes]:
        """Return the next run, of one chain; empty if nothing waits."""
        written = [one for one in self.place.entries if all_of_it or one.at <= now]
        for chain in dict.fromkeys(one.chain for one in written):
            mine = [one for one in written if one.chain == chain]
            start = self.held.get(chain, 0)
            if start < len(mine):
                if not all_of_it and self.chance.random() < 0.3:
                    start += self.chance.randint(-5, 3)
                start = max(0, start)
                many = len(mine) if all_of_it else self.chance.choice((1, 7, 40, 200))
                return [one.token for one in mine[start : start + many]][:95]
        return []
