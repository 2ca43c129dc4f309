"""Reports that are kept."""

from apiflask import Schema, fields
from apiflask.validators import OneOf

from fleet_server.web.api.schemas.common import PageIn, PageOut, time_out, unit_in


class ReportsIn(PageIn):
    """Which reports to answer."""

    unit = unit_in()


class ReportOut(Schema):
    """A report that somebody ordered, or a schedule."""

    id = fields.Integer(required=True, metadata={"example": 7})
    unit = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Top of its branch; null is the whole fleet",
            "example": "UBND-P1",
        },
    )
    period = fields.String(required=True, metadata={"example": "2026-Q3"})
    formats = fields.List(fields.String(), required=True, metadata={"example": ["xlsx", "pdf"]})
    language = fields.String(required=True, metadata={"example": "vi"})
    state = fields.String(required=True, validate=OneOf(("waiting", "ready", "failed")))
    ordered_at = time_out("When it was ordered", required=True)
    made_at = time_out("When it was made", required=True, allow_none=True)
    digest = fields.String(
        required=True, metadata={"description": "SHA-256 of what it says; empty until it is ready"}
    )


class ReportRowOut(ReportOut):
    """A report in the list."""


class ReportsOut(PageOut):
    """A page of reports, the newest first."""

    reports = fields.List(fields.Nested(ReportRowOut), required=True)
