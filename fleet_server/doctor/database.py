"""The database: reachable, as this version needs it, and safe against a power cut."""

from collections.abc import Iterator
from typing import Any

from peewee import PeeweeException

from fleet_server.addresses import described
from fleet_server.doctor.patient import Patient
from fleet_server.store import audit_log, database
from fleet_server.store.errors import SchemaError
from provisioning.finding import Finding, good, wrong

CHECK = "database"
AHEAD_MS = 10 * 60_000


def look(patient: Patient) -> Iterator[Finding]:
    """Open the database, and look at its tables, its settings and its newest times."""
    url = patient.settings.database.url
    try:
        opened = database.open_database(url)
    except SchemaError as error:
        what, _, advice = str(error).partition("; ")
        yield wrong(CHECK, what, advice or "see fleet_server/store/README.md")
        return
    try:
        yield good(
            CHECK, f"{described(url)}: can be read, and its tables are those of this version"
        )
        yield from _writable(opened)
        yield from _flaws(opened)
        yield from _clock(patient.now)
    finally:
        database.close()


def _writable(opened: Any) -> Iterator[Finding]:
    try:
        with database.writing(), opened.atomic() as attempt:
            opened.execute_sql("DELETE FROM tally WHERE name = 'doctor'")
            attempt.rollback()
    except PeeweeException as error:
        yield wrong(CHECK, f"can't be written: {error}", "make room, or let its owner be this user")
    else:
        yield good(CHECK, "can be written")


def _flaws(opened: Any) -> Iterator[Finding]:
    flaws = opened.flaws()
    for flaw in flaws:
        yield wrong(
            CHECK, flaw, "change it; records that were receipted could be lost in a power cut"
        )
    if not flaws:
        yield good(CHECK, "a commit survives a power cut")


def _clock(now: int) -> Iterator[Finding]:
    newest = audit_log.newest(1)
    if newest and newest[0].at > now + AHEAD_MS:
        days = (newest[0].at - now) / 86_400_000
        yield wrong(
            "clock",
            f"the last change is {days:.1f} days in the future: this machine's clock is behind",
            "set it, and let it follow a time server (timedatectl set-ntp true)",
        )
    else:
        yield good("clock", "is not behind what was written down")
