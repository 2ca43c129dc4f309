"""Mail by SMTP: one connection for a few mails, bounded in time, believed in nothing.

By the standard library, and not by Apprise, whose mail says only whether it went well: what is to
be done depends on the code of the reply (`fleet_server.core.mail`).
"""

import base64
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from fleet_server.core.days import local
from fleet_server.core.mail import trouble
from fleet_server.notify.texts import Text
from fleet_server.settings import MailSection, Settings
from fleet_server.store.letters import Due, Reply

STEP_S = 10.0
TOTAL_S = 40.0
"""However slowly a server answers, byte by byte: after this it is cut off."""

TAKEN, SIGNED_IN = 250, 235


class Post:
    """Sends mails through the mail server of the settings.

    Args:
        settings: the fleet's.
        mail: its section on the mail server.
    """

    def __init__(self, settings: Settings, mail: MailSection) -> None:
        self._mail, self._fleet = mail, settings.fleet
        self._password = settings.layout.mail_password
        self._name = own_name(settings.web.url)

    @contextmanager
    def connected(self) -> Iterator[smtplib.SMTP]:
        """Greet the server and sign in; whatever goes wrong is what `said` puts into words.

        Raises:
            OSError: no connection, no answer in time, or no password file. It is also what
                `smtplib.SMTPException` is.
        """
        server = self._greeted()
        cut = threading.Timer(TOTAL_S, _cut, (server,))
        cut.daemon = True
        cut.start()
        try:
            self._sign_in(server)
            yield server
        finally:
            cut.cancel()
            _leave(server)

    def mail(self, due: Due, text: Text) -> EmailMessage:
        """Return a letter as a mail; the same letter has the same ``Message-ID`` each time."""
        domain = self._mail.sender.rpartition("@")[2]
        made = EmailMessage()
        made["From"] = formataddr((self._fleet.name, self._mail.sender))
        made["To"] = due.address
        made["Subject"] = text.subject
        made["Date"] = format_datetime(local(due.made_at, self._fleet.zone))
        made["Message-ID"] = f"<{sha256(due.key.encode()).hexdigest()[:40]}@{domain}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(text.body)
        return made

    def _greeted(self) -> smtplib.SMTP:
        host, port, context = self._mail.host, self._mail.port, ssl.create_default_context()
        if self._mail.security == "tls":
            return smtplib.SMTP_SSL(
                host, port, local_hostname=self._name, timeout=STEP_S, context=context
            )
        return smtplib.SMTP(host, port, local_hostname=self._name, timeout=STEP_S)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        if self._mail.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if self._mail.user:
            password = self._password.read_text(encoding="utf-8").strip()
            _log_in(server, self._mail.user, password)


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    """Sign in; the library knows no password beyond ASCII, which PLAIN takes (RFC 4616)."""
    if (user + password).isascii():
        server.login(user, password)
        return
    told = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, text = server.docmd("AUTH", f"PLAIN {told}")
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, text)


def deliver(server: smtplib.SMTP, mail: EmailMessage) -> Reply:
    """Hand a mail to a server; a refusal is a reply.

    Raises:
        OSError: there is no answer any more (`smtplib.SMTPServerDisconnected` is one).
    """
    try:
        server.send_message(mail)
    except smtplib.SMTPServerDisconnected:
        raise
    except (smtplib.SMTPException, ValueError) as error:
        return said(error)
    return Reply(TAKEN)


def said(error: Exception) -> Reply:
    """Return what went wrong, as an outcome of the attempt."""
    code, text = _reply(error)
    return Reply(code, trouble(code), text)


def _reply(error: Exception) -> tuple[int | None, str]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, told = next(iter(error.recipients.values()))
        return code, _text(told)
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, _text(error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return 504, str(
            error
        )  # it lacks what is asked for (RFC 5321): encryption, a way to sign in
    return None, str(error) or type(error).__name__


def _text(told: str | bytes) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


def own_name(url: str) -> str:
    """Return by which name this server greets: that of its pages, or their address in brackets."""
    host = urlsplit(url).hostname or "localhost"
    with suppress(ValueError):
        address = ip_address(host)
        return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
    return host


def _cut(server: smtplib.SMTP) -> None:
    with suppress(OSError, AttributeError):
        server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]  # suppressed


def _leave(server: smtplib.SMTP) -> None:
    with suppress(OSError):
        server.quit()
    server.close()
