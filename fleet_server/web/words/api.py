"""What scopes, events and states of deliveries are called."""

from typing import Any

from flask_babel import lazy_gettext as _

SCOPES: dict[str, Any] = {
    "tickets:write": _("tell what happens to tickets"),
    "tickets:qr": _("print on tickets how they are rated later; can rate for their citizens"),
    "contacts:write": _("tell how citizens who agree to it can be reached"),
    "figures:read": _("read participation, with choices only as pages show them"),
    "ratings:read": _("read each rating, without its choice"),
    "choices:read": _("read the choice of each rating too; each such read is in the audit log"),
    "terminals:read": _("read how terminals are"),
    "matters:read": _("read matters"),
    "signals:read": _("read signs of cheating"),
    "cases:read": _("read cases, never which rating one is about"),
    "units:read": _("read units and counters"),
    "reports:read": _("read reports that are kept"),
    "webhooks:write": _("subscribe to events"),
    "metrics:read": _("read figures for monitoring, of the whole fleet"),
}

EVENTS: dict[str, Any] = {
    "rating.unsatisfied": _("unsatisfied ratings at a counter, by the day and from 5 ratings on"),
    "terminal.state_changed": _("a terminal's state has changed"),
    "matter.opened": _("a matter was opened"),
    "report.ready": _("a report is ready"),
    "participation.under_target": _("a counter's day ended under the target of participation"),
    "signal.opened": _("a sign of cheating was opened"),
    "alarm.raised": _("an alarm was raised"),
    "alarm.over": _("an alarm is over"),
    "case.opened": _("something has to be explained"),
    "case.overdue": _("a case is overdue, and a level above is told"),
    "case.closed": _("a case is closed"),
    "complaint.filed": _("a complaint by items came in"),
    "ping": _("a try"),
}

STANDINGS: dict[str, tuple[str, Any]] = {
    "valid": ("good", _("valid")),
    "soon": ("warning", _("expires soon")),
    "expired": ("bad", _("expired")),
    "revoked": ("none", _("revoked")),
}
"""Of keys: how bad it is, and the word."""

STOPPED: dict[str, Any] = {
    "person_gone": _("The account of the person who answers for it is switched off or gone."),
    "person_lacks": _("The person who answers for it may no longer make such things there."),
    "key_gone": _("The API key that made it is revoked, has expired or has stopped."),
}
"""Why something that works by itself has stopped."""

DELIVERIES: dict[str, tuple[str, Any]] = {
    "waiting": ("warning", _("waiting")),
    "delivered": ("good", _("delivered")),
    "dead": ("bad", _("given up")),
}
"""Of deliveries: how bad it is, and the word."""

TARGETS: dict[str, Any] = {
    "address": _("This is not an address such as https://queue.example/hailong."),
    "parts": _("The address must hold no name, password or part after “#”."),
    "inside": _(
        "This address lies inside the network. Whoever runs the server must allow it first: "
        "[webhooks] allow in fleet.toml."
    ),
    "https": _("The address must begin with https://."),
    "name": _("This name can't be looked up."),
}
"""Why an address can't be called."""

_FAILURES: tuple[tuple[str, Any], ...] = (
    ("looked up", _("The name of the receiver is not found.")),
    ("leads inside", TARGETS["inside"]),
    ("certificate", _("The certificate of the receiver is not valid.")),
    ("ssl", _("No encrypted connection to the receiver comes about.")),
    ("refused", _("The receiver refuses the connection.")),
    ("timed out", _("The receiver does not answer in time.")),
    ("redirects", _("The receiver leads on to another address; give that one.")),
    ("answered", _("The receiver answers with an error.")),
)
"""What a technical text holds, in lower case, and what that means; the first that fits."""


def failure(error: str) -> str:
    """Return what a failed try of a delivery means, by its technical text."""
    said = (words for part, words in _FAILURES if part in error.lower())
    return str(next(said, _("The try failed.")))
