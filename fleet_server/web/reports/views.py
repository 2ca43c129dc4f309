"""Reports: looked at as a page, and taken away in any format."""

from dataclasses import replace

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.report import Report
from fleet_server.core.spans import half_year, of, whole_year
from fleet_server.reports.cells import text
from fleet_server.reports.formats import FORMATS
from fleet_server.reports.gathering import gather
from fleet_server.reports.keeping import is_small
from fleet_server.reports.scores import called
from fleet_server.reports.written import write
from fleet_server.store import audit_log
from fleet_server.store.database import writing
from fleet_server.web import access
from fleet_server.web import branch as branches
from fleet_server.web.access import allow
from fleet_server.web.cases.counted import sight
from fleet_server.web.figures import Figures
from fleet_server.web.lists import attached
from fleet_server.web.period import Chooser, choose, taken_away, today
from fleet_server.web.period import asked as wanted
from fleet_server.web.pieces import Asked
from fleet_server.web.reports.kept import OrderForm

blueprint = Blueprint("reports", __name__, template_folder=".")


@blueprint.get("/reports")
@allow("figures")
def index() -> tuple[str, int]:
    """Show the report of a branch for a period; the month before, unless another is asked for."""
    chooser = _chooser()
    asked = _of_a_branch(wanted(chooser))
    report = _gathered(asked) if _has_begun(asked) else None
    data = {"period": asked.period.text, "unit": asked.unit.code if asked.unit else ""}
    page = render_template(
        "reports.html",
        order=OrderForm(formdata=None, data=data),
        chooser=chooser,
        asked=asked,
        longer=[half_year(chooser.period.last), whole_year(chooser.period.last)],
        units=branches.units("figures"),
        may_take=access.scope("export").covers(asked.unit.id if asked.unit else None),
        report=write(report) if report else None,
        entered=_entered(report),
        text=text,
        formats=FORMATS,
    )
    return page, 400 if chooser.problem else 200


def _entered(report: Report[Figures] | None) -> list[tuple[str, str]]:
    """Return key and name of the indexes that people enter."""
    result = report.attached.scores if report else None
    indexes = [one.index for one in result.scored] if result else []
    return [(one.key, called(one)) for one in indexes if one.source == "entered"]


@blueprint.get("/reports/file.<ending>")
@allow("export")
def file(ending: str) -> ResponseReturnValue:
    """Return the report in a format; who took it away is noted. A large one is to be ordered."""
    if ending not in FORMATS:
        abort(404)
    chooser = _chooser()
    if chooser.problem:
        abort(400, chooser.problem)
    asked = _of_a_branch(taken_away(chooser))
    if not _has_begun(asked):
        abort(404)
    code = asked.unit.code if asked.unit else None
    if not is_small(asked.unit.id if asked.unit else None, asked.period, asked.today):
        said = _("This report is large. Order it below: it is made while you do other things.")
        flash(said, "error")
        return redirect(url_for("reports.index", period=asked.period.text, unit=code), 303)
    data = FORMATS[ending].write(write(_gathered(asked)))
    with writing():
        details = {"period": asked.period.text, "format": ending}
        subject = f"unit:{code}" if code else "fleet"
        audit_log.note(access.actor(), "report.take", subject, details, at=g.now)
    return download(data, ending, asked)


def download(data: bytes, ending: str, asked: Asked) -> Response:
    """Return a file that a browser keeps and does not open by itself."""
    where = asked.unit.code if asked.unit else "all"
    name = f"hailong-report-{where}-{asked.period.text.replace('..', '_')}.{ending}"
    return attached(data, FORMATS[ending].media, name)


def _chooser() -> Chooser:
    return choose(of("month", today()).before().text)


def _of_a_branch(asked: Asked) -> Asked:
    """Return what is asked for of one branch: the first in the scope where none is named."""
    asked = replace(asked, service=None)
    tree = access.tree()
    unit = next((node for node in tree if asked.scope.covers(node.id)), None)
    if asked.unit is not None or asked.scope.units is None or unit is None:
        return asked
    return replace(asked, unit=unit, here=asked.scope.within(tree.branch(unit.id)))


def _has_begun(asked: Asked) -> bool:
    return asked.period.first <= asked.today


def _gathered(asked: Asked) -> Report[Figures]:
    return gather(asked, _names(asked), sight(), access.actor(), g.now)


def _names(asked: Asked) -> tuple[str, ...]:
    """Return the names of the units down to the branch; a dash where one may see none."""
    if not asked.scope:
        return ("–",)
    return tuple(node.name for node in access.tree().path(asked.unit.id)) if asked.unit else ()
