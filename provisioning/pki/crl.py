"""Revocation lists (RFC 5280 section 5): what an authority has signed and no longer stands by."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import files
from provisioning.pki.certificates import CLOCK_ALLOWANCE, Issuer
from wire.files import write_atomic

LIFE = timedelta(days=30)
RENEW_AFTER = timedelta(days=1)
ROOT_LIFE = timedelta(days=10 * 365)
"""The root is offline: nobody would renew its list each month."""


def make_crl(
    issuer: Issuer,
    revoked: Mapping[int, datetime],
    number: int,
    now: datetime,
    life: timedelta = LIFE,
) -> x509.CertificateRevocationList:
    """Return a list of serial numbers and the times from which they don't count."""
    public = issuer.key.public_key()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - CLOCK_ALLOWANCE)
        .next_update(now + life)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
    )
    for serial, at in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(issuer.key, hashes.SHA256())


def write_root_crl(layout: FleetLayout, root: Issuer, now: datetime) -> None:
    """Write the root's list, which is empty: the issuing CA is its only certificate."""
    crl = make_crl(root, {}, 1, now, ROOT_LIFE)
    write_atomic(layout.root_crl, crl.public_bytes(Encoding.PEM))


def renew(
    layout: FleetLayout, issuing: Issuer, now: datetime, more: Mapping[int, datetime] | None = None
) -> None:
    """Write the issuing CA's list anew: everything it held, and ``more``.

    Brokers take one file with both lists, so that is written too.

    Raises:
        ProvisioningError: the list that is there can't be read.
    """
    with _alone(layout):
        held, number = _current(layout, issuing)
        crl = make_crl(issuing, {**(more or {}), **held}, number + 1, now)
        text = crl.public_bytes(Encoding.PEM)
        write_atomic(layout.issuing_crl, text)
        write_atomic(layout.crl_chain, text + layout.root_crl.read_bytes())


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


class Revoked:
    """The serial numbers on the issuing CA's list, read again when the file has changed."""

    def __init__(self, layout: FleetLayout) -> None:
        self._path = layout.issuing_crl
        self._seen: tuple[int, int] | None = None
        self._serials: frozenset[int] = frozenset()

    def serials(self) -> frozenset[int]:
        """Return the numbers.

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
            self._serials = frozenset(entry.serial_number for entry in crl)
            self._seen = seen
        return self._serials


@contextmanager
def _alone(layout: FleetLayout) -> Iterator[None]:
    # Two revocations at once must not each write a list without the other's.
    with (layout.pki / ".crl.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _current(layout: FleetLayout, issuing: Issuer) -> tuple[dict[int, datetime], int]:
    if not layout.issuing_crl.exists():
        return {}, 0
    crl = files.read_crl(layout.issuing_crl)
    if not crl.is_signature_valid(issuing.key.public_key()):
        raise ProvisioningError(
            f"{layout.issuing_crl}: not signed by {layout.issuing_certificate}; "
            "put the right file back, for it holds what was revoked"
        )
    number = crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return {entry.serial_number: entry.revocation_date_utc for entry in crl}, number
