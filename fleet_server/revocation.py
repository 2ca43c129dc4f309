"""The revocation list, heeded at ingest: a restored database has forgotten who is revoked."""

import structlog

from fleet_server.store.enrolment import revoke_listed
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki.entries import entries_of
from provisioning.pki.files import read_crl

log = structlog.get_logger("revocation")


def heed(layout: FleetLayout) -> None:
    """Revoke in the registry the keys that nobody stands by, says the issuing CA's list.

    Those that it names only because they are no longer used stay believed: what a terminal signed
    before it was taken out of use may still be read in from its card.
    """
    try:
        listed = entries_of(read_crl(layout.issuing_crl))
    except ProvisioningError as error:
        log.error("the revocation list can't be heeded", reason=str(error))
        return
    revoked = {
        str(serial): int(entry.at.timestamp() * 1000)
        for serial, entry in listed.items()
        if not entry.trusted
    }
    count = revoke_listed(revoked)
    if count:
        log.warning("the list names keys that the registry believed", keys=count)
