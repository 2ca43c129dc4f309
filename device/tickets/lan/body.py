"""What a queue system may say in a request: the same body as at the server's REST route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wire import fields, ids
from wire.errors import WireError
from wire.fields import Field, Shape, matching, nullable, one_of
from wire.records import TICKET_EVENTS
from wire.rfc3339 import parse_time
from wire.strictjson import parse_object
from wire.tickets import MAX_DOSSIER, MAX_SERVICE, check_text, check_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from wire.records import TicketEvent

LONGEST = 8192


@dataclass(frozen=True, slots=True)
class Said:
    """A request's body; `Word` says what its fields mean."""

    ticket: str
    event: TicketEvent
    visit: str | None = None
    at: int | None = None
    day: str | None = None
    service: str | None = None
    dossier: str | None = None


def read_body(data: bytes) -> Said:
    """Return what a body says.

    Raises:
        WireError: It is not one JSON object of these fields; the text names the field.
    """
    return _SHAPE.read(parse_object(data, LONGEST, floats=True))


def _checked(check: Callable[[str], Any]) -> Field:
    def read(value: Any) -> Any:
        if not isinstance(value, str):
            raise WireError("must be text")
        try:
            return check(value)
        except ValueError as error:
            raise WireError(str(error)) from None

    return Field(read, read)


def _perhaps(field: Field) -> Field:
    """Return a field that may be left out or null, as at the server."""
    field = nullable(field)
    return Field(field.read, field.write, required=False)


_SHAPE = Shape(
    Said,
    {
        "ticket": _checked(check_ticket),
        "event": one_of(*TICKET_EVENTS),
        "visit": _perhaps(matching(ids.VISIT_ID, "1 to 64 of letters, digits, '.', '_', ':', '-'")),
        "at": _perhaps(_checked(parse_time)),
        "day": _perhaps(fields.day()),
        "service": _perhaps(_checked(lambda value: check_text(value, MAX_SERVICE))),
        "dossier": _perhaps(_checked(lambda value: check_text(value, MAX_DOSSIER))),
    },
)
