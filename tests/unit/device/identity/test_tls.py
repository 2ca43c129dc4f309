"""Whom the terminal trusts, over real TLS."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from device.errors import DeviceError
from device.identity.tls import client_context

NAME = "broker.example"


def certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: tuple[str, ec.EllipticCurvePrivateKey],
    years: tuple[int, int],
) -> bytes:
    now = datetime.now(UTC)
    subject, by = (
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, n)]) for n in (name, issuer[0])
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=365 * years[0]))
        .not_valid_after(now + timedelta(days=365 * years[1]))
        .add_extension(x509.BasicConstraints(ca=name == issuer[0], path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(issuer[1], SHA256())
    )
    return built.public_bytes(Encoding.PEM)


@contextmanager
def server(folder: Path, years: tuple[int, int]) -> Iterator[tuple[int, str]]:
    """Serve TLS handshakes with a certificate valid for these years; give port and root."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = certificate("root", root_key, ("root", root_key), (-5, 5))
    (folder / "crt").write_bytes(certificate(NAME, key, ("root", root_key), years))
    (folder / "key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "crt", folder / "key")
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                taken, _ = listening.accept()
                with taken, suppress(OSError), context.wrap_socket(taken, server_side=True) as tls:
                    tls.recv(1)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], root.decode()
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def shake_hands(port: int, context: ssl.SSLContext, name: str = NAME) -> None:
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context.wrap_socket(plain, server_hostname=name),
    ):
        pass


def test_a_server_under_the_fleet_root_is_trusted(tmp_path: Path) -> None:
    with server(tmp_path, (-1, 1)) as (port, root):
        shake_hands(port, client_context(root))


@pytest.mark.parametrize("years", [(-2, -1), (1, 2)])
def test_its_dates_are_checked_by_a_terminal_that_knows_the_time(
    tmp_path: Path, years: tuple[int, int]
) -> None:
    with (
        server(tmp_path, years) as (port, root),
        pytest.raises(ssl.SSLCertVerificationError, match=r"expired|not yet valid"),
    ):
        shake_hands(port, client_context(root))


@pytest.mark.parametrize("years", [(-2, -1), (1, 2)])
def test_its_dates_are_not_checked_by_a_terminal_that_does_not(
    tmp_path: Path, years: tuple[int, int]
) -> None:
    with server(tmp_path, years) as (port, root):
        shake_hands(port, client_context(root, check_time=False))


def test_its_name_is_checked_without_the_time_too(tmp_path: Path) -> None:
    with (
        server(tmp_path, (-1, 1)) as (port, root),
        pytest.raises(ssl.SSLCertVerificationError, match="Hostname"),
    ):
        shake_hands(port, client_context(root, check_time=False), "other.example")


def test_another_root_is_not_trusted_without_the_time_either(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    other = certificate("root", key, ("root", key), (-1, 1)).decode()
    with (
        server(tmp_path, (-1, 1)) as (port, _),
        pytest.raises(ssl.SSLCertVerificationError, match="certificate"),
    ):
        shake_hands(port, client_context(other, check_time=False))


def test_a_root_that_is_none_is_one_clear_error() -> None:
    with pytest.raises(DeviceError, match="fleet root"):
        client_context("nothing")


def test_certificate_and_key_that_do_not_fit_are_one_clear_error(tmp_path: Path) -> None:
    with server(tmp_path, (-1, 1)) as (_, root), pytest.raises(DeviceError, match="enrol again"):
        client_context(root, tmp_path / "key", tmp_path / "crt")
