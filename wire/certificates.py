"""A field for one X.509 certificate in PEM form."""

import re
from typing import Any

from cryptography import x509

from wire.errors import WireError
from wire.fields import Field

_PEM = re.compile(
    r"-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n?", re.ASCII
)


def certificate() -> Field:
    """Return a field for one certificate, without a text around it."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not _PEM.fullmatch(value):
            raise WireError("is not one certificate in PEM form")
        try:
            x509.load_pem_x509_certificate(value.encode())
        except ValueError:
            raise WireError("is no certificate; a part of it was lost or changed") from None
        return value

    return Field(read, read)
