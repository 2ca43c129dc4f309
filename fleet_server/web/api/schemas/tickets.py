"""What a queue system tells of tickets."""

from apiflask import Schema, fields
from apiflask.validators import Length, OneOf, Regexp

from fleet_server.web.api.schemas.common import Strict, checks, text_in, time_in
from wire.ids import VISIT_ID
from wire.records import TICKET_EVENTS
from wire.tickets import MAX_DOSSIER, MAX_SERVICE, check_ticket

MAX_TICKET = 16


class TicketIn(Strict):
    """Something that happened to a ticket."""

    ticket = fields.String(
        required=True,
        validate=[Length(1, MAX_TICKET), checks(check_ticket)],
        metadata={"description": "The number as printed, 1 to 16 characters", "example": "A017"},
    )
    event = fields.String(
        required=True,
        validate=OneOf(TICKET_EVENTS),
        metadata={"description": "What happened", "example": "called"},
    )
    visit = fields.String(
        load_default=None,
        allow_none=True,
        validate=Regexp(
            rf"\A{VISIT_ID.pattern}\Z",
            error="must be 1 to 64 of letters, digits, '.', '_', ':' and '-'",
        ),
        metadata={
            "description": "Id of this one serving at this one counter, if the queue system has "
            "one; else the answer gives one",
            "example": "q-20261122-0017",
        },
    )
    at = time_in(
        "When it happened (RFC 3339 with zone), if not just now; at most 31 days ago, and not in "
        "the future. Of a day that is over, it overturns no end that was told in time, and says "
        "nothing of a visit that was rated"
    )
    dossier = text_in(
        MAX_DOSSIER,
        "Code of the dossier; kept apart and erasable",
        example="H29.12-221014-0005",
    )
    service = text_in(
        MAX_SERVICE,
        "What the citizen came for, as it was first told of the visit; a counter has up to 50 "
        "services in a month",
        example="Hộ tịch",
    )


class TicketOut(Schema):
    """The visit that the ticket belongs to."""

    visit = fields.String(
        required=True,
        metadata={"description": "Give it with later events", "example": "q-20261122-0017"},
    )
    rate = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Where the ticket is rated later, to be printed on it as a QR; null "
            "without the scope tickets:qr, and where the fleet lets nobody rate later",
            "format": "uri",
        },
    )
