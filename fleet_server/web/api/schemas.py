"""What may be sent and what is answered, field by field; the OpenAPI document is made from this."""

import re
from collections.abc import Callable
from typing import Any

from apiflask import Schema, fields
from apiflask.validators import OneOf, Range, Regexp
from marshmallow import RAISE, ValidationError

from fleet_server.core.days import parse_date
from wire.ids import VISIT_ID
from wire.records import TICKET_EVENTS
from wire.rfc3339 import parse_time
from wire.tickets import MAX_DOSSIER, MAX_SERVICE, TicketError, check_text, check_ticket

LONGEST_PAGE = 1_000


def _checks(check: Callable[[str], object]) -> Callable[[str], None]:
    """Return a validator that refuses what ``check`` raises a ValueError for."""

    def validate(value: str) -> None:
        try:
            check(value)
        except (TicketError, ValueError) as error:
            raise ValidationError(str(error)) from None

    return validate


def _text(longest: int, **more: Any) -> fields.String:
    check = _checks(lambda value: check_text(value, longest))
    return fields.String(validate=check, allow_none=True, load_default=None, **more)


class TicketIn(Schema):
    """Something that happened to a ticket."""

    class Meta:
        """A field with an unknown name is a mistake."""

        unknown = RAISE

    ticket = fields.String(
        required=True,
        validate=_checks(check_ticket),
        metadata={"description": "The number as printed, 1 to 16 characters", "example": "A017"},
    )
    event = fields.String(required=True, validate=OneOf(TICKET_EVENTS))
    visit = fields.String(
        load_default=None,
        allow_none=True,
        validate=Regexp(
            re.compile(rf"{VISIT_ID.pattern}\Z"),
            error="must be 1 to 64 of letters, digits, '.', '_', ':' and '-'",
        ),
        metadata={
            "description": "Id of this one serving at this one counter, if the queue system has "
            "one; else the answer gives one"
        },
    )
    at = fields.String(
        load_default=None,
        allow_none=True,
        validate=_checks(parse_time),
        metadata={
            "description": "When it happened (RFC 3339 with zone), if not just now; at most 31 "
            "days ago",
            "format": "date-time",
        },
    )
    dossier = _text(
        MAX_DOSSIER,
        metadata={"description": "Code of the dossier; kept apart and erasable"},
    )
    service = _text(MAX_SERVICE, metadata={"description": "What the citizen came for"})


class TicketOut(Schema):
    """The visit that the ticket belongs to."""

    visit = fields.String(required=True, metadata={"description": "Give it with later events"})


class PeriodIn(Schema):
    """Days of the fleet's time zone."""

    first = fields.String(
        data_key="from",
        load_default=None,
        validate=_checks(parse_date),
        metadata={"description": "First day, by default today", "format": "date"},
    )
    last = fields.String(
        data_key="to",
        load_default=None,
        validate=_checks(parse_date),
        metadata={"description": "Last day, included; by default today", "format": "date"},
    )


class SourcesOut(Schema):
    """Served visits by who told of them, and visits that the sources tell differently."""

    both = fields.Integer(required=True)
    rest = fields.Integer(required=True)
    terminal = fields.Integer(required=True)
    disagreements = fields.Integer(required=True)


class FiguresOut(Schema):
    """Figures of a period."""

    served = fields.Integer(required=True)
    rated = fields.Integer(
        required=True, metadata={"description": "Served visits with a rating that stands"}
    )
    very_satisfied = fields.Integer(required=True)
    satisfied = fields.Integer(required=True)
    unsatisfied = fields.Integer(required=True)
    unbound = fields.Integer(required=True)
    contested = fields.Integer(required=True)
    disputed = fields.Integer(required=True)
    estimated = fields.Integer(
        required=True, metadata={"description": "Ratings among them whose time is estimated"}
    )
    participation = fields.Float(
        allow_none=True, metadata={"description": "rated / served; null where nobody was served"}
    )
    satisfaction = fields.Float(
        allow_none=True,
        metadata={
            "description": "(very_satisfied + satisfied) / all three; null where nobody rated"
        },
    )
    sources = fields.Nested(SourcesOut, required=True)


class CounterFiguresOut(FiguresOut):
    """Figures of a counter."""

    counter = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)


class ParticipationOut(Schema):
    """Figures of every counter, and of all together."""

    first = fields.String(data_key="from", required=True)
    last = fields.String(data_key="to", required=True)
    counters = fields.List(fields.Nested(CounterFiguresOut), required=True)
    total = fields.Nested(FiguresOut, required=True)


class HeadOut(Schema):
    """How far the server holds a terminal's newest chain."""

    chain = fields.String(required=True)
    seq = fields.Integer(required=True)
    hash = fields.String(required=True)


class TerminalOut(Schema):
    """A terminal, as it was last heard of."""

    id = fields.String(required=True)
    counter = fields.String(allow_none=True)
    unit = fields.String(allow_none=True)
    retired = fields.Boolean(required=True)
    state = fields.String(allow_none=True)
    state_at = fields.String(allow_none=True)
    last_seen = fields.String(allow_none=True)
    waiting = fields.Integer(
        allow_none=True, metadata={"description": "Records that the server has not receipted"}
    )
    oldest_waiting_at = fields.String(allow_none=True)
    clock = fields.String(allow_none=True)
    firmware = fields.String(allow_none=True)
    matters = fields.Integer(required=True, metadata={"description": "Open matters"})
    head = fields.Nested(HeadOut, allow_none=True)


class TerminalsOut(Schema):
    """All terminals."""

    terminals = fields.List(fields.Nested(TerminalOut), required=True)


class PageIn(Schema):
    """Where to go on, and how much to answer."""

    cursor = fields.Integer(
        load_default=0,
        validate=Range(0, 2**63 - 1),
        metadata={"description": "`next` of the page before"},
    )
    limit = fields.Integer(load_default=100, validate=Range(1, LONGEST_PAGE))


class RatingOut(Schema):
    """A rating, whether or not it counts."""

    id = fields.Integer(required=True)
    counter = fields.String(required=True)
    visit = fields.String(allow_none=True)
    choice = fields.String(required=True)
    at = fields.String(required=True)
    at_quality = fields.String(
        required=True, metadata={"description": "exact, derived or estimated"}
    )
    standing = fields.Boolean(required=True)
    contested = fields.Boolean(required=True)
    disputed = fields.Boolean(required=True)
    unbound = fields.Boolean(required=True)
    replaced_by = fields.Integer(allow_none=True)
    terminal = fields.String(required=True)
    chain = fields.String(required=True)
    seq = fields.Integer(required=True)
    hash = fields.String(required=True)
    received_at = fields.String(required=True)


class RatingsOut(Schema):
    """A page of ratings, in the order in which the server took the records."""

    ratings = fields.List(fields.Nested(RatingOut), required=True)
    next = fields.Integer(
        required=True, metadata={"description": "Cursor of the next page, also of a later one"}
    )


class MattersIn(Schema):
    """Which matters to answer."""

    closed = fields.Boolean(load_default=False)


class MatterOut(Schema):
    """Something that a person should look at."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    terminal = fields.String(allow_none=True)
    chain = fields.String(allow_none=True)
    seq = fields.Integer(allow_none=True)
    opened_at = fields.String(required=True)
    closed_at = fields.String(allow_none=True)
    closed_by = fields.String(allow_none=True)
    details = fields.Dict(required=True)


class MattersOut(Schema):
    """The newest matters."""

    matters = fields.List(fields.Nested(MatterOut), required=True)
