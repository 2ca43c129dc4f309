"""A recount by hand: from the bytes that terminals sent and the words of queue systems alone.

Written after WIRE.md and the rules in words, plain and slow. It shares no code with the server, and
none with `wire` but the names of fields: an error on both sides would have to be made twice.
"""

import base64
import hashlib
import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

TYPES = {"chain", "boot", "ticket", "rating", "reasons", "items", "clock", "fault", "key"}
CALLS = ("called", "recalled")
ENDS = ("closed", "no_show", "transferred")
QUARTER = 900_000
Hours = dict[int, Counter[str]]


def utc(text: str) -> int:
    """Return the Unix milliseconds of a time as it is written in a record."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000)


def part(token: bytes, index: int) -> dict[str, Any]:
    """Return a part of a token as JSON."""
    text = token.split(b".")[index]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    return found


def sha(data: bytes) -> str:
    """Return a hash as records name it."""
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def number(ticket: str) -> str:
    """Return a ticket number without what is only looks: ``A-017`` is ``a17``."""
    found, digits = "", ""
    for character in unicodedata.normalize("NFKC", ticket).upper() + " ":
        if character.isdecimal():
            digits += character
            continue
        if digits:
            found += ("-" if found[-1:].isdigit() else "") + str(int(digits))
            digits = ""
        if character.isalpha():
            found += character
    return found


@dataclass
class Held:
    """A record that has a place in a chain; ``order`` counts all that were taken."""

    order: int
    dev: str
    chain: str
    branch: int
    said: dict[str, Any]
    received: int
    disputed: bool

    @property
    def up(self) -> int:
        """Milliseconds since its boot."""
        return int(self.said["up"])

    @property
    def exact(self) -> bool:
        """Whether its clock is believed."""
        return self.said["clock"] in ("synced", "holdover")


@dataclass
class Event:
    """Something told of a visit."""

    visit: "Visit"
    what: str
    source: str
    order: int
    at: int = 0
    estimated: bool = False
    held: Held | None = None
    late: bool = False


@dataclass(eq=False)
class Visit:
    """One serving, as far as anybody has told of it."""

    counter: str
    ticket: str
    told_day: str
    first_told: int
    stated: bool
    events: list[Event] = field(default_factory=list)

    def by(self, source: str) -> bool:
        """Whether a source has told of it."""
        return any(event.source == source for event in self.events)

    @property
    def in_time(self) -> list[Event]:
        """What was told of it before its day was over."""
        return [event for event in self.events if not event.late]


@dataclass
class Key:
    """A key of the registry."""

    revoked_at: int | None = None


class Recount:
    """Is told what reaches the server, in that order, and counts at the end.

    Args:
        zone: the fleet's time zone.
        keys: the registry: by terminal, by the thumbprint of the key.
    """

    def __init__(self, zone: ZoneInfo, keys: Mapping[str, Mapping[str, Key]]) -> None:
        self._zone, self._keys = zone, keys
        self._places: dict[tuple[str, str], dict[str, tuple[int, int]]] = defaultdict(dict)
        self._branches: Counter[tuple[str, str]] = Counter()
        self.records: list[Held] = []
        self.visits: list[Visit] = []
        self._names: dict[tuple[str, str], Visit] = {}
        self._words: set[tuple[Any, ...]] = set()
        self._events = 0
        self._apart: set[int] = set()

    # ---- records: which are held, and where ----

    def run(self, received: int, dev: str, tokens: Iterable[bytes]) -> None:
        """Take a run of records of one terminal."""
        unsure: dict[str, bytes] = {}
        for token in tokens:
            said = part(token, 1)
            places = self._places[dev, said["chain"]]
            if not places:
                places[sha(said["chain"].encode())] = (0, 0)
            if sha(token) in places:
                continue
            if said["type"] not in TYPES:
                unsure[sha(token)] = token
                continue
            self._settle(received, dev, said["prev"], unsure)
            if said["prev"] in places:
                self._hold(received, dev, token, said)

    def _settle(self, received: int, dev: str, prev: str, unsure: dict[str, bytes]) -> None:
        """Give a place to what nobody can read, since a good record names it."""
        token = unsure.pop(prev, None)
        if token is not None:
            said = part(token, 1)
            self._settle(received, dev, said["prev"], unsure)
            if said["prev"] in self._places[dev, said["chain"]]:
                self._place(dev, token, said)

    def _place(self, dev: str, token: bytes, said: Mapping[str, Any]) -> int:
        key = dev, said["chain"]
        places = self._places[key]
        branch, seq = places[said["prev"]]
        if (branch, seq + 1) in places.values():
            self._branches[key] += 1
            branch = self._branches[key]
        places[sha(token)] = (branch, seq + 1)
        return branch

    def _hold(self, received: int, dev: str, token: bytes, said: dict[str, Any]) -> None:
        branch = self._place(dev, token, said)
        revoked = self._keys[dev][part(token, 0)["kid"]].revoked_at
        disputed = branch > 0 or (revoked is not None and revoked <= received)
        order = len(self.records)
        held = Held(order, dev, said["chain"], branch, said, received, disputed)
        self.records.append(held)
        if said["type"] == "ticket" and not disputed:
            what = "ended" if said.get("assumed") else said["event"]
            at, stated = utc(said["at"]), said.get("day")
            visit = self._visit(said, "terminal", at, stated)
            self._sign_day(visit, stated or self.day(at), bool(stated))
            named = self._ratings_of(said["counter"], said["visit"])
            self._apart -= {one.order for one in named}
            self._add(visit, Event(visit, what, "terminal", self._events, at, False, held), stated)

    def _sign_day(self, visit: Visit, day: str, stated: bool) -> None:
        """Let the first word that a terminal signed say on which day a visit is.

        Unless the queue system told of it in time: on that day, or on one before.
        """
        before = not visit.by("terminal") and day < visit.told_day
        if before or not visit.in_time:
            visit.told_day, visit.stated = day, stated
            for event in visit.events:
                event.late = True

    # ---- what queue systems tell ----

    def word(self, now: int, word: Mapping[str, Any]) -> None:
        """Take one word: counter, ticket, event, at, and the visit or None."""
        day = self.day(word["at"])
        name = word["visit"] or number(word["ticket"])
        said = (word["counter"], word["visit"] is None, name, word["event"], day, word["at"])
        if said in self._words:
            return
        given = word["visit"] or self._meant(word, day)
        if given is None:
            return  # refused
        self._words.add(said)
        new = (word["counter"], given) not in self._names
        visit = self._visit({**word, "visit": given}, "rest", word["at"], day)
        late = self.day(now) > visit.told_day
        event = Event(visit, word["event"], "rest", self._events, word["at"], False, None, late)
        self._add(visit, event, day)
        if new:
            self._leave_apart(self._ratings_of(word["counter"], given), now, late)

    def _leave_apart(self, ratings: list[Held], now: int, late: bool) -> None:
        """Leave ratings where they count: of days that are over, or if this is told late."""
        times = self.times()
        if late or any(self.day(times[one.order][0]) < self.day(now) for one in ratings):
            self._apart |= {one.order for one in ratings}

    def _ratings_of(self, counter: str, name: str) -> list[Held]:
        return [
            one
            for one in self.records
            if one.said["type"] == "rating"
            and (one.said["counter"], one.said["visit"]) == (counter, name)
        ]

    def _meant(self, word: Mapping[str, Any], day: str) -> str | None:
        """Return which visit a word without a visit's id means; a new name if it begins one."""
        same = [
            visit
            for visit in self.visits
            if (visit.counter, visit.told_day) == (word["counter"], day)
            and number(visit.ticket) == number(word["ticket"])
        ]
        last = max(same, key=lambda visit: min(one.at for one in visit.events), default=None)
        ended = (
            None
            if last is None
            else self._end(
                last,
                [
                    e
                    for v in self.visits
                    for e in v.events
                    if (v.counter, v.told_day) == (word["counter"], day)
                ],
                self._rated(),
            )
        )
        if last is not None and not (word["event"] == "called" and ended in ENDS[::2]):
            return next(key[1] for key, visit in self._names.items() if visit is last)
        return f"new-{self._events}" if word["event"] == "called" else None

    def _visit(self, said: Mapping[str, Any], source: str, at: int, stated: str | None) -> Visit:
        """Return the visit that is meant: by its name, else by the number, else a new one."""
        key = said["counter"], said["visit"]
        visit = self._names.get(key) or self._same(said, source, at, stated or self.day(at))
        if visit is None:
            visit = Visit(said["counter"], said["ticket"], stated or self.day(at), at, bool(stated))
            self.visits.append(visit)
        self._names[key] = visit
        return visit

    def _add(self, visit: Visit, event: Event, stated: str | None) -> None:
        visit.stated = visit.stated or (bool(stated) and not event.late)
        visit.events.append(event)
        self._events += 1

    def _same(self, said: Mapping[str, Any], source: str, at: int, day: str) -> Visit | None:
        found = [
            visit
            for visit in self.visits
            if (visit.counter, visit.told_day) == (said["counter"], day)
            and number(visit.ticket) == number(said["ticket"])
            and not visit.by(source)
        ]
        return min(found, key=lambda one: abs(self._first(one)[0] - at), default=None)

    # ---- when ----

    def day(self, at: int) -> str:
        """Return the date on the wall."""
        return self._wall(at).date().isoformat()

    def hour(self, at: int, day: str) -> int:
        """Return when the hour began, within the day: where the wall clock showed a full one."""
        while self.day(at) < day:
            at = at // QUARTER * QUARTER + QUARTER
        while self.day(at) > day:
            at = at // QUARTER * QUARTER - 1
        start = at // QUARTER * QUARTER
        while self._wall(start).minute:
            start -= QUARTER
        return start

    def _wall(self, at: int) -> datetime:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at)
        return moment.astimezone(self._zone)

    def times(self) -> dict[int, tuple[int, bool]]:
        """Return of each record when it was made, and whether that is only estimated."""
        found: dict[int, tuple[int, bool]] = {}
        boots: dict[tuple[str, str], list[Held]] = defaultdict(list)
        for held in self.records:
            boots[held.dev, held.said["boot"]].append(held)
        settled = {
            boot: [one for one in ones if not one.disputed] or ones for boot, ones in boots.items()
        }
        guessed = self._guessed(settled)
        for boot, ones in boots.items():
            for held in ones:
                if held.exact:
                    found[held.order] = (utc(held.said["at"]), False)
                    continue
                offset = _offset(settled[boot], held)
                guess = offset is None
                found[held.order] = ((guessed[boot] if guess else offset) + held.up, guess)  # type: ignore[operator]
        return found

    def _guessed(self, boots: Mapping[tuple[str, str], list[Held]]) -> dict[tuple[str, str], int]:
        """Place the boots that never got the time between their neighbours in the chain."""
        chains: dict[tuple[str, str, int], list[tuple[str, str]]] = defaultdict(list)
        for boot, ones in boots.items():
            first = ones[0]
            chains[first.dev, first.chain, first.branch].append(boot)
        offsets: dict[tuple[str, str], int] = {}
        for row in chains.values():
            starts = _starts([boots[boot] for boot in row])
            for boot, start in zip(row, starts, strict=True):
                offsets[boot] = start - min(one.up for one in boots[boot])
        return offsets

    # ---- counting ----

    def _first(self, visit: Visit) -> tuple[int, bool]:
        if not visit.in_time:
            return visit.events[0].at, False
        exact = [event.at for event in visit.in_time if not event.estimated]
        return (min(exact), False) if exact else (min(e.at for e in visit.in_time), True)

    def _rated(self) -> set[int]:
        """Return which visits have a rating that stands."""
        return {id(visit) for _, status, visit in self._judged() if status == "standing" and visit}

    def _end(self, visit: Visit, told: Iterable[Event], rated: set[int]) -> str | None:
        """Return how a visit ended: late words fill in what is open, but of no rated visit."""
        in_time = self._ended(visit, [one for one in told if not one.late])
        if in_time is not None or id(visit) in rated:
            return in_time
        return self._ended(visit, told)

    def _ended(self, visit: Visit, told: Iterable[Event]) -> str | None:
        """Return how a visit ended: closed, followed, no_show, transferred, or not at all.

        Args:
            visit: the visit.
            told: what was told of it and of others.
        """
        own = [one for one in told if one.visit is visit]
        own.sort(key=lambda one: (one.at, one.order))
        last_call = max((i for i, one in enumerate(own) if one.what in CALLS), default=-1)
        ends: list[int] = []
        for source in ("rest", "terminal"):
            end = None
            for index, event in enumerate(own):
                if event.source == source and event.what in CALLS:
                    end = None
                if event.source == source and event.what in ENDS:
                    end = index
            ends += [] if end is None else [end]
        if any(own[end].what == "closed" for end in ends):
            return "closed"
        valid = [end for end in ends if end > last_call]
        if valid:
            return own[max(valid)].what
        if last_call < 0:
            return None
        call = own[last_call]
        followed = any(
            (other.at, other.order) > (call.at, call.order)
            and (other.what in CALLS if other.visit is not visit else other.what == "ended")
            for other in told
        )
        return "followed" if followed else None

    def count(self) -> dict[tuple[str, str], Hours]:
        """Return the figures of each counter's day, hour by hour; hours of nothing are left out."""
        times = self.times()
        for visit in self.visits:
            for event in visit.events:
                if event.held is not None:
                    event.at, event.estimated = times[event.held.order]
        days: dict[tuple[str, str], list[Visit]] = defaultdict(list)
        for visit in self.visits:
            day = visit.told_day if visit.stated else self.day(self._first(visit)[0])
            days[visit.counter, day].append(visit)
        figures: dict[tuple[str, str], Hours] = defaultdict(lambda: defaultdict(Counter))
        rated = self._rated()
        hours: dict[int, tuple[Counter[str], bool]] = {}
        for (counter, day), visits in days.items():
            together = [event for visit in visits for event in visit.events]
            for visit in visits:
                served = self._end(visit, together, rated) in ("closed", "followed")
                row = figures[counter, day][self.hour(self._first(visit)[0], day)]
                row["served"] += served
                hours[id(visit)] = (row, served)
        self._count_ratings(times, hours, figures)
        return {
            key: {hour: +row for hour, row in rows.items() if +row} for key, rows in figures.items()
        }

    def _count_ratings(
        self,
        times: Mapping[int, tuple[int, bool]],
        hours: Mapping[int, tuple[Counter[str], bool]],
        figures: dict[tuple[str, str], Hours],
    ) -> None:
        for held, status, visit in self._judged():
            at, estimated = times[held.order]
            counter = held.said["counter"]
            own = figures[counter, self.day(at)][self.hour(at, self.day(at))]
            row = own
            if status == "standing":
                if visit is not None:
                    row, served = hours[id(visit)]
                    row["rated"] += served
                row[held.said["choice"]] += 1
            else:
                row[status] += 1
            row["estimated"] += estimated

    def _judged(self) -> Iterable[tuple[Held, str, Visit | None]]:
        """Yield each rating with what became of it; those that were replaced count nowhere."""
        of_visit: dict[object, list[Held]] = defaultdict(list)
        for held in self.records:
            if held.said["type"] != "rating":
                continue
            if held.disputed or held.said["visit"] is None:
                yield held, "disputed" if held.disputed else "unbound", None
                continue
            name = held.said["counter"], held.said["visit"]
            apart = held.order in self._apart
            of_visit[name if apart else self._names.get(name, name)].append(held)
        for visit, presses in of_visit.items():
            known = visit if isinstance(visit, Visit) else None
            for held, status in _of_one_visit(presses):
                yield held, status, known


def _of_one_visit(presses: Iterable[Held]) -> Iterable[tuple[Held, str]]:
    """Yield what stands, and what is contested."""
    standing: Held | None = None
    for press in presses:
        if not press.said.get("contested") and (standing is None or _corrects(press, standing)):
            standing = press
        else:
            yield press, "contested"
    if standing is not None:
        yield standing, "standing"


def _corrects(later: Held, standing: Held) -> bool:
    same = all(later.said[name] == standing.said[name] for name in ("chain", "boot"))
    names = later.said.get("replaces") == standing.said["seq"] and later.dev == standing.dev
    return same and names and 0 <= later.up - standing.up <= 5_000


def _offset(boot: list[Held], held: Held) -> int | None:
    """Return Unix milliseconds minus ``up`` for a record without the time, None if unknown."""
    sets = [one for one in boot if one.said["type"] == "clock"]
    later = [one for one in sets if one.order >= held.order]
    chosen = later[0] if later else sets[-1] if sets else None
    if chosen is not None:
        return utc(chosen.said["to"]) - chosen.up
    exact = next((one for one in boot if one.exact), None)
    return None if exact is None else utc(exact.said["at"]) - exact.up


def _starts(boots: list[list[Held]]) -> list[int]:
    """Return when the first record of each boot of a chain was made."""
    lengths = [max(o.up for o in ones) - min(o.up for o in ones) for ones in boots]
    latest = [min(o.received - o.up for o in ones) + min(o.up for o in ones) for ones in boots]
    starts: list[int | None] = []
    for ones in boots:
        sets = [one for one in ones if one.said["type"] == "clock"]
        exact = [one for one in ones if one.exact]
        offset = None
        if sets:
            offset = utc(sets[-1].said["to"]) - sets[-1].up
        elif exact:
            offset = utc(exact[0].said["at"]) - exact[0].up
        starts.append(None if offset is None else offset + min(one.up for one in ones))
    after: int | None = None
    for index in reversed(range(len(boots))):
        known = starts[index]
        if known is None and (after is None or latest[index] <= after - lengths[index]):
            known = starts[index] = latest[index]  # it came live: as late as reception allows
        after = known if known is not None else (after or 0) - lengths[index]
    return _between(starts, lengths)


def _between(starts: list[int | None], lengths: list[int]) -> list[int]:
    """Share the time in which the terminal was off evenly around boots that nothing bounds."""
    found: list[int] = []
    for index, known in enumerate(starts):
        if known is not None:
            found.append(known)
            continue
        rest = next(i for i in range(index, len(starts)) if starts[i] is not None)
        end = starts[rest]
        assert end is not None
        latest = end - sum(lengths[index:rest])
        before = found[-1] + lengths[index - 1] if index else None
        if before is None or before > latest:
            found.append(latest)
        else:
            found.append(before + (latest - before) // (rest - index + 1))
    return found
