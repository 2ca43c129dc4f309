"""What letters are called and say, and what became of them: on pages, in mails and chat rooms."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.report_schedule import READY
from fleet_server.core.spans import read
from fleet_server.web.words import alarms
from fleet_server.web.words.periods import period

MAIL = "mail_test"
"""The kind of a letter that only tries whether mails arrive."""

WHATS: Mapping[str, LazyString] = {
    "raised": _("New alarm"),
    "escalated": _("Nobody has acknowledged it yet"),
    "over": _("It is over"),
    "sent": _("A try"),
    "ready": _("Ready"),
}
"""What is told."""

PLAIN = frozenset({"raised", "sent", "ready"})
"""Of these a subject says nothing: it is what one expects."""

_NAMES: Mapping[str, LazyString] = {MAIL: _("Try of mail"), READY: _("Report")}

TROUBLES: Mapping[str, LazyString] = {
    "silent": _("The server does not answer."),
    "busy": _("The server asks to come again later."),
    "sign_in": _("The server wants another name or password."),
    "address": _("The server does not take mail for this address."),
    "refused": _("The server refuses, perhaps the sender."),
}
"""What was wrong with the last try of a letter."""

STATES: Mapping[str, tuple[str, LazyString]] = {
    "waiting": ("warning", _("waiting")),
    "sent": ("good", _("sent")),
    "dead": ("bad", _("given up")),
}
"""Of letters: how bad it is, and the word."""


def letter(kind: str) -> str:
    """Return what a kind of letters is called."""
    return str(_NAMES[kind]) if kind in _NAMES else alarms.alarm(kind)


def about(kind: str, details: Mapping[str, Any]) -> str:
    """Return what a letter is about, in a few words."""
    return ", ".join(_report(details)) if kind == READY else alarms.about(kind, details)


def sentence(kind: str, details: Mapping[str, Any]) -> str:
    """Return what a letter says, in a sentence."""
    if kind == MAIL:
        return str(gettext("Mails of this fleet arrive here."))
    if kind != READY:
        return alarms.sentence(kind, details)
    branch, days = _report(details)
    return str(
        gettext(
            "The report on %(branch)s for %(period)s is ready. Its figures stay on the server: "
            "nothing is attached.",
            branch=branch,
            period=days,
        )
    )


def _report(details: Mapping[str, Any]) -> tuple[str, str]:
    return details["branch"] or gettext("The whole fleet"), period(read(details["period"]))


def because(kind: str) -> str:
    """Return why somebody gets a letter."""
    if kind == READY:
        said = gettext(
            "You get this as a reader of a scheduled report; who is one is set on the page of "
            "scheduled reports."
        )
    else:
        said = gettext(
            "You get this by your role; what is told to whom is set on the page of alarms."
        )
    nobody = gettext("Nobody reads what is sent back to this address.")
    return f"{said} {nobody}"
