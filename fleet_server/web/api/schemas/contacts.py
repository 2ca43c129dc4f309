"""How citizens can be reached, as programs tell it."""

from apiflask import Schema, fields
from apiflask.validators import Equal, Length, Regexp

from fleet_server.core.contacts import LONGEST, check_number
from fleet_server.web.api.schemas.common import Flag, Strict, checks
from wire.ids import VISIT_ID
from wire.tickets import check_text


def visit_in() -> fields.String:
    """Return a field for the id of a visit."""
    return fields.String(
        required=True,
        validate=Regexp(rf"\A{VISIT_ID.pattern}\Z", error="is no id of a visit"),
        metadata={"description": "The visit, as with its tickets", "example": "q-20261122-0017"},
    )


class ContactIn(Strict):
    """How the citizen of a visit can be reached, with their consent."""

    visit = visit_in()
    name = fields.String(
        required=True,
        validate=[Length(1, LONGEST), checks(lambda text: check_text(text, LONGEST))],
        metadata={"description": "What to call them", "example": "bà Lan"},
    )
    number = fields.String(
        required=True,
        validate=[Length(1, LONGEST), checks(check_number)],
        metadata={"description": "A telephone number or mail address", "example": "0901 234 567"},
    )
    consent = Flag(
        required=True,
        validate=Equal(True, error="must be true: without consent nothing may be kept"),
        metadata={"description": "They agreed to be asked how it was", "example": True},
    )


class ContactOut(Schema):
    """Until when contact data is kept."""

    visit = fields.String(required=True, metadata={"example": "q-20261122-0017"})
    until = fields.String(
        required=True,
        metadata={
            "description": "The last day; on the next it is erased",
            "format": "date",
            "example": "2027-01-21",
        },
    )


class WithdrawalIn(Strict):
    """That the citizen of a visit no longer agrees."""

    visit = visit_in()


class WithdrawalOut(Schema):
    """That nothing is held."""

    erased = fields.Boolean(
        required=True,
        metadata={
            "description": "Whatever was held is erased; it does not say whether there was any",
            "example": True,
        },
    )
