"""Renews the revocation list each day. Enrolment does it, for it alone holds the issuing key."""

import threading

import structlog

from fleet_server import clock
from fleet_server.est.rules import Office
from provisioning.errors import ProvisioningError
from provisioning.pki import crl

LOOK_S = 600
"""Seconds between two looks at the list's age."""

log = structlog.get_logger("est")


def start(office: Office) -> threading.Thread:
    """Look at the list now and then for as long as the process lives."""
    thread = threading.Thread(target=_run, args=(office,), name="crl-renewal", daemon=True)
    thread.start()
    return thread


def look(office: Office) -> None:
    """Renew the list if it is due; what goes wrong is logged and tried again."""
    try:
        if crl.renew_if_old(office.layout, office.issuing, clock.now()):
            log.info("revocation list renewed")
    except (ProvisioningError, OSError) as error:
        log.error("revocation list not renewed", why=str(error))


def _run(office: Office) -> None:
    pause = threading.Event()
    while True:
        look(office)
        pause.wait(LOOK_S)
