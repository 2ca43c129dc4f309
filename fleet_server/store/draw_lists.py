"""The list of a draw: whose visits may be drawn, who was drawn lately, what a name stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fleet_server.core.contacts import Terms
from fleet_server.core.draw import LeftOut, Sealed, Served, name_of
from fleet_server.store.database import rows
from fleet_server.store.models import Contact, DrawLine, WeeklyDraw
from fleet_server.store.sql import ask

_UNREACHED = (
    "SELECT COUNT(*) - COUNT(c.visit_id), COUNT(c.withdrawn), "
    "COUNT(CASE WHEN c.withdrawn IS NULL AND NOT v.by_terminal THEN c.visit_id END) "
    "FROM visit v LEFT JOIN contact c ON c.visit_id = v.id "
    "WHERE v.served_at IS NOT NULL AND v.day BETWEEN ? AND ?"
)
_REACHED = (
    "SELECT v.id, v.counter_id, p.unit_id, c.citizen, c.taken, c.days, c.withdrawn, c.interviewed "
    "FROM contact c JOIN visit v ON v.id = c.visit_id JOIN counter_place p "
    "ON p.counter_id = v.counter_id AND p.since_day <= v.day AND v.day < p.until_day "
    "WHERE v.served_at IS NOT NULL AND v.by_terminal AND v.day BETWEEN ? AND ? ORDER BY v.id"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A visit that stands on a list: its counter, the unit where that lay, and who it was."""

    visit: str
    counter: int
    unit: int
    citizen: str | None


def served(first: str, last: str) -> Iterator[Served]:
    """Yield the visits of some days whose citizens may be asked, as far as this is known here.

    They were served, a terminal told of them too, and their contact data was not withdrawn.
    """
    for visit, _counter, unit, citizen, taken, days, withdrawn, interviewed in ask(
        _REACHED, first, last
    ):
        if withdrawn is None:
            over = interviewed and date.fromisoformat(interviewed)
            terms = Terms(visit, date.fromisoformat(taken), days, interviewed=over)
            yield Served(visit, unit, citizen, terms.ended()[0], consents=True)


def others(first: str, last: str) -> dict[LeftOut, int]:
    """Return how many other visits were served in some days, by why they are on no list.

    They are too many to be looked at one by one, and what was withdrawn is erased.
    """
    without, withdrawn, untold = ask(_UNREACHED, first, last)[0]
    return {"no_contact": int(without), "no_consent": int(withdrawn), "untold": int(untold)}


def with_others(sealed: Sealed, more: Mapping[LeftOut, int]) -> Sealed:
    """Return a list that also tells of `others` how many are not on it."""
    told = dict(sealed.left_out)
    for reason, count in more.items():
        if count:
            told[reason] = told.get(reason, 0) + count
    return replace(sealed, left_out=told)


def lately(since: str) -> set[str]:
    """Return the citizens who were drawn on a day or after it."""
    query = DrawLine.select(DrawLine.citizen).join(WeeklyDraw)
    found = query.where(WeeklyDraw.day >= since, DrawLine.citizen.is_null(False))
    return {str(citizen) for (citizen,) in rows(found)}


def may_begin(day: str) -> bool:
    """Tell whether contact data was first taken before a day: else nobody can be drawn yet."""
    return bool(Contact.select().where(Contact.taken < day).exists())


def named(held: Any, key: bytes) -> dict[str, Found]:
    """Return the visits of a draw's days by their names on its list."""
    found = ask(_REACHED, held.first_day, held.last_day)
    return {name_of(key, held.week, row[0]): Found(*row[:4]) for row in found}
