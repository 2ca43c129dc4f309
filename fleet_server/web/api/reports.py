"""What other programs read of reports that are kept."""

from base64 import b64encode
from typing import Any

from apiflask.schemas import FileSchema
from marshmallow import RAISE

from fleet_server.reports.formats import FORMATS
from fleet_server.store import audit_log
from fleet_server.store import kept_reports as store
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Kept
from fleet_server.web.api.guard import blueprint, caller, sight
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import HIGHEST, linked, number_of, page
from fleet_server.web.api.places import NO_UNIT, branch, moment
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.reports import ReportOut, ReportsIn, ReportsOut
from fleet_server.web.lists import attached
from fleet_server.web.services import services

NO_REPORT = {404: "There is no such report, or file of it, in what the key may see"}

REPORT: dict[str, object] = {
    "id": 7,
    "unit": "UBND-P1",
    "period": "2026-Q3",
    "formats": ["xlsx", "pdf"],
    "language": "vi",
    "state": "ready",
    "ordered_at": "2026-10-05T02:00:00.000Z",
    "made_at": "2026-10-05T02:00:41.000Z",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}


@blueprint.get("/reports")
@blueprint.input(ReportsIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(ReportsOut)
@operation(
    Operation(
        "reports:read",
        "Reports that are kept, the newest first",
        "Reports",
        answers=NO_UNIT,
        lasting=True,
        example={"reports": [REPORT], "next": None},
    )
)
def list_reports(wanted: dict[str, Any]) -> Any:
    """List the reports of what the key may see, page by page."""
    limit = wanted["limit"]
    before = number_of(wanted["cursor"])
    shown, last = page(store.listed(branch(wanted["unit"]), before, limit + 1), limit)
    after = None if last is None else str(last.id)
    return linked({"reports": [_answer(one) for one in shown], "next": after}, after)


@blueprint.get("/reports/<int:report>")
@blueprint.output(ReportOut)
@operation(
    Operation(
        "reports:read", "One report", "Reports", answers=NO_REPORT, lasting=True, example=REPORT
    )
)
def one_report(report: int) -> Any:
    """Say what a report is of, and whether it is ready."""
    return _answer(_held(report))


@blueprint.get("/reports/<int:report>/files/<ending>")
@blueprint.output(FileSchema(), content_type="*/*")
@operation(Operation("reports:read", "A file of a report", "Reports", answers=NO_REPORT))
def report_file(report: int, ending: str) -> Any:
    """Return a file of a report, with its SHA-256 in ``Repr-Digest`` (RFC 9530).

    The audit log says which key took it away.
    """
    held = _held(report)
    data = store.file(report, ending) if ending in FORMATS else None
    if data is None:
        raise Problem(404, f"report {report} has no file of this format")
    with writing():
        details = {"report": report, "period": held.period, "format": ending}
        audit_log.note(caller().actor, "report.take", held.subject, details, at=services().clock())
    answer = attached(data, FORMATS[ending].media, f"report-{report}.{ending}")
    digest = b64encode(bytes.fromhex(store.digests(report)[ending])).decode()
    answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    return answer


def _held(number: int) -> Kept:
    """Return a report that the key may see.

    Raises:
        Problem: 404, there is none.
    """
    found = store.one(number) if number <= HIGHEST else None
    if found is None or not sight().covers(found.unit):
        raise Problem(404, f"there is no report {number}")
    return found


def _answer(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "unit": one.code,
        "period": one.period,
        "formats": list(one.formats),
        "language": one.language,
        "state": one.state,
        "ordered_at": moment(one.ordered_at),
        "made_at": moment(one.made_at),
        "digest": one.digest,
    }
