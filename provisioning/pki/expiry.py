"""What of the fleet's own papers ends when, and from when on somebody should know."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from provisioning.layout import FleetLayout
from provisioning.pki import files

CRL_WARNING = timedelta(days=7)
CERTIFICATE_WARNING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ending:
    """A revocation list or certificate, when it ends, and how long before that to warn."""

    name: str
    until: datetime
    warning: timedelta

    def near(self, now: datetime) -> bool:
        """Say whether it has ended, or will before a person may have noticed."""
        return now >= self.until - self.warning


def endings(layout: FleetLayout) -> Iterator[Ending]:
    """Yield what the running fleet can't do without.

    Raises:
        ProvisioningError: a file can't be read; the message names it.
    """
    for path in (layout.issuing_crl, layout.root_crl):
        until = files.read_crl(path).next_update_utc
        if until is not None:
            yield Ending(path.name, until, CRL_WARNING)
    for path in (
        layout.root_certificate,
        layout.issuing_certificate,
        layout.server_certificate,
        layout.service_certificate("fleet-ingest"),
    ):
        certificate = files.read_certificate(path)
        yield Ending(path.name, certificate.not_valid_after_utc, CERTIFICATE_WARNING)
