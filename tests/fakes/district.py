"""A small district with everything that the demo's has: ten counters, a week, every story.

Made once for each engine and then copied; the pages are looked at on Thursday, 26 November 2026,
at 10:24 in Vietnam.
"""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from fleet_server.core.days import day_on
from fleet_server.core.escalation import Terms
from fleet_server.district.building import reports
from fleet_server.district.district import WEEK_UNITS, District
from fleet_server.district.founding import found, taking_of
from fleet_server.district.growing import grow
from fleet_server.district.kept import Kept
from fleet_server.settings import Settings
from fleet_server.store import case_terms, database
from tests.fakes.fleets import new_fleet

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = date(2026, 11, 26)
DAYS = 9
NOW = 1_795_663_440_000
PASSWORD = "correct horse battery"
SMALL = District(TODAY - timedelta(days=DAYS - 1), ZONE, DAYS, offices=WEEK_UNITS)


TERMS = Terms(answer=1, rework=1, judge=1, over=(0, 1, 2))
"""How long the steps of a case take here, so that a week shows overdue and told ones, too."""


def found_district(fleet: Settings, folder: Path) -> Kept:
    """Let a fleet that is empty be the small district's on its first morning."""
    kept = found(fleet, SMALL, folder, PASSWORD)
    database.open_database(fleet.database.url)
    at = day_on(SMALL.first, ZONE).start
    with database.writing():
        case_terms.add(None, 0, "rating", TERMS, actor="command:test", now=at)
    database.close()
    return kept


def grow_district(fleet: Settings, folder: Path, now: int = NOW) -> Kept:
    """Let a fleet that is empty take the small district's week."""
    kept = found_district(fleet, folder)
    try:
        taking = taking_of(fleet, SMALL, publishes=True)
        kept = grow(SMALL, taking, folder, kept, now, lambda _done, _total: None)
        taking.receive(list(reports(SMALL, now)), now)
        return kept
    finally:
        database.close()


def template(folder: Path) -> Path:
    """Make a fleet directory in which the small district has grown; return it."""
    directory = folder / "fleet"
    grow_district(new_fleet(directory), folder)
    return directory
