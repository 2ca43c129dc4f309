"""Ticket numbers as people print and type them: what is allowed, and when two are the same.

``A017``, ``a17`` and ``A-017`` are one number: letters count without case, digits without leading
zeros, and what lies between is only looks. Two numbers beside each other stay apart, so that
``1-017`` isn't ``10-17``. Numbers repeat each day; a ticket is known by unit, day and number.
Both sides match by it what several sources tell, so they must agree.
"""

import re
import unicodedata

MAX_TICKET = 16
"""As many characters as a record may carry (wire/WIRE.md)."""

MAX_DOSSIER = 64
MAX_SERVICE = 64
_RUNS = re.compile(r"\d+|[^\W\d_]+")
_FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class TicketError(ValueError):
    """A ticket number that nobody could read out or print."""


def check_text(text: str, longest: int) -> str:
    """Return ``text`` in NFC and without space around it.

    Raises:
        TicketError: it is empty, too long, or holds what can't be seen: control characters,
            invisible ones, or those that turn the direction of writing.
    """
    tidy = unicodedata.normalize("NFC", text).strip()
    if not 0 < len(tidy) <= longest:
        raise TicketError(f"must have 1 to {longest} characters")
    for character in tidy:
        if unicodedata.category(character) in _FORBIDDEN:
            raise TicketError(f"must not contain the character U+{ord(character):04X}")
    return tidy


def check_ticket(text: str) -> str:
    """Return a ticket number as it may be shown.

    Raises:
        TicketError: as `check_text`, or it has neither letter nor digit.
    """
    tidy = check_text(text, MAX_TICKET)
    if not normalise(tidy):
        raise TicketError("must contain a letter or a digit")
    return tidy


def normalise(ticket: str) -> str:
    """Return the form in which two ways to write a ticket number are equal; '' if none."""
    joined = ""
    for run in _RUNS.findall(_plain(ticket)):
        if run.isdecimal():
            joined += "-" if joined[-1:].isdigit() else ""
            run = str(int(run))
        joined += run
    return joined


def _plain(ticket: str) -> str:
    # Upper case may undo the normal form, hence it is made before and after.
    folded = unicodedata.normalize("NFKC", ticket).upper()
    return unicodedata.normalize("NFKC", folded)
