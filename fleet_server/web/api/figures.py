"""Participation and satisfaction: by counter, unit or fleet, by day, week, month or quarter.

A day counts where the counter lay on it, as on the pages; `spells` says where that was.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from fleet_server.core import spans
from fleet_server.core.choices import Choices
from fleet_server.core.days import day_of, parse_date
from fleet_server.core.participation import Counts
from fleet_server.core.roles import EVERYTHING
from fleet_server.core.spans import Step, cut
from fleet_server.store import audit_log, listings, rest
from fleet_server.store.database import writing
from fleet_server.store.pages import lines
from fleet_server.store.pages.lines import Line
from fleet_server.store.rest import Sources
from fleet_server.web import access, running
from fleet_server.web.api.guard import caller, sight
from fleet_server.web.api.places import branch
from fleet_server.web.api.problems import Problem, wrong
from fleet_server.web.pieces import Asked, Spell, spells
from fleet_server.web.services import services

MOST_CELLS = 120_000
"""Counters times days of one answer: a city's month by day, or its years by month."""

LETTERS: Mapping[Step, int] = {"day": 10, "week": 10, "month": 7, "quarter": 7, "all": 0}
"""How much of a day's name tells the parts that a step is put together from."""

Key = tuple[int, int, date, date]
"""A counter and the unit where it lay, by their rows; and the first and last day."""

Group = tuple[int | None, date, date]
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

    sums: Counts
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


EMPTY = Cell(Counts(), Sources(), Choices())


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


def asked_of(asked: Mapping[str, Any], days: Period) -> Asked:
    """Return what a request is about: its days, its branch, and what of that lies there now.

    Raises:
        Problem: 404, there is no such unit in what the key may see.
    """
    here = branch(asked["unit"])
    unit = access.tree().by_code(asked["unit"]) if asked["unit"] is not None else None
    period = spans.Period("span", days.first, days.last)
    return Asked(period, days.today, sight(), unit, None, here)


@dataclass(frozen=True, slots=True)
class Place:
    """A counter and its unit, by their codes."""

    counter: str
    unit: str
    name: str


class Laid:
    """Where the counters that a request is about lay in its days, in what the key may see.

    Attributes:
        counters: their rows, by their codes; those that lie there now are among them.
        spells: when they lay in which unit of the branch.
    """

    def __init__(self, asked: Mapping[str, Any], days: Period) -> None:
        """Find them.

        Raises:
            Problem: 404, there is no such unit or counter in what the key may see.
        """
        self._tree, wanted = access.tree(), asked_of(asked, days)
        here, found = wanted.here, spells(wanted)
        held = {one.counter for one in found}
        rows = listings.counters(EVERYTHING, code=asked["counter"])
        self._rows = {one.id: one for one in rows if one.id in held or here.covers(one.unit_id)}
        if asked["counter"] is not None and not self._rows:
            raise Problem(404, f"there is no counter {asked['counter']}")
        self.counters = list(self._rows)
        self.spells = [one for one in found if one.counter in self._rows]
        self._by_counter: dict[int, list[Spell]] = defaultdict(list)
        for one in self.spells:
            self._by_counter[one.counter].append(one)

    def unit(self, unit: int) -> str:
        """Return the code of a unit."""
        return self._tree[unit].code

    def place(self, counter: int, last: date) -> Place:
        """Return a counter and the unit where it lay last, up to a day; else, where it lies now."""
        row = self._rows[counter]
        spells = self._by_counter.get(counter, [])
        units = [one.unit for one in spells if one.first <= last.isoformat()]
        return Place(row.code, self.unit(units[-1]) if units else row.unit, row.name)


def cells(laid: Laid, days: Period, step: Step) -> dict[Key, Cell]:
    """Count each counter's steps that hold anything, with the choices that the key may be told.

    Raises:
        Problem: 422, that would be too much at once.
    """
    letters = LETTERS[step]
    check_size(len(laid.counters), days, step)
    held: dict[Key, Line] = {}
    sources: dict[Key, Sources] = {}
    for spell, units in _together(laid.spells).items():
        for (counter, name), line in _lines(spell, units, days.today, letters).items():
            day = day_of_step(name, spell[0])
            key = (counter, units[counter], *cut(day, step, days.first, days.last))
            held[key] = held.get(key, lines.EMPTY) + line
        for (counter, name), told in rest.sources(*spell, units, letters).items():
            day = day_of_step(name, spell[0])
            key = (counter, units[counter], *cut(day, step, days.first, days.last))
            sources[key] = sources.get(key, Sources()) + told
    return {
        key: cell_of(line.sums, line.told, sources.get(key, Sources()))
        for key in sorted(held.keys() | sources.keys())
        for line in [held.get(key, lines.EMPTY)]
    }


def check_size(count: int, days: Period, step: Step) -> None:
    """Refuse an answer that would be too large.

    Raises:
        Problem: 422.
    """
    parts = {10: days.days, 7: days.days // 28 + 2, 0: 1}[LETTERS[step]]
    if count * parts > MOST_CELLS:
        raise wrong("query", "from", "is too early for so much; ask for less at a time")


def day_of_step(name: str, first: str) -> date:
    """Return a day, from a first one on, that lies in what a cut name of days stands for."""
    begins = name if len(name) != 7 else f"{name}-01"
    return date.fromisoformat(max(first, begins))


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


def _together(found: Iterable[Spell]) -> dict[tuple[str, str], dict[int, int]]:
    """Return which counters lay in which unit from one day to another."""
    together: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for one in found:
        together[one.first, one.last][one.counter] = one.unit
    return together


def _lines(
    spell: tuple[str, str], counters: Collection[int], today: date, letters: int
) -> dict[tuple[int, str], Line]:
    """Return what was counted in a spell, and with today what is told of it up to now."""
    found = lines.counter_days(counters, *spell, letters=letters)
    if spell[0] <= today.isoformat() <= spell[1]:
        for counter, fresh in running.by_counter(today, None, counters).items():
            key = (counter, today.isoformat()[:letters])
            found[key] += Line(Counts(), fresh)
    return found


def cell_of(counts: Counts, told: Choices, sources: Sources) -> Cell:
    """Return a cell with the choices that may be told: in whole blocks, as pages show them.

    None where there are some and none may be told.
    """
    if sees_choices():
        return Cell(counts, sources, counts.choices)
    return Cell(counts, sources, told if told.total or not counts.choices.total else None)


def folded(found: Mapping[Key, Cell], by: str) -> dict[Group, Cell]:
    """Put together what belongs to a ``counter``, to a ``unit``, or to the ``fleet``."""
    together: dict[Group, Cell] = {}
    for (counter, unit, begin, end), cell in found.items():
        key = ({"counter": counter, "unit": unit, "fleet": None}[by], begin, end)
        together[key] = together[key] + cell if key in together else cell
    return together


def total(found: Iterable[Cell]) -> Cell:
    """Return all together."""
    held = list(found)
    if not held:
        return EMPTY
    first, *others = held
    return sum(others, first)
