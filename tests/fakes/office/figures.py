"""What hours of the office hold, and more people who are served."""

from collections import defaultdict

from fleet_server.core.days import day_of, hour_of
from fleet_server.core.participation import COUNTED, Counts
from fleet_server.store import daily
from fleet_server.store.models import Hourly
from tests.fakes.office.moment import VIETNAM


def counted(first: str, last: str) -> dict[int, Counts]:
    """Return what hours hold of each counter from one day to another, both included."""
    found: dict[int, Counts] = defaultdict(Counts)
    for row in Hourly.select().where(Hourly.day.between(first, last)):
        found[row.counter_id] += of(row)
    return found


def of(row: Hourly) -> Counts:
    """Return what an hour holds."""
    return Counts(*(getattr(row, name) for name in COUNTED))


def serve(counter: int, now: int, add: int = 1) -> None:
    """Let more people be served and very satisfied in this hour, as ingest keeps it."""
    day = day_of(now, VIETNAM).name
    row = {"counter": counter, "hour": hour_of(now, VIETNAM), "day": day}
    Hourly.insert(row).on_conflict_ignore().execute()
    Hourly.update(
        served=Hourly.served + add,
        rated=Hourly.rated + add,
        very_satisfied=Hourly.very_satisfied + add,
    ).where(Hourly.counter == counter, Hourly.hour == row["hour"]).execute()
    month = daily.of_month(counter, day[:7])
    services = {
        service: Counts(*numbers[: len(COUNTED)])
        for (held, service), numbers in month.items()
        if held == day
    }
    more = Counts(served=add, rated=add, very_satisfied=add)
    services[""] = services.get("", Counts()) + more
    daily.note_units(daily.note(counter, day, services))
