"""What people do in the fleet's registry and to its terminals, day by day. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fleet_server.core.days import day_on
from fleet_server.district.calendar import HOUR_MS, MINUTE_MS, OPENS, opening
from fleet_server.district.delivery import BEAT_MS
from fleet_server.district.district import District
from fleet_server.district.places import DISTRICT

STORED = ("kho-01", "kho-02", "kho-03", "kho-04")
"""Terminals that wait for a counter; of these the last has never had a key."""


@dataclass(frozen=True, slots=True)
class Join:
    """A terminal is added at a counter (None: it lies in store), and enrols with a key."""

    at: int
    dev: str
    counter: str | None
    key: int | None = 0


@dataclass(frozen=True, slots=True)
class Revoke:
    """A terminal was stolen."""

    at: int
    dev: str


@dataclass(frozen=True, slots=True)
class Retire:
    """A terminal is worn out."""

    at: int
    dev: str


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody sends a command."""

    at: int
    dev: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Configure:
    """Somebody sets what a terminal asks and shows."""

    at: int
    dev: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settle:
    """Somebody looks at the open matters of a kind and closes the oldest."""

    at: int
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Move:
    """A counter moves to another office, from a day on."""

    at: int
    counter: str
    unit: str
    day: str


@dataclass(frozen=True, slots=True)
class Report:
    """The quality officer orders last month's report of a branch, and it is to come each month."""

    at: int
    unit: str


@dataclass(frozen=True, slots=True)
class Publish:
    """A unit shows its figures to everybody from now on."""

    at: int
    unit: str


@dataclass(frozen=True, slots=True)
class Rounds:
    """The server goes its rounds: cases, deadlines, draws, alarms (`rounds`)."""

    at: int


@dataclass(frozen=True, slots=True)
class Attend:
    """What waits among the cases of a unit is seen to: by itself, or by those who judge it."""

    at: int
    unit: str
    judging: bool


@dataclass(frozen=True, slots=True)
class Call:
    """Interviewers call citizens who were drawn."""

    at: int


Act = Move | Join | Revoke | Retire | Order | Configure | Settle
Doing = Act | Report | Publish | Rounds | Attend | Call

_ORDERS: tuple[tuple[float, str, Mapping[str, Any]], ...] = (
    (0.12, "identify", {"seconds": 20}),
    (0.21, "self-test", {}),
    (0.33, "diagnostics", {}),
    (0.48, "restart", {}),
    (0.63, "hello", {}),
    (0.68, "reboot", {}),
    (0.75, "re-enrol", {}),
    (0.86, "self-test", {}),
    (0.93, "identify", {"seconds": 10}),
    (0.98, "diagnostics", {}),
)
_NOTES = (
    (0.44, "fork", "Thẻ nhớ bị sao chép khi thay máy; đã thu hồi thẻ cũ, giải thích với đơn vị."),
    (0.61, "poison", "Thẻ nhớ hỏng một bản ghi; đã thay thẻ."),
    (0.64, "unvouched", "Máy thử của nhà thầu, đã rút khỏi mạng."),
    (0.80, "new_chain", "Thay thẻ nhớ hỏng, biên bản số 14."),
    (0.90, "fault", "Đã vệ sinh nút bấm."),
)
MOVED = (0.5, (("P-CQ-3", "BH-CT"), ("BH-CT-1", "BH-DD")))
"""When a counter moves to another office; the first that there is."""
REPORT_DAYS = 35
"""So many days before the quarter's end reports begin: a month ends in any such time."""
PUBLISHED = (0.3, "BH-CT")
"""When a unit's figures become public, and which unit's."""
LETTERS = 0.57
"""When some terminals are configured."""
LARGE_LETTERS = {"look": {"letters": "large"}}
COMPLAINTS = {"asking": {"mode": "items"}}
REFUSED = {"look": {"languages": ["vi", "km"]}}
"""A configuration that terminals refuse: they have no texts in Khmer."""
ROUNDS_MS = 70 * MINUTE_MS
"""After midnight, when what was on its way has come."""
CALLS_MS = 150 * MINUTE_MS
"""After offices have opened, when citizens are called."""
WATCHED_DAYS = 7
"""On so many days before the quarter's end the server goes its rounds several times."""
HEARD_MS = 2 * MINUTE_MS
"""After terminals of past days have sent: at other times all of them would seem to be lost."""


def acts(district: District, index: int) -> list[Doing]:
    """Return what is done on a day, in order of time."""
    midnight = day_on(district.day(index), district.zone).start
    opens = midnight + int(OPENS * HOUR_MS)
    found: list[Doing] = [
        *_of_stories(district, index, opens),
        *_of_offices(district, index, opens),
        *_shown(district, index, opens),
    ]
    if index == 0:
        found += _begin(district, opens)
    if district.is_late(index):
        found += [*_rounds(district, index, midnight, opens), *_attend(district, index, opens)]
        if opening(district.day(index), district.closed, False, district.zone):
            found.append(Call(opens + CALLS_MS))
    return sorted(found, key=lambda act: act.at)


def _begin(district: District, opens: int) -> Iterator[Act]:
    at = opens - 5 * HOUR_MS
    for counter in district.counters:
        yield Join(at, counter.terminal, counter.code)
    for dev in STORED:
        yield Join(at, dev, None, None if dev == STORED[-1] else 0)


def _of_stories(district: District, index: int, opens: int) -> Iterator[Act]:
    for counter in district.counters:
        story, dev = district.story(counter), counter.terminal
        if story.begins("new_key", index):
            yield Join(opens + 3 * HOUR_MS, dev, counter.code, 1)
        if story.begins("items", index):
            yield Configure(opens - 2 * HOUR_MS, dev, COMPLAINTS)
        if story.begins("stolen", index):
            yield Revoke(opens + 4 * HOUR_MS, dev)
        if story.begins("retired", index):
            yield Retire(opens + 11 * HOUR_MS, dev)
        if story.replaced_on() == index:
            yield Join(opens - HOUR_MS, f"{dev}-b", counter.code)


def _of_offices(district: District, index: int, opens: int) -> Iterator[Act]:
    """Yield what technicians and quality officers do beside stories."""
    devs = [district.terminal(counter, index) for counter in district.counters]
    for number, (share, name, arguments) in enumerate(_ORDERS):
        if int(share * district.length) == index:
            yield Order(opens + 2 * HOUR_MS, devs[number * 7 % len(devs)], name, arguments)
    for share, kind, note in _NOTES:
        if int(share * district.length) == index:
            yield Settle(opens + 7 * HOUR_MS, kind, note)
    if int(LETTERS * district.length) == index:
        yield from (Configure(opens + HOUR_MS, dev, LARGE_LETTERS) for dev in devs[:4])
        yield Configure(opens + 3 * HOUR_MS, devs[-1], REFUSED)
    if int(MOVED[0] * district.length) == index:
        yield _move(district, index, opens)


def _shown(district: District, index: int, opens: int) -> Iterator[Report | Publish]:
    """Yield what makes figures known."""
    if index == max(0, district.length - REPORT_DAYS):
        yield Report(opens + HOUR_MS, DISTRICT)
    if int(PUBLISHED[0] * district.length) == index:
        yield Publish(opens + HOUR_MS, PUBLISHED[1])


def _move(district: District, index: int, opens: int) -> Move:
    codes = {counter.code for counter in district.counters}
    counter, unit = next(pair for pair in MOVED[1] if pair[0] in codes)
    return Move(opens - HOUR_MS, counter, unit, district.day(index).isoformat())


def _rounds(district: District, index: int, midnight: int, opens: int) -> Iterator[Rounds]:
    """Yield when the server goes its rounds: at night, and after the hour of the draw."""
    yield Rounds(midnight + ROUNDS_MS)
    often = 4 if index >= district.length - WATCHED_DAYS else 1
    yield from (Rounds(opens + nth * BEAT_MS + HEARD_MS) for nth in range(1, 1 + often))


def _attend(district: District, index: int, opens: int) -> Iterator[Attend]:
    """Yield when offices that are open see to their cases, and then those above them."""
    for number, unit in enumerate(one for one in district.units if one.services):
        if opening(district.day(index), district.closed, unit.saturday, district.zone):
            yield Attend(opens + (45 + 7 * number) * MINUTE_MS, unit.code, judging=False)
            yield Attend(opens + (360 + 5 * number) * MINUTE_MS, unit.code, judging=True)
