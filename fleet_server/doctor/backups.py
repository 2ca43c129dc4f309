"""When the last backup was made."""

from collections.abc import Iterator

from fleet_server.backups.making import MADE
from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.store import audit_log
from provisioning.finding import Finding, good, wrong

CHECK = "backup"
OLD_MS = 7 * 86_400_000
_ADVICE = "run hailong-fleet backup FOLDER each night, and keep the files on another machine"


@with_database
def look(patient: Patient) -> Iterator[Finding]:
    """Look into the audit log for the last backup."""
    at = audit_log.last(MADE)
    if at is None:
        yield wrong(CHECK, "there never was one", _ADVICE)
    elif patient.now - at > OLD_MS:
        yield wrong(CHECK, f"the last one is {(patient.now - at) // 86_400_000} days old", _ADVICE)
    else:
        yield good(CHECK, f"the last one is {max(0, patient.now - at) // 3_600_000} hours old")
