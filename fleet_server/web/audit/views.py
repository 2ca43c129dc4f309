"""The pages of the audit log, newest first, and taking it away as a table."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask import Blueprint, Response, abort, g, render_template, request
from flask_babel import gettext

from fleet_server.core.audit_log import DIGITS_TOLD, Entry
from fleet_server.store import audit_log
from fleet_server.store.database import writing
from fleet_server.store.pages import audit as store
from fleet_server.store.pages.audit import Filter
from fleet_server.web import access, address
from fleet_server.web.access import allow
from fleet_server.web.exports.sheets import safe
from fleet_server.web.services import services

TEXT_MAX = 120
COLUMNS = ("id", "time", "actor", "action", "subject", "details", "previous", "hash")

blueprint = Blueprint("audit", __name__, template_folder=".")


@blueprint.get("/audit")
@allow("audit")
def index() -> str:
    """Show a page of the log."""
    wanted, wrong = _wanted()
    scope = access.scope("audit")
    entries, after = store.page(wanted, address.cursor(), scope)
    return render_template(
        "audit.html",
        entries=entries,
        after=after,
        actions=store.actions(scope),
        head=audit_log.head(),
        whole=scope.units is None,
        wrong=wrong,
        days={name: request.args.get(name, "") for name in ("from", "to") if name not in wrong},
    )


@blueprint.get("/audit/<int:number>")
@allow("audit")
def one(number: int) -> str:
    """Show one entry."""
    entry = (
        store.entry(number, access.scope("audit")) if number < 10**address.CURSOR_DIGITS else None
    )
    if entry is None:
        abort(404)
    return render_template("audit_entry.html", entry=entry, details=json.loads(entry.details))


@blueprint.get("/audit.csv")
@allow("audit")
def export() -> Response:
    """Take the log away as CSV, as it is filtered; that is itself noted."""
    if not access.scope("export"):
        abort(403)
    wanted, wrong = _wanted()
    if wrong:
        abort(400)
    scope = access.scope("audit")
    number, newest = audit_log.head()
    with writing():
        details = {"head": f"{number}:{newest}", "filter": request.query_string.decode()[:500]}
        audit_log.note(access.actor(), "audit.export", "audit", details, at=g.now)
    lines = list(_lines(store.every(wanted, number, scope)))
    name = f"audit-log-{number}-{newest[:DIGITS_TOLD]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _lines(entries: Iterator[Entry]) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)
    for one in entries:
        moment = datetime.fromtimestamp(one.at / 1000, services().settings.fleet.zone)
        yield _line((str(one.id), moment.isoformat(timespec="milliseconds"), one.actor, one.action,
                     one.subject, one.details, one.previous, one.hash))  # fmt: skip


def _line(values: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([safe(one) for one in values])
    return out.getvalue()


def _wanted() -> tuple[Filter, dict[str, str]]:
    """Return what the address asks for, and what is wrong with it, by field."""
    texts = {name: request.args.get(name, "").strip() for name in ("who", "what", "subject")}
    wrong = {
        name: gettext("Please take a shorter text.")
        for name, text in texts.items()
        if len(text) > TEXT_MAX
    }
    days: dict[str, int | None] = {}
    for name, later in (("from", 0), ("to", 1)):
        text = request.args.get(name, "").strip()
        days[name] = _moment(text, later)
        if text and days[name] is None:
            wrong[name] = gettext("Please write the day as year-month-day, such as 2026-11-22.")
    good = {name: text for name, text in texts.items() if name not in wrong}
    return Filter(**good, since=days["from"], until=days["to"]), wrong


def _moment(text: str, days_later: int) -> int | None:
    """Return when a day begins here, in Unix milliseconds, or None for what is no day."""
    try:
        day = date.fromisoformat(text) + timedelta(days=days_later)
        begins = datetime(day.year, day.month, day.day, tzinfo=services().settings.fleet.zone)
        return int(begins.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
