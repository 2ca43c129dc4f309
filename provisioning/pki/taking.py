"""Taking another machine's papers into a fleet directory: all, or none when one is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, crl, files, keylist
from provisioning.pki.certificates import Issuer, issuer_id, key_id
from provisioning.pki.sets import Set, name_of, online
from wire import keys
from wire.down import open_key_list
from wire.errors import WireError
from wire.files import write_atomic


@dataclass(frozen=True, slots=True)
class _Papers:
    """A set, read and believed.

    Attributes:
        root: the fleet root.
        issuing: the issuing CA's certificate.
        root_list: what the root has revoked.
        opened: the keys that came with it, by name, as PEM without passphrase.
    """

    root: x509.Certificate
    issuing: x509.Certificate
    root_list: x509.CertificateRevocationList
    opened: Set


def take(
    layout: FleetLayout, content: Set, passphrase: Callable[[], bytes], now: datetime
) -> Issuer | None:
    """Check a set and put it into a fleet directory, its keys without passphrase.

    Args:
        layout: the fleet directory, empty or of the same fleet.
        content: the set.
        passphrase: gives the one of the set's keys, if it has keys.
        now: the time that a new revocation list begins at.

    Returns:
        The issuing CA, if its key is here.

    Raises:
        ProvisioningError: the set is another fleet's, or older than what is there, or its parts
            don't belong together; nothing was changed.
    """
    papers = _papers(layout, content, passphrase)
    _check_same_fleet(layout, papers)
    _check_key_list(layout, content, papers.opened)
    key = _issuing_key(layout, papers)
    came = _issuing_list(layout, content, papers.issuing) if key is None else None
    _put(layout, content, papers)
    held = layout.issuing_crl
    if held.exists() and issuer_id(files.read_crl(held)) != key_id(papers.issuing):
        held.unlink()
    if key is None:
        if came is not None:
            write_atomic(held, came)
        crl.join(layout)
        return None
    issuing = Issuer(key, papers.issuing)
    crl.renew(layout, issuing, now)
    return issuing


def begin(
    layout: FleetLayout, content: Set, passphrase: Callable[[], bytes], now: datetime
) -> Issuer:
    """Take a server's set into a new fleet directory; return the issuing CA.

    Raises:
        ProvisioningError: it is no server's set, or is refused as `take` says.
    """
    missing = [name_of(layout, p) for p in online(layout) if name_of(layout, p) not in content]
    issuing = None if missing else take(layout, content, passphrase, now)
    if issuing is None:
        raise ProvisioningError(
            f"the set has no {missing[0]}; where the offline keys are, make one by: "
            "hailong-provision ca export --server"
        )
    return issuing


def _papers(layout: FleetLayout, content: Set, passphrase: Callable[[], bytes]) -> _Papers:
    def of(path: Path) -> bytes:
        return content[name_of(layout, path)]

    try:
        root = x509.load_pem_x509_certificate(of(layout.root_certificate))
        issuing = x509.load_pem_x509_certificate(of(layout.issuing_certificate))
        root_list = x509.load_pem_x509_crl(of(layout.root_crl))
        root.verify_directly_issued_by(root)
        issuing.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        raise ProvisioningError("the set's certificates are not ones of the same fleet") from None
    if not _signed(root_list, root):
        raise ProvisioningError("the set's root.crl is not signed by its root")
    if root_list.get_revoked_certificate_by_serial_number(issuing.serial_number):
        raise ProvisioningError(
            "the set's issuing CA is revoked; where the root is, run first: "
            "hailong-provision ca renew"
        )
    names = [name_of(layout, path) for path in online(layout)]
    came = [name for name in names if name in content]
    opened = {name: files.opened(content[name], passphrase(), name) for name in came}
    return _Papers(root, issuing, root_list, opened)


def _check_same_fleet(layout: FleetLayout, papers: _Papers) -> None:
    if not layout.root_certificate.exists():
        return
    if files.read_certificate(layout.root_certificate) != papers.root:
        raise ProvisioningError(f"{layout.directory} is another fleet's; its root is another one")
    if layout.root_crl.exists() and _number(papers.root_list) < _number(
        files.read_crl(layout.root_crl)
    ):
        raise ProvisioningError("the set is older than what is here: its root.crl was replaced")


def _check_key_list(layout: FleetLayout, content: Set, opened: Set) -> None:
    """Make sure that the key list names the keys that will sign here, and is no older one."""
    signed = content[name_of(layout, layout.key_list)]
    fleet = content[name_of(layout, layout.fleet_public_key)].decode("ascii", "replace").strip()
    try:
        listed = open_key_list(signed, fleet)
        held = (
            open_key_list(layout.key_list.read_bytes(), fleet) if layout.key_list.exists() else None
        )
    except WireError as error:
        raise ProvisioningError(f"the set's key list can't be believed: {error}") from None
    if held and held.n > listed.n:
        raise ProvisioningError("the set is older than what is here: its key list was replaced")
    for use, path in (("receipt", layout.receipt_key), ("control", layout.control_key)):
        name = name_of(layout, path)
        if name not in opened and not path.exists():
            continue
        key = keys.load_private(opened[name]) if name in opened else keylist.load(path)
        if not any(one.use == use and one.x == keys.x_of(key) for one in listed.keys):
            raise ProvisioningError(
                f"the key list does not name this {use} key; export the set with --server"
            )


def _issuing_key(layout: FleetLayout, papers: _Papers) -> ec.EllipticCurvePrivateKey | None:
    came = papers.opened.get(name_of(layout, layout.issuing_key))
    if came is not None:
        key = load_pem_private_key(came, None)
    elif layout.issuing_key.exists():
        key = files.read_key(layout.issuing_key)
    else:
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError("the set's issuing key is not an elliptic curve key")
    if key.public_key() != papers.issuing.public_key():
        raise ProvisioningError(
            "the issuing CA has another key now; export the set with --server, which brings it"
        )
    return key


def _put(layout: FleetLayout, content: Set, papers: _Papers) -> None:
    for folder in (layout.pki, layout.keys):
        files.make_directory(folder, files.PRIVATE_DIRECTORY)
    for name, pem in papers.opened.items():
        files.write_pem(layout.directory / name, pem, None)
    for path in (layout.root_crl, layout.fleet_public_key, layout.key_list):
        write_atomic(path, content[name_of(layout, path)])
    authority.write_issuing(layout, papers.issuing, papers.root)
    files.write_certificates(layout.root_certificate, [papers.root])


def _issuing_list(layout: FleetLayout, content: Set, issuing: x509.Certificate) -> bytes | None:
    """Return the issuing CA's list, for who does not sign it; None if the one here is newer."""
    text = content.get(name_of(layout, layout.issuing_crl))
    if text is None:
        return None
    try:
        came = x509.load_pem_x509_crl(text)
    except ValueError:
        raise ProvisioningError("the set's issuing.crl is no revocation list") from None
    if not _signed(came, issuing):
        raise ProvisioningError("the set's issuing.crl is not signed by its issuing CA")
    held = files.read_crl(layout.issuing_crl) if layout.issuing_crl.exists() else None
    newer = held is None or issuer_id(held) != issuer_id(came) or _number(held) <= _number(came)
    return text if newer else None


def _signed(listed: x509.CertificateRevocationList, by: x509.Certificate) -> bool:
    key = by.public_key()
    return isinstance(key, ec.EllipticCurvePublicKey) and listed.is_signature_valid(key)


def _number(listed: x509.CertificateRevocationList) -> int:
    return listed.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
