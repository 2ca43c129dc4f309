"""The client side of EST (RFC 7030), on the standard library's HTTP and TLS."""

from __future__ import annotations

import base64
import binascii
import errno
import http.client
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import pkcs7

from device.core.reaching import distrust
from device.errors import DeviceError
from device.proxy import HttpsThroughProxy, ProxyError

if TYPE_CHECKING:
    from cryptography import x509

    from device.core.joining import Stage

_PATH = "/.well-known/est/"
_MAX_BODY = 65536
_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


class EstError(DeviceError):
    """The enrolment server did not give a certificate; the text says why and what to do.

    Attributes:
        temporary: True when the same may work later.
        status: HTTP status, if there was an answer.
        stage: What of the way into the fleet does not work.
    """

    def __init__(
        self,
        message: str,
        stage: Stage = "failed",
        *,
        temporary: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.status = status
        self.stage: Stage = stage


@dataclass(frozen=True, slots=True)
class EstServer:
    """An enrolment server.

    Attributes:
        url: ``https://host:port``.
        context: Trusts the fleet root alone; has the own certificate for re-enrolment.
        proxy: ``http://host:port`` to go through, None for none.
        timeout_s: For each step of the exchange.
    """

    url: str
    context: ssl.SSLContext
    proxy: str | None = None
    timeout_s: float = 15.0

    def cacerts(self) -> list[x509.Certificate]:
        """Return the server's CA certificates (RFC 7030 section 4.1).

        Raises:
            EstError: There is no usable answer.
        """
        return self._exchange("GET", "cacerts", None, {})

    def simple_enrol(self, request: bytes, terminal: str, token: str) -> list[x509.Certificate]:
        """Ask for the first certificate (section 4.2.1), with the one-time token.

        Raises:
            EstError: It is refused, or the server cannot be reached.
        """
        basic = base64.b64encode(f"{terminal}:{token}".encode()).decode("ascii")
        return self._exchange("POST", "simpleenroll", request, {"Authorization": f"Basic {basic}"})

    def simple_reenrol(self, request: bytes) -> list[x509.Certificate]:
        """Ask for a later certificate (section 4.2.2), by the present one.

        Raises:
            EstError: It is refused, or the server cannot be reached.
        """
        return self._exchange("POST", "simplereenroll", request, {})

    def _exchange(
        self, method: str, operation: str, request: bytes | None, headers: dict[str, str]
    ) -> list[x509.Certificate]:
        body = None
        if request is not None:
            body = base64.encodebytes(request)
            headers = {
                **headers,
                "Content-Type": "application/pkcs10",
                "Content-Transfer-Encoding": "base64",
            }
        status, answer = self._talk(method, _PATH + operation, body, headers)
        if status != http.HTTPStatus.OK:
            raise _refusal(status, answer)
        return _certificates(answer)

    def _talk(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        connection = HttpsThroughProxy(self.url, self.context, self.timeout_s, self.proxy)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read(_MAX_BODY + 1)
        except ssl.SSLCertVerificationError as error:
            raise EstError(
                f"{self.url}: is not this fleet's enrolment server: {error.verify_message};"
                " check est_url and fleet_root_pem in the enrolment file",
                distrust(error.verify_code),
            ) from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise EstError(
                f"{self.url}: cannot be reached: {reason}; is hailong-fleet est running there, "
                "and est_url in the enrolment file right?",
                unreachable(error),
                temporary=True,
            ) from None
        finally:
            connection.close()


def unreachable(error: Exception) -> Stage:
    """Return what does not work when a connection fails with ``error``."""
    if isinstance(error, ProxyError):
        return "no_proxy"
    if isinstance(error, socket.gaierror):
        return "unknown_name"
    number = error.errno if isinstance(error, OSError) else None
    return "no_network" if number in _NO_NETWORK else "no_answer"


def _refusal(status: int, answer: bytes) -> EstError:
    temporary = status >= 500 or status in (202, 408, 429)
    advice = "try again later" if temporary else _ADVICE.get(status, "")
    words = answer[:300].decode("utf-8", "replace").strip()
    said = words if words.isprintable() and "<" not in words else ""
    parts = [f"the enrolment server answered with status {status}", said, advice]
    stage: Stage = "busy" if temporary else _STAGES.get(status, "failed")
    told = "; ".join(part for part in parts if part)
    return EstError(told, stage, temporary=temporary, status=status)


_STAGES: dict[int, Stage] = {401: "token_refused", 403: "not_let_in"}


_ADVICE = {
    400: "are terminal and server of the same version?",
    401: "the token is wrong, used up or expired: ask for a new enrolment file",
    403: "this terminal is retired, its key was revoked, or the token was used with another key:"
    " ask for a new enrolment file",
    404: "is est_url in the enrolment file right?",
}


def _certificates(body: bytes) -> list[x509.Certificate]:
    if len(body) > _MAX_BODY:
        raise EstError(f"the enrolment server's answer is longer than {_MAX_BODY} bytes")
    try:
        der = base64.b64decode(b"".join(body.split()), validate=True)
        return pkcs7.load_der_pkcs7_certificates(der)
    except (binascii.Error, ValueError, TypeError):
        raise EstError("the enrolment server's answer holds no certificates") from None
    except Exception as error:
        raise EstError(
            f"the enrolment server's answer cannot be read ({type(error).__name__})"
        ) from None
