"""What citizens say beside the terminal: how they can be reached, and ratings by other ways. Pure.

Who agrees to be called leaves a number with the queue system, or on a slip that an interviewer
notes. Who did not press may rate later by the QR on the ticket, which queue systems alone print.
Some units also take paper, calls and a box, and a quality officer sends a list each working day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from fleet_server.core.channel_lists import HEADINGS, WORDS
from fleet_server.core.channels import Field, Way
from fleet_server.core.days import day_on
from fleet_server.district.behaviour import Serving
from fleet_server.district.calendar import HOUR_MS
from fleet_server.district.district import District
from fleet_server.district.places import CounterPlan, Source
from wire.records import Choice

CONSENTS, RATES_LATER = 0.03, 0.06
"""Shares of served citizens who can be called, and of those who did not press who rate later."""
BY_QUEUE: frozenset[Source] = frozenset({"rest", "own_id"})
"""Whose queue system tells the server of visits, by its own names."""
WAYS: dict[str, tuple[Way, ...]] = {
    "BH-MC": ("paper", "box"),
    "BH-CT": ("paper", "phone"),
    "P-DT": ("paper", "box"),
    "P-TL": ("phone",),
    "P-BG": ("paper", "online"),
}
"""Which units take ratings by which ways."""
LIST_ROWS = (3, 9)
LISTED_MS, EVENING_MS = 18 * HOUR_MS, 19 * HOUR_MS
"""When lists are sent; and when it is told who may be called, as terminals have told of tickets."""
_LIST_FIELDS: tuple[Field, ...] = ("way", "choice", "day", "unit")
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ")
_MIDDLES = ("Văn", "Thị", "Minh", "Ngọc", "Thanh", "Đức", "Thu", "Quốc", "Kim")
_GIVEN = ("An", "Bình", "Châu", "Dũng", "Giang", "Hà", "Khánh", "Lan", "Long", "Mai", "Nam", "Oanh",
          "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Tuấn", "Vân", "Yến")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody may be called.

    Attributes:
        at: when that is told, Unix milliseconds.
        visit: the queue system's name of it; None where an interviewer notes it by the ticket.
        name, number: what reaches them; invented, with a prefix that no network has.
    """

    at: int
    counter: str
    day: str
    ticket: str
    visit: str | None
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Later:
    """Somebody rates by the QR on the ticket."""

    at: int
    counter: str
    visit: str
    choice: Choice


@dataclass(frozen=True, slots=True)
class Listed:
    """The quality officer of a unit sends a list; ``content`` is a CSV file."""

    at: int
    unit: str
    name: str
    content: bytes


Voice = Consent | Later | Listed


def voices(
    district: District, counter: CounterPlan, index: int, servings: Sequence[Serving]
) -> Iterator[Voice]:
    """Yield what those say whom a counter served on a day.

    Args:
        district: in which.
        counter: the counter; with the first one of a unit comes the unit's list.
        index: the day.
        servings: whom it served.
    """
    if not servings or not district.is_late(index):
        return
    one = _Day(district, counter, index)
    yield from one.spoken(servings)
    if counter.code == f"{counter.unit.code}-1" and counter.unit.code in WAYS:
        yield one.listed()


class _Day:
    """A counter's day, and what decides about it."""

    def __init__(self, district: District, counter: CounterPlan, index: int) -> None:
        self._district, self._counter, self._index = district, counter, index
        self._day = district.day(index).isoformat()
        self._start = day_on(district.day(index), district.zone).start
        self._chance = district.chance("voices", counter.code, index)

    def spoken(self, servings: Sequence[Serving]) -> Iterator[Consent | Later]:
        told = self._district.source(self._counter, self._index) in BY_QUEUE
        for one in servings:
            if one.end == "closed" and self._chance.random() < CONSENTS:
                yield self._consent(one, told)
            if one.end == "closed" and told and not one.presses:
                yield from self._later(one)

    def listed(self) -> Listed:
        unit, chance = self._counter.unit.code, self._chance
        lines = [",".join(HEADINGS[name]["vi"] for name in _LIST_FIELDS)]
        for _ in range(chance.randint(*LIST_ROWS)):
            way, choice = chance.choice(WAYS[unit]), self._choice()
            lines.append(",".join((WORDS[way]["vi"], WORDS[choice]["vi"], self._day, unit)))
        name = f"phieu-{unit.lower()}-{self._day}.csv"
        return Listed(self._start + LISTED_MS, unit, name, "\n".join(lines).encode())

    def _consent(self, one: Serving, told: bool) -> Consent:
        at, visit = self._start + EVENING_MS, one.visit if told else None
        name, number = _name(self._chance), _number(self._chance)
        return Consent(at, self._counter.code, self._day, one.ticket, visit, name, number)

    def _later(self, one: Serving) -> Iterator[Later]:
        if self._chance.random() < RATES_LATER:
            at = self._start + EVENING_MS + int(self._chance.uniform(0, 3) * HOUR_MS)
            yield Later(at, self._counter.code, one.visit, self._choice())

    def _choice(self) -> Choice:
        return self._district.choice(self._counter.code, self._index, self._chance)


def _name(chance: Random) -> str:
    return " ".join(chance.choice(part) for part in (_FAMILIES, _MIDDLES, _GIVEN))


def _number(chance: Random) -> str:
    return f"0100{chance.randrange(10**6):06d}"
