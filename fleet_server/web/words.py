"""What codes are called, in words and with a symbol; a state is never told by colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass

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

ENDINGS: dict[str, LazyString] = {
    "closed": _("closed"),
    "followed": _("followed by the next"),
    "no_show": _("did not come"),
    "transferred": _("passed on"),
}

DISAGREEMENTS: dict[str, LazyString] = {
    "only_rest": _("only the queue system saw it"),
    "only_terminal": _("only the terminal saw it"),
    "different_end": _("they saw it end differently"),
}

START_REASONS: dict[str, LazyString] = {
    "first": _("first start"),
    "damage": _("damaged journal"),
    "fork": _("fork"),
    "new_key": _("new key"),
}

RECORD_TYPES: dict[str, LazyString] = {
    "chain": _("beginning of the chain"),
    "boot": _("start"),
    "ticket": _("ticket"),
    "rating": _("rating"),
    "reasons": _("reasons"),
    "items": _("items"),
    "clock": _("clock set"),
    "fault": _("fault"),
    "key": _("new key"),
}

AT_QUALITIES: dict[str, LazyString] = {
    "exact": _("exact"),
    "derived": _("worked out"),
    "estimated": _("estimated"),
}


@dataclass(frozen=True, slots=True)
class MatterWords:
    """How a kind of matter is told: its name, what it means, what to do."""

    name: LazyString
    meaning: LazyString
    advice: LazyString


MATTERS: dict[str, MatterWords] = {
    "fork": MatterWords(
        _("Fork"),
        _(
            "Two different records claim the same place in a chain: a cloned or restored card, or "
            "a card that lied about what it had written. What came second is held apart and not "
            "counted."
        ),
        _("Find out whether the card was copied or put back. If not, replace the card."),
    ),
    "new_chain": MatterWords(
        _("New chain"),
        _(
            "The terminal began a new chain of records. Its first start is normal; later ones "
            "follow damage, a fork or a new key."
        ),
        _("Compare with what was done at the terminal. If nobody did anything, look at its card."),
    ),
    "poison": MatterWords(
        _("Unreadable record"),
        _(
            "A record with a place in the chain can't be read or is badly signed. Its bytes are "
            "kept; it is not counted, and what follows it came in."
        ),
        _("Report it with the details below: it is a fault of the software or of the card."),
    ),
    "revoked_key": MatterWords(
        _("Revoked key in use"),
        _(
            "Records came that are signed by a key that was revoked or replaced. They are held as "
            "disputed and not counted."
        ),
        _("If the terminal was stolen, that is what you see. Else enrol it anew."),
    ),
    "unvouched": MatterWords(
        _("Input that nobody vouches for"),
        _(
            "Data came in this terminal's name that no enrolled key has signed. It moved nothing; "
            "a sample is kept."
        ),
        _("Check the broker's rules and who holds this terminal's certificate."),
    ),
    "clock": MatterWords(
        _("Clock"),
        _("The terminal's clock contradicts the server's."),
        _("Check the terminal's time server."),
    ),
    "fault": MatterWords(
        _("Fault"),
        _("The terminal itself reports that something is wrong with it."),
        _("See the details below, and look at the terminal."),
    ),
    "expiry": MatterWords(
        _("Ends soon"),
        _(
            "A certificate or revocation list of the fleet ends soon or has ended. Without it "
            "terminals and broker can't connect."
        ),
        _(
            "Revocation lists are renewed each day while hailong-fleet est runs: start it. Renew "
            "certificates with hailong-provision server-cert."
        ),
    ),
    "unknown_counter": MatterWords(
        _("Unknown counter"),
        _(
            "Records came that name a counter which nobody has added. They are held, and will "
            "count once the counter exists."
        ),
        _("Add the counter with the code below, or give the terminal the right one."),
    ),
    "other_counter": MatterWords(
        _("Speaks for another counter"),
        _(
            "Records came that name a counter where this terminal does not stand. They count for "
            "that counter. After a terminal was moved this is normal for a while."
        ),
        _("Find out where the terminal is. If nobody moved it, revoke it."),
    ),
}

UNKNOWN_MATTER = MatterWords(
    _("Other"), _("Something that this page has no words for."), _("See the details below.")
)

FAULTS: dict[str, LazyString] = {
    "button_stuck": _("a button is stuck"),
    "button_noise": _("a button's line is noisy"),
    "button_together": _("two buttons at once"),
    "disk": _("disk"),
    "clock": _("clock"),
    "journal": _("journal"),
    "fork": _("fork"),
    "screen": _("screen"),
    "config": _("configuration"),
    "command": _("command"),
}

DETAILS: dict[str, LazyString] = {
    "what": _("What"),
    "details": _("Details"),
    "ahead_s": _("Ahead by (seconds)"),
    "counter": _("Counter code"),
    "reason": _("Reason"),
    "positions": _("Records"),
    "kid": _("Key"),
    "former": _("Former chain"),
    "former_seq": _("Former chain: last record"),
    "server_seq": _("Last record the server had"),
    "missing_from": _("Missing from record"),
    "missing_to": _("Missing up to record"),
    "branch": _("Side"),
    "records": _("How many records"),
    "file": _("File"),
    "until": _("Ends on"),
    "count": _("How often"),
}
"""What the details of a matter are called."""

HEALTH: dict[str, LazyString] = {
    "cpu_celsius": _("Temperature (°C)"),
    "throttled.now": _("Power or heat trouble now"),
    "throttled.since_boot": _("Power or heat trouble since the start"),
    "disk_free_mib": _("Free disk (MiB)"),
    "memory_free_mib": _("Free memory (MiB)"),
    "network.kind": _("Network"),
    "network.interface": _("Network interface"),
    "network.address": _("Local address"),
    "network.signal_dbm": _("Signal (dBm)"),
    "network.signal_percent": _("Signal (%)"),
    "image": _("Version of the card's image"),
    "uptime_h": _("Running for (hours)"),
    "camera": _("Camera"),
    "microphone": _("Microphone"),
    "refused": _("Refused messages"),
    "terminal_silent_s": _("Screen and buttons silent for (seconds)"),
    "terminal.screen": _("Screen driver"),
    "terminal.sound": _("Sound"),
    "terminal.sound_errors": _("Errors of the sound"),
    "terminal.config": _("Configuration version"),
    "terminal.write_errors": _("Errors when writing"),
    "terminal.out_of_service": _("Out of service"),
    "terminal.presses": _("Presses"),
    "terminal.buttons": _("Presses of buttons"),
    "terminal.rejected": _("Rejected presses"),
    "terminal.rejected_buttons": _("Rejected presses of buttons"),
    "terminal.noise": _("Noise on the lines"),
    "terminal.stuck": _("Times that a button was stuck"),
    "terminal.self_test.good": _("Last self-test: all good"),
    "terminal.self_test.missing": _("Last self-test: what did not work"),
    "terminal.journal.records": _("Records in the last check of the journal"),
    "terminal.journal.trouble": _("Trouble of the journal"),
    "terminal.journal.refused": _("Refused by the storage"),
    "terminal.faults": _("Faults now"),
    "terminal.tickets": _("What was told of tickets"),
    "terminal.lan": _("Local queue system"),
    "terminal.scanner": _("Scanner"),
    "terminal.dossiers": _("Dossiers not kept"),
    "terminal.served_since_press": _("Tickets since the last press"),
    "terminal.last_press_s_ago": _("Seconds since the last press"),
}
"""What the figures of a health report are called; others keep their own names."""

VALUES: dict[str, LazyString] = {
    "none": _("none"),
    "wired": _("cable"),
    "wifi": _("Wi-Fi"),
    "under_voltage": _("too little voltage"),
    "capped": _("slowed down (voltage)"),
    "throttled": _("slowed down (heat)"),
    "soft_limit": _("nearly too hot"),
    "locked": _("pressed twice"),
    "interval": _("too soon after the last"),
    "wait": _("not called yet"),
    "together": _("two at once"),
    "very_satisfied": _("very satisfied"),
    "satisfied": _("satisfied"),
    "unsatisfied": _("unsatisfied"),
    "refused": _("refused"),
    "old": _("outdated"),
    "news": _("new"),
    "behind": _("older than the present one"),
    "echo": _("known already"),
    "repeat": _("repeated"),
    "late": _("too late"),
    "unknown": _("unknown"),
    "conflict": _("contradictory"),
    "off": _("switched off"),
    "unkept": _("not stored"),
    "taken": _("taken"),
    "scans": _("scans"),
    "dropped": _("dropped"),
    "full": _("full"),
    "read_only": _("not writable"),
    "damaged": _("damaged"),
    "other": _("other"),
    "lan": _("local queue system"),
    "scanner": _("scanner"),
    "closed": _("closed"),
    "missing": _("missing"),
    "top_left": _("top left"),
    "top_right": _("top right"),
    "bottom_left": _("bottom left"),
    "bottom_right": _("bottom right"),
    "sound": _("sound"),
    **FAULTS,
}
"""What words in a health report are called; others are shown as they are."""


def gist(kind: str, details: Mapping[str, object]) -> LazyString | None:
    """Return what tells a matter from others of its kind, in a word or two."""
    if kind == "fault":
        return FAULTS.get(str(details.get("what")))
    if kind == "new_chain":
        return START_REASONS.get(str(details.get("reason")))
    return None


def matter(kind: str) -> MatterWords:
    """Return the words for a kind of matter, also for one that is new to this page."""
    return MATTERS.get(kind, UNKNOWN_MATTER)
