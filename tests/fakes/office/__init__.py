"""An office as the store holds it after a busy morning, for the tests and pictures of the pages.

Everything is made from a fixed seed and a fixed moment: Sunday 22 November 2026, 10:24 in Vietnam.
"""

from dataclasses import dataclass

from fleet_server.core.opening import Week
from fleet_server.store.database import writing
from fleet_server.store.models import Change, PublicUnit
from tests.fakes import cases, draws
from tests.fakes.office import counters, findings, papers, programs, terminals
from tests.fakes.office.counters import ALWAYS, OPEN_ALL_WEEK
from tests.fakes.office.figures import counted, serve
from tests.fakes.office.moment import DAY_MS, HOUR_MS, MINUTE_MS, NOW, TODAY, VIETNAM
from tests.fakes.office.visits import Visits

__all__ = [
    "ALWAYS",
    "HOUR_MS",
    "MINUTE_MS",
    "NOW",
    "TODAY",
    "VIETNAM",
    "Office",
    "counted",
    "serve",
]


@dataclass(frozen=True, slots=True)
class Office:
    """Fills an empty database; ``now`` is the moment at which the pages look."""

    now: int = NOW
    hours: Week = OPEN_ALL_WEEK

    def fill(self) -> None:
        """Add everything: counters, four weeks of figures, today's visits, terminals, matters."""
        now = self.now
        with writing():
            counters.add(self.hours)
            Visits(now).add()
            terminals.add(now)
            terminals.matters(now)
            programs.add(now)
            terminals.images(now)
            cases.add(now)
            findings.signals(now)
            draws.of_office(now)
            papers.other_channels(now)
            papers.reports(now)
            findings.alarms(now)
            PublicUnit.create(unit=2, since=now - 9 * DAY_MS, set_by="command:root")
            Change.insert(subject="counter:P1-01").execute()
