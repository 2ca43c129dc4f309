"""Keeps the revocation list. Enrolment does it, for it alone holds the issuing key.

The list is renewed each day. Keys that were revoked or replaced, and those of terminals that were
taken out of use, come onto it within minutes: Mosquitto asks no registry, only the list.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping

import structlog
from cryptography import x509

from fleet_server import clock
from fleet_server.callout.decide import kid_in
from fleet_server.est.rules import Office
from fleet_server.store import database, enrolment
from provisioning.errors import ProvisioningError
from provisioning.pki import authority, crl, files
from provisioning.pki.entries import Entries, Entry, entries_of, joined

LOOK_S = 600
"""Seconds between two looks at the list's age and at the registry."""

_REASONS: Mapping[enrolment.End, x509.ReasonFlags | None] = {
    "revoked": None,
    "replaced": x509.ReasonFlags.superseded,
    "retired": x509.ReasonFlags.cessation_of_operation,
}

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
        _list_ended(office)
    except (ProvisioningError, OSError) as error:
        log.error("revocation list not renewed", why=str(error))
    except Exception as error:
        if not database.may_pass(error):
            raise
        log.error("the registry can't be asked whose keys have ended", why=str(error))
    finally:
        database.release()


def _list_ended(office: Office) -> None:
    """Put all certificates of keys that open no door any more onto the list, and why."""
    now = clock.now()
    held = entries_of(files.read_crl(office.layout.issuing_crl))
    found: dict[int, Entry] = {}
    for terminal, reasons in _ended().items():
        for certificate in _unsettled(office, terminal, _settled(reasons, held)):
            kid = kid_in(certificate)
            if kid is not None and kid in reasons:
                found[certificate.serial_number] = Entry(now, reasons[kid])
    news = joined(held, found).items() - held.items()
    if news:
        crl.renew(office.layout, office.issuing, now, dict(news))
        log.info("ended in the registry, now listed", certificates=len(news))


def _ended() -> Mapping[str, Mapping[str, x509.ReasonFlags | None]]:
    """Return, for each terminal, the keys that opened a door once, and why they don't now."""
    ended: defaultdict[str, dict[str, x509.ReasonFlags | None]] = defaultdict(dict)
    for kid, terminal, end in enrolment.ended_keys(clock.now_ms()):
        ended[terminal][kid] = _REASONS[end]
    return ended


def _settled(reasons: Mapping[str, x509.ReasonFlags | None], held: Entries) -> set[int]:
    """Return which certificates of a terminal need no look: those listed as gravely as can be."""
    grave = None in reasons.values()
    return {serial for serial, entry in held.items() if not (grave and entry.trusted)}


def _unsettled(office: Office, terminal: str, settled: set[int]) -> Iterator[x509.Certificate]:
    """Give a terminal's certificates that need a look; each file is read once at most.

    One bad file must not keep the others off the list.
    """
    for path in authority.issued_files(office.layout, terminal):
        try:
            if int(path.stem, 16) not in settled:
                yield files.read_certificate(path)
        except (ProvisioningError, OSError, ValueError) as error:
            log.error("a certificate can't be listed", file=str(path), why=str(error))


def _run(office: Office) -> None:
    pause = threading.Event()
    while True:
        try:
            look(office)
        except Exception:
            # The list must not grow old because something unforeseen went wrong once.
            log.exception("revocation list not renewed")
        pause.wait(LOOK_S)
