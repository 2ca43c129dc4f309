"""What keeps a terminal from a server: words that enrolment and the network check share. Pure."""

from __future__ import annotations

from typing import Literal

Distrust = Literal["wrong_name", "wrong_ca", "wrong_time"]
"""What is wrong with the certificate of who answers."""

Barrier = Literal[Distrust, "unknown_name", "no_answer", "no_proxy", "not_let_in"]

_X509_V_ERR: dict[int, Distrust] = {
    9: "wrong_time",  # not yet valid
    10: "wrong_time",  # expired
    62: "wrong_name",  # of the host
    64: "wrong_name",  # of the address
}


def distrust(verify_code: int) -> Distrust:
    """Return why a certificate is not trusted, by OpenSSL's code for it."""
    return _X509_V_ERR.get(verify_code, "wrong_ca")
