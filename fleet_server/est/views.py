"""The addresses of EST below ``/.well-known/est`` (RFC 7030 section 3.2.2)."""

import base64
from collections.abc import Sequence

import structlog
from cryptography import x509
from flask import Blueprint, Response, request

from fleet_server import clock
from fleet_server.core.callers import caller
from fleet_server.est import bodies, rules
from fleet_server.est.errors import Refusal
from fleet_server.est.peer import office, peer
from provisioning.pki import files

blueprint = Blueprint("est", __name__, url_prefix="/.well-known/est")
log = structlog.get_logger("est")


@blueprint.get("/cacerts")
def cacerts() -> Response:
    """Return fleet root and issuing CA."""
    layout = office().layout
    root = files.read_certificate(layout.root_certificate)
    return _certificates([office().issuing.certificate, root])


@blueprint.get("/csrattrs")
def csrattrs() -> Response:
    """Say that the key must be an Ed25519 key."""
    return _base64(base64.encodebytes(bodies.WANTED_KEY), "application/csrattrs")


@blueprint.post("/simpleenroll")
def simpleenroll() -> Response:
    """Give a terminal its first certificate for its one-time token."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username or not given.password:
        raise Refusal(401, "please give terminal id and token (HTTP Basic)")
    terminal = given.username
    certificate = rules.enrol(office(), terminal, given.password, _body(), clock.now())
    log.info("issued", terminal=terminal, serial=f"{certificate.serial_number:x}")
    return _certificates([certificate])


@blueprint.post("/simplereenroll")
def simplereenroll() -> Response:
    """Give a terminal a new certificate for the one it shows."""
    shown = peer()
    if shown is None:
        raise Refusal(401, "please show the terminal's certificate in the TLS handshake")
    certificate = rules.renew(office(), shown, _body(), clock.now())
    log.info("renewed", serial=f"{certificate.serial_number:x}")
    return _certificates([certificate])


def caller_key() -> str:
    """Return from where somebody asks; terminals come without a proxy."""
    return caller(request.remote_addr or "")


def attempt_key() -> str:
    """Return who is asking, for the limit on failed attempts."""
    given = request.authorization
    name = given.username if given is not None and given.type == "basic" else None
    return f"{caller_key()} {(name or '')[:40]}"


def _body() -> bytes:
    if request.mimetype != "application/pkcs10":
        raise Refusal(415, "the body must be application/pkcs10")
    return request.get_data()


def _certificates(certificates: Sequence[x509.Certificate]) -> Response:
    return _base64(bodies.certs_only(certificates), "application/pkcs7-mime; smime-type=certs-only")


def _base64(body: bytes, content_type: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Content-Transfer-Encoding"] = "base64"
    return response
