"""What schemas of all subjects share: strict bodies and queries, pages, checks."""

from collections.abc import Callable
from typing import Any

from apiflask import Schema, fields
from apiflask.validators import Length, Range, Regexp
from marshmallow import RAISE, ValidationError

from fleet_server.core.days import parse_date
from wire.ids import COUNTER_CODE
from wire.rfc3339 import parse_time
from wire.tickets import TicketError, check_text

LONGEST_PAGE = 1_000
LONGEST_CURSOR = 100
LONGEST_CODE = 64

DATE_EXAMPLE = "2026-11-22"
TIME_EXAMPLE = "2026-11-22T02:00:00.000Z"


class Strict(Schema):
    """Something that is sent to us: a field with an unknown name is a mistake."""

    class Meta:
        """A slip of the keyboard must not be taken for silence."""

        unknown = RAISE


class Flag(fields.Boolean):
    """``true`` or ``false`` in a body; 0 and 1 are numbers, "true" is a text."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Whole(fields.Integer):
    """A whole number in a body, written as one."""

    def _deserialize(self, value: Any, *more: Any, **named: Any) -> Any:
        if isinstance(value, bool | str):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *more, **named)


def checks(check: Callable[[str], object]) -> Callable[[str], None]:
    """Return a validator that refuses what ``check`` raises a ValueError for."""

    def validate(value: str) -> None:
        try:
            check(value)
        except (TicketError, ValueError) as error:
            raise ValidationError(str(error)) from None

    return validate


def text_in(longest: int, description: str, **more: Any) -> fields.String:
    """Return a field for a printable text that may be left out."""
    return fields.String(
        validate=[Length(1, longest), checks(lambda value: check_text(value, longest))],
        allow_none=True,
        load_default=None,
        metadata={"description": description, **more},
    )


def day_in(name: str, description: str) -> fields.String:
    """Return a query's field for a day."""
    return fields.String(
        data_key=name,
        load_default=None,
        validate=checks(parse_date),
        metadata={"description": description, "format": "date", "example": DATE_EXAMPLE},
    )


def time_in(description: str) -> fields.String:
    """Return a field for a moment that may be left out."""
    return fields.String(
        allow_none=True,
        load_default=None,
        validate=checks(parse_time),
        metadata={"description": description, "format": "date-time", "example": TIME_EXAMPLE},
    )


def unit_in(description: str = "Only what lies in this unit or below it") -> fields.String:
    """Return a query's field for the code of a unit."""
    return fields.String(
        load_default=None,
        validate=Length(1, LONGEST_CODE),
        metadata={"description": description, "example": "UBND-P1"},
    )


def counter_in() -> fields.String:
    """Return a query's field for the code of a counter."""
    return fields.String(
        load_default=None,
        validate=Regexp(rf"\A{COUNTER_CODE.pattern}\Z"),
        metadata={"description": "Only this counter", "example": "C1"},
    )


def flag_in(description: str, default: bool | None) -> fields.Boolean:
    """Return a query's field that is ``true`` or ``false``, and nothing else."""
    return fields.Boolean(
        load_default=default,
        truthy={"true", True},
        falsy={"false", False},
        metadata={"description": description},
    )


def time_out(description: str, **more: Any) -> fields.String:
    """Return a field for a moment in UTC."""
    return fields.String(
        **more,
        metadata={"description": description, "format": "date-time", "example": TIME_EXAMPLE},
    )


def closed_out() -> fields.String:
    """Return a field for the day from which on something is closed."""
    return fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The first day on which it is no longer there; null while it is open. "
            "It may lie ahead",
            "format": "date",
            "example": DATE_EXAMPLE,
        },
    )


class PageIn(Strict):
    """Where to go on, and how much to answer."""

    cursor = fields.String(
        load_default="",
        validate=Regexp(rf"\A[ -~]{{0,{LONGEST_CURSOR}}}\Z", error="is not one of this list"),
        metadata={"description": "`next` of the page before; nothing at the beginning"},
    )
    limit = fields.Integer(
        load_default=100,
        validate=Range(1, LONGEST_PAGE),
        metadata={"description": "How much a page holds at most"},
    )


class PageOut(Schema):
    """What every page of a list has."""

    next = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Cursor of the next page; null on the last one"},
    )
