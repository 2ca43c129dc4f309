"""Revocation lists (RFC 5280 section 5): certificates that open no door any more."""

import fcntl
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import files
from provisioning.pki.certificates import CLOCK_ALLOWANCE, Issuer, issuer_id
from provisioning.pki.entries import Entries, Entry, entries_of, joined, revoked
from wire.files import write_atomic

LIFE = timedelta(days=30)
RENEW_AFTER = timedelta(days=1)
ROOT_LIFE = timedelta(days=10 * 365)
"""The root is offline: nobody would renew its list each month."""


def make_crl(
    issuer: Issuer,
    entries: Entries,
    number: int,
    now: datetime,
    life: timedelta = LIFE,
) -> x509.CertificateRevocationList:
    """Return a list of the certificates that open no door any more."""
    public = issuer.key.public_key()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCK_ALLOWANCE)
        .next_update(now + life)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    for serial in sorted(entries):
        builder = builder.add_revoked_certificate(revoked(serial, entries[serial]))
    return builder.sign(issuer.key, hashes.SHA256())


def renew_root(
    layout: FleetLayout, root: Issuer, now: datetime, more: Entries | None = None
) -> None:
    """Write the root's list anew: the issuing CAs that it no longer stands by.

    Raises:
        ProvisioningError: the list that is there can't be read.
    """
    with _alone(layout):
        _extend(layout.root_crl, root, now, more or {}, ROOT_LIFE)
        join(layout)


def renew(layout: FleetLayout, issuing: Issuer, now: datetime, more: Entries | None = None) -> None:
    """Write the issuing CA's list anew: everything it held, and ``more``.

    Brokers take one file with both lists, so that is written too.

    Raises:
        ProvisioningError: the list that is there can't be read.
    """
    with _alone(layout):
        _extend(layout.issuing_crl, issuing, now, more or {}, LIFE)
        join(layout)


def join(layout: FleetLayout) -> None:
    """Write the file with all lists that are there, which brokers take."""
    lists = [path for path in (layout.issuing_crl, layout.root_crl) if path.exists()]
    write_atomic(layout.crl_chain, b"".join(path.read_bytes() for path in lists))


def renew_if_old(layout: FleetLayout, issuing: Issuer, now: datetime) -> bool:
    """Renew the list if it is a day old or its last update lies ahead; return whether it was.

    Raises:
        ProvisioningError: the list that is there can't be read.
    """
    if layout.issuing_crl.exists():
        age = now - files.read_crl(layout.issuing_crl).last_update_utc - CLOCK_ALLOWANCE
        if timedelta(0) <= age < RENEW_AFTER:
            return False
    renew(layout, issuing, now)
    return True


@dataclass(frozen=True, slots=True)
class Listed(Container[x509.Certificate]):
    """Who gets in nowhere: the certificates on a list, and all that it does not speak for.

    Attributes:
        serials: serial numbers on the list.
        issuer: identifier of the key that signed it. A certificate under another key has no list,
            so who asks can't know; so it is after the issuing CA itself was revoked.
    """

    serials: frozenset[int]
    issuer: bytes | None

    def __contains__(self, certificate: object) -> bool:
        """Say whether a certificate must be refused."""
        if not isinstance(certificate, x509.Certificate):
            return False
        return certificate.serial_number in self.serials or issuer_id(certificate) != self.issuer


class Revoked:
    """What the issuing CA's list says, read again when the file has changed."""

    def __init__(self, layout: FleetLayout) -> None:
        self._path = layout.issuing_crl
        self._seen: tuple[int, int] | None = None
        self._listed = Listed(frozenset(), None)

    def listed(self) -> Listed:
        """Return whom the list names.

        Raises:
            ProvisioningError: the list can't be read. Who asks must then refuse.
        """
        try:
            status = self._path.stat()
        except OSError as error:
            raise ProvisioningError(f"{self._path}: can't be read ({error.strerror})") from None
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            crl = files.read_crl(self._path)
            serials = frozenset(entry.serial_number for entry in crl)
            self._listed = Listed(serials, issuer_id(crl))
            self._seen = seen
        return self._listed


@contextmanager
def _alone(layout: FleetLayout) -> Iterator[None]:
    # Two revocations at once must not each write a list without the other's.
    with (layout.pki / ".crl.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _extend(path: Path, issuer: Issuer, now: datetime, more: Entries, life: timedelta) -> None:
    held, number = _current(path, issuer)
    crl = make_crl(issuer, joined(held, more), number + 1, now, life)
    write_atomic(path, crl.public_bytes(Encoding.PEM))


def _current(path: Path, issuer: Issuer) -> tuple[dict[int, Entry], int]:
    if not path.exists():
        return {}, 0
    crl = files.read_crl(path)
    if not crl.is_signature_valid(issuer.key.public_key()):
        raise ProvisioningError(
            f"{path}: not signed by {path.with_suffix('.crt')}; "
            "put the right file back, for it holds what was revoked"
        )
    number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return entries_of(crl), number
