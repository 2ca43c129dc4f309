"""Contact data whose last day is over is erased."""

from datetime import tzinfo

from fleet_server.core.days import local
from fleet_server.store import contacts


def erase(now: int, zone: tzinfo) -> None:
    """Erase the contact data that is due."""
    while contacts.erase(local(now, zone).date(), now):
        pass
