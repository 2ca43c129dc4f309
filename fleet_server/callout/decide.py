"""Who may connect to the broker, as rules in the order in which they are checked.

1. The client speaks MQTT and showed a certificate that the server found to be under our root.
2. Its client id is the certificate's common name, to the letter.
3. The revocation list speaks for the certificate and does not name it; it has not expired.
4. A certificate of the fleet's own services gives the rights of ingest.
5. Any other is a terminal's: the key must be enrolled for just this terminal, be active, and not
   be replaced by a newer one: a key is changed so that the old one opens no door any more.

Pure: the registry, the list and the time come in as arguments.
"""

from collections.abc import Callable, Container
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fleet_server.store.enrolment import EnrolledKey
from provisioning.broker.rules import SERVICES, Rules, for_ingest, for_terminal
from provisioning.pki.certificates import SERVICE_UNIT, common_name, organisational_unit
from wire.ids import TERMINAL_ID
from wire.keys import kid_of, public_from_bytes


@dataclass(frozen=True, slots=True)
class Client:
    """Who is at the door, as the broker describes it."""

    client_id: str
    speaks_mqtt: bool
    certificate: x509.Certificate | None


@dataclass(frozen=True, slots=True)
class Admitted:
    """The client may connect.

    Attributes:
        kid: the terminal's key; None for a service of the fleet.
        until: when its certificate ends, and with it the connection.
    """

    name: str
    rules: Rules
    until: datetime
    kid: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The client may not connect, and why."""

    reason: str


FindKey = Callable[[str], EnrolledKey | None]


def decide(
    client: Client, find_key: FindKey, revoked: Container[x509.Certificate], now: datetime
) -> Admitted | Refused:
    """Apply the rules above to one client."""
    certificate = client.certificate
    if not client.speaks_mqtt or certificate is None:
        return Refused("no client certificate")
    name = common_name(certificate)
    if not name or client.client_id != name:
        return Refused("the client id is not the name in the certificate")
    if certificate in revoked or certificate.not_valid_after_utc <= now:
        return Refused("the certificate is on the revocation list or has expired")
    until = certificate.not_valid_after_utc
    if name in SERVICES and organisational_unit(certificate) == SERVICE_UNIT:
        return Admitted(name, for_ingest(), until, kid=None)
    return _terminal(name, certificate, find_key)


def kid_in(certificate: x509.Certificate) -> str | None:
    """Return the thumbprint of the key that a terminal's certificate is for; None for another's."""
    public = certificate.public_key()
    if not isinstance(public, Ed25519PublicKey):
        return None
    return kid_of(public_from_bytes(public.public_bytes_raw()))


def _terminal(name: str, certificate: x509.Certificate, find_key: FindKey) -> Admitted | Refused:
    kid = kid_in(certificate)
    if not TERMINAL_ID.fullmatch(name) or kid is None:
        return Refused("not a terminal's certificate")
    key = find_key(kid)
    if key is None or key.terminal != name:
        return Refused("the key is not enrolled for this terminal")
    if not key.active:
        return Refused("the key is revoked or the terminal retired")
    if key.replaced:
        return Refused("the key was replaced by a newer one")
    return Admitted(name, for_terminal(name), certificate.not_valid_after_utc, kid)
