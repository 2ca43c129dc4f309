"""Signs of cheating."""

from typing import get_args

from apiflask import Schema, fields
from apiflask.validators import OneOf

from fleet_server.core.signals.rules import RULES, Severity
from fleet_server.core.signals.ruling import VERDICTS
from fleet_server.store.pages.signals import Show
from fleet_server.web.api.schemas.common import (
    DATE_EXAMPLE,
    PageIn,
    PageOut,
    counter_in,
    time_out,
    unit_in,
)

NAMES = tuple(rule.name for rule in RULES)


def _day(description: str) -> fields.String:
    told = {"description": description, "format": "date", "example": DATE_EXAMPLE}
    return fields.String(required=True, metadata=told)


class SignalsIn(PageIn):
    """Which signs to answer."""

    unit = unit_in()
    counter = counter_in()
    rule = fields.String(
        load_default=None,
        validate=OneOf(NAMES),
        metadata={"description": "Only of this rule"},
    )
    ruled = fields.String(
        load_default="waiting",
        validate=OneOf(get_args(Show)),
        metadata={"description": "Those that wait for a ruling, were ruled on so, or all"},
    )


class SignalOut(Schema):
    """A counter whose figures can hardly be chance, by one rule."""

    id = fields.Integer(required=True)
    rule = fields.String(required=True, validate=OneOf(NAMES))
    severity = fields.String(required=True, validate=OneOf(get_args(Severity)))
    counter = fields.String(required=True, metadata={"example": "C1"})
    unit = fields.String(
        required=True,
        metadata={"description": "Where the counter lay when it was opened", "example": "UBND-P1"},
    )
    opened_at = time_out("When it was opened", required=True)
    since = _day("With `until`: the days of which the figures are told")
    until = _day("See `since`")
    last_day = _day("The last day on whose evening it was still told")
    hits = fields.Integer(
        required=True, metadata={"description": "How often it was as a cheat would have it"}
    )
    of = fields.Integer(required=True, metadata={"description": "How often it could have been"})
    honest = fields.Float(
        required=True, metadata={"description": "Greatest share of an honest counter, 0 to 1"}
    )
    chance = fields.Float(
        required=True, metadata={"description": "Of so much or more, at that share"}
    )
    verdict = fields.String(
        required=True,
        allow_none=True,
        validate=OneOf(VERDICTS),
        metadata={"description": "The ruling that stands; null while it waits for one"},
    )


class SignalRowOut(SignalOut):
    """A sign in the list."""


class SignalsOut(PageOut):
    """A page of signs, the newest first."""

    signals = fields.List(fields.Nested(SignalRowOut), required=True)
