"""A real mail server on loopback, that answers as told: STARTTLS, a password, refusals, silence."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from fleet_server import clock
from tests.fakes.ports import free_ports

USER, PASSWORD = "hailong", "tám chữ cái"


@dataclass
class MailServer:
    """What it has taken, and how it answers what comes next.

    Attributes:
        port: where it listens on loopback, while it does.
        certificate: the file by which it is believed.
        taken: mails, as they came.
        to: the addresses of each.
        answers: replies to the next mails' text; ``250`` once there are no more.
        refused: replies to some addresses.
        hangs_s: how long it says nothing before it answers a mail's text.
    """

    port: int
    certificate: Path
    taken: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    hangs_s: float = 0.0
    _controller: Any = None

    def section(self, security: str = "starttls", password: bool = True) -> str:
        """Return the settings that lead there."""
        user = f'user = "{USER}"\n' if password else ""
        return (
            f'\n[mail]\nhost = "localhost"\nport = {self.port}\nsecurity = "{security}"\n{user}'
            'sender = "hailong@office.example"\n'
        )

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        await asyncio.sleep(self.hangs_s)
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]  # as its policy makes them
            self.to += envelope.rcpt_tos
        return answer

    def start(self) -> None:
        """Listen, also again after `stop`."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.certificate.with_suffix(".key"))
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, server_hostname="mail.example",
            tls_context=context, require_starttls=True, auth_required=True, authenticator=_knows,
        )  # fmt: skip
        self._controller.start()

    def stop(self) -> None:
        """Listen no more; connections that are open are cut."""
        self._controller.stop()


def _knows(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=known and data.login == USER.encode(), handled=False)


@contextmanager
def mail_server(folder: Path) -> Iterator[MailServer]:
    """Run one whose certificate lies in a folder; ``SSL_CERT_FILE`` has to name that."""
    [port] = free_ports(1)
    server = MailServer(port, _certificate(folder))
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Listen on a port, and never say a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def _certificate(folder: Path) -> Path:
    key, name = generate_private_key(SECP256R1()), x509.NameAttribute(NameOID.COMMON_NAME, "m")
    subject, now = x509.Name([name]), clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    path = folder / "mail.crt"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.with_suffix(".key").write_bytes(plain)
    return path
