"""What needs me now?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, g, render_template

from fleet_server.core.roles import Scope
from fleet_server.store.pages import counters as counter_store
from fleet_server.store.pages import matters as matter_store
from fleet_server.store.pages import sums
from fleet_server.store.pages.counters import CounterFacts
from fleet_server.web import access, days
from fleet_server.web.access import allow
from fleet_server.web.counters.period import of_period
from fleet_server.web.figures import Choices, Figures, together
from fleet_server.web.services import services
from fleet_server.web.terminals.judged import in_trouble, judged

SHORT = 6
TARGET_DAYS = 7

blueprint = Blueprint("overview", __name__, template_folder=".")


@dataclass(frozen=True, slots=True)
class Before:
    """The same weekday a week before, as far as the same hour."""

    day: str
    until: int
    figures: Figures


@blueprint.get("/")
@allow("person")
def show() -> str:
    """Show today so far, and the short lists of what needs somebody."""
    zone = services().settings.fleet.zone
    today = days.today(g.now, zone)
    scope = access.scope("figures")
    figures = together(of_period(today, today, today, scope).values())
    terminals = judged(g.now, access.scope("fleet"))
    week = of_period(today - timedelta(days=TARGET_DAYS - 1), today, today, scope)
    under = under_target(week, scope)
    matters = access.scope("matters")
    kinds = matter_store.counts(scope=matters)
    return render_template(
        "overview.html",
        today=today.isoformat(),
        figures=figures,
        before=_a_week_before(days.next_hour(g.now, zone), scope),
        terminals=len(terminals),
        trouble=in_trouble(terminals),
        under=under,
        matters=matter_store.matters(scope=matters),
        matter_count=sum(kinds.values()),
        short=SHORT,
        target_days=TARGET_DAYS,
        subjects=["counter:", "terminal:", "matter"],
    )


def under_target(
    by_counter: dict[int, Figures], scope: Scope
) -> list[tuple[CounterFacts, Figures]]:
    """Return the counters that miss a target, those with the least participation first."""
    fleet = services().settings.fleet

    def misses(figures: Figures) -> bool:
        asked, liked = figures.participation, figures.satisfaction
        return (asked is not None and asked < fleet.participation_target) or (
            liked is not None and liked < fleet.satisfaction_target
        )

    found = [
        (counter, by_counter[counter.id])
        for counter in counter_store.counters(scope)
        if counter.id in by_counter and misses(by_counter[counter.id])
    ]
    return sorted(found, key=lambda pair: (pair[1].participation or 0.0, pair[0].code))


def _a_week_before(until: datetime, scope: Scope) -> Before:
    end = until - days.WEEK
    day = (end - days.HOUR).date().isoformat()
    held = sums.of_all(day, days.ms(end), scope)
    return Before(day, days.ms(end), Figures(held, Choices.of(held)))
