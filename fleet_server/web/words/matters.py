"""What matters are called, what they mean, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.web.words.records import FAULTS, START_REASONS


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
    "cloned": MatterWords(
        _("Card in another board"),
        _(
            "The terminal found itself on another board than the one its key was made on: its card "
            "was copied, or moved. It left that key and went on with a new one, in a new chain."
        ),
        _(
            "If somebody moved the card, close this. If it was copied, find the other terminal: "
            "each needs a name and an enrolment file of its own."
        ),
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
            "count once the counter exists and the terminal stands there or in its unit."
        ),
        _(
            "Add the counter with the code below and move the terminal there, or give the terminal "
            "the right counter."
        ),
    ),
    "other_counter": MatterWords(
        _("Speaks for another counter"),
        _(
            "Records came that name another counter of a unit where this terminal stands or stood. "
            "They count for that counter. After a terminal was moved this is normal for a while."
        ),
        _("Find out where the terminal is. If nobody moved it, revoke it."),
    ),
    "foreign_counter": MatterWords(
        _("Speaks for a counter of another unit"),
        _(
            "Records came that name a counter of a unit where this terminal never stood. They are "
            "held and not counted."
        ),
        _(
            "Find out where the terminal is. If it does stand at the counter below, move it there: "
            "its ratings then count. If not, revoke it."
        ),
    ),
}

UNKNOWN_MATTER = MatterWords(
    _("Other"), _("Something that this page has no words for."), _("See the details below.")
)

DETAILS: dict[str, LazyString] = {
    "what": _("What"),
    "details": _("Details"),
    "ahead_s": _("Ahead by (seconds)"),
    "counter": _("Counter code"),
    "counters": _("Counter codes"),
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
