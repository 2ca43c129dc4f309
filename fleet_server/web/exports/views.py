"""What is seen, as a file: the same filters, the same figures, and what they rest on.

An export is noted in the audit log; the log's newest number and hash stand among the facts.
"""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, Response, abort, g, request
from flask_babel import gettext as _

from fleet_server.core.targets import SCALE
from fleet_server.store import audit_log, targets
from fleet_server.store.database import writing
from fleet_server.web import access, lacks, language, measured, words
from fleet_server.web.access import allow
from fleet_server.web.counters.views import chosen_lines
from fleet_server.web.exports.sheets import FORMATS, Cell, Sheet
from fleet_server.web.figures import Figures
from fleet_server.web.lacks import Lack
from fleet_server.web.lists import attached
from fleet_server.web.period import choose, taken_away
from fleet_server.web.pieces import Asked
from fleet_server.web.services import services as hailong
from fleet_server.web.told_head import told_head

blueprint = Blueprint("exports", __name__)


def _heads() -> list[str]:
    return [
        _("Served"),
        _("Rated"),
        _("Participation, %"),
        _("Target of participation, %"),
        _("Very satisfied"),
        _("Satisfied"),
        _("Unsatisfied"),
        _("Satisfaction, %"),
        _("Target of satisfaction, %"),
        _("Unbound"),
        _("Contested"),
        _("Disputed"),
        _("Times estimated"),
    ]


def _cells(of: Figures) -> list[Cell]:
    told = of.shown
    return [
        of.sums.served,
        of.rated,
        _rounded(of.participation),
        _rounded(of.participation_target),
        told.very_satisfied if told else None,
        told.satisfied if told else None,
        told.unsatisfied if told else None,
        _rounded(of.satisfaction),
        _rounded(of.satisfaction_target),
        of.sums.unbound,
        of.sums.contested,
        of.sums.disputed,
        of.sums.estimated,
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _asked() -> Asked:
    chooser = choose()
    if chooser.problem:
        abort(400, chooser.problem)
    return taken_away(chooser)


@blueprint.get("/export/counters")
@allow("export")
def counters() -> Response:
    """Return the counters as their page shows them, all pages of it."""
    wanted = _asked()
    _order, found = chosen_lines(wanted)
    held = lacks.by_counter([one.id for one, _ in found], wanted.period, wanted.today)
    rows = [
        [one.code, one.name, one.unit_code, one.unit_name, *_cells(figures), *_lack(held[one.id])]
        for one, figures in found
    ]
    heads = [_("Code"), _("Counter"), _("Code of the unit"), _("Unit"), *_heads()]
    heads += [_("Days open"), _("Days missing"), _("Records still on their way")]
    missing = sum(len(lack.missing) for lack in held.values())
    waiting = sum(lack.waiting for lack in held.values())
    facts: list[tuple[str, Cell]] = [
        (_("Days of counters that were open and told nothing"), missing),
        (_("Records still on their way"), waiting),
    ]
    return _answer("counters", _("Counters"), heads, rows, facts, wanted)


def _lack(held: Lack) -> list[Cell]:
    return [held.open, len(held.missing), held.waiting]


@blueprint.get("/export/units")
@allow("export")
def units() -> Response:
    """Return the parts of a branch as its page shows them."""
    wanted = _asked()
    rows: list[Sequence[Cell]] = [
        [node.code if node else "", node.name if node else _("Right in the unit"), *_cells(one)]
        for node, one in measured.by_part(wanted)
    ]
    rows.append(["", _("Together"), *_cells(measured.whole(wanted))])
    days = lacks.of_unit(
        wanted.unit.id if wanted.unit else None,
        measured.by_day(wanted).keys(),
        wanted.period,
        wanted.today,
    )
    facts: list[tuple[str, Cell]] = [(_("Days on which nobody told anything"), len(days.missing))]
    heads = [_("Code"), _("Unit"), *_heads()]
    return _answer("units", _("Units"), heads, rows, facts, wanted)


@blueprint.get("/export/services")
@allow("export")
def services() -> Response:
    """Return the services as their page shows them."""
    wanted = replace(_asked(), service=None)
    rows = [
        [words.service(name), *_cells(figures)]
        for name, figures in measured.by_service(wanted).items()
    ]
    return _answer("services", _("Services"), [_("Service"), *_heads()], rows, [], wanted)


def _answer(
    what: str,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    facts: Sequence[tuple[str, Cell]],
    wanted: Asked,
) -> Response:
    ending = request.args.get("format", "xlsx")
    if ending not in FORMATS:
        abort(404)
    write, kind = FORMATS[ending]
    subject = f"unit:{wanted.unit.code}" if wanted.unit else "fleet"
    details = {"period": wanted.period.text, "format": ending, "rows": len(rows)}
    if wanted.service is not None:
        details["service"] = wanted.service
    with writing():
        audit_log.note(access.actor(), f"export.{what}", subject, details, at=g.now)
    sheet = Sheet(title, heads, rows, [*_facts(wanted, told_head()), *facts])
    name = f"hailong-{what}-{wanted.period.text.replace('..', '_')}.{ending}"
    return attached(write(sheet), kind, name)


def _facts(wanted: Asked, head: tuple[int, str]) -> list[tuple[str, Cell]]:
    held = targets.targets()
    first, last = wanted.period.first.isoformat(), wanted.period.last.isoformat()
    goals = [(day, held.fleet(day)) for day in (first, *held.changes(first, last))]
    told = "; ".join(
        _(
            "from %(day)s: participation %(asked)s%%, satisfaction %(liked)s%%",
            day=language.day(day),
            asked=goal.participation,
            liked=goal.satisfaction,
        )
        for day, goal in goals
    )
    return [
        (_("Fleet"), hailong().settings.fleet.name),
        (_("Period"), f"{words.period(wanted.period)} ({words.days(wanted.period)})"),
        (_("Unit"), wanted.unit.name if wanted.unit else _("all")),
        (_("Service"), _("all") if wanted.service is None else words.service(wanted.service)),
        (_("Targets of the whole fleet"), told),
        (_("Version of the rating scale"), SCALE),
        (_("As of"), language.iso(g.now)),
        (_("Taken away by"), access.actor().partition(":")[2]),
        (_("Audit log, last entry before today"), head[0]),
        (_("Audit log, hash of it"), head[1]),
        (
            _("Choices"),
            _("told in groups of at least 5 ratings; what is too few stays empty"),
        ),
        (_("Missing days"), _("are in no sum; they are no zeros")),
    ]
