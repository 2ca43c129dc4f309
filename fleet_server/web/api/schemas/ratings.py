"""Ratings, as a feed of changes."""

from apiflask import Schema, fields
from apiflask.validators import OneOf

from fleet_server.web.api.schemas.common import PageIn, PageOut, counter_in, time_out, unit_in

CHOICES = ("very_satisfied", "satisfied", "unsatisfied")
QUALITIES = ("exact", "derived", "estimated")


class RatingsIn(PageIn):
    """Where to go on in the feed, and of which counters."""

    unit = unit_in()
    counter = counter_in()


class RatingOut(Schema):
    """A rating as it is now, whether or not it counts."""

    change = fields.Integer(
        required=True, metadata={"description": "Number of its last change; grows with each"}
    )
    id = fields.Integer(required=True, metadata={"description": "Stays the same"})
    withdrawn = fields.Boolean(
        required=True,
        metadata={
            "description": "Its signature was found bad: forget it; only id, counter and change "
            "are told"
        },
    )
    counter = fields.String(required=True, metadata={"example": "C1"})
    visit = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The visit as the queue system names it; null: bound to none"},
    )
    choice = fields.String(
        required=True,
        allow_none=True,
        validate=OneOf([*CHOICES, None]),
        metadata={"description": "Null without the scope choices:read, and of what is withdrawn"},
    )
    at = time_out("When it was given", required=True, allow_none=True)
    at_quality = fields.String(
        required=True,
        allow_none=True,
        validate=OneOf([*QUALITIES, None]),
        metadata={"description": "How sure `at` is"},
    )
    standing = fields.Boolean(required=True, metadata={"description": "It is the one that counts"})
    contested = fields.Boolean(
        required=True, metadata={"description": "A further one of a visit that has one"}
    )
    disputed = fields.Boolean(required=True, metadata={"description": "It lies on a forked chain"})
    unbound = fields.Boolean(required=True, metadata={"description": "It has no visit"})
    replaced_by = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Id of the one that corrected it"}
    )
    terminal = fields.String(required=True, allow_none=True)
    chain = fields.String(required=True, allow_none=True)
    seq = fields.Integer(required=True, allow_none=True)
    hash = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of its signed record: with chain and seq, where its proof is"},
    )
    received_at = time_out("When the server got it", required=True, allow_none=True)


class RatingsOut(PageOut):
    """A page of the feed, in the order of the changes."""

    ratings = fields.List(fields.Nested(RatingOut), required=True)
    next = fields.String(
        required=True,
        metadata={"description": "Cursor of what comes next, also of what comes later"},
    )
    more = fields.Boolean(
        required=True,
        metadata={"description": "There is more to read at once; else ask again later"},
    )
