"""A fleet directory as ``hailong-fleet init`` makes it, and terminals that belong to it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from joserfc.jwk import OKPKey

from device.identity.files import IdentityFiles
from fleet_server import clock, settings
from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database, enrolment
from fleet_server.store.edits import terminals
from provisioning.pki import authority
from tests.fakes import databases, tickets
from tests.fakes.ports import free_ports
from wire import keys

CONTACT_SECRET, DRAW_SECRET = "6b" * 32, "6c" * 32
"""Of every fleet made here, so that a database can be filled before its fleet is opened."""


@dataclass(frozen=True)
class Identity:
    """A client's certificate, key and name."""

    name: str
    certificate: Path
    key: Path


def new_fleet(directory: Path, kind: str = "nats", more: str = "", also: str = "") -> Settings:
    """Make a fleet on free loopback ports, with ``more`` at the end of its settings.

    ``also`` is another name or address by which terminals reach it.
    """
    web, est, mqtt, client = (str(port) for port in free_ports(4))
    words = ["init", "--dir", str(directory), "--broker", kind, "--name", "Test fleet"]
    words += ["--database", databases.for_init(directory)]
    words += ["--web-port", web, "--est-port", est, "--mqtt-port", mqtt, "--client-port", client]
    words += ["--also", also] if also else []
    with databases.copied_by_init():
        assert main(words) == 0
    (directory / "secrets" / "contacts.secret").write_text(CONTACT_SECRET)
    (directory / "draw.secret").write_text(DRAW_SECRET)
    with (directory / "fleet.toml").open("a", encoding="utf-8") as file:
        file.write(more)
    fleet = settings.load(directory / "fleet.toml")
    tickets.let_know(fleet)
    return fleet


def new_counter(fleet: Settings, code: str = "Q1", unit: str = "U1") -> None:
    """Add a counter, and its unit where there is none."""
    config = ["--config", str(fleet.path)]
    main(["unit", "add", "--code", unit, "--name", f"Unit {unit}", *config])
    main(["counter", "add", "--code", code, "--name", f"Counter {code}", "--unit", unit, *config])


def ingest_identity(fleet: Settings) -> Identity:
    """Return the certificate that ingest connects with."""
    layout = fleet.layout
    name = "fleet-ingest"
    return Identity(name, layout.service_certificate(name), layout.service_key(name))


def enrolled(fleet: Settings, terminal: str, counter: str = "Q1") -> Identity:
    """Put a terminal with a new key into the registry, without the way through EST."""
    database.open_database(fleet.database.url)
    terminals.add(terminal, counter, None, "", clock.now_ms(), "server")
    key = keys.generate()
    identity = identity_for(fleet, terminal, key)
    certificate = x509.load_pem_x509_certificate(identity.certificate.read_bytes())
    issued = enrolment.Issued(
        kid=keys.kid_of(key),
        x=keys.x_of(key),
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        serial=str(certificate.serial_number),
        not_after=int(certificate.not_valid_after_utc.timestamp() * 1000),
    )
    assert enrolment.register(terminal, issued, clock.now_ms())
    database.close()
    return identity


def identity_for(fleet: Settings, name: str, key: OKPKey) -> Identity:
    """Return a certificate under the fleet's CA for any name, not entered in the registry."""
    issuing = authority.load_issuing(fleet.layout)
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)
    certificate = authority.issue_terminal(
        fleet.layout, issuing, private.public_key(), name, clock.now()
    )
    directory = fleet.layout.directory / "terminals"
    directory.mkdir(exist_ok=True)
    stem = f"{name}-{keys.kid_of(key)[:8]}"
    paths = Identity(name, directory / f"{stem}.crt", directory / f"{stem}.key")
    paths.certificate.write_bytes(certificate.public_bytes(Encoding.PEM))
    paths.key.write_bytes(keys.dump_private(key))
    return paths


def shorten(fleet: Settings, terminal: str, files: IdentityFiles, left: timedelta) -> None:
    """Put a certificate of 90 days in the place of a terminal's own, with so much ``left``."""
    issuing = authority.load_issuing(fleet.layout)
    ends = clock.now() + left
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.key.public_key())
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, terminal)]))
        .issuer_name(issuing.certificate.subject)
        .public_key(files.load_or_make_key().public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(by, critical=False)
        .sign(issuing.key, SHA256())
    )
    chain = built.public_bytes(Encoding.PEM) + issuing.certificate.public_bytes(Encoding.PEM)
    files.write_certificate(chain)
