"""The certificates of a fleet (profile of RFC 5280): built here, and only here.

Pure: keys and time come in as arguments, nothing is read or written.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.errors import ProvisioningError

ROOT_LIFE = timedelta(days=25 * 365)
ISSUING_LIFE = timedelta(days=12 * 365)
SERVER_LIFE = timedelta(days=825)
CLIENT_LIFE = timedelta(days=2 * 365)
ISSUING_NAME = "Hailong issuing CA"
UPDATE_LIFE = timedelta(days=10 * 365)
SERVICE_UNIT = "fleet-service"
"""Organisational unit in the certificates of the fleet's own services."""
NODE = "Hailong broker node"
"""Common name of the nodes of a broker that is a cluster; no terminal can have such a name."""

# Two machines' clocks are never equal; without this a new certificate is "not yet valid".
CLOCK_ALLOWANCE = timedelta(hours=1)

SubjectKey = ec.EllipticCurvePublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Issuer:
    """A certificate authority: its key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make_root(key: ec.EllipticCurvePrivateKey, fleet: str, now: datetime) -> Issuer:
    """Return a self-signed fleet root."""
    subject = _subject("Hailong fleet root", organisation=fleet)
    builder = _builder(subject, subject, key.public_key(), now, ROOT_LIFE)
    builder = _as_authority(builder, path_length=1)
    certificate = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
    ).sign(key, hashes.SHA256())
    return Issuer(key, certificate)


def make_issuing(
    root: Issuer, key: ec.EllipticCurvePrivateKey, now: datetime, name: str = ISSUING_NAME
) -> Issuer:
    """Return the issuing CA, which may sign end certificates and nothing below them.

    A CA with another key needs another name: by name and key a revocation list is found.
    """
    organisation = _only(root.certificate.subject, NameOID.ORGANIZATION_NAME)
    subject = _subject(name, organisation=organisation)
    builder = _builder(subject, root.certificate.subject, key.public_key(), now, ISSUING_LIFE)
    builder = _as_authority(builder, path_length=0)
    # Nothing below it is believed for anything else, above all not for signing bundles.
    purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
    builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Issuer(key, _sign(builder, root))


def issue_server(
    issuer: Issuer, key: ec.EllipticCurvePublicKey, names: Iterable[str], now: datetime
) -> x509.Certificate:
    """Return a certificate for TLS servers under these host names and addresses.

    Raises:
        ProvisioningError: there are none, or one is neither.
    """
    alternative = x509.SubjectAlternativeName(server_names(names))
    subject = _subject("Hailong fleet server")
    builder = _builder(subject, issuer.certificate.subject, key, now, SERVER_LIFE)
    builder = _as_end(builder, ExtendedKeyUsageOID.SERVER_AUTH)
    return _sign(builder.add_extension(alternative, critical=False), issuer)


def issue_node(
    issuer: Issuer, key: ec.EllipticCurvePublicKey, names: Iterable[str], now: datetime
) -> x509.Certificate:
    """Return a certificate for one node of a cluster: a server, and to other nodes a client.

    Raises:
        ProvisioningError: there are no names, or one is neither host name nor address.
    """
    alternative = x509.SubjectAlternativeName(server_names(names))
    subject = _subject(NODE, unit=SERVICE_UNIT)
    builder = _builder(subject, issuer.certificate.subject, key, now, SERVER_LIFE)
    builder = _as_end(builder, ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
    return _sign(builder.add_extension(alternative, critical=False), issuer)


def server_names(names: Iterable[str]) -> list[x509.GeneralName]:
    """Return host names and addresses as a certificate holds them, each once.

    Raises:
        ProvisioningError: there are none, or one is neither.
    """
    found = [_general_name(name) for name in dict.fromkeys(names)]
    if not found:
        raise ProvisioningError("a server certificate needs at least one host name or address")
    return found


def names(certificate: x509.Certificate) -> list[str]:
    """Return the host names and addresses that a server's certificate is for."""
    held = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(one.value) for one in held]


def issue_terminal(
    issuer: Issuer, key: Ed25519PublicKey, terminal: str, now: datetime
) -> x509.Certificate:
    """Return a terminal's client certificate; its common name is the terminal id."""
    builder = _builder(_subject(terminal), issuer.certificate.subject, key, now, CLIENT_LIFE)
    return _sign(_as_end(builder, ExtendedKeyUsageOID.CLIENT_AUTH), issuer)


def issue_service(
    issuer: Issuer, key: ec.EllipticCurvePublicKey, name: str, now: datetime
) -> x509.Certificate:
    """Return the client certificate of one of the fleet's own services."""
    subject = _subject(name, unit=SERVICE_UNIT)
    builder = _builder(subject, issuer.certificate.subject, key, now, CLIENT_LIFE)
    return _sign(_as_end(builder, ExtendedKeyUsageOID.CLIENT_AUTH), issuer)


def key_id(certificate: x509.Certificate) -> bytes:
    """Return the identifier of an authority's key (RFC 5280 section 4.2.1.2)."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return found.value.digest


def issuer_id(signed: x509.Certificate | x509.CertificateRevocationList) -> bytes | None:
    """Return the identifier of the key that is said to have signed this (section 4.2.1.1)."""
    try:
        found = signed.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound:
        return None
    return found.value.key_identifier


def issue_update(root: Issuer, key: ec.EllipticCurvePublicKey, now: datetime) -> x509.Certificate:
    """Return the certificate by which terminals believe a bundle.

    By the root itself: the issuing CA works online, and who gets hold of it must not get to bring
    terminals other software.
    """
    organisation = _only(root.certificate.subject, NameOID.ORGANIZATION_NAME)
    subject = _subject("Hailong updates", organisation=organisation)
    builder = _builder(subject, root.certificate.subject, key, now, UPDATE_LIFE)
    return _sign(_as_end(builder, ExtendedKeyUsageOID.CODE_SIGNING), root)


def common_name(certificate: x509.Certificate) -> str | None:
    """Return the common name, or None unless there is exactly one."""
    return _only(certificate.subject, NameOID.COMMON_NAME)


def organisational_unit(certificate: x509.Certificate) -> str | None:
    """Return the organisational unit, or None unless there is exactly one."""
    return _only(certificate.subject, NameOID.ORGANIZATIONAL_UNIT_NAME)


def _only(name: x509.Name, oid: x509.ObjectIdentifier) -> str | None:
    values = [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]
    return values[0] if len(values) == 1 else None


def _subject(common: str, organisation: str | None = None, unit: str | None = None) -> x509.Name:
    # X.520 allows 64 characters in each of these.
    parts = [
        (NameOID.ORGANIZATION_NAME, organisation and organisation[:64]),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, common),
    ]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: SubjectKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_ALLOWANCE)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _as_authority(builder: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    return builder.add_extension(
        x509.BasicConstraints(ca=True, path_length=path_length), critical=True
    ).add_extension(_usage(authority=True), critical=True)


def _as_end(
    builder: x509.CertificateBuilder, *purposes: x509.ObjectIdentifier
) -> x509.CertificateBuilder:
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _sign(builder: x509.CertificateBuilder, issuer: Issuer) -> x509.Certificate:
    identifier = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value),
        critical=False,
    ).sign(issuer.key, hashes.SHA256())


def _general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        pass
    if not 0 < len(text) <= 253 or not all(_is_label(label) for label in text.split(".")):
        raise ProvisioningError(f"{text!r} is neither a host name nor an address")
    return x509.DNSName(text)


def _is_label(label: str) -> bool:
    plain = label.replace("-", "").isascii() and label.replace("-", "").isalnum()
    return plain and len(label) <= 63 and label[0] != "-" and label[-1] != "-"
