"""TLS contexts: the fleet root is the only trust anchor, for EST and for MQTT."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from device.errors import DeviceError

if TYPE_CHECKING:
    from pathlib import Path

NO_CHECK_TIME = 0x200000
"""OpenSSL's ``X509_V_FLAG_NO_CHECK_TIME``, which Python does not name."""


def client_context(
    root_pem: str,
    certificate: Path | None = None,
    key: Path | None = None,
    *,
    check_time: bool = True,
) -> ssl.SSLContext:
    """Return a context that trusts servers under ``root_pem`` alone, and checks their name.

    Args:
        root_pem: Certificate of the fleet root.
        certificate: Own certificate with its chain, for mutual TLS.
        key: Own private key.
        check_time: False while the terminal does not know the time: a clock in 1970 must not keep
            it from the server. Chain, name and signature are checked all the same.

    Raises:
        DeviceError: A file cannot be used; the text says which.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=root_pem)
    except (ssl.SSLError, ValueError):
        raise DeviceError("the fleet root's certificate cannot be read; enrol again") from None
    if not check_time:
        context.verify_flags |= ssl.VerifyFlags(NO_CHECK_TIME)
    if certificate is not None:
        try:
            context.load_cert_chain(certificate, key)
        except (ssl.SSLError, OSError):
            raise DeviceError(
                f"{certificate}: certificate and key cannot be used together; enrol again"
            ) from None
    return context
