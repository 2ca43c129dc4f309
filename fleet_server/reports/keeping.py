"""Makes reports that were ordered, and keeps them: small ones at once, large ones by ``jobs``."""

from collections.abc import Callable
from datetime import date, tzinfo

import structlog
from flask_babel import force_locale
from peewee import PeeweeException

from fleet_server.core.days import local
from fleet_server.core.report_making import given_up, next_up
from fleet_server.core.roles import EVERYTHING, NOTHING, Scope
from fleet_server.core.spans import Period, read
from fleet_server.reports.digest import digest
from fleet_server.reports.formats import FORMATS
from fleet_server.reports.gathering import gather
from fleet_server.reports.written import write
from fleet_server.settings import Settings
from fleet_server.store import kept_reports, places, report_schedules
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Kept
from fleet_server.store.pages.cases import Sight
from fleet_server.web.outside import speaking, without_pages
from fleet_server.web.pieces import Asked, spells

TOLD = Sight(EVERYTHING, NOTHING)
"""Who reads kept reports has the branch, but not always *evidence*: of the cases of their branch
they are told those that are not confined."""

AT_ONCE = 5_000
"""Days of counters up to which a report is made while who ordered it waits: about two seconds."""

log = structlog.get_logger("reports")


def is_small(unit: int | None, period: Period, today: date) -> bool:
    """Whether a report is made soon enough for somebody to wait for it."""
    asked = _asked(unit, period, today)
    counters = len({one.counter for one in spells(asked)})
    return counters * period.length <= AT_ONCE


def make(report: Kept, today: date, now: int) -> None:
    """Make a report that waits, and keep it; in an app's context.

    Args:
        report: what was ordered.
        today: the running day.
        now: Unix milliseconds.
    """
    with writing():
        kept_reports.begin(report.id, now)
    asked = _asked(report.unit, read(report.period), today)
    try:
        with force_locale(report.language):
            made, contents = _files(report, asked, now)
    except PeeweeException:
        # The database, which may come back: it is tried again, but not for ever.
        raise
    except Exception:  # one that can't be made must stop neither the others nor the process
        log.exception("a report can't be made", report=report.id)
        with writing():
            kept_reports.fail(report.id)
        return
    with writing():
        kept_reports.keep(report, made, contents, now)


def _files(report: Kept, asked: Asked, now: int) -> tuple[dict[str, bytes], str]:
    """Return the files by their formats, and the digest of what they say."""
    path = places.tree().path(asked.unit.id) if asked.unit else []
    gathered = gather(asked, tuple(node.name for node in path), TOLD, report.ordered_by, now)
    written, made = write(gathered), {}
    for done, name in enumerate(report.formats, 1):
        with writing():
            kept_reports.note_done(report.id, done)
        made[name] = FORMATS[name].write(written)
    return made, digest(gathered)


def _asked(unit: int | None, period: Period, today: date) -> Asked:
    """Return what is asked for: what whoever answers for the branch today may see of it."""
    tree = places.tree()
    if unit is None:
        return Asked(period, today)
    branch = Scope(tree.branch(unit))
    return Asked(period, today, branch, tree[unit], None, branch)


def making(settings: Settings) -> Callable[[int, tzinfo], None]:
    """Return the round of ``jobs`` that orders what is due and makes one that waits.

    One a round: whoever orders many must not hold up what else jobs does.
    """

    def make_waiting(now: int, zone: tzinfo) -> None:
        today = local(now, zone).date()
        with writing():
            report_schedules.order_due(today, now)
        report = _next_up(now)
        if report is not None:
            with speaking(without_pages(settings, lambda: now), report.language):
                make(report, today, now)

    return make_waiting


def _next_up(now: int) -> Kept | None:
    """Return the report whose turn it is, once those are given up that were tried in vain."""
    held = kept_reports.waiting()
    for one in given_up(held, now):
        log.error("a report is given up", report=one.id, tries=one.tries)
        with writing():
            kept_reports.fail(one.id)
    turn = next_up(held, kept_reports.turns({one.by for one in held}), now)
    return None if turn is None else kept_reports.one(turn.id)
