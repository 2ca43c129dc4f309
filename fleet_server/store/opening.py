"""Opening hours: who says what, and when each counter is open.

`calendars` is what others use:

    of = opening.calendars(zone)            # reads everything once
    of(counter.id).is_open("2026-11-23")    # a `fleet_server.core.opening.Calendar`
    of(None)                                # of what stands at no counter: the fleet's

Those of counters that lie in the same places are one object, so that what it has worked out of a
day serves all of them. Functions that write are to be called in a write transaction.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from typing import Any

from fleet_server.core.opening import (
    FLEET,
    Calendar,
    Holder,
    Plan,
    Special,
    Week,
    holder_of,
    of_unit,
    stretches,
)
from fleet_server.core.tree import Place
from fleet_server.store import tally_due
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale, edit
from fleet_server.store.models import (
    CounterPlace,
    OpeningPlan,
    OpeningWeek,
    SpecialDay,
    UnitPlace,
)

NEW = 0
"""The version of a plan that is not there yet."""


def plans() -> dict[Holder, Plan]:
    """Return what every holder says."""
    weeks: dict[int, dict[str, Week | None]] = defaultdict(dict)
    specials: dict[int, dict[str, Special]] = defaultdict(dict)
    for plan, since, week in rows(
        OpeningWeek.select(OpeningWeek.plan, OpeningWeek.since_day, OpeningWeek.week)
    ):
        weeks[plan][since] = None if week is None else Week(tuple(map(_spans, week)))
    for plan, day, name, spans in rows(
        SpecialDay.select(SpecialDay.plan, SpecialDay.day, SpecialDay.name, SpecialDay.spans)
    ):
        specials[plan][day] = Special(day, name, _spans(spans))
    return {
        holder_of(unit, counter): Plan(weeks[plan], specials[plan])
        for plan, unit, counter in rows(
            OpeningPlan.select(OpeningPlan.id, OpeningPlan.unit, OpeningPlan.counter)
        )
    }


def calendars(zone: tzinfo) -> Callable[[int | None], Calendar]:
    """Return a function that gives the calendar of a counter by its id, None for the fleet's."""
    said, units, counters = plans(), _unit_places(), _counter_places()
    by_places: dict[Any, Calendar] = {}

    def of(counter: int | None) -> Calendar:
        own = tuple(counters.get(counter, ())) if counter is not None else ()
        with_own = counter if ("counter", counter) in said else None
        if (with_own, own) not in by_places:
            by_places[with_own, own] = Calendar(stretches(with_own, own, units), said, zone)
        return by_places[with_own, own]

    return of


def of_units(zone: tzinfo) -> Callable[[int | None], Calendar]:
    """Return a function that gives the calendar that a unit goes by, None for the fleet's."""
    said, places = plans(), _unit_places()
    found: dict[int | None, Calendar] = {}

    def of(unit: int | None) -> Calendar:
        if unit not in found:
            own = () if unit is None else of_unit(unit)
            found[unit] = Calendar(stretches(None, own, places), said, zone)
        return found[unit]

    return of


def of_holder(holder: Holder, zone: tzinfo) -> Calendar:
    """Return the calendar that a holder itself goes by: what a counter right below it would."""
    kind, key = holder
    if kind == "counter":
        return calendars(zone)(key)
    return of_units(zone)(key if kind == "unit" else None)


def version(holder: Holder) -> int:
    """Return the version of what a holder says; `NEW` where it says nothing yet."""
    found = _plan(holder)
    return NEW if found is None else int(found.version)


def set_week(holder: Holder, held: int, since: str, week: Week | None) -> None:
    """Let a week hold from a day on; None says nothing any more.

    What began on that day or later is replaced; what held before it, is kept.

    Raises:
        Stale: the plan is no longer of version ``held``.
    """
    plan = _edited(holder, held)
    OpeningWeek.delete().where(OpeningWeek.plan == plan, OpeningWeek.since_day >= since).execute()
    days = None if week is None else [list(map(list, spans)) for spans in week.days]
    OpeningWeek.create(plan=plan, since_day=since, week=days)


def set_specials(holder: Holder, held: int, days: Iterable[Special]) -> None:
    """Add special days, or change those that are there.

    Raises:
        Stale: the plan is no longer of version ``held``.
    """
    plan = _edited(holder, held)
    for day in days:
        SpecialDay.delete().where(SpecialDay.plan == plan, SpecialDay.day == day.day).execute()
        spans = list(map(list, day.spans))
        SpecialDay.create(plan=plan, day=day.day, name=day.name, spans=spans)
        tally_due.hours_changed(day.day)


def drop_special(holder: Holder, held: int, day: str) -> None:
    """Take a special day away; one that is not there is no error.

    Raises:
        Stale: the plan is no longer of version ``held``.
    """
    plan = _edited(holder, held)
    SpecialDay.delete().where(SpecialDay.plan == plan, SpecialDay.day == day).execute()
    tally_due.hours_changed(day)


def _edited(holder: Holder, held: int) -> int:
    """Return the id of a holder's plan, which is edited now."""
    found = _plan(holder)
    if found is None and held == NEW:
        kind, key = holder
        return int(OpeningPlan.create(**({} if holder == FLEET else {kind: key})).id)
    if found is None:
        raise Stale
    edit(OpeningPlan, found.id, held, {})
    return int(found.id)


def _plan(holder: Holder) -> OpeningPlan | None:
    kind, key = holder
    unit = OpeningPlan.unit == key if kind == "unit" else OpeningPlan.unit.is_null()
    counter = OpeningPlan.counter == key if kind == "counter" else OpeningPlan.counter.is_null()
    found: OpeningPlan | None = OpeningPlan.get_or_none(unit, counter)
    return found


def _spans(held: Iterable[Iterable[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((since, until) for since, until in held)


def _unit_places() -> Mapping[int, list[Place]]:
    columns = (UnitPlace.unit, UnitPlace.parent, UnitPlace.since_day, UnitPlace.until_day)
    return _places(UnitPlace.select(*columns).order_by(UnitPlace.unit, UnitPlace.since_day))


def _counter_places() -> Mapping[int, list[Place]]:
    table = CounterPlace
    columns = (table.counter, table.unit, table.since_day, table.until_day)
    return _places(table.select(*columns).order_by(table.counter, table.since_day))


def _places(query: Any) -> Mapping[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    for one, *place in rows(query):
        found[one].append(Place(*place))
    return found
