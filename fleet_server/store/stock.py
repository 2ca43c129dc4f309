"""Terminals that stand nowhere: not yet, as they lie in store, or no more."""

from fleet_server.store.database import writing
from fleet_server.store.models import Terminal


def put_in_store(terminal: str, note: str, now: int) -> None:
    """Add a terminal that stands at no counter yet."""
    with writing():
        Terminal.create(id=terminal, added_at=now, note=note)


def retire(terminal: str, note: str, now: int) -> None:
    """Take a terminal out of use for good; what it sent stands."""
    with writing():
        Terminal.update(retired_at=now, note=note, counter=None).where(
            Terminal.id == terminal
        ).execute()
