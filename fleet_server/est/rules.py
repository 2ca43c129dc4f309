"""Who gets a certificate, as rules in the order in which they are checked.

First enrolment, by one-time token:
1. The token is this terminal's; it is not closed and has not expired. (401)
2. The body is a request for an Ed25519 key, signed by that key. (400)
3. The token is bound to no other key; the key is nobody else's and not revoked. (403)
4. The token is bound to the key. The certificate is entered in the registry, then handed out;
   for the same key the same one again, so that a power cut in between costs nothing.

Renewal, by the certificate in use:
1. TLS has verified the certificate; it is not on the revocation list; its key is enrolled for
   the terminal that it names, active, and not replaced by a newer one. (403)
2. and 3. as above; the key may be the same or a new one.
4. The token that it was enrolled with is closed, for the certificate has been seen in use.

Nobody gets more than `DAILY` certificates a day (429): who has stolen a card could else have them
made by the thousand, and each must be found when the terminal is revoked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from fleet_server.callout.decide import Client, Refused, decide
from fleet_server.est.bodies import Request, read_request
from fleet_server.est.errors import Refusal
from fleet_server.store import enrolment
from fleet_server.store.enrolment import Issued, Token
from provisioning.enrol import tokens
from provisioning.layout import FleetLayout
from provisioning.pki import authority, crl
from provisioning.pki.certificates import Issuer, common_name
from wire.ids import TERMINAL_ID

DAILY = 10
"""Certificates of one terminal within 24 hours. One in two years is what a terminal needs, a few on
a bad day; an answer that is lost each hour may well wait for the next day."""

# What is handed out again must still be of use for a while.
_WORTH_REPEATING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Office:
    """Who issues: the CA, where it keeps its files, and whom it has revoked."""

    layout: FleetLayout
    issuing: Issuer
    revoked: crl.Revoked


def enrol(
    office: Office, terminal: str, token: str, body: bytes, now: datetime
) -> x509.Certificate:
    """Return the certificate for a first enrolment.

    Raises:
        Refusal: the first rule that is not met.
    """
    held = _token(terminal, token, now)
    request = read_request(body, terminal)
    if held.bound_kid not in (None, request.kid):
        raise Refusal(403, f"this token has been used with another key; {_AGAIN}")
    _refuse_foreign(terminal, request)
    certificate = _repeat(office, request, now) or _issue(office, terminal, request, now)
    if not enrolment.enrol(held.id, terminal, _entry(request, certificate), _ms(now)):
        raise Refusal(403, f"this token has just been used with another key; {_AGAIN}")
    return certificate


def renew(office: Office, peer: x509.Certificate, body: bytes, now: datetime) -> x509.Certificate:
    """Return a new certificate for a terminal that has shown a good one.

    Raises:
        Refusal: the first rule that is not met.
    """
    terminal, kid = holder(office, peer, now)
    request = read_request(body, terminal)
    _refuse_foreign(terminal, request)
    certificate = _issue(office, terminal, request, now)
    if not enrolment.register(terminal, _entry(request, certificate), _ms(now), by=kid):
        raise Refusal(403, "this key was revoked or taken just now")
    enrolment.close_token(terminal, _ms(now), kid)
    return certificate


def _token(terminal: str, token: str, now: datetime) -> Token:
    # All are compared, so that the time taken tells nothing.
    held = enrolment.tokens_of(terminal) if TERMINAL_ID.fullmatch(terminal) else []
    found = [one for one in held if tokens.matches(token, one.sha256)]
    if not found:
        raise Refusal(401, "unknown terminal or token; is this its newest enrolment file?")
    if found[0].closed:
        raise Refusal(401, _CLOSED[found[0].closed])
    if found[0].expires_at <= _ms(now):
        raise Refusal(401, f"this token has expired; {_AGAIN}")
    return found[0]


def holder(office: Office, peer: x509.Certificate, now: datetime) -> tuple[str, str]:
    """Return terminal and key of a certificate that would be renewed.

    Raises:
        Refusal: the first rule of renewal that is not met.
    """
    name = common_name(peer) or ""
    client = Client(client_id=name, speaks_mqtt=True, certificate=peer)
    verdict = decide(client, enrolment.find_key, office.revoked.listed(), now)
    if isinstance(verdict, Refused):
        raise Refusal(403, verdict.reason)
    if verdict.kid is None:
        raise Refusal(403, "only terminals are served here")
    return name, verdict.kid


def _refuse_foreign(terminal: str, request: Request) -> None:
    key = enrolment.find_key(request.kid)
    if key is not None and (key.terminal != terminal or not key.active or key.replaced):
        raise Refusal(403, "this key is another terminal's, revoked or replaced; make a new one")


def _repeat(office: Office, request: Request, now: datetime) -> x509.Certificate | None:
    key = enrolment.find_key(request.kid)
    if key is None:
        return None
    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    fresh = certificate.not_valid_after_utc > now + _WORTH_REPEATING
    return certificate if fresh and certificate not in office.revoked.listed() else None


def _issue(office: Office, terminal: str, request: Request, now: datetime) -> x509.Certificate:
    if authority.issued_since(office.layout, terminal, now - timedelta(days=1)) >= DAILY:
        raise Refusal(429, _TOO_MANY)
    return authority.issue_terminal(office.layout, office.issuing, request.key, terminal, now)


def _entry(request: Request, certificate: x509.Certificate) -> Issued:
    return Issued(
        kid=request.kid,
        x=request.x,
        certificate_pem=certificate.public_bytes(Encoding.PEM).decode(),
        serial=str(certificate.serial_number),
        not_after=_ms(certificate.not_valid_after_utc),
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


_TOO_MANY = (
    f"this terminal got {DAILY} certificates within a day; it may ask again tomorrow. "
    "If that was not you, somebody else has its key: hailong-fleet terminal revoke"
)
_AGAIN = "for a new enrolment file: hailong-fleet terminal add --again"

# Said only to who has the token, so it helps nobody who guesses.
_CLOSED: dict[enrolment.Closed, str] = {
    "retired": "this terminal was taken out of use, which closed its token",
    "replaced": "a newer enrolment file has replaced this one and closed its token; use the newest",
    "used": f"this token has done its work and is closed; {_AGAIN}",
    "revoked": f"this terminal was revoked, which closed its token; {_AGAIN}",
}
