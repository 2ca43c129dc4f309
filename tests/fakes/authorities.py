"""What authorities do in tests: certify a terminal, end after a server was broken into."""

from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fleet_server import clock
from provisioning.layout import FleetLayout
from provisioning.pki import authority, files, root


def terminal_certificate(layout: FleetLayout, name: str, at: datetime) -> Path:
    """The certificate of a new terminal, in a file of the fleet directory."""
    key = Ed25519PrivateKey.generate().public_key()
    issued = authority.issue_terminal(layout, authority.load_issuing(layout), key, name, at)
    path = layout.directory / f"{name}.crt"
    files.write_certificates(path, [issued])
    return path


def end_the_issuing_ca(layout: FleetLayout) -> None:
    """Revoke the issuing CA of a fleet directory that has its root, and let another begin."""
    held = root.load(layout, _none, _none)
    now = clock.now()
    assert root.revoke_issuing(layout, held, now)
    issuing = root.renew_issuing(layout, held, now, _none)
    authority.write_server(layout, issuing, ["localhost", "127.0.0.1", "::1"], now)
    authority.write_service(layout, issuing, "fleet-ingest", now)


def _none(_what: object) -> bytes:
    raise AssertionError("a fleet that was made at once has no passphrase")
