"""Who is rated how well, who does not ask, and how was a counter's day, its month?"""

from types import SimpleNamespace

from flask import Blueprint, abort, g, render_template, request, url_for

from fleet_server.core import alphabet
from fleet_server.core.choices import NONE, Choices, beside
from fleet_server.core.days import day_on
from fleet_server.core.participation import Counts
from fleet_server.core.targets import SCALE
from fleet_server.store import running
from fleet_server.store.changes import CHANNELS
from fleet_server.store.pages import counters as store
from fleet_server.store.pages import lines as line_store
from fleet_server.store.pages import signals as signal_store
from fleet_server.store.pages import sums
from fleet_server.store.pages.counters import CounterFacts, VisitFilter
from fleet_server.store.pages.signals import Show, Wanted
from fleet_server.web import (
    access,
    address,
    apart,
    branch,
    days,
    interviewed,
    lacks,
    measured,
    ruled,
    trend,
)
from fleet_server.web.access import allow
from fleet_server.web.address import Order, asked_order
from fleet_server.web.cases import counted
from fleet_server.web.counters import lines as listed
from fleet_server.web.figures import NOTHING, Figures, together
from fleet_server.web.period import NO_SERVICE, asked, choose, service
from fleet_server.web.pieces import Asked
from fleet_server.web.services import services
from fleet_server.web.sorting import SORTS

PAGE = 50
"""Counters on one page."""

SHOWS: dict[str, VisitFilter] = {
    "all": "all",
    "served": "served",
    "rated": "rated",
    "unrated": "unrated",
    "disagreement": "disagreement",
}
FILTERS = ("", "under", "asked", "liked")

blueprint = Blueprint("counters", __name__, template_folder=".")


@blueprint.get("/counters")
@allow("figures")
def index() -> tuple[str, int]:
    """Show the counters of a branch over a period."""
    chooser = choose()
    wanted = asked(chooser)
    order, found = chosen_lines(wanted)
    start = address.start(len(found))
    before = measured.whole(wanted.over(chooser.period.before()))
    total = together(figures for _, figures in found)
    page = render_template(
        "counters.html",
        chooser=chooser,
        asked=wanted,
        order=order,
        lines=listed.shown(found[start : start + PAGE], wanted),
        start=start,
        count=len(found),
        size=PAGE,
        total=total,
        changes=listed.changes(total, before),
        show=request.args.get("show", ""),
        words_asked=request.args.get("q", ""),
        units=branch.units("figures"),
        services=service_options(),
        scale=SCALE,
        day_href=day_href,
        subjects=["counter:"],
    )
    return page, 400 if chooser.problem else 200


def chosen_lines(wanted: Asked) -> tuple[Order, list[listed.Line]]:
    """Return the order and all lines that the address asks for, for the page and its export."""
    order = asked_order(("unit", *SORTS), Order("unit"))
    show = request.args.get("show", "")
    if order is None or show not in FILTERS:
        abort(404)
    found = listed.under(listed.lines(wanted), show)
    return order, listed.ordered(listed.named(found, request.args.get("q", "").strip()), order)


def service_options() -> list[tuple[str, str]]:
    """Return the services of what the person may see, as a filter has them."""
    units = access.scope("figures").units
    names = alphabet.services(dict.fromkeys(line_store.services(units)))
    return [(name or NO_SERVICE, name) for name in names]


def day_href(code: str, wanted: Asked, show: str) -> str:
    """Return where a counter's number leads: the visits of its day, or the days of its period."""
    if wanted.period.kind == "day":
        day = wanted.period.text
        return url_for("counters.one", code=code, day=day, show=show) + "#visits"
    return url_for("counters.one", code=code, period=wanted.period.text) + "#days"


@blueprint.get("/counters/<code>")
@allow("figures")
def one(code: str) -> tuple[str, int]:
    """Show one counter: its day with hours and visits, or the days of its period."""
    counter = store.counter(code)
    if counter is None:
        abort(404)
    access.demand("figures", counter.unit)
    day = request.args.get("day")
    if day is not None and not request.args.get("period"):
        request.args = request.args.copy()
        request.args["period"] = day
    chooser = choose()
    wanted = Asked(chooser.period, chooser.today, access.scope("figures"), None, service())
    figures = measured.by_counter(wanted, {counter.id}).get(counter.id, NOTHING)
    before = measured.by_counter(wanted.over(chooser.period.before()), {counter.id})
    year = measured.by_counter(wanted.over(chooser.period.year_before()), {counter.id})
    span = chooser.period.first.isoformat(), chooser.period.last.isoformat()
    elsewhere = measured.elsewhere(counter.id, *span, wanted.scope)
    page = render_template(
        "counter.html",
        counter=counter,
        path=access.tree().path(counter.unit),
        in_tree=access.scope("setup").covers(counter.unit),
        signs=_signs(code),
        terminals=store.terminals_at(counter.id),
        chooser=chooser,
        asked=wanted,
        figures=figures,
        changes=listed.changes(figures, before.get(counter.id, NOTHING)),
        year=listed.changes(figures, year.get(counter.id, NOTHING)),
        ruled=ruled.beside(figures, wanted, counter.id),
        cases=counted.of_counter(counter),
        lack=lacks.by_counter([counter.id], chooser.period, chooser.today)[counter.id],
        interviewed=interviewed.told(wanted, figures, counter.id),
        by_service=measured.services_of(counter.id, wanted),
        trend=trend.of_counter(counter.id, wanted),
        month=trend.of_counter(counter.id, trend.month_of(wanted)),
        no_service=NO_SERVICE,
        scale=SCALE,
        hrefs=_hrefs(code, wanted),
        elsewhere=elsewhere,
        others=apart.lines(wanted, figures, counter.id),
        is_day=chooser.period.kind == "day",
        **(_day(counter, wanted) if chooser.period.kind == "day" and not elsewhere else {}),
        subjects=[f"counter:{code}", "signal", CHANNELS],
    )
    return page, 400 if chooser.problem else 200


def _signs(code: str) -> dict[str, int]:
    """Return how many signs of cheating of a counter there are, and how many wait; to who may."""
    shows: tuple[Show, ...] = ("all", "waiting")
    scope = access.scope("evidence")
    return {show: signal_store.count(Wanted(scope, show, counter=code)) for show in shows}


def _hrefs(code: str, wanted: Asked) -> SimpleNamespace:
    return SimpleNamespace(
        **{show: day_href(code, wanted, show) for show in ("served", "rated", "unrated")}
    )


def _day(counter: CounterFacts, wanted: Asked) -> dict[str, object]:
    """Return what the page shows of a single day."""
    show = SHOWS.get(request.args.get("show", "all"))
    if show is None:
        abort(404)
    day = wanted.period.first
    bounds = day_on(day, services().settings.fleet.zone)
    hours = sums.by_hour(counter.id, day.isoformat())
    return {
        "day": day.isoformat(),
        "hours": _hours(counter, wanted, hours),
        "busiest": max((one.served for _hour, one in hours), default=0),
        "visits": store.visits(counter.id, day.isoformat(), show),
        "uncounted": store.uncounted(counter.id, bounds.start, bounds.end),
        "limit": store.LIST_LIMIT,
        "show": show,
    }


def _hours(
    counter: CounterFacts, wanted: Asked, hours: list[tuple[int, Counts]]
) -> list[tuple[int, Figures]]:
    """Return the hours with their choices, where they may be told beside the day's.

    That is where the day is one block of its own (`fleet_server.core.choices`, rule 4), and of
    today, what has been given out is not taken apart.
    """
    day = wanted.period.first
    told = [
        told if told == made else NONE
        for made, told in line_store.choices_on(counter.id, day.isoformat())
    ]
    whole = told[0] if len(told) == 1 else NONE
    today = running.shown(counter.id, day.isoformat()) if day == wanted.today else None
    parts = [_past(hour, one) if whole.total else NONE for hour, one in hours]
    shown = beside(whole if today is None else today, parts)
    return [(hour, Figures(one, part)) for (hour, one), part in zip(hours, shown, strict=True)]


def _past(hour: int, held: Counts) -> Choices:
    """Return an hour's choices once it is over; the running hour shows none."""
    over = hour + days.HOUR / days.MILLISECOND <= g.now
    return held.choices if over else NONE
