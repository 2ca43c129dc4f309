"""Cases to be explained."""

from apiflask import Schema, fields
from apiflask.validators import OneOf

from fleet_server.core.answers import APOLOGIES, DOSSIER_STEPS
from fleet_server.core.cases import STATES
from fleet_server.web.api.schemas.common import (
    DATE_EXAMPLE,
    PageIn,
    PageOut,
    counter_in,
    flag_in,
    time_out,
    unit_in,
)


class CasesIn(PageIn):
    """Which cases to answer."""

    unit = unit_in()
    counter = counter_in()
    state = fields.String(
        load_default=None, validate=OneOf(STATES), metadata={"description": "Only in this state"}
    )
    overdue = flag_in("Only those whose deadline is over", False)
    late = flag_in("Only those that were answered after their deadline", False)


class CaseOut(Schema):
    """Something that has to be explained. Which rating it is about is not told."""

    id = fields.Integer(required=True)
    about = fields.String(required=True, validate=OneOf(("rating", "item", "day")))
    counter = fields.String(required=True, metadata={"example": "P1-01"})
    unit = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Whose it is now; null: the whole fleet's", "example": "UBND-P1"},
    )
    day = fields.String(
        required=True,
        metadata={
            "description": "The day whose figures tell of it",
            "format": "date",
            "example": DATE_EXAMPLE,
        },
    )
    state = fields.String(required=True, validate=OneOf(STATES))
    opened_at = time_out("When it was opened", required=True)
    due_at = time_out(
        "The first moment at which the next step is late; null of what is over",
        required=True,
        allow_none=True,
    )
    overdue = fields.Boolean(required=True)
    late = fields.Boolean(
        required=True, metadata={"description": "An answer came after its deadline"}
    )
    level = fields.Integer(
        required=True, metadata={"description": "The highest level above that was ever told"}
    )
    citizens_side = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "What the last ruling says of the reason; null without one"},
    )


class CasesOut(PageOut):
    """A page of cases, the newest first."""

    cases = fields.List(fields.Nested(CaseOut), required=True)


class AnswerOut(Schema):
    """An explanation."""

    late = fields.Boolean(required=True)
    late_in = fields.String(required=True, allow_none=True, validate=OneOf(DOSSIER_STEPS))
    cause = fields.String(required=True)
    remedy = fields.String(required=True)
    apology = fields.String(required=True, validate=OneOf(APOLOGIES))
    attachments = fields.Integer(required=True, metadata={"description": "How many files"})


class StepOut(Schema):
    """A step of a case."""

    step = fields.String(required=True, metadata={"example": "answer"})
    at = time_out("When it was taken", required=True)
    answer = fields.Nested(AnswerOut, required=True, allow_none=True)
    said = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The reason of a return, a ruling or more time; a closing note"},
    )


class WholeCaseOut(CaseOut):
    """A case with all that was done."""

    items = fields.List(
        fields.String(), required=True, metadata={"description": "What a complaint is of"}
    )
    steps = fields.List(fields.Nested(StepOut), required=True)
