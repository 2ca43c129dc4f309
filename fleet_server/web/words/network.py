"""The steps of the way to the fleet in a self-test, and what to do about each fault.

They are the words of the terminal's own screen (``device/screen/texts.py``), as a test makes sure
of: who stands there and who looks at the page speak of the same.
"""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

NETWORK_STEPS: dict[str, LazyString] = {
    "link": _("Cable or Wi-Fi"),
    "address": _("Address"),
    "name": _("Name of the server"),
    "tls": _("Secure connection"),
    "server": _("Enrolment server"),
    "broker": _("Message broker"),
    "receipt": _("Receipts"),
}

NETWORK_STATES: dict[str, LazyString] = {
    "good": _("good"),
    "bad": _("does not work"),
    "skipped": _("skipped, for the fault before it"),
}

NETWORK_ADVICE: dict[str, LazyString] = {
    "no_interface": _("This board shows no network. Plug in a network adapter."),
    "no_carrier": _("Plug in the network cable, or check name and passphrase of the Wi-Fi."),
    "no_address": _(
        "The network gives out no address. Ask who looks after it, or set a static address."
    ),
    "unknown_name": _("The server's name is not known here. Check the name, and DNS."),
    "refused": _(
        "Nobody answers at this port. Check the port, and that the server's program runs."
    ),
    "no_answer": _(
        "No answer comes. A firewall may be in between: ask to have this port opened to the server."
    ),
    "unreachable": _("There is no way to the server. Check the gateway of this network."),
    "no_proxy": _(
        "The proxy is not there, or does not let us through. Ask who looks after it, or correct it "
        "in the enrolment file."
    ),
    "wrong_name": _(
        "The server has another name than the enrolment file says. Make a new enrolment file."
    ),
    "wrong_ca": _(
        "Somebody else answers, or a server of another fleet. Check the address, and whether a "
        "proxy looks into connections."
    ),
    "wrong_time": _(
        "The server's certificate does not hold today. Check the clock here, and the certificate "
        "on the server."
    ),
    "tls_failed": _("The secure connection breaks off. See the log of the server."),
    "wrong_answer": _("This is no enrolment server. Check the port, and the log of the server."),
    "not_enrolled": _(
        "This terminal is not enrolled yet: leave it on. Make a new enrolment file only if its "
        "screen asks for one."
    ),
    "not_let_in": _(
        "The broker does not let this terminal in. Was it revoked? Then enrol it again."
    ),
    "none_yet": _("There was no receipt yet. Press a button, wait two minutes, and look again."),
    "receipts_missing": _(
        "Records were sent, and no receipt comes back. Check on the server that ingest runs."
    ),
}
