"""Who issues here, and who asks: what every address of this process needs."""

import ssl
from typing import cast

from cryptography import x509
from flask import Flask, current_app, request

from fleet_server.est import rules

EXTENSION = "hailong-est"


def office_of(app: Flask) -> rules.Office:
    """Return who issues in an application."""
    return cast(rules.Office, app.extensions[EXTENSION])


def office() -> rules.Office:
    """Return who issues."""
    return office_of(current_app)


def peer() -> x509.Certificate | None:
    """Return the certificate that the caller has shown, which TLS has verified."""
    # gunicorn leaves the connection here.
    connection = request.environ.get("gunicorn.socket")
    der = connection.getpeercert(True) if isinstance(connection, ssl.SSLSocket) else None
    return x509.load_der_x509_certificate(der) if der else None
