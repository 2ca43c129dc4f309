"""Participation and satisfaction: by counter, unit or fleet, by day, week, month or quarter."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fleet_server.core.choices import Choices
from fleet_server.core.days import day_of, parse_date
from fleet_server.core.spans import Step, cut
from fleet_server.store import audit_log, listings, rest
from fleet_server.store.database import writing
from fleet_server.store.listings import CounterRow
from fleet_server.store.pages import lines, sums
from fleet_server.store.pages.sums import Sums
from fleet_server.store.rest import Sources
from fleet_server.web import measured
from fleet_server.web.api.guard import caller
from fleet_server.web.api.places import branch
from fleet_server.web.api.problems import Problem, wrong
from fleet_server.web.services import services

MOST_CELLS = 120_000
"""Counters times days of one answer: a city's month by day, or its years by month."""

LETTERS: Mapping[Step, int] = {"day": 10, "week": 10, "month": 7, "quarter": 7, "all": 0}
"""How much of a day's name tells the parts that a step is put together from."""

Key = tuple[int | None, date, date]
"""A counter or unit by its row, or None for all; and the first and last day."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included; ``today`` may be among them."""

    first: date
    last: date
    today: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Cell:
    """What was counted, with the choices that may be told; None: none may."""

    sums: Sums
    sources: Sources
    choices: Choices | None

    def __add__(self, other: "Cell") -> "Cell":
        """Return both together, with the choices of those that tell theirs."""
        told = [one.choices for one in (self, other) if one.choices is not None]
        return Cell(
            self.sums + other.sums,
            self.sources + other.sources,
            sum(told, Choices()) if told else None,
        )

    def answer(self) -> dict[str, Any]:
        """Return it as it is answered."""
        told, held = self.choices, self.sums
        satisfied = 0 if told is None else told.very_satisfied + told.satisfied
        return {
            "served": held.served,
            "rated": held.rated,
            "very_satisfied": None if told is None else told.very_satisfied,
            "satisfied": None if told is None else told.satisfied,
            "unsatisfied": None if told is None else told.unsatisfied,
            "unbound": held.unbound,
            "contested": held.contested,
            "disputed": held.disputed,
            "estimated": held.estimated,
            "participation": _share(held.rated, held.served),
            "satisfaction": None if told is None else _share(satisfied, told.total),
            "sources": self.sources,
        }


EMPTY = Cell(Sums(), Sources(), Choices())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def period(asked: Mapping[str, Any]) -> Period:
    """Return the days that a request is about.

    Raises:
        Problem: 422, they end before they begin.
    """
    hailong = services()
    today = parse_date(day_of(hailong.clock(), hailong.settings.fleet.zone).name)
    last = parse_date(asked["last"]) if asked["last"] else today
    first = parse_date(asked["first"]) if asked["first"] else min(today, last)
    if first > last:
        raise wrong("query", "from", "is later than to")
    return Period(first, last, today)


def counters(asked: Mapping[str, Any]) -> list[CounterRow]:
    """Return the counters that a request is about.

    Raises:
        Problem: 404, there is no such unit or counter in what the key may see.
    """
    found = listings.counters(branch(asked["unit"]), code=asked["counter"])
    if asked["counter"] is not None and not found:
        raise Problem(404, f"there is no counter {asked['counter']}")
    return found


def cells(which: Iterable[CounterRow], days: Period, step: Step) -> dict[Key, Cell]:
    """Count each counter's steps that hold anything, with the choices that the key may be told.

    Raises:
        Problem: 422, that would be too much at once.
    """
    ids = [one.id for one in which]
    letters = LETTERS[step]
    check_size(len(ids), days, step)
    first, last = days.first.isoformat(), days.last.isoformat()
    sources = rest.sources(first, last, ids, letters)
    exact: dict[Key, Sums] = {}
    told_by: dict[Key, Sources] = {}
    counted = {(counter, name): held for counter, name, held in
               sums.by_counter_and_day(first, last, ids, letters)}  # fmt: skip
    for counter, name in sorted(counted.keys() | sources.keys()):
        key = (counter, *cut(day_of_step(name, days), step, days.first, days.last))
        exact[key] = exact.get(key, Sums()) + counted.get((counter, name), Sums())
        told_by[key] = told_by.get(key, Sources()) + sources.get((counter, name), Sources())
    shown = _shown(exact, days, step, ids)
    return {key: Cell(exact[key], told_by[key], shown[key]) for key in exact}


def check_size(count: int, days: Period, step: Step) -> None:
    """Refuse an answer that would be too large.

    Raises:
        Problem: 422.
    """
    parts = {10: days.days, 7: days.days // 28 + 2, 0: 1}[LETTERS[step]]
    if count * parts > MOST_CELLS:
        raise wrong("query", "from", "is too early for so much; ask for less at a time")


def day_of_step(name: str, days: Period) -> date:
    """Return a day of the period that lies in what a cut name of days stands for."""
    if not name:
        return days.first
    whole = name if len(name) == 10 else f"{name}-01"
    return max(days.first, date.fromisoformat(whole))


def sees_choices() -> bool:
    """Whether the key of this request is told all choices, and not only blocks of five."""
    return "choices:read" in caller().scopes


def note_read(asked: Mapping[str, Any], days: Period, found: Collection[Cell]) -> None:
    """Note who is told all choices, before they are told; blocks, which pages show, leave none.

    Not inside a read transaction.
    """
    if not sees_choices() or not any(one.choices and one.choices.total for one in found):
        return
    details = {
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "unit": asked["unit"],
        "counter": asked["counter"],
        "by": asked.get("by", "counter"),
        "step": asked.get("step", "all"),
    }
    with writing():
        now = services().clock()
        audit_log.note(caller().actor, "choices.read", "participation", details, at=now)


def _shown(
    exact: Mapping[Key, Sums], days: Period, step: Step, ids: list[int]
) -> dict[Key, Choices | None]:
    """Return the choices that may be told: in whole blocks, and today's as pages show them."""
    if sees_choices():
        return {key: held.choices for key, held in exact.items()}
    told: dict[Key, Choices] = {}
    for counter, name, given in lines.told_by_step(
        ids, days.first.isoformat(), days.last.isoformat(), LETTERS[step]
    ):
        key = (counter, *cut(day_of_step(name, days), step, days.first, days.last))
        told[key] = told.get(key, Choices()) + given
    if days.first <= days.today <= days.last:
        for counter, fresh in measured.fresh_today(days.today, ids).items():
            key = (counter, *cut(days.today, step, days.first, days.last))
            told[key] = told.get(key, Choices()) + fresh
    return {key: unless_hidden(told.get(key, Choices()), exact[key]) for key in exact}


def unless_hidden(told: Choices, exact: Sums) -> Choices | None:
    """Return choices that are told, or None where there are some and none may be told."""
    return told if told.total or not exact.choices.total else None


def folded(found: Mapping[Key, Cell], to: Mapping[int, int | None]) -> dict[Key, Cell]:
    """Put counters together: ``to`` says what each belongs to."""
    together: dict[Key, Cell] = {}
    for (counter, begin, end), cell in found.items():
        key = (to[counter] if counter is not None else None, begin, end)
        together[key] = together[key] + cell if key in together else cell
    return together


def total(found: Iterable[Cell]) -> Cell:
    """Return all together."""
    held = list(found)
    if not held:
        return EMPTY
    first, *others = held
    return sum(others, first)
