"""What of the fleet's own papers ends when, and from when on somebody should know."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from provisioning.finding import Finding, good, wrong
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


def certificate_ending(path: Path) -> Ending:
    """Return when a certificate ends.

    Raises:
        ProvisioningError: it can't be read; the message names it.
    """
    return Ending(path.name, files.read_certificate(path).not_valid_after_utc, CERTIFICATE_WARNING)


def judge(check: str, found: Collection[Ending], now: datetime) -> Iterator[Finding]:
    """Say which of these end soon or have ended; if none, until when all hold."""
    near = [ending for ending in found if ending.near(now)]
    for ending in near:
        word = "has ended" if ending.until <= now else "ends"
        yield wrong(
            check,
            f"{ending.name} {word} on {ending.until:%d/%m/%Y}",
            "renew it; see hailong-provision --help",
        )
    if not near:
        first = min(ending.until for ending in found)
        yield good(check, f"{len(found)} certificates and lists hold until {first:%d/%m/%Y}")


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
        yield certificate_ending(path)
