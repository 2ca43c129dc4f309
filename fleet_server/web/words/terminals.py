"""What states, commands and outcomes of terminals are called, and the symbols beside them."""

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.ailments import Ailment
from fleet_server.core.health import Condition, Level

SYMBOLS: dict[Level, str] = {"bad": "✕", "warning": "▲", "good": "●", "none": "○"}

CONDITIONS: dict[Condition, LazyString] = {
    "retired": _("Out of use"),
    "unenrolled": _("Waiting for enrolment"),
    "revoked": _("Key revoked"),
    "unseen": _("Never connected"),
    "lost": _("Connection lost"),
    "off": _("Switched off"),
    "silent": _("Silent"),
    "fault": _("Reports a fault"),
    "stuck": _("Records don't arrive"),
    "starting": _("Starting"),
    "clock": _("Works, clock not set"),
    "well": _("Working"),
}

ADVICE: dict[Condition, LazyString] = {
    "retired": _("Nothing to do."),
    "unenrolled": _("Put its enrolment file on the boot partition of its card and start it."),
    "revoked": _("Its records are disputed from now on. Enrol it anew if that was not intended."),
    "unseen": _("It is enrolled but never connected. Check its network and its broker address."),
    "lost": _("Check power and network at the counter. The terminal keeps its ratings meanwhile."),
    "off": _("It was shut down in order. Switch it on if the counter is open."),
    "silent": _("It is connected but says nothing. Restart it; ratings are kept."),
    "fault": _("See the open matters below."),
    "stuck": _(
        "It is connected but its records don't come in. See the ingest process and the "
        "open matters below."
    ),
    "starting": _("Wait a minute."),
    "clock": _("It takes ratings; their times are worked out here. Check its time server."),
    "well": _("Nothing to do."),
}

AILMENTS: dict[Ailment, tuple[LazyString, LazyString]] = {
    "out_of_service": (
        _("out of service"),
        _("It cannot store ratings and takes none. Look at its card and its disk."),
    ),
    "hangs": (
        _("screen and buttons are silent"),
        _("Its network lives, but the process of screen and buttons says nothing. Restart it."),
    ),
    "write_errors": (
        _("errors when writing"),
        _("The card refused to store. Replace it soon; what is stored is being sent."),
    ),
    "disk_low": (
        _("disk nearly full"),
        _("Make room on its card, or put in a larger one, before it has to stop."),
    ),
    "button_stuck": (
        _("a button is stuck"),
        _("Free or replace the button; the others go on."),
    ),
    "under_voltage": (
        _("too little voltage"),
        _("Use the power supply and the cable made for the board: this damages cards."),
    ),
    "under_voltage_before": (
        _("had too little voltage since its start"),
        _("Use the power supply and the cable made for the board: this damages cards."),
    ),
}
"""What a health report says is wrong, and what to do."""

CLOCKS: dict[str, tuple[str, LazyString]] = {
    "synced": ("●", _("in step")),
    "holdover": ("◐", _("running on")),
    "unset": ("▲", _("not set")),
}

COMMANDS: dict[str, LazyString] = {
    "hello": _("say what it holds"),
    "identify": _("show which one it is"),
    "self-test": _("self-test"),
    "restart": _("start the program again"),
    "reboot": _("start the machine again"),
    "diagnostics": _("facts for a technician"),
    "rotate-key": _("change the key"),
    "re-enrol": _("get a new certificate"),
}
"""What a terminal can be told to do."""

OUTCOMES: dict[str, tuple[str, LazyString]] = {
    "done": ("●", _("done")),
    "failed": ("✕", _("failed")),
    "expired": ("▲", _("expired")),
    "refused": ("✕", _("refused")),
}
"""What became of a command."""
