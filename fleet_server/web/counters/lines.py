"""The lines of the page of counters: sorted, filtered, and with what is said beside each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fleet_server.core.comparison import Change, change
from fleet_server.store.pages import counters as store
from fleet_server.store.pages.counters import CounterFacts
from fleet_server.web import charts, lacks, measured, sorting
from fleet_server.web.address import Order
from fleet_server.web.charts import Spark
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.lacks import Lack
from fleet_server.web.period import recent
from fleet_server.web.pieces import Asked

SPARK_DAYS = 30

Line = tuple[CounterFacts, Figures]


@dataclass(frozen=True, slots=True)
class Changes:
    """How shares differ from those of another period."""

    participation: Change | None
    satisfaction: Change | None


def changes(now: Figures, before: Figures) -> Changes:
    """Compare figures with those of another period."""
    return Changes(
        change(now.rated_share, before.rated_share), change(now.satisfied, before.satisfied)
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the page.

    Attributes:
        counter: whose.
        figures: of the period.
        changes: against the period before.
        spark: its participation over the last days.
        lack: what its figures lack.
    """

    counter: CounterFacts
    figures: Figures
    changes: Changes
    spark: Spark
    lack: Lack


def lines(asked: Asked) -> list[Line]:
    """Return counters by unit and code: those with figures, and the open ones of the branch."""
    held, first = measured.by_counter(asked), asked.period.first.isoformat()
    return [
        (one, held.get(one.id, NOTHING))
        for one in store.counters()
        if one.id in held or (asked.here.covers(one.unit) and one.stood(first))
    ]


def ordered(found: Iterable[Line], order: Order) -> list[Line]:
    """Return lines in an order; those without a share stand last, whichever way."""
    return sorting.ordered(found, order, lambda line: line[1])


def under(found: Iterable[Line], show: str) -> list[Line]:
    """Return those that miss a target: ``asked`` that of participation, ``liked`` the other."""
    misses = {
        "asked": lambda one: one.asks_too_few,
        "liked": lambda one: one.pleases_too_few,
        "under": lambda one: one.asks_too_few or one.pleases_too_few,
    }
    return [one for one in found if show not in misses or misses[show](one[1])]


def named(found: Iterable[Line], words: str) -> list[Line]:
    """Return those with these words in name or code, or in the name of their unit."""
    wanted = words.casefold()
    return [
        one
        for one in found
        if wanted in f"{one[0].code} {one[0].name} {one[0].unit_name}".casefold()
    ]


def shown(found: Sequence[Line], asked: Asked) -> list[Shown]:
    """Return lines with what is said beside each."""
    ids = [one.id for one, _ in found]
    before = measured.by_counter(asked.over(asked.period.before()), ids)
    lack = lacks.by_counter(ids, asked.period, asked.today)
    sparks = _sparks(ids, asked)
    return [
        Shown(
            one,
            figures,
            changes(figures, before.get(one.id, NOTHING)),
            sparks[one.id],
            lack[one.id],
        )
        for one, figures in found
    ]


def _sparks(ids: Sequence[int], asked: Asked) -> dict[int, Spark]:
    """Return each counter's participation over the last days up to the period's end."""
    period = recent(SPARK_DAYS, min(asked.period.last, asked.today))
    held = measured.days_of(ids, asked.over(period))
    states = lacks.by_counter(ids, period, asked.today)
    names = [day.isoformat() for day in period.days()]
    return {
        one: charts.spark(
            [held.get((one, day), NOTHING).participation for day in names],
            list(states[one].days.values()),
        )
        for one in ids
    }
