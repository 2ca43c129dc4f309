"""What other programs read of cases: never which rating one is about, nor by whom."""

from typing import Any

from marshmallow import RAISE

from fleet_server.core.answers import Answer
from fleet_server.core.case_events import Answered, Event, step_of
from fleet_server.core.cases import STATES, fold
from fleet_server.core.roles import NOTHING
from fleet_server.store import case_files
from fleet_server.store.database import reading
from fleet_server.store.pages import cases as store
from fleet_server.store.pages.cases import CaseRow, Sight, Wanted
from fleet_server.web.api.guard import blueprint, sight
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import linked, number_of, page
from fleet_server.web.api.places import NO_PLACE, branch, demand_counter, moment
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.cases import CasesIn, CasesOut, WholeCaseOut
from fleet_server.web.services import services

EXAMPLE = {
    "id": 12,
    "about": "rating",
    "counter": "P1-01",
    "unit": "UBND-P1",
    "day": "2026-11-22",
    "state": "answered",
    "opened_at": "2026-11-22T17:01:00.000Z",
    "due_at": "2026-12-01T17:00:00.000Z",
    "overdue": False,
    "late": False,
    "level": 0,
    "citizens_side": None,
}
WHOLE = EXAMPLE | {
    "items": [],
    "steps": [
        {
            "step": "answer",
            "at": "2026-11-24T02:00:00.000Z",
            "answer": {
                "late": True,
                "late_in": "handling",
                "cause": "Hồ sơ chờ xác minh.",
                "remedy": "Đã bổ sung người trực.",
                "apology": "written",
                "attachments": 1,
            },
            "said": None,
        }
    ],
}


@blueprint.get("/cases")
@blueprint.input(CasesIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(CasesOut)
@operation(
    Operation(
        "cases:read",
        "Cases, the newest first",
        "Cases",
        answers=NO_PLACE,
        lasting=True,
        example={"cases": [EXAMPLE], "next": None},
    )
)
def list_cases(wanted: dict[str, Any]) -> Any:
    """List what has to be explained, in every state, page by page.

    Confined cases, which no figure tells of, are for people who may see evidence alone.
    """
    demand_counter(wanted["counter"])
    limit, now = wanted["limit"], services().clock()
    which = Wanted(
        STATES if wanted["state"] is None else (wanted["state"],),
        now if wanted["overdue"] else None,
        counter=wanted["counter"],
        late=wanted["late"],
    )
    seen = Sight(branch(wanted["unit"]), NOTHING)
    found = store.newest(seen, which, number_of(wanted["cursor"]), limit + 1)
    shown, last = page(found, limit)
    after = None if last is None else str(last.id)
    return linked({"cases": [_case(one, now) for one in shown], "next": after}, after)


@blueprint.get("/cases/<int:number>")
@blueprint.output(WholeCaseOut)
@operation(
    Operation(
        "cases:read",
        "A case with all that was done",
        "Cases",
        answers={404: "There is no such case in what the key may see"},
        lasting=True,
        example=WHOLE,
    )
)
def show_case(number: int) -> Any:
    """Show a case with its steps; the names of people and files are left out."""
    with reading():
        found = store.newest(Sight(sight(), NOTHING), Wanted(STATES), number + 1, 1)
        if not found or found[0].id != number:
            raise Problem(404, f"there is no case {number}")
        trail = case_files.events([number])[number]
    items = fold(trail).subject.items
    steps = [_step(one) for one in trail]
    return {**_case(found[0], services().clock()), "items": list(items), "steps": steps}


def _case(one: CaseRow, now: int) -> dict[str, Any]:
    return {
        "id": one.id,
        "about": one.grain,
        "counter": one.counter,
        "unit": one.unit_code,
        "day": one.day,
        "state": one.state,
        "opened_at": moment(one.opened_at),
        "due_at": moment(one.due),
        "overdue": one.due is not None and one.due <= now,
        "late": one.late,
        "level": one.level,
        "citizens_side": one.citizens_side,
    }


def _step(one: Event) -> dict[str, Any]:
    body = one.body
    said = getattr(body, "reason", None) or getattr(body, "note", None)
    given = _answer(body.answer) if isinstance(body, Answered) else None
    return {"step": step_of(body), "at": moment(one.at), "answer": given, "said": said}


def _answer(given: Answer) -> dict[str, Any]:
    return {
        "late": given.late,
        "late_in": given.late_in,
        "cause": given.cause,
        "remedy": given.remedy,
        "apology": given.apology,
        "attachments": len(given.attachments),
    }
