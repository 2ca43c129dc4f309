"""What states, commands and outcomes of terminals are called, and the symbols beside them."""

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.health import Level, Reason, ReasonKind, State
from fleet_server.core.strip import Told
from fleet_server.web.words.health import VALUES

SYMBOLS: dict[Level, str] = {"bad": "✕", "warning": "▲", "good": "●", "none": "○"}

STATES: dict[State, tuple[str, LazyString]] = {
    "lost": ("✕", _("Lost")),
    "alert": ("!", _("Alert")),
    "late": ("▲", _("Late")),
    "ready": ("●", _("Ready")),
    "closed": ("○", _("Closed now")),
    "store": ("□", _("In store")),
    "retired": ("–", _("Retired")),
}
"""The states of a terminal, the worst first, each with its sign."""

MEANINGS: dict[State, LazyString] = {
    "lost": _("Its counter is open, but it has not been there for several minutes."),
    "alert": _("Something about it needs a person, at any hour."),
    "late": _("Its counter is open; it is only just gone, starting, or behind with its records."),
    "ready": _("It works. Nothing to do."),
    "closed": _("Its counter is closed now, so nothing is expected of it."),
    "store": _("It stands at no counter."),
    "retired": _("It was taken out of use for good."),
}

REASONS: dict[ReasonKind, tuple[LazyString, LazyString]] = {
    "gone": (
        _("connection lost"),
        _("Check power and network at the counter. The terminal keeps its ratings meanwhile."),
    ),
    "off": (
        _("switched off"),
        _("It was shut down in order. Switch it on if the counter is open."),
    ),
    "silent": (
        _("silent"),
        _("The broker holds its connection, but it says nothing. Restart it; ratings are kept."),
    ),
    "revoked_key": (
        _("a revoked key is in use"),
        _(
            "Somebody signs with a key that was revoked or replaced. What it signs is disputed. "
            "Find out who has the card, then close the matter."
        ),
    ),
    "fork": (
        _("its chain of records forked"),
        _(
            "Two records claim the same place: a card was copied, or put back from a copy. Find "
            "the copy, then close the matter."
        ),
    ),
    "poison": (
        _("records that can't be read"),
        _("They are kept and hold up nothing. See the matter; an update of the server may help."),
    ),
    "unvouched": (
        _("input that nobody vouches for"),
        _("Something sends in its name without its key. See the matter for samples."),
    ),
    "revoked": (
        _("its key was revoked"),
        _("Its records are disputed from now on. Enrol it anew if that was not intended."),
    ),
    "fault": (
        _("reports a fault"),
        _("See its last health report and its open matters."),
    ),
    "certificate_over": (
        _("its certificate is over"),
        _("It can't connect any more. Make a new enrolment file and put it on its card."),
    ),
    "certificate_ends": (
        _("its certificate ends soon"),
        _("It should have renewed it by itself. Give it the command for a new certificate."),
    ),
    "clock": (
        _("its clock is not set"),
        _("It takes ratings; their times are worked out here. Check its time server."),
    ),
    "no_press": (
        _("no presses at all"),
        _(
            "Tickets are served and nobody presses. See whether the terminal stands where citizens "
            "see it, whether it is covered, and try its buttons with a self-test."
        ),
    ),
    "button_silent": (
        _("a button is silent"),
        _(
            "Tickets are served and this choice does not come any more, though it used to. See "
            "whether the button is covered, and try it with a self-test."
        ),
    ),
    "unenrolled": (
        _("waits for its first enrolment"),
        _("Put its enrolment file on the boot partition of its card and start it."),
    ),
    "unseen": (
        _("never connected"),
        _("It is enrolled but never connected. Check its network and its broker address."),
    ),
    "waiting": (
        _("records don't arrive"),
        _("See its network, the ingest process and its open matters; nothing is lost meanwhile."),
    ),
    "starting": (
        _("does not get ready"),
        _("It has been starting for some minutes. Look at its screen, or restart it."),
    ),
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
"""Why a terminal is as it is, and what to do."""

TOLD: dict[Told, tuple[str, LazyString]] = {
    "ready": ("●", _("Ready")),
    "late": ("▲", _("Late")),
    "lost": ("✕", _("Lost")),
    "alert": ("!", _("Alert")),
    "unknown": ("?", _("Server was away")),
    "away": ("□", _("Not at a counter")),
}
"""What the strip of days tells of the time in which the counter was open."""

HAPPENINGS: dict[str, LazyString] = {
    "firmware": _("New firmware"),
    "image": _("New image on its card"),
    "config": _("Another configuration in force"),
    "first": _("Connected for the first time"),
    "boot": _("Started again"),
    "began": _("Began"),
    "ended": _("Over"),
}

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
    "update": _("update the image"),
}
"""What a terminal can be told to do."""

OUTCOMES: dict[str, tuple[str, LazyString]] = {
    "done": ("●", _("done")),
    "failed": ("✕", _("failed")),
    "expired": ("▲", _("expired")),
    "refused": ("✕", _("refused")),
}
"""What became of a command."""


def cause(reason: Reason) -> str:
    """Return what a reason is called, with the figures that belong to it."""
    silence = reason.silence
    if silence is None:
        return str(REASONS[reason.kind][0])
    if not silence.choice:
        return str(
            ngettext(
                "no press for %(num)s served ticket",
                "no press for %(num)s served tickets",
                silence.served,
            )
        )
    text = gettext("no press of “%(choice)s” for %(served)s served tickets")
    return str(text % {"choice": VALUES[silence.choice], "served": silence.served})
