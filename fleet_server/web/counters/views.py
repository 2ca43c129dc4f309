"""Who is rated how well, who does not ask, and how was a counter's day?"""

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, abort, g, render_template, request

from fleet_server.core.days import day_on
from fleet_server.store.pages import counters as store
from fleet_server.store.pages import sums
from fleet_server.store.pages.counters import CounterFacts, VisitFilter
from fleet_server.store.pages.sums import Sums
from fleet_server.web import access, days
from fleet_server.web.access import allow
from fleet_server.web.branch import chosen
from fleet_server.web.counters.period import of_day, of_period
from fleet_server.web.figures import NOTHING, Choices, Figures, beside, together
from fleet_server.web.services import services

PERIODS = {"today": 1, "7": 7, "30": 30}
MONTH_DAYS = 30
SHOWS: dict[str, VisitFilter] = {
    "all": "all",
    "served": "served",
    "rated": "rated",
    "unrated": "unrated",
    "disagreement": "disagreement",
}

Line = tuple[CounterFacts, Figures]

SORTS: dict[str, Callable[[Line], tuple[float, str]]] = {
    "served": lambda line: (-line[1].sums.served, line[0].code),
    "rated": lambda line: (-line[1].rated, line[0].code),
    "participation": lambda line: (_or_last(line[1].participation), line[0].code),
    "satisfaction": lambda line: (_or_last(line[1].satisfaction), line[0].code),
}

blueprint = Blueprint("counters", __name__, template_folder=".")


def _or_last(value: float | None) -> float:
    return 101.0 if value is None else value


def _today() -> date:
    return days.today(g.now, services().settings.fleet.zone)


@blueprint.get("/counters")
@allow("figures")
def index() -> str:
    """Show all counters over a period."""
    period = request.args.get("period", "today")
    sort = request.args.get("sort", "unit")
    scope, unit = chosen("figures")
    if period not in PERIODS or (sort != "unit" and sort not in SORTS):
        abort(404)
    today = _today()
    first = today - timedelta(days=PERIODS[period] - 1)
    figures = of_period(first, today, today, scope)
    lines = [
        (one, figures.get(one.id, NOTHING)) for one in store.counters(scope, first.isoformat())
    ]
    if sort in SORTS:
        lines.sort(key=SORTS[sort])
    return render_template(
        "counters.html",
        lines=lines,
        total=together(line[1] for line in lines),
        period=period,
        first=first.isoformat(),
        last=today.isoformat(),
        sort=sort,
        unit=unit and unit.code,
        units=store.units(access.scope("figures")),
        subjects=["counter:"],
    )


@blueprint.get("/counters/<code>")
@allow("figures")
def one(code: str) -> str:
    """Show one counter's day, and its last thirty days below."""
    counter = store.counter(code)
    today = _today()
    day = days.parse(request.args.get("day", today.isoformat()))
    show = SHOWS.get(request.args.get("show", "all"))
    if counter is None or day is None or show is None:
        abort(404)
    access.demand("figures", counter.unit)
    hours = sums.by_hour(counter.id, day.isoformat())
    held = sum((one[1] for one in hours), Sums())
    month = sums.by_day(
        counter.id, (today - timedelta(days=MONTH_DAYS - 1)).isoformat(), today.isoformat()
    )
    figures = of_day(counter.id, held, day, today)
    told = beside(figures.choices, [_past(hour, one) for hour, one in hours])
    bounds = day_on(day, services().settings.fleet.zone)
    return render_template(
        "counter.html",
        counter=counter,
        terminals=store.terminals_at(counter.id),
        day=day.isoformat(),
        today=today.isoformat(),
        before=(day - timedelta(days=1)).isoformat(),
        after=(day + timedelta(days=1)).isoformat() if day < today else None,
        figures=figures,
        hours=[(hour, Figures(one, shown)) for (hour, one), shown in zip(hours, told, strict=True)],
        busiest=max((one.served for _hour, one in hours), default=0),
        month=[
            (past, of_day(counter.id, one, date.fromisoformat(past), today)) for past, one in month
        ],
        visits=store.visits(counter.id, day.isoformat(), show),
        uncounted=store.uncounted(counter.id, bounds.start, bounds.end),
        limit=store.LIST_LIMIT,
        show=show,
        subjects=[f"counter:{code}"],
    )


def _past(hour: int, held: Sums) -> Choices:
    """Return an hour's choices once it is over; the running hour shows none."""
    over = hour + days.HOUR / timedelta(milliseconds=1) <= g.now
    return Choices.of(held) if over else Choices()
