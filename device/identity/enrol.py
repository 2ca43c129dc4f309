"""Enrolling: from the enrolment file to a certificate; and renewing it in time.

A power cut may come at any step, and any step may be repeated: the key is stored before it is
used, the fleet's facts before the token is, and the server gives the same token and key the
certificate again until the first mutual-TLS connection.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.errors import DeviceError, UsageError
from device.identity import certificate
from device.identity.certificate import CertificateError
from device.identity.est import EstError, EstServer
from device.identity.files import proxy_of
from device.identity.tls import client_context
from wire.enrolment import MAX_FILE, EnrolmentFile, dump_toml, load_toml
from wire.errors import WireError
from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography import x509
    from joserfc.jwk import OKPKey

    from device.core.joining import Stage
    from device.identity.files import Fleet, IdentityFiles
    from device.ports import Clock

log = logging.getLogger(__name__)


class NoTokenError(UsageError):
    """There is no token that could still enrol.

    Attributes:
        stage: Whether there is none, or none any more.
    """

    def __init__(self, message: str, stage: Stage = "no_token") -> None:
        super().__init__(message)
        self.stage: Stage = stage


def read_enrolment(path: Path, terminal: str) -> EnrolmentFile:
    """Read and check an enrolment file.

    Raises:
        UsageError: It cannot be read, is wrong, or is for another terminal.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE + 1)
        enrolment = load_toml(content.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: is not UTF-8 text") from None
    except WireError as error:
        raise UsageError(f"{path}: {error}") from None
    if enrolment.terminal != terminal:
        raise UsageError(
            f"{path}: is for terminal {enrolment.terminal}, but this is {terminal};"
            " use the right file, or correct terminal.id in terminal.toml"
        )
    return enrolment


def enrol(files: IdentityFiles, path: Path, terminal: str, clock: Clock) -> bool:
    """Get this terminal its certificate; return False if it keeps the one it had.

    An enrolment file with a token is a wish to be asked for, also where there is a certificate:
    the server may have been put back to a time when it did not know this key. Where it can't be
    asked, a certificate that is of use stays.

    Raises:
        UsageError: The enrolment file is wrong.
        EstError: The server refuses or cannot be reached.
        CertificateError: What it sent is of no use.
        OSError: A file cannot be written.
    """
    key = files.load_or_make_key()
    if not path.exists() and present_certificate(files, key, terminal) is not None:
        return False
    enrolment = read_enrolment(path, terminal)
    files.write_fleet(enrolment, path)
    known = clock.quality() != "unset"
    present = present_certificate(files, key, terminal)
    if present is not None and known and certificate.is_expired(present, clock.wall_ms()):
        present = None
    if enrolment.token is None and present is not None:
        return False
    try:
        files.write_certificate(_asked_for(enrolment, path, key, clock))
    except (UsageError, EstError) as error:
        if present is None:
            raise
        log.warning("the present certificate stays: %s", error)
        return False
    return True


def _asked_for(enrolment: EnrolmentFile, path: Path, key: OKPKey, clock: Clock) -> bytes:
    """Return the chain in PEM that the server gives for the token."""
    known = clock.quality() != "unset"
    if enrolment.token is None:
        raise NoTokenError(f"{path}: holds no token any more; ask for a new enrolment file")
    if known and clock.wall_ms() > enrolment.expires:
        told = f"{path}: its token has expired; ask for a new enrolment file"
        raise NoTokenError(told, "token_expired")
    terminal, root = enrolment.terminal, enrolment.fleet_root_pem
    context = client_context(root, check_time=known)
    server = EstServer(enrolment.est_url, context, proxy_of(enrolment))
    sent = server.simple_enrol(certificate.request(key, terminal), terminal, enrolment.token)
    return _with_chain(server, sent, key, terminal, root)


def renew(files: IdentityFiles, fleet: Fleet, key: OKPKey, clock: Clock) -> bool:
    """Get a new certificate if less than a third of the present one's time is left.

    Returns:
        True when there is a new one.

    Raises:
        DeviceError: The server refuses or cannot be reached, or what it sent is of no use.
        OSError: A file cannot be written.
    """
    if clock.quality() == "unset":
        return False
    present = present_certificate(files, key, fleet.terminal)
    if present is None or not certificate.is_due(present, clock.wall_ms()):
        return False
    files.write_certificate(certified_anew(files, fleet, key, clock))
    return True


def re_enrol(files: IdentityFiles, fleet: Fleet, clock: Clock) -> None:
    """Get a new certificate for the present key, whenever the present one ends.

    Raises:
        DeviceError: The server refuses or cannot be reached, or what it sent is of no use.
        OSError: A file cannot be written.
    """
    key = files.load_or_make_key()
    files.write_certificate(certified_anew(files, fleet, key, clock))


def certified_anew(files: IdentityFiles, fleet: Fleet, key: OKPKey, clock: Clock) -> bytes:
    """Return, in PEM, the chain that the server gives for ``key`` by the certificate in use.

    Raises:
        DeviceError: The server refuses or cannot be reached, or what it sent is of no use.
    """
    root = files.read_root()
    known = clock.quality() != "unset"
    context = client_context(root, files.certificate, files.key, check_time=known)
    server = EstServer(fleet.est_url, context, fleet.proxy)
    sent = server.simple_reenrol(certificate.request(key, fleet.terminal))
    return _with_chain(server, sent, key, fleet.terminal, root)


def present_certificate(
    files: IdentityFiles, key: OKPKey, terminal: str
) -> x509.Certificate | None:
    """Return the stored certificate if it is of use for this key, name and root."""
    try:
        return certificate.check(files.certificate.read_bytes(), key, terminal, files.read_root())
    except (OSError, DeviceError):
        return None


def forget_token(path: Path) -> bool:
    """Delete the token from the enrolment file; return True if there was one.

    Raises:
        OSError: The file cannot be written.
    """
    try:
        enrolment = load_toml(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if enrolment.token is None:
        return False
    write_atomic(path, dump_toml(enrolment.without_secrets()).encode(), 0o600)
    return True


def _with_chain(
    server: EstServer, sent: list[x509.Certificate], key: OKPKey, terminal: str, root: str
) -> bytes:
    """Return the chain in PEM; a server may send the leaf alone (RFC 7030 section 4.2.3)."""
    try:
        return certificate.chain_for(sent, key, terminal, root)
    except CertificateError:
        try:
            more = server.cacerts()
        except EstError as error:
            log.warning("cacerts: %s", error)
            more = []
        return certificate.chain_for([*sent, *more], key, terminal, root)
