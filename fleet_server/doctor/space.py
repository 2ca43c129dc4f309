"""Room on the disk."""

import shutil
from collections.abc import Iterator

from fleet_server.doctor.finding import Finding, Patient, good, wrong

CHECK = "disk"
LEAST = 1 << 30
"""Bytes: some weeks of records of a district, and of room for a backup's own work."""


def look(patient: Patient) -> Iterator[Finding]:
    """Look at the disk of the fleet directory."""
    folder = patient.settings.layout.directory
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB are free under {folder}"
    if free < LEAST:
        yield wrong(CHECK, said, "make room; ingest stops taking records when there is none")
    else:
        yield good(CHECK, said)
