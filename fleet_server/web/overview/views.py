"""What needs me now?"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, g, render_template

from fleet_server.core.spans import of
from fleet_server.store import changes
from fleet_server.store.pages import alarms as alarm_store
from fleet_server.store.pages import cases as case_store
from fleet_server.store.pages import matters as matter_store
from fleet_server.store.pages import signals as signal_store
from fleet_server.store.pages import sums
from fleet_server.web import access, days, measured
from fleet_server.web.access import allow
from fleet_server.web.address import Order
from fleet_server.web.cases import counted
from fleet_server.web.counters.lines import Line, lines, ordered, under
from fleet_server.web.figures import Figures
from fleet_server.web.overview.waiting import tasks
from fleet_server.web.period import choose, recent
from fleet_server.web.pieces import Asked
from fleet_server.web.services import services
from fleet_server.web.terminals.judged import in_trouble, judged

SHORT = 3
HEARD = (changes.INTERVIEW, changes.DRAW, changes.LETTER)
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
    chooser = choose("today")
    scope = access.scope("figures")
    wanted = Asked(chooser.period, chooser.today, scope)
    figures = measured.whole(wanted)
    terminals = judged(g.now, access.scope("fleet"))
    under = under_target(wanted.over(recent(TARGET_DAYS, chooser.today)))
    matters = access.scope("matters")
    kinds = matter_store.counts(scope=matters)
    seen = counted.sight()
    signs = signal_store.Wanted(access.scope("evidence"))
    heard = alarm_store.Wanted(matters)
    return render_template(
        "overview.html",
        cases=case_store.cases(seen, case_store.Wanted(), 0, SHORT),
        case_total=counted.total(seen),
        today=chooser.today.isoformat(),
        figures=figures,
        before=_a_week_before(days.next_hour(g.now, zone), wanted),
        terminals=len(terminals),
        trouble=in_trouble(terminals),
        under=under,
        matters=matter_store.matters(scope=matters),
        matter_count=sum(kinds.values()),
        signs=signal_store.signals(signs, 0, SHORT),
        sign_count=signal_store.count(signs),
        alarms=alarm_store.alarms(heard, 0, SHORT),
        alarm_count=sum(alarm_store.counts(heard).values()),
        tasks=tasks(),
        short=SHORT,
        target_days=TARGET_DAYS,
        subjects=["counter:", "fleet", "matter", "case", "signal", *HEARD],
    )


def under_target(asked: Asked) -> list[Line]:
    """Return the counters that miss a target, those with the least participation first."""
    return ordered(under(lines(asked), "under"), Order("participation"))


def _a_week_before(until: datetime, asked: Asked) -> Before:
    """Return a week before: counts as far as the hour, choices of the whole day."""
    end = until - days.WEEK
    day = (end - days.HOUR).date()
    held = sums.of_all(day.isoformat(), days.ms(end), asked.scope)
    told = measured.whole(asked.over(of("day", day))).choices
    return Before(day.isoformat(), days.ms(end), Figures(held, told))
