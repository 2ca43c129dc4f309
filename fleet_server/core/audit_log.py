"""The audit log: who changed or took away what, each entry bound to the one before by its hash.

Whoever cuts out or changes an entry must change all after it, and the newest hash, which is written
down elsewhere: it stands on every export and is printed by ``hailong-fleet verify``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from wire.strictjson import dump

DIGITS_TOLD = 32
"""Digits of a hash that bind at least: 128 bits. Of fewer, somebody could make another log that has
the same."""

ROOT = "0" * 64
"""What the first entry names as the one before it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        id: its number; they follow each other without a gap.
        at: Unix milliseconds.
        actor: ``person:E-MAIL``, ``key:NAME``, ``command:ACCOUNT`` or ``server``.
        action: what was done, as ``unit.add`` or ``export.counters``.
        subject: what it was done to, as ``unit:P1``.
        details: JSON text, as it goes into the hash.
        previous: hash of the entry before.
    """

    id: int
    at: int
    actor: str
    action: str
    subject: str
    details: str
    previous: str

    @property
    def hash(self) -> str:
        """SHA-256 of all of it, in hexadecimal digits."""
        said = {
            "id": self.id,
            "at": self.at,
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "details": self.details,
            "previous": self.previous,
        }
        return sha256(dump(said)).hexdigest()


def faults(entries: Iterable[tuple[Entry, str]]) -> Iterator[str]:
    """Yield in words what is wrong with a log.

    Args:
        entries: each entry, in order, with the hash that is held of it.
    """
    number, former = 0, ROOT
    for entry, held in entries:
        if entry.id != number + 1:
            yield f"audit log: entries {number + 1} to {entry.id - 1} are missing"
        if entry.previous != former:
            yield f"audit log: entry {entry.id} does not follow the one before it"
        if entry.hash != held:
            yield f"audit log: entry {entry.id} was changed"
        number, former = entry.id, held
