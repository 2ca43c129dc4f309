"""What a revocation list says of one certificate, and why (RFC 5280 section 5.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509


@dataclass(frozen=True, slots=True)
class Entry:
    """From when a certificate opens no door any more.

    Attributes:
        at: from when, aware.
        reason: why, where nobody doubts its key: ``cessation_of_operation`` for a terminal that is
            out of use, ``superseded`` for a key that was replaced. None: nobody stands by it, and
            what the key signs from then on does not count either.
    """

    at: datetime
    reason: x509.ReasonFlags | None = None

    @property
    def trusted(self) -> bool:
        """Whether what the key signs still counts."""
        return self.reason in _TRUSTED


Entries = Mapping[int, Entry]
"""By the certificate's serial number."""

_TRUSTED = {x509.ReasonFlags.cessation_of_operation, x509.ReasonFlags.superseded}


def entries_of(crl: Iterable[x509.RevokedCertificate]) -> dict[int, Entry]:
    """Return what a list holds."""
    return {one.serial_number: Entry(one.revocation_date_utc, _reason(one)) for one in crl}


def revoked(serial: int, entry: Entry) -> x509.RevokedCertificate:
    """Return an entry as a list takes it."""
    builder = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(entry.at)
    if entry.reason is not None:
        builder = builder.add_extension(x509.CRLReason(entry.reason), critical=False)
    return builder.build()


def joined(held: Entries, more: Entries) -> dict[int, Entry]:
    """Return both; what was held stays, unless nobody stands by a certificate any more."""
    graver = {
        serial: entry
        for serial, entry in more.items()
        if serial not in held or (held[serial].trusted and not entry.trusted)
    }
    return {**held, **graver}


def _reason(one: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    try:
        return one.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except x509.ExtensionNotFound:
        return None
