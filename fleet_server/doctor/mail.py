"""The mail server that alarms go out by, and what waits for it."""

import smtplib
from collections.abc import Iterator

from fleet_server.core.mail import Trouble
from fleet_server.doctor.opened import with_database
from fleet_server.doctor.patient import Patient
from fleet_server.notify import smtp
from fleet_server.notify.smtp import Post
from fleet_server.settings import MailSection
from fleet_server.store import letters
from provisioning.finding import Finding, good, note, wrong

CHECK = "mail"

ADVICE: dict[Trouble, str] = {
    "silent": "see [mail] host, port and security in fleet.toml, and whether the server runs",
    "busy": "wait, or ask who runs the mail server; what waits is sent later by itself",
    "sign_in": "see [mail] user in fleet.toml, and posting/mail.password",
    "address": "ask who runs the mail server whether it takes mail from [mail] sender",
    "refused": "ask who runs the mail server; [mail] in fleet.toml says how it is spoken to",
}
"""What to do about each trouble; mails wait meanwhile."""


def look(patient: Patient) -> Iterator[Finding]:
    """Greet the mail server and name the sender, without sending anything."""
    mail = patient.settings.mail
    if mail is None:
        yield note(
            CHECK,
            "no mail server is set: alarms are on the pages alone",
            "set [mail] in fleet.toml, and try it with: hailong-fleet mail test ADDRESS",
        )
        return
    yield _server(patient, mail)
    yield from _letters(patient)


def _server(patient: Patient, mail: MailSection) -> Finding:
    where = f"{mail.host}:{mail.port}"
    try:
        with Post(patient.settings, mail).connected() as server:
            code, told = server.mail(mail.sender)
            if code >= 300:
                raise smtplib.SMTPSenderRefused(code, told, mail.sender)
            server.rset()
    except OSError as error:
        reply = smtp.said(error)
        said = f"{where}: {reply.error}" if reply.code is None else _refused(where, reply)
        return wrong(CHECK, said, ADVICE[reply.wrong or "silent"])
    return good(CHECK, f"{where}: answers, and takes our name and our sender")


def _refused(where: str, reply: letters.Reply) -> str:
    return f"{where}: refuses with {reply.code} ({reply.error})"


@with_database
def _letters(_patient: Patient) -> Iterator[Finding]:
    stuck = letters.stuck(rooms=False)
    if stuck is None:
        yield good(CHECK, "no letter waits for another try")
    else:
        many, trouble, error = stuck
        advice = ADVICE.get(trouble, "see the page of letters")  # type: ignore[call-overload]  # a text
        yield wrong(CHECK, f"{many} letters were not taken and wait; the last: {error}", advice)
