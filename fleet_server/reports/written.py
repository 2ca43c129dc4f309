"""A report in words, before it has a format: what each of the files says, and the page too.

Whoever writes a format (`fleet_server.reports.formats`) writes down what stands here, and nothing
else; so no two say different things.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from fleet_server.core.comparison import Share
from fleet_server.core.report import Attached, Column, Report, Stamp, Value, cells
from fleet_server.reports import cases, channels, interviews, scores
from fleet_server.reports.cells import Cell, Fact, Percent, Table
from fleet_server.reports.digest import digest
from fleet_server.reports.notes import notes
from fleet_server.web import language, words
from fleet_server.web.figures import Figures
from fleet_server.web.services import services


@dataclass(frozen=True, slots=True)
class Written:
    """A report in words.

    Attributes:
        title: what it is.
        office: whose it is.
        facts: what it is about.
        tables: its figures; the first has those that were signed.
        notes: its caveats, and how to read it.
        stamp: what it was made of.
        made_at: when, Unix milliseconds.
        branch: of whom it is.
        period: over which days.
    """

    title: str
    office: str
    branch: str
    period: str
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    stamp: tuple[Fact, ...]
    made_at: int


def write(report: Report[Figures]) -> Written:
    """Return a report in the words of the language that is in use."""
    office = services().settings.fleet.name
    result = report.attached.scores
    branch = " / ".join(report.branch) or _("The whole fleet")
    period = f"{words.period(report.period)} ({words.days(report.period)})"
    return Written(
        title=_("Report on the satisfaction of citizens"),
        office=office,
        branch=branch,
        period=period,
        facts=(
            (_("Branch"), branch),
            (_("Period"), period),
            (_("Figures up to"), language.day(report.stamp.until.isoformat())),
            *(scores.facts(result) if result else ()),
        ),
        tables=(_signed(report), *_beside(report)),
        notes=(*notes(report), *_reading(), *_of_beside(report.attached)),
        stamp=tuple(_stamp(report.stamp, digest(report))),
        made_at=report.stamp.made_at,
    )


def heads() -> dict[Column, str]:
    """Return what the columns are called."""
    return {
        "served": _("Served"),
        "rated": _("Rated"),
        "participation": _("Participation"),
        "participation_target": _("Target of participation"),
        "very_satisfied": _("Very satisfied"),
        "satisfied": _("Satisfied"),
        "unsatisfied": _("Unsatisfied"),
        "satisfaction": _("Satisfaction"),
        "satisfaction_target": _("Target of satisfaction"),
        "unbound": _("Unbound"),
        "contested": _("Contested"),
        "disputed": _("Disputed"),
    }


def _signed(report: Report[Figures]) -> Table:
    rows = [
        [row.code, row.name or _("Right in the unit"), *_cells(row.figures)] for row in report.rows
    ]
    rows.append(["", _("Together"), *_cells(report.total)])
    named: dict[str, str] = {"code": _("Code"), "name": _("Unit or counter")}
    named.update(heads().items())
    title = _("Signed ratings")
    return Table(title, title, [*named], [*named.values()], rows, total=True)


def _cells(figures: Figures) -> Iterator[Cell]:
    for column, value in cells(figures).items():
        yield _cell(column, value)


def _cell(column: Column, value: Value) -> Cell:
    if isinstance(value, Share):
        return None if value.percent is None else Percent(value.percent)
    if column.endswith("_target") and value is not None:
        return Percent(value)
    return None if value is None else int(value)


def _beside(report: Report[Figures]) -> Iterator[Table]:
    """Yield the tables of what stands beside the signed figures, where there is any."""
    held = report.attached
    if held.ruled:
        yield cases.both(held.ruled)
    if held.cases:
        yield cases.table(held.cases)
    answered = interviews.table(held.interviews)
    if answered:
        yield answered
    if held.others:
        yield channels.table(report.total, held.others)
    if held.scores:
        yield scores.table(held.scores)


def _of_beside(held: Attached) -> Iterator[str]:
    if held.cases:
        yield from cases.notes(held.cases)
    if held.outcomes is not None:
        yield from interviews.notes(held.interviews, held.outcomes)
    if held.others:
        yield from channels.notes()
    if held.scores:
        yield from scores.notes(held.scores)


def _reading() -> Iterator[str]:
    yield _("Choices are told in groups of at least 5 ratings; what is too few has a dash.")
    yield _("Days on which nobody told anything are in no sum; they are no zeros.")


def _stamp(stamp: Stamp, content: str) -> Iterator[Fact]:
    yield _("Made"), language.day_and_hour(stamp.made_at)
    yield _("Made by"), stamp.by.partition(":")[2] or _("the server itself")
    yield _("Version of the rating scale"), str(stamp.rating_scale)
    yield _("Last entry of the audit log before that day"), stamp.audit_head
    yield _("SHA-256 of the contents"), content
