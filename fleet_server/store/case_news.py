"""What webhooks hear of cases; of confined ones nothing. In the transaction of the step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fleet_server.core.case_events import Body, Closed, Escalated, Opened, Withdrawn
from fleet_server.core.cases import Case
from fleet_server.core.webhooks import Event
from fleet_server.store import outbox
from fleet_server.store.outbox import Place
from fleet_server.store.sql import ask
from wire.fields import format_time


def tell(number: int, case: Case, body: Body | Opened, now: int) -> None:
    """Tell of a step that was just taken, if it is one to be told of.

    Args:
        number: the case's id.
        case: as the step left it.
        body: the step.
        now: Unix milliseconds.
    """
    if case.subject.confined:
        return
    if isinstance(body, Opened):
        _tell("case.opened", number, case, {"due_at": format_time(body.due)}, now)
    elif isinstance(body, Escalated):
        told = {"state": case.state, "levels": list(body.levels)}
        _tell("case.overdue", number, case, told, now)
    elif isinstance(body, Closed | Withdrawn):
        _tell("case.closed", number, case, {"state": case.state}, now)


def tell_complaint(number: int, case: Case, at: int, now: int) -> None:
    """Tell of a complaint that opened a case; ``at`` is when it was made, Unix milliseconds."""
    event: Event = "complaint.filed"
    if outbox.is_awaited(event):
        place = _place(case)
        data = {
            "case": number, "counter": place.counter, "unit": place.unit, "at": format_time(at),
            "items": list(case.subject.items),
        }  # fmt: skip
        outbox.tell(event, data, now, place)


def _tell(event: Event, number: int, case: Case, more: Mapping[str, Any], now: int) -> None:
    if not outbox.is_awaited(event):
        return
    place, about = _place(case), case.subject
    data = {
        "case": number, "about": about.grain, "counter": place.counter, "unit": place.unit,
        "day": about.day, **more,
    }  # fmt: skip
    outbox.tell(event, data, now, place)


def _place(case: Case) -> Place:
    """Return whose a case is now, and the counter that it is about."""
    [(counter,)] = ask("SELECT code FROM counter WHERE id = ?", case.subject.counter)
    return replace(outbox.place_at(case.unit), counter=counter)
