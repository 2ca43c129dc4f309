"""Counts that outlive a process: what ``/metrics`` shows of ingest."""

from collections.abc import Mapping

from fleet_server.store.database import rows
from fleet_server.store.models import Tally


def add(counts: Mapping[str, int]) -> None:
    """Add to counts. In a transaction."""
    for name, value in counts.items():
        if value:
            Tally.insert(name=name, value=value).on_conflict(
                conflict_target=[Tally.name], update={Tally.value: Tally.value + value}
            ).execute()


def read() -> dict[str, int]:
    """Return all counts by name."""
    return dict(rows(Tally.select(Tally.name, Tally.value).order_by(Tally.name)))
