"""What must be explained, by when; one case with its facts, its trail, and the step to take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from fleet_server.core.answers import Attachment
from fleet_server.core.case_events import Answered, Assigned, Event, Step, Subject, hidden
from fleet_server.core.case_figures import ruled_out
from fleet_server.core.cases import STATES, Case, State
from fleet_server.core.roles import Capability
from fleet_server.core.working_days import left
from fleet_server.store import case_attachments, case_files, reasons
from fleet_server.store.editing import Stale
from fleet_server.store.pages import cases as store
from fleet_server.store.pages import evidence, terminals
from fleet_server.store.pages.cases import UNEXPLAINED, WAITING, Sight, Wanted
from fleet_server.store.pages.counters import CounterFacts, by_id
from fleet_server.store.pages.counters import counter as by_code
from fleet_server.store.pages.evidence import ToldRow
from fleet_server.web import access, address, branch
from fleet_server.web.access import allow
from fleet_server.web.bodies import takes
from fleet_server.web.cases import counted, steps
from fleet_server.web.cases.attachments import MOST_BODY
from fleet_server.web.cases.forms import FORMS, begun
from fleet_server.web.services import services
from fleet_server.web.words.cases import CASE_EVENTS

PAGE = 50
"""Cases on one page."""

SHOWN: Mapping[str, tuple[State, ...]] = {
    "": WAITING,
    "all": STATES,
    "unexplained": UNEXPLAINED,
    **{state: (state,) for state in STATES},
}
"""Which states a list shows, by how its address says it."""

blueprint = Blueprint("cases", __name__, template_folder=".")


@blueprint.get("/cases")
@allow("matters")
def index() -> str:
    """Show the cases of a branch: what is due and overdue first."""
    here, unit = branch.chosen("matters")
    sight = Sight(here, access.scope("evidence"))
    wanted = _wanted()
    count = store.count(sight, wanted)
    start = address.start(count)
    return render_template(
        "cases.html",
        cases=store.cases(sight, wanted, start, PAGE),
        start=start,
        count=count,
        size=PAGE,
        numbers=_numbers(store.by_state(sight, wanted)),
        overdue_count=store.count(sight, replace(wanted, states=WAITING, overdue_at=g.now)),
        own=store.by_state(counted.sight(), Wanted(assignee=current_user.id)),
        which=request.args.get("state", ""),
        overdue=wanted.overdue_at is not None,
        mine=wanted.assignee is not None,
        late=wanted.late,
        counter=_counter(wanted.counter),
        unit=unit,
        units=branch.units("matters"),
        subjects=["case"],
    )


def _numbers(found: Mapping[State, int]) -> dict[str, int]:
    """Return how many cases each of `SHOWN` shows."""
    return {which: sum(found[state] for state in states) for which, states in SHOWN.items()}


def _counter(code: str | None) -> CounterFacts | None:
    """Return the counter that is asked for, if one is; 404 for one that is not there."""
    found = by_code(code) if code else None
    if code and (found is None or not access.scope("matters").covers(found.unit)):
        abort(404)
    return found


def _wanted() -> Wanted:
    states = SHOWN.get(request.args.get("state", ""))
    if states is None:
        abort(404)
    return Wanted(
        states,
        g.now if request.args.get("overdue") else None,
        current_user.id if request.args.get("mine") else None,
        request.args.get("counter") or None,
        bool(request.args.get("late")),
    )


@blueprint.get("/cases/<int:number>")
@allow("matters")
def one(number: int) -> str:
    """Show one case: what it is about, what was done, and the form of the next step."""
    case = steps.found(number)
    return _page(number, case, *_begun(case))


@blueprint.post("/cases/<int:number>/look")
@allow("evidence")
def look(number: int) -> str:
    """Show the case with the rating that it is about, once the audit log says who looks."""
    case = steps.looked(number)
    return _page(number, case, *_begun(case), about=case.subject)


def _begun(case: Case) -> tuple[Step | None, Any]:
    """Return the step that is offered first, or was asked for, with its form."""
    mine = steps.allowed(case)
    asked = request.args.get("do")
    step = next((one for one in mine if one == asked), mine[0] if mine else None)
    if step is None:
        return None, None
    return step, FORMS[step](steps.setting(case, step), formdata=None, data=begun(case))


@blueprint.post("/cases/<int:number>/<any(assign,close,return,rule,prolong):step>")
@allow("matters")
def take(number: int, step: Step) -> ResponseReturnValue:
    """Take a step."""
    return _taken(number, step)


@blueprint.post("/cases/<int:number>/answer")
@allow("matters")
@takes(MOST_BODY, steps.may_send, "cases.one")
def answer(number: int) -> ResponseReturnValue:
    """Answer, with files."""
    return _taken(number, "answer")


def _taken(number: int, step: Step) -> ResponseReturnValue:
    case = steps.found(number)
    form = FORMS[step](steps.setting(case, step))
    try:
        if form.seen == case.seq and step in steps.allowed(case) and not form.validate():
            return _page(number, case, step, form), 422
        steps.take(number, step, form)
    except Stale:
        return _overtaken(number, step, form), 409
    flash(_done(step, form), "success")
    return redirect(url_for("cases.one", number=number), 303)


def _done(step: Step, form: Any) -> str:
    """Say which step was taken."""
    if step == "assign":
        return str(_("Assigned to %(who)s", who=form.told()["to"]))
    return str(CASE_EVENTS[step])


def _overtaken(number: int, step: Step, form: Any) -> str:
    case = steps.found(number)
    form.seq.data = form.seq.raw_data = str(case.seq)
    return _page(number, case, step, form, stale=True)


@blueprint.get("/cases/<int:number>/files/<digest>")
@allow("matters")
def file(number: int, digest: str) -> Response:
    """Give out a file that an answer of this case names, never to be opened in the browser."""
    steps.found(number)
    named = _named(case_files.events([number])[number]).get(digest)
    if named is None:
        abort(404)
    data = BytesIO(case_attachments.find(number, digest))
    return send_file(data, named.kind, as_attachment=True, download_name=named.name)


def _named(trail: list[Event]) -> dict[str, Attachment]:
    answers = [one.body.answer for one in trail if isinstance(one.body, Answered)]
    return {one.digest: one for answer in answers for one in answer.attachments}


def _page(
    number: int,
    case: Case,
    step: Step | None,
    form: Any,
    stale: bool = False,
    about: Subject | None = None,
) -> str:
    """Return the page; ``about`` is given where the rating was asked for."""
    zone = services().settings.fleet.zone
    trail = case_files.events([number])[number]
    basis, calendar = case_files.counted_by(case.unit, g.now, zone)
    return render_template(
        "case.html",
        number=number,
        case=case,
        about=about or hidden(case.subject),
        told=None if about is None else _told(about),
        terminal_open=_may_open,
        may_look=about is None and steps.may_look(case),
        counter=by_id(case.subject.counter),
        reasons=_reasons(case),
        withheld=case.subject.grain == "rating" and not _sees_reasons(case),
        trail=trail,
        names=store.names(_people(trail)),
        tree=access.tree(),
        figures=access.scope("figures"),
        days_left=None if case.due is None else left(calendar, g.now, case.due),
        basis=basis,
        ruled_out=ruled_out(case),
        allowed=steps.allowed(case),
        step=step,
        form=form,
        stale=stale,
    )


def _reasons(case: Case) -> Sequence[str]:
    """Return the reasons that the citizen gave, for who sees evidence in the unit."""
    rating = case.subject.rating
    return reasons.of_rating(*_place(rating)) if rating and _sees_reasons(case) else ()


def _sees_reasons(case: Case) -> bool:
    return access.scope("evidence").covers(case.unit)


def _told(about: Subject) -> ToldRow | None:
    """Return when, where and for which ticket the rating was given that a case is about."""
    return evidence.told(*_place(about.rating), about.counter) if about.rating else None


def _may_open(terminal: str) -> bool:
    """Tell whether the person may open the page with what a terminal signed."""
    row = terminals.terminal(terminal)
    needed: tuple[Capability, ...] = ("fleet", "evidence")
    return row is not None and all(access.scope(one).covers(row.unit) for one in needed)


def _place(rating: str) -> tuple[str, int]:
    """Return the chain of a rating, and its number there."""
    chain, _slash, seq = rating.partition("/")
    return chain, int(seq)


def _people(trail: list[Event]) -> set[int]:
    assigned = {one.body.person for one in trail if isinstance(one.body, Assigned)}
    return {one.who for one in trail if one.who is not None} | assigned
