"""The revocation list, heeded at ingest: a restored database has forgotten who is revoked."""

import structlog

from fleet_server.store.enrolment import revoke_listed
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki.files import read_crl

log = structlog.get_logger("revocation")


def heed(layout: FleetLayout) -> None:
    """Revoke in the registry what the issuing CA's list names."""
    try:
        listed = read_crl(layout.issuing_crl)
    except ProvisioningError as error:
        log.error("the revocation list can't be heeded", reason=str(error))
        return
    revoked = {
        str(entry.serial_number): int(entry.revocation_date_utc.timestamp() * 1000)
        for entry in listed
    }
    count = revoke_listed(revoked)
    if count:
        log.warning("the list names keys that the registry believed", keys=count)
