"""Keeps the revocation list. Enrolment does it, for it alone holds the issuing key.

The list is renewed each day. Keys that were revoked in the registry, as the pages do it, come onto
it within minutes: Mosquitto asks no registry, only the list.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator

import structlog
from cryptography import x509

from fleet_server import clock
from fleet_server.callout.decide import kid_in
from fleet_server.est.rules import Office
from fleet_server.store import database, enrolment
from provisioning.errors import ProvisioningError
from provisioning.pki import authority, crl, files

LOOK_S = 600
"""Seconds between two looks at the list's age and at the registry."""

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
        _list_revoked(office)
    except (ProvisioningError, OSError) as error:
        log.error("revocation list not renewed", why=str(error))
    except Exception as error:
        if not database.may_pass(error):
            raise
        log.error("the registry can't be asked who is revoked", why=str(error))
    finally:
        database.release()


def _list_revoked(office: Office) -> None:
    """Put all certificates of keys that the registry has revoked onto the list."""
    now = clock.now()
    kids: defaultdict[str, set[str]] = defaultdict(set)
    for kid, terminal in enrolment.revoked_keys(clock.now_ms()):
        kids[terminal].add(kid)
    held = {one.serial_number for one in files.read_crl(office.layout.issuing_crl)}
    missing = {
        certificate.serial_number: now
        for terminal, revoked in kids.items()
        for certificate in _unlisted(office, terminal, held)
        if kid_in(certificate) in revoked
    }
    if missing:
        crl.renew(office.layout, office.issuing, now, missing)
        log.info("revoked in the registry, now listed", certificates=len(missing))


def _unlisted(office: Office, terminal: str, held: set[int]) -> Iterator[x509.Certificate]:
    """Give a terminal's certificates that are not on the list; each file is read once at most.

    One bad file must not keep the others off the list.
    """
    for path in authority.issued_files(office.layout, terminal):
        try:
            if int(path.stem, 16) not in held:
                yield files.read_certificate(path)
        except (ProvisioningError, OSError, ValueError) as error:
            log.error("a revoked certificate can't be listed", file=str(path), why=str(error))


def _run(office: Office) -> None:
    pause = threading.Event()
    while True:
        try:
            look(office)
        except Exception:
            # The list must not grow old because something unforeseen went wrong once.
            log.exception("revocation list not renewed")
        pause.wait(LOOK_S)
