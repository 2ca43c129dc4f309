"""Opens a matter before a revocation list or certificate of the fleet ends, and closes it after."""

from datetime import UTC, datetime

import structlog

from fleet_server.store.database import writing
from fleet_server.store.matters import Found, close_matter, open_matter
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki.expiry import Ending, endings

log = structlog.get_logger("expiry")


def look(layout: FleetLayout, now_ms: int) -> None:
    """Look at every ending once; ``now_ms`` is Unix milliseconds."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    try:
        found = list(endings(layout))
    except ProvisioningError as error:
        log.error("can't tell what ends when", reason=str(error))
        return
    with writing():
        for ending in found:
            _tell(ending, now, now_ms)


def _tell(ending: Ending, now: datetime, now_ms: int) -> None:
    if not ending.near(now):
        close_matter("expiry", ending.name, now_ms)
        return
    until = ending.until.strftime("%Y-%m-%d")
    if open_matter(
        Found("expiry", ending.name, details={"file": ending.name, "until": until}), now_ms
    ):
        log.warning("ends soon", file=ending.name, until=until)
