"""Certificates and revocation lists that end."""

from collections.abc import Iterator
from datetime import UTC, datetime

from fleet_server.doctor.patient import Patient
from provisioning.errors import ProvisioningError
from provisioning.finding import Finding, wrong
from provisioning.pki.expiry import endings, judge

CHECK = "certificates"


def look(patient: Patient) -> Iterator[Finding]:
    """Look at what the running fleet can't do without."""
    now = datetime.fromtimestamp(patient.now / 1_000, UTC)
    try:
        found = list(endings(patient.settings.layout))
    except ProvisioningError as error:
        yield wrong(CHECK, str(error), "put it back from your copy of the keys")
        return
    yield from judge(CHECK, found, now)
