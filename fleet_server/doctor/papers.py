"""Certificates and revocation lists that end."""

from collections.abc import Iterator
from datetime import UTC, datetime

from fleet_server.doctor.finding import Finding, Patient, good, wrong
from provisioning.errors import ProvisioningError
from provisioning.pki.expiry import endings

CHECK = "certificates"


def look(patient: Patient) -> Iterator[Finding]:
    """Look at what the running fleet can't do without."""
    now = datetime.fromtimestamp(patient.now / 1_000, UTC)
    try:
        found = list(endings(patient.settings.layout))
    except ProvisioningError as error:
        yield wrong(CHECK, str(error), "put it back from your copy of the keys")
        return
    near = [ending for ending in found if ending.near(now)]
    for ending in near:
        word = "has ended" if ending.until <= now else "ends"
        yield wrong(
            CHECK,
            f"{ending.name} {word} on {ending.until:%d/%m/%Y}",
            "renew it; see hailong-provision --help",
        )
    if not near:
        first = min(ending.until for ending in found)
        yield good(CHECK, f"{len(found)} certificates and lists hold until {first:%d/%m/%Y}")
