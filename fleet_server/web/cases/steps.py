"""Taking a step of a case: who may, what becomes of it, and what is noted."""

from typing import Any

from flask import abort, g
from flask_security import current_user

from fleet_server.core import case_rights
from fleet_server.core.case_events import Step
from fleet_server.core.cases import Case
from fleet_server.core.roles import EVERYTHING
from fleet_server.store import audit_log, case_attachments, case_files, case_terms
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.store.pages.people import Person, people
from fleet_server.web import access
from fleet_server.web.cases import counted
from fleet_server.web.cases.forms import FORMS, Setting
from fleet_server.web.services import services


def found(number: int) -> Case:
    """Return a case, or 404 where the person may not see it, as if there were none."""
    try:
        case = case_files.one(number)
    except LookupError:
        abort(404)
    if not counted.sight().covers(case.unit, case.subject.confined):
        abort(404)
    return case


def allowed(case: Case) -> list[Step]:
    """Return the steps that the person may take now, in the order in which they are offered."""
    mine = case_rights.may(current_user.id, access.by().grants, case, access.tree())
    return [step for step in FORMS if step in mine]


def may_send(number: int) -> bool:
    """Tell whether the person may send files of an answer; 404 where they may not see the case.

    Also when it is too late for one: who was overtaken is to hear that, and keep what they typed.
    """
    grants, case = access.by().grants, found(number)
    return "answer" in case_rights.rights(current_user.id, grants, case, access.tree())


def may_look(case: Case) -> bool:
    """Tell whether the person may look up which rating the case is about, if it is about one."""
    grants = access.by().grants
    return bool(case.subject.rating) and case_rights.may_look(grants, case, access.tree())


def looked(number: int) -> Case:
    """Note that the person looks up which rating a case is about; 404 where they may not."""
    case = found(number)
    if not may_look(case):
        abort(404)
    with writing():
        audit_log.note(access.actor(), "case.look", f"case:{number}", at=g.now)
    return case


def setting(case: Case, step: Step) -> Setting:
    """Return what the form of a step knows."""
    zone = services().settings.fleet.zone
    return Setting(
        case,
        {one.id: _called(one) for one in _assignable(case)} if step == "assign" else {},
        case_terms.of(case.unit, access.tree()),
        lambda days: case_files.deadline(case.unit, g.now, days, zone),
        zone,
    )


def take(number: int, step: Step, form: Any) -> None:
    """Take a step that a valid form asks for, with its files and its note.

    Raises:
        Stale: another step was taken since the page was read.
    """
    with writing():
        held = found(number)
        if held.seq != form.seen:
            raise Stale
        if step not in allowed(held):
            abort(404)
        case_files.append(number, held, current_user.id, form.body(), g.now)
        case_attachments.keep(number, form.kept())
        details = {"step": held.seq + 1, **form.told()}
        audit_log.note(access.actor(), f"case.{step}", f"case:{number}", details, at=g.now)


def _assignable(case: Case) -> list[Person]:
    """Return who answers for a case, and can sign in; the unit's own come first."""
    tree = access.tree()
    able = [
        one
        for one in people(EVERYTHING, g.now)
        if one.active and case_rights.assignable(one.grants, case, tree)
    ]
    return sorted(able, key=lambda one: case.unit not in {grant.unit for grant in one.grants})


def _called(one: Person) -> str:
    return f"{one.name} ({one.email})" if one.name else one.email
