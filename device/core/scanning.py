"""What a scanner types becomes a ticket or a dossier. Pure.

A scanner is a keyboard to the machine: it types what it reads, and *Enter*. Of its keys only
letters, digits and ``-./`` are taken; letters count as capitals. A scan with any other key, one
that is too long, and one that stops half way are refused whole: a wrong number is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from wire.records import TicketEvent

Refusal = Literal["half", "keys", "long", "unknown"]

LONGEST = 64
HALF_MS = 1_000
"""A scan whose next key stays out for longer has stopped half way."""
AGAIN_MS = 120_000
"""The same code within this time is the same person, called again."""

DOSSIER = re.compile(r"[A-Z0-9]+(\.[A-Z0-9]+)*-[0-9]{6}-[0-9]{4,8}")
"""An office's code, the day, a running number: ``H29.12-221014-0005``."""
_MAX_TICKET = 16

_ENTER = frozenset({28, 96})
_SHIFT = frozenset({42, 54})
_ROWS = {2: "1234567890-", 16: "QWERTYUIOP", 30: "ASDFGHJKL", 44: "ZXCVBNM", 52: "./"}
_PAD = {71: "789-456", 79: "1230.", 98: "/"}
_LETTERS = {
    first + offset: letter
    for row in (_ROWS, _PAD)
    for first, letters in row.items()
    for offset, letter in enumerate(letters)
}
"""By the kernel's number of the key (``input-event-codes.h``)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key went down, or up again, at ``up`` (milliseconds)."""

    up: int
    code: int
    down: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed since the last *Enter*.

    Attributes:
        text: The letters.
        foreign: True when there was a key that no code has.
        shifts: The shift keys that are down.
        at: When the last key went down.
    """

    text: str = ""
    foreign: bool = False
    shifts: frozenset[int] = frozenset()
    at: int = 0


def type_key(typed: Typed, key: Key) -> tuple[Typed, str | None, Refusal | None]:
    """Return what is typed after a key, the code if that completed one, and what was refused."""
    if key.code in _SHIFT:
        shifts = typed.shifts | {key.code} if key.down else typed.shifts - {key.code}
        return replace(typed, shifts=shifts), None, None
    if not key.down:
        return typed, None, None
    refused: Refusal | None = None
    if (typed.text or typed.foreign) and key.up - typed.at > HALF_MS:
        typed, refused = Typed(shifts=typed.shifts), "half"
    if key.code in _ENTER:
        return Typed(shifts=typed.shifts), *_entered(typed, refused)
    letter = _LETTERS.get(key.code, "")
    foreign = typed.foreign or not letter or (bool(typed.shifts) and not letter.isalpha())
    text = (typed.text + letter)[: LONGEST + 1]
    return Typed(text, foreign, typed.shifts, key.up), None, refused


def _entered(typed: Typed, refused: Refusal | None) -> tuple[str | None, Refusal | None]:
    if typed.foreign:
        return None, "keys"
    if len(typed.text) > LONGEST:
        return None, "long"
    return typed.text or None, refused


@dataclass(frozen=True, slots=True)
class Reading:
    """How codes are understood.

    Attributes:
        pattern: What a ticket number looks like.
        letters: What stands before a dossier's running number.
    """

    pattern: re.Pattern[str]
    letters: str


@dataclass(frozen=True, slots=True)
class Scan:
    """A code that was scanned at ``up`` (milliseconds).

    Attributes:
        fresh: Id for the visit, if it is a new one.
        day: The service day, None if it is not known.
    """

    up: int
    code: str
    fresh: str
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What a scan means: an event of a ticket."""

    ticket: str
    event: TicketEvent
    visit: str
    dossier: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """The last scan that was understood.

    Attributes:
        scan: It.
        meant: What it meant.
        number: The last running number, of the service day ``day``.
    """

    scan: Scan | None = None
    meant: Meant | None = None
    number: int = 0
    day: str | None = None


def understand(memory: Memory, scan: Scan, reading: Reading) -> tuple[Memory, Meant | None]:
    """Return what is remembered after a scan, and what it means; None for nothing known."""
    last, meant = memory.scan, memory.meant
    if last and meant and scan.code == last.code and scan.up - last.up <= AGAIN_MS:
        again = replace(meant, event="recalled")
        return replace(memory, scan=scan, meant=again), again
    if len(scan.code) <= _MAX_TICKET and reading.pattern.fullmatch(scan.code):
        called = Meant(scan.code, "called", scan.fresh)
        return replace(memory, scan=scan, meant=called), called
    if not DOSSIER.fullmatch(scan.code):
        return memory, None
    new_day = scan.day is not None and scan.day != memory.day
    number = 1 if new_day else memory.number + 1
    ticket = f"{reading.letters}{number:03d}"
    called = Meant(ticket, "called", scan.fresh, dossier=scan.code)
    return Memory(scan, called, number, scan.day or memory.day), called
