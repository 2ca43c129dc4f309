"""What the fleet root does, once in years: a new issuing CA, or the end of one."""

from datetime import datetime

from cryptography import x509

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, certificates, crl, files, token
from provisioning.pki.certificates import Issuer
from provisioning.pki.entries import Entry
from provisioning.pki.files import Unlock


def load(layout: FleetLayout, unlock: Unlock, pin: token.Pin) -> Issuer:
    """Read the root, its key from a file or on a token.

    Raises:
        ProvisioningError: it is not there, its key can't be opened, or key and certificate don't
            belong together.
    """
    if layout.root_token.exists():
        where = token.place(layout.root_token.read_text("utf-8"))
        key = token.TokenKey(where, pin(where.token))
        return authority.paired(key, layout.root_certificate, layout.root_token)
    if not layout.root_key.exists():
        raise ProvisioningError(
            f"{layout.root_key} is not here: this is done where the offline keys are"
        )
    key_ = files.read_key(layout.root_key, unlock)
    return authority.paired(key_, layout.root_certificate, layout.root_key)


def renew_issuing(layout: FleetLayout, root: Issuer, now: datetime, unlock: Unlock) -> Issuer:
    """Make a new certificate for the issuing CA; return it.

    The key stays, so what it has signed is good under the new certificate as well, and its
    revocation list is the same. A revoked CA gets a new key and a new name, and begins with an
    empty list.

    Raises:
        ProvisioningError: the key can't be opened.
    """
    former = files.read_certificate(layout.issuing_certificate)
    if former.serial_number not in _revoked(layout):
        key = authority.load_issuing(layout, unlock).key
        name = certificates.common_name(former) or certificates.ISSUING_NAME
        issuing = certificates.make_issuing(root, key, now, name)
        authority.write_issuing(layout, issuing.certificate, root.certificate)
        return issuing
    lock = unlock(layout.issuing_key) if files.is_locked(layout.issuing_key) else None
    number = len({certificates.key_id(one) for one in _all_issuing(layout)}) + 1
    name = f"{certificates.ISSUING_NAME} {number}"
    issuing = certificates.make_issuing(root, files.new_key(), now, name)
    files.write_key(layout.issuing_key, issuing.key, lock)
    authority.write_issuing(layout, issuing.certificate, root.certificate)
    layout.issuing_crl.unlink(missing_ok=True)
    crl.renew(layout, issuing, now)
    return issuing


def revoke_issuing(layout: FleetLayout, root: Issuer, now: datetime) -> int:
    """Put every certificate of the issuing CA on the root's list; return how many are new on it.

    Raises:
        ProvisioningError: the root's list can't be read.
    """
    before = _revoked(layout)
    doomed = {one.serial_number: Entry(now) for one in _all_issuing(layout)}
    crl.renew_root(layout, root, now, doomed)
    return len(doomed.keys() - before)


def _all_issuing(layout: FleetLayout) -> list[x509.Certificate]:
    # A directory from before they were kept has the present one only.
    present = files.read_certificate(layout.issuing_certificate)
    return [*authority.issued(layout, authority.ISSUING), present]


def _revoked(layout: FleetLayout) -> set[int]:
    return {entry.serial_number for entry in files.read_crl(layout.root_crl)}
