"""Ratings that no terminal signed: from paper, phone, suggestion boxes, online, and by QR later.

1. They stand apart: every figure says either what terminals signed or what came this way, each way
   by itself, and no sum is ever made of both (`Apart`). Participation and targets know only the
   signed ones.
2. A way that a person enters or imports says who entered it. Only a rating by QR must name its
   ticket; others may, if the citizen gave it.
3. Each ticket has one rating that stands, over all ways (`judge`): a signed one that stands by
   `core.standing`, whenever it came, for it alone can be proved; else the one by QR, whose page
   only who holds the ticket opens, so that nobody who enters ratings displaces a citizen's; else
   the first other that was taken. All others are kept and shown as *second*. A rating without a
   ticket stands by itself.
4. A QR rates a ticket that was served, until its token ends (`tokens`), and once: a second one is
   refused, unlike what people enter, because whoever holds the page can be told so.
5. Choices that came this way are told as `core.choices` says, way by way (`told`). What was told
   must not change by one rating: so they count on the day on which the server *took* them, which
   people can't choose, once that day is over; and one that stood then, but stands behind one that
   came later, stays in what was told.
6. One that was entered by mistake is withdrawn, with a reason and a name beside it: nothing of it
   is deleted, it stands no more, and figures say how many were (`may_withdraw`). That ends with
   the day it was taken on, for then it is told (rule 5); what citizens gave by QR stays.
7. A row that is wrong says in which field, and all of its faults at once, so that a list with half
   its rows wrong is mended in one go.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from fleet_server.core.choices import ENOUGH_RATINGS, NONE, Choices, given_out
from fleet_server.core.days import parse_date
from fleet_server.core.participation import ChoiceName
from wire.tickets import TicketError, check_ticket

Way = Literal["paper", "phone", "box", "online", "qr"]
WAYS: tuple[Way, ...] = get_args(Way)
ENTERED: tuple[Way, ...] = tuple(way for way in WAYS if way != "qr")
"""What people enter and import; a rating by QR comes only from its page."""

CHOICES: tuple[ChoiceName, ...] = get_args(ChoiceName)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A rating that no terminal signed, as it is held.

    Attributes:
        id: the server's number, in the order in which they were taken.
        way: how it came.
        choice: what was chosen, on the scale that terminals ask on.
        taken: the day on which the server took it, YYYY-MM-DD; in every figure it counts on it.
        day: the day that it is about; of a ticket its service day.
        unit: id of the unit that it is about.
        counter: id of the counter, None where nobody knows.
        visit: id of the visit, None without a ticket or while none is known under it.
        by: who entered it, as in the audit log; the page of a QR is ``server``.
    """

    id: int
    way: Way
    choice: ChoiceName
    taken: str
    day: str
    unit: int
    counter: int | None
    visit: str | None
    by: str


Standing = Literal["standing", "second"]


def judge(ratings: Iterable[Unsigned], signed: Collection[str]) -> dict[int, Standing]:
    """Return which ratings stand (rule 3); the keys are their ids.

    Args:
        ratings: all of the tickets in question, and any without a ticket.
        signed: the visits that have a signed rating that stands.
    """
    taken = set(signed)
    judged: dict[int, Standing] = {}
    for one in sorted(ratings, key=lambda one: (one.way != "qr", one.id)):
        judged[one.id] = "second" if one.visit in taken else "standing"
        if one.visit is not None:
            taken.add(one.visit)
    return judged


def may_withdraw(way: Way, over: bool) -> bool:
    """Return whether a rating may be withdrawn (rule 6).

    Args:
        way: how it came.
        over: whether it was written down which ratings of its day stood.
    """
    return way in ENTERED and not over


Refusal = Literal["not_served", "rated_at_counter", "rated_later"]


def refusal(served: bool, signed: bool, ways: Collection[Way]) -> Refusal | None:
    """Return why the page of a QR takes no rating of its ticket now, or None if it does (rule 4).

    Args:
        served: whether the visit is served.
        signed: whether a signed rating of it stands.
        ways: how ratings of it came that no terminal signed.
    """
    if signed:
        return "rated_at_counter"
    if "qr" in ways:
        return "rated_later"
    return None if served else "not_served"


@dataclass(frozen=True, slots=True)
class Apart:
    """The choices of a place and time, each way by itself (rule 1).

    Attributes:
        signed: what may be told of the terminals' (`Figures.choices`).
        others: what may be told of each other way; all ways are there.
        second: how many of each way are kept but don't stand.
        withdrawn: how many of each way were entered by mistake and withdrawn.
    """

    signed: Choices
    others: Mapping[Way, Choices]
    second: Mapping[Way, int]
    withdrawn: Mapping[Way, int]


def told(
    ratings: Iterable[Unsigned], stood: Collection[int], today: str
) -> dict[tuple[str, Way], Choices]:
    """Return what may be told of a place's month, by day and way (rule 5).

    Args:
        ratings: those that were taken in a month, of a counter while it lay in one unit, or of a
            unit that name no counter.
        stood: the ids of those that stood (`judge`) when the day they were taken on was over; the
            store writes it down then.
        today: the running day, of which nothing is told yet.
    """
    lines: dict[tuple[str, Way], Choices] = {}
    for one in ratings:
        if one.id in stood and one.taken < today:
            key = (one.taken, one.way)
            lines[key] = lines.get(key, NONE) + Choices(**{one.choice: 1})
    keys = sorted(lines)
    days = ((day, way, lines[day, way]) for day, way in keys)
    return dict(zip(keys, given_out(days), strict=True))


def apart(
    signed: Choices,
    given: Iterable[Mapping[tuple[str, Way], Choices]],
    seconds: Iterable[Unsigned] = (),
    withdrawn: Iterable[Way] = (),
) -> Apart:
    """Return the choices of a place and time, each way by itself.

    Args:
        signed: what may be told of the terminals'.
        given: what `told` gave for each counter and month, the days of the time alone.
        seconds: the ratings of the place and time that don't stand.
        withdrawn: how each one came that was withdrawn.
    """
    others: dict[Way, Choices] = dict.fromkeys(WAYS, NONE)
    for month in given:
        for (_, way), choices in month.items():
            others[way] += choices
    return Apart(signed, others, _each(one.way for one in seconds), _each(withdrawn))


def _each(ways: Iterable[Way]) -> dict[Way, int]:
    """Return how many came each way, for all of them."""
    counts = Counter(ways)
    return {way: counts[way] for way in WAYS}


@dataclass(frozen=True, slots=True)
class Line:
    """What came one way: how many, what may be told of them, how many don't stand.

    Those that were withdrawn are counted by themselves, and in none of the others.
    """

    way: Way
    received: int
    choices: Choices
    second: int
    withdrawn: int = 0

    @property
    def shown(self) -> Choices | None:
        """The choices, or None while they are too few to be shown."""
        return self.choices if self.choices.total >= ENOUGH_RATINGS else None


# ---- rows that people enter or import ----

Field = Literal["way", "choice", "day", "unit", "counter", "ticket"]
FIELDS: tuple[Field, ...] = get_args(Field)

Problem = Literal["missing", "unknown", "not_a_day", "ahead", "elsewhere", "not_a_ticket"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of a row; ``value`` is what stands there."""

    field: Field
    problem: Problem
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be taken: as `Unsigned`, with a ticket's number in place of its visit."""

    way: Way
    choice: ChoiceName
    day: str
    unit: int
    counter: int | None
    ticket: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What rows may name.

    Attributes:
        units: the units that whoever enters may enter for, id by code.
        counter: by its code, id and unit of a counter as it lay on a day; None where none did.
        today: the running day; a rating of a day to come is an error.
    """

    units: Mapping[str, int]
    counter: Callable[[str, str], tuple[int, int] | None]
    today: date


def read(said: Mapping[str, str], known: Known) -> Row | list[Fault]:
    """Return what a row says, or everything that is wrong with it (rule 7).

    Args:
        said: texts by the names of `FIELDS`; a page and a list bring their words to these first.
        known: what it may name.
    """
    text = {field: said.get(field, "").strip() for field in FIELDS}
    faults = [Fault(field, "missing") for field in ("way", "choice", "unit") if not text[field]]
    faults += _unknown("way", text["way"], ENTERED) + _unknown("choice", text["choice"], CHOICES)
    faults += _unknown("unit", text["unit"], known.units)
    faults += _day(text["day"], known.today) + _ticket(text["ticket"])
    if any(fault.field in ("unit", "day") for fault in faults):
        return faults
    counter = known.counter(text["counter"], text["day"]) if text["counter"] else None
    unit = known.units[text["unit"]]
    if text["counter"] and counter is None:
        faults.append(Fault("counter", "unknown", text["counter"]))
    if counter is not None and counter[1] != unit:
        faults.append(Fault("counter", "elsewhere", text["counter"]))
    return faults or Row(
        way=next(way for way in ENTERED if way == text["way"]),
        choice=next(choice for choice in CHOICES if choice == text["choice"]),
        day=text["day"],
        unit=unit,
        counter=None if counter is None else counter[0],
        ticket=check_ticket(text["ticket"]) if text["ticket"] else None,
    )


def _unknown(field: Field, text: str, known: Collection[str]) -> list[Fault]:
    return [Fault(field, "unknown", text)] if text and text not in known else []


def _day(text: str, today: date) -> list[Fault]:
    if not text:
        return [Fault("day", "missing")]
    try:
        day = parse_date(text)
    except ValueError:
        return [Fault("day", "not_a_day", text)]
    return [Fault("day", "ahead", text)] if day > today else []


def _ticket(text: str) -> list[Fault]:
    try:
        check_ticket(text or "1")
    except TicketError:
        return [Fault("ticket", "not_a_ticket", text)]
    return []
