"""Room on the disk."""

from collections.abc import Iterator

from fleet_server.doctor.patient import Patient
from provisioning.finding import Finding
from provisioning.server import room


def look(patient: Patient) -> Iterator[Finding]:
    """Look at the disk of the fleet directory."""
    yield room.look(patient.settings.layout.directory)
