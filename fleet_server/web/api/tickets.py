"""What a queue system tells: tickets called, called again, closed and so on."""

from typing import Any

from fleet_server.store import later, queue_events
from fleet_server.store.queue_events import Word
from fleet_server.web.api.guard import blueprint, caller, sight
from fleet_server.web.api.once import Done, once
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.problems import Problem, wrong
from fleet_server.web.api.schemas.tickets import TicketIn, TicketOut
from fleet_server.web.services import keys, services
from wire.ids import COUNTER_CODE
from wire.rfc3339 import parse_time
from wire.tickets import MAX_DOSSIER, MAX_SERVICE, check_text, check_ticket

AHEAD_MS = 5 * 60_000
"""How far a queue system's clock may be ahead of the server's."""

BACK_MS = 31 * 24 * 3600 * 1_000
"""How late something may be told."""


@blueprint.post("/counters/<code>/tickets")
@blueprint.input(TicketIn, arg_name="said")
@blueprint.output(TicketOut, description="The visit; the same for the same event told again")
@operation(
    Operation(
        "tickets:write",
        "Tell what happened to a ticket",
        "Tickets",
        answers={
            404: "There is no such counter in what the key may see, or the ticket was not called",
            409: "The visit is at another counter or has another ticket, the counter is closed, or "
            "its month has no room for one more service",
        },
        once=True,
        example={
            "visit": "q-20261122-0017",
            "rate": "https://hailong.example.gov.vn/rate/cS0yMDI2.29852640.Zm9yIGEgcXIgb24gYSB0aWM",
        },
    )
)
def tell_ticket(code: str, said: dict[str, Any]) -> Any:
    """Tell what happened to a ticket at a counter.

    Telling the same again changes nothing and gets the same answer: the same counter, visit (or
    ticket), event, day and `at`; or the same `Idempotency-Key` header with the same body. A ticket
    called again is `recalled`, or `called` with an `at` of its own. The terminals at the counter
    show the visit that was called last.

    A counter that is closed on the day of the event is told only of visits that began before it
    closed, by their ids.

    What comes when the visit's day is over, by the fleet's time zone, is counted, but overturns no
    end that was told in time, and changes neither service nor end of a visit that was rated.

    `rate` is an address to be printed on the ticket as a QR. It is the same for all events of a
    visit. Whoever holds it can rate for the citizen: so it is null for a key without the scope
    `tickets:qr`, and where the fleet lets nobody rate later.
    """
    if not COUNTER_CODE.fullmatch(code):
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
    zone, scope = hailong.settings.fleet.zone, sight()

    def tell() -> Done:
        visit = queue_events.take(word, now, zone, scope)
        return Done({"visit": visit, "rate": _rate(word.counter, visit)})

    return once(tell)


def _rate(counter: str, visit: str) -> str | None:
    if "tickets:qr" not in caller().scopes:
        return None
    return keys().later.address(*later.visit_of(counter, visit))


def _tidy(text: str | None, longest: int) -> str | None:
    return None if text is None else check_text(text, longest)


def _sane(at: int, now: int) -> int:
    if not now - BACK_MS <= at <= now + AHEAD_MS:
        raise wrong(
            "body",
            "at",
            "must be at most 31 days ago and not in the future; check the clock and zone",
        )
    return at
