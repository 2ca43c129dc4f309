"""What a queue system tells: tickets called, called again, closed and so on."""

from typing import Any

from flask import g, request

from fleet_server.store import queue_events
from fleet_server.store.queue_events import Caller, Word
from fleet_server.store.rest import has_counter
from fleet_server.web.api.guard import SECURITY, blueprint
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas import TicketIn, TicketOut
from fleet_server.web.services import services
from wire.ids import COUNTER_CODE
from wire.rfc3339 import parse_time
from wire.tickets import MAX_DOSSIER, MAX_SERVICE, check_text, check_ticket

LONGEST_KEY = 255
AHEAD_MS = 5 * 60_000
"""How far a queue system's clock may be ahead of the server's."""

BACK_MS = 31 * 24 * 3600 * 1_000
"""How late something may be told."""


@blueprint.post("/counters/<code>/tickets")
@blueprint.input(TicketIn, arg_name="said")
@blueprint.output(TicketOut, description="The visit; the same for the same event told again")
@blueprint.doc(
    security=SECURITY,
    operation_id="tellTicket",
    responses={
        400: "The body is not one JSON object",
        401: "No API key, or one that is not known",
        403: "The API key was revoked",
        409: "The visit is at another counter, or has another ticket",
        413: "The body is too long",
        415: "The body is not JSON",
        422: "A field is wrong, or the Idempotency-Key was used for another request",
    },
)
def tell(code: str, said: dict[str, Any]) -> dict[str, str]:
    """Tell what happened to a ticket at a counter.

    Telling the same again changes nothing and gets the same answer: the same counter, visit (or
    ticket), event, day and `at`; or the same `Idempotency-Key` header with the same body. A ticket
    called again is `recalled`, or `called` with an `at` of its own. The terminals at the counter
    show the visit that was called last.
    """
    if not COUNTER_CODE.fullmatch(code) or not has_counter(code):
        raise Problem(404, f"there is no counter {code[:32]}")
    hailong = services()
    now = hailong.clock()
    word = Word(
        counter=code,
        ticket=check_ticket(said["ticket"]),
        event=said["event"],
        visit=said["visit"],
        at=None if said["at"] is None else _sane(parse_time(said["at"]), now),
        dossier=_tidy(said["dossier"], MAX_DOSSIER),
        service=_tidy(said["service"], MAX_SERVICE),
    )
    caller = Caller(g.api_key.id, _idempotency_key())
    return {"visit": queue_events.take(word, caller, now, hailong.settings.fleet.zone)}


def _tidy(text: str | None, longest: int) -> str | None:
    return None if text is None else check_text(text, longest)


def _sane(at: int, now: int) -> int:
    if not now - BACK_MS <= at <= now + AHEAD_MS:
        raise Problem(
            422, "at: must be at most 31 days ago and not in the future; check the clock and zone"
        )
    return at


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise Problem(400, f"Idempotency-Key: must have 1 to {LONGEST_KEY} printable characters")
    return key
