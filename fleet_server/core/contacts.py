"""How somebody can be reached, and until when: contact data, kept apart from everything else.

The law on the protection of personal data (91/2025/QH15, in force since 2026) wants a purpose that
was said beforehand, an end, consent that can be taken back, and somebody who answers. So:

1. Contact data is taken for one purpose, *interview*, and is used for no other.
2. It has an end from the beginning: so many days after the visit, or the day on which consent is
   taken back, or the interview is over, if that comes first. After the end nobody sees it.
3. On the day after its end it is erased. What stays is that there was some, and why it ended;
   answers of an interview stay, for they name nobody.
4. Each look is an entry of the access log, before the data is shown: who, when, why, which ticket.
   The log outlives the data, and holds none of it.
5. Who somebody is, is known elsewhere only as a keyed hash (`citizen_of`): the same number, however
   written, is the same citizen. The key is no part of the database: all numbers could be tried.
   The hash goes when the contact data goes, but for those who were drawn: theirs is kept for as
   long as they are not to be drawn again.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from wire.tickets import check_text

Purpose = Literal["interview"]

End = Literal["time", "withdrawn", "interviewed"]
"""Why contact data ended: its time passed, consent was taken back, or it has served its purpose."""

KEPT_DAYS = 60
"""The four weeks of the draw, a week to ask in, and as long again for who answers questions."""

MOST_DAYS = 180

LONGEST = 100
"""Characters of a name or number."""

LEAST_DIGITS = 3
"""Of the shortest number that can be called: a line in the office itself."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms contact data of a visit is held; the data itself, encrypted, lies elsewhere.

    Attributes:
        ticket: id of the visit.
        taken: the day on which it was taken.
        days: how long it may be kept.
        purpose: what it was taken for.
        withdrawn: the day on which consent was taken back.
        interviewed: the day on which the interview was over, whatever its outcome.
    """

    ticket: str
    taken: date
    days: int = KEPT_DAYS
    purpose: Purpose = "interview"
    withdrawn: date | None = None
    interviewed: date | None = None

    def __post_init__(self) -> None:
        """Refuse an end that is none.

        Raises:
            ValueError: there would be no end, or too late a one.
        """
        if not 1 <= self.days <= MOST_DAYS:
            raise ValueError("contact data is kept for 1 to 180 days")

    def ended(self) -> tuple[date, End]:
        """Return the last day on which the data may be used, and why it is the last (rule 2)."""
        ends: list[tuple[date, End]] = [(self.taken + timedelta(days=self.days), "time")]
        if self.interviewed is not None:
            ends.append((self.interviewed, "interviewed"))
        if self.withdrawn is not None:
            # Whoever takes consent back is not called on the same day either.
            ends.append((self.withdrawn - timedelta(days=1), "withdrawn"))
        return min(ends, key=lambda one: one[0])

    def usable(self, day: date) -> bool:
        """Whether the data may be looked at on a day (rule 2)."""
        return self.taken <= day <= self.ended()[0]

    def due(self, day: date) -> bool:
        """Whether the data has to be erased by a day (rule 3)."""
        return day > self.ended()[0]


class AccessError(Exception):
    """Contact data may not be looked at; ``reason`` is what the log says of the try."""

    def __init__(self, reason: Literal["purpose", "ended", "no_reason"]) -> None:
        """Keep the reason, which whoever shows it puts into words."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Look:
    """An entry of the access log (rule 4): Unix milliseconds, and an actor as in the audit log."""

    at: int
    actor: str
    ticket: str
    purpose: str
    why: str


def look(terms: Terms, actor: str, why: str, *, purpose: str, at: int, day: date) -> Look:
    """Return the entry that has to be written before contact data is shown (rule 4).

    Args:
        terms: on which terms it is held.
        actor: who wants to see it.
        why: what for, in a few words of theirs.
        purpose: the purpose for which they want it.
        at: now, Unix milliseconds.
        day: today in the fleet's time zone.

    Raises:
        AccessError: it may not be shown.
    """
    if purpose != terms.purpose:
        raise AccessError("purpose")
    if not terms.usable(day):
        raise AccessError("ended")
    if not why.strip():
        raise AccessError("no_reason")
    return Look(at, actor, terms.ticket, purpose, why.strip())


def check_number(number: str) -> str:
    """Return a number or mail address as it is kept.

    Raises:
        ValueError: nobody can be reached by it, or it can't be written on a line.
    """
    tidy = check_text(number, LONGEST)
    if sum(character.isalnum() for character in tidy) < LEAST_DIGITS:
        raise ValueError("must be a telephone number or mail address")
    return tidy


def citizen_of(key: bytes, number: str) -> str:
    """Return the keyed hash of who has a telephone or identity number, or a mail address (rule 5).

    Args:
        key: a secret of the server, at least 16 bytes, the same for as long as draws look back.
        number: as it was typed.

    Raises:
        ValueError: the key is short, or the number has neither letter nor digit.
    """
    if len(key) < 16:
        raise ValueError("the key has at least 16 bytes")
    plain = _normal(number)
    if not any(character.isalnum() for character in plain):
        raise ValueError("neither letter nor digit")
    return hmac.new(key, b"hailong-citizen-1\n" + plain.encode(), sha256).hexdigest()


def _normal(number: str) -> str:
    text = unicodedata.normalize("NFKC", number).strip().casefold()
    if "@" in text:
        return text
    digits = "".join(character for character in text if character.isalnum())
    if text.startswith("+84"):
        return _national(digits.removeprefix("84"))
    # An identity number may begin like this too, but it has twelve digits.
    if digits.startswith("0084") and len(digits) > 12:
        return _national(digits.removeprefix("0084"))
    return digits


def _national(digits: str) -> str:
    return "0" + digits.lstrip("0")  # +84 (0)90… is written as well as +84 90…
