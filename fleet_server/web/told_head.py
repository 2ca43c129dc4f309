"""What whoever may not read the audit log is told of it: its last entry before today."""

from flask import g

from fleet_server.core.days import day_of
from fleet_server.store import audit_log
from fleet_server.web.services import services


def told_head() -> tuple[int, str]:
    """Return number and hash of the last entry of the days before, to hold the log to account.

    Not the newest: who sees the hash change with each entry, and knows the moment, could try who
    did what until it fits.
    """
    return audit_log.head(day_of(g.now, services().settings.fleet.zone).start)
