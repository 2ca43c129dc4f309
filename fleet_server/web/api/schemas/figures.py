"""Participation and satisfaction over days."""

from apiflask import Schema, fields
from apiflask.validators import OneOf

from fleet_server.web.api.schemas.common import (
    DATE_EXAMPLE,
    Strict,
    counter_in,
    day_in,
    unit_in,
)

GROUPS = ("counter", "unit", "service", "fleet")
STEPS = ("day", "week", "month", "quarter", "all")


class PeriodIn(Strict):
    """Days of the fleet's time zone, and where."""

    first = day_in("from", "First day, by default today")
    last = day_in("to", "Last day, included; by default today")
    unit = unit_in()
    counter = counter_in()


class GroupedIn(PeriodIn):
    """Days, and how they are put together."""

    by = fields.String(
        load_default="counter",
        validate=OneOf(GROUPS),
        metadata={
            "description": "A row for each counter, each unit, each service, or one for all. "
            "Each day of a counter counts in the unit where it lay on that day"
        },
    )
    step = fields.String(
        load_default="all",
        validate=OneOf(STEPS),
        metadata={
            "description": "A row for each day, week (from Monday), month or quarter that lies in "
            "the period, or one for all of it; a part of a week counts as what it is"
        },
    )


def _count(description: str) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "minimum": 0})


def _choice(description: str) -> fields.Integer:
    return fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": f"{description}; null while there are fewer than five ratings and the "
            "key lacks choices:read"
        },
    )


class SourcesOut(Schema):
    """Served visits by who told of them, and visits that the sources tell differently."""

    both = _count("Served visits of which queue system and terminal told")
    rest = _count("Served visits of which only the queue system told")
    terminal = _count("Served visits of which only a terminal told")
    disagreements = _count("Visits that the sources tell differently")


class FiguresOut(Schema):
    """Figures of a period."""

    served = _count("Visits that were served")
    rated = _count("Served visits with a rating that stands")
    very_satisfied = _choice("Ratings that stand")
    satisfied = _choice("Ratings that stand")
    unsatisfied = _choice("Ratings that stand")
    unbound = _count("Ratings without a visit; they count for neither share")
    contested = _count("Further ratings of a visit; they count for neither share")
    disputed = _count("Ratings on a forked chain; they count for neither share")
    estimated = _count("Ratings among them whose time is estimated")
    participation = fields.Float(
        required=True,
        allow_none=True,
        metadata={"description": "rated / served; null where nobody was served", "example": 0.62},
    )
    satisfaction = fields.Float(
        required=True,
        allow_none=True,
        metadata={
            "description": "(very_satisfied + satisfied) / all three; null where they are not told",
            "example": 0.88,
        },
    )
    sources = fields.Nested(SourcesOut, required=True)


class CounterFiguresOut(FiguresOut):
    """Figures of a counter."""

    counter = fields.String(required=True, metadata={"example": "C1"})
    name = fields.String(required=True, metadata={"example": "Quầy 1 – Hộ tịch"})
    unit = fields.String(required=True, metadata={"example": "UBND-P1"})


class _Span(Schema):
    first = fields.String(
        data_key="from", required=True, metadata={"format": "date", "example": DATE_EXAMPLE}
    )
    last = fields.String(
        data_key="to", required=True, metadata={"format": "date", "example": DATE_EXAMPLE}
    )


class CounterParticipationOut(_Span):
    """Figures of every counter, and of all together."""

    counters = fields.List(fields.Nested(CounterFiguresOut), required=True)
    total = fields.Nested(FiguresOut, required=True)


class GroupOut(FiguresOut, _Span):
    """Figures of a group in a step."""

    counter = fields.String(required=True, allow_none=True, metadata={"example": "C1"})
    unit = fields.String(required=True, allow_none=True, metadata={"example": "UBND-P1"})
    name = fields.String(required=True, allow_none=True, metadata={"example": "Quầy 1 – Hộ tịch"})
    service = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What the citizen came for, as the queue system names it; empty where "
            "it told none; null where rows are not by service",
            "example": "Khai sinh",
        },
    )


class ParticipationOut(_Span):
    """Figures of each group and step that hold anything, in order, and of all together."""

    rows = fields.List(fields.Nested(GroupOut), required=True)
    total = fields.Nested(FiguresOut, required=True)
