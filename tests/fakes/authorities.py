"""What the two people of the ceremony do when a server was broken into."""

from fleet_server import clock
from provisioning.layout import FleetLayout
from provisioning.pki import authority, root


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
