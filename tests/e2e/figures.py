"""What the server says of some days, by the names of ``tests/fakes/people.py``."""

from collections import Counter
from datetime import date

from tests.e2e.system import System
from tests.fakes.people import Figures
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import Reasons

COMPARED = (
    "served",
    "rated",
    "very_satisfied",
    "satisfied",
    "unsatisfied",
    "contested",
    "unbound",
    "disputed",
)


def of_days(system: System, first: date, last: date) -> Figures:
    """Return the figures of the page of participation, for all counters."""
    said = system.get(f"/api/v1/counters/participation?from={first}&to={last}")["total"]
    return +Counter({name: int(said[name]) for name in COMPARED})


def beside_them(system: System) -> Figures:
    """Return what no figure of a day tells, counted from all records that the server holds."""
    counted = Counter(replaced=sum(row["replaced_by"] is not None for row in system.ratings()))
    for [token] in system.query("select jws from record where type = 'reasons'"):
        body = decode(payload_of(token)).body
        assert isinstance(body, Reasons)
        counted["skipped" if body.skipped else "reasons"] += 1
    return +counted
