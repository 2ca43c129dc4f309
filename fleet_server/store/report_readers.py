"""Readers of scheduled reports: a letter with a link when one is ready, and no figure in it."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from fleet_server.core.report_schedule import READY, readable
from fleet_server.store import letters, places
from fleet_server.store.alarms import grants
from fleet_server.store.database import rows
from fleet_server.store.letters import Draft
from fleet_server.store.models import KeptReport, ReportReader
from fleet_server.store.sql import ask, marks


def add(schedule: int, people: Collection[int]) -> None:
    """Give a schedule its readers, by their accounts; in its write transaction."""
    for person in people:
        ReportReader.create(schedule=schedule, person=person)


def names(schedules: Mapping[int, int | None]) -> dict[int, tuple[str, ...]]:
    """Return the e-mails of who is told by schedules; who may read it no more is not.

    Args:
        schedules: the units at the top of their branches, None for the fleet.
    """
    found: dict[int, list[str]] = defaultdict(list)
    text = (
        "SELECT r.schedule_id, u.id, u.email FROM report_reader r "
        f'JOIN "user" u ON u.id = r.person WHERE r.schedule_id IN {marks(list(schedules))} '
        "ORDER BY u.email"
    )
    held, tree = grants(), places.tree()
    for schedule, person, email in ask(text, *schedules):
        if readable(held.get(person, ()), tree).covers(schedules[schedule]):
            found[schedule].append(email)
    return {schedule: tuple(emails) for schedule, emails in found.items()}


def tell(report: int, unit: int | None, details: dict[str, str], now: int) -> None:
    """Post the letters of a report that is ready; in the transaction in which it is kept.

    Args:
        report: its number.
        unit: the top of its branch.
        details: what it is of: *branch*, empty for the fleet, and *period*.
        now: Unix milliseconds.
    """
    chosen = rows(
        ReportReader.select(ReportReader.person)
        .join(KeptReport, on=(KeptReport.schedule == ReportReader.schedule))
        .where(KeptReport.id == report)
        .order_by(ReportReader.person)
    )
    held, tree, path = grants(), places.tree(), f"/reports/kept/{report}"
    letters.post(
        [
            Draft(f"{READY}:{report}/{person}", READY, "ready", details, path, now, person)
            for (person,) in chosen
            if readable(held.get(person, ()), tree).covers(unit)
        ],
        now,
    )
