"""How shares went over a period: a row for each day or week, and lines drawn of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from fleet_server.core.gaps import Status
from fleet_server.core.spans import Period, of, points
from fleet_server.web import charts, lacks, language, measured
from fleet_server.web.charts import Line, Point
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.pieces import Asked


@dataclass(frozen=True, slots=True)
class Row:
    """A day or a week of a period."""

    period: Period
    figures: Figures
    status: Status
    missing: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The days or weeks of a period, and the lines of both shares."""

    rows: list[Row]
    participation: Line
    satisfaction: Line

    @property
    def missing(self) -> bool:
        """Whether any of them is missing."""
        return any(row.missing for row in self.rows)


def month_of(asked: Asked) -> Asked:
    """Return the same over the month in which the period ends."""
    return asked.over(of("month", min(asked.period.last, asked.today)))


def wide(asked: Asked) -> Asked:
    """Return the same, over the month around a single day: a line needs more than a point."""
    return month_of(asked) if asked.period.kind == "day" else asked


def of_counter(counter: int, asked: Asked) -> Trend:
    """Return how one counter's shares went."""
    held = measured.days_of({counter}, asked)
    states = lacks.by_counter([counter], asked.period, asked.today)[counter].days
    return _trend(asked.period, {day: one for (_, day), one in held.items()}, states)


def of_branch(asked: Asked) -> Trend:
    """Return how the shares of a branch went."""
    held = measured.by_day(asked)
    unit = asked.unit.id if asked.unit else None
    states = lacks.of_unit(unit, held.keys(), asked.period, asked.today).days
    return _trend(asked.period, held, states)


def _trend(period: Period, held: Mapping[str, Figures], states: Mapping[str, Status]) -> Trend:
    rows = [_row(one, held, states) for one in points(period)]
    return Trend(
        rows,
        charts.line([_point(row, "participation") for row in rows]),
        charts.line([_point(row, "satisfaction") for row in rows]),
    )


def _row(one: Period, held: Mapping[str, Figures], states: Mapping[str, Status]) -> Row:
    days = [day.isoformat() for day in one.days()]
    found = {states[day] for day in days}
    order: tuple[Status, ...] = ("told", "missing", "ahead", "closed")
    status = next(kind for kind in order if kind in found)
    missing = sum(states[day] == "missing" for day in days)
    return Row(one, sum((held[day] for day in days if day in held), NOTHING), status, missing)


def _point(row: Row, which: str) -> Point:
    value: float | None = getattr(row.figures, which)
    target: float | None = getattr(row.figures, f"{which}_target")
    label = row.period.first.strftime("%d/%m")
    told = f"{language.day(row.period.first.isoformat())}: {language.percent(value)}"
    return Point(label, value, row.status, target, told=told)
